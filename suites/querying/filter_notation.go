package querying

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// filterNotation is a filter in an unusual notation, and the same as everybody writes it. Who
// refuses it in both knows no such filter, which is the matter of other checks, and says
// nothing of the notation. {KEY} in it stands for the sample's own, {NAME} for the manager's
// userName in quotation marks, {ESCAPED} for the same with its first letter as an escape.
type filterNotation struct{ unusual, plain string }

// filterNotations are the checks of notations (RFC 7644 §3.4.2.2, §3.10). Each filter is to
// find the manager. It comes with those that take its place where a service filters by no
// titles.
func filterNotations() []filterNotationCase {
	return []filterNotationCase{
		{
			"operator-case", "takes operators in any letter case",
			"RFC7644-3.4.2.2-02",
			[][]filterNotation{
				{
					{`title EQ "{KEY} manager"`, `title eq "{KEY} manager"`},
					{`userName EQ {NAME}`, `userName eq {NAME}`},
				},
				{
					{`title Eq "{KEY} manager" AND NOT (title eq "{KEY} accountant")`, `title eq "{KEY} manager" and not (title eq "{KEY} accountant")`},
					{`userName Eq {NAME} AND NOT (userName eq "{KEY}")`, `userName eq {NAME} and not (userName eq "{KEY}")`},
					{`userName Eq {NAME} AND userName eq {NAME}`, `userName eq {NAME} and userName eq {NAME}`},
				},
				{
					{`title eq "{KEY} manager" Or title eq "{KEY} nobody"`, `title eq "{KEY} manager" or title eq "{KEY} nobody"`},
					{`userName eq {NAME} Or userName eq "{KEY}"`, `userName eq {NAME} or userName eq "{KEY}"`},
				},
			},
		},
		{
			// RFC 7644 §3.10: "(URN, attribute, and sub-attribute name) of the fully encoded attribute name are case insensitive".
			"urn", "knows an attribute by its schema and name, in any letter case",
			"RFC7644-3.4.2.2-15",
			[][]filterNotation{
				{
					{scim.UserSchema + `:title eq "{KEY} manager"`, `title eq "{KEY} manager"`},
					{scim.UserSchema + `:userName eq {NAME}`, `userName eq {NAME}`},
				},
				{
					{strings.ToUpper(scim.UserSchema) + `:title eq "{KEY} manager"`, `title eq "{KEY} manager"`},
					{strings.ToUpper(scim.UserSchema) + `:userName eq {NAME}`, `userName eq {NAME}`},
				},
			},
		},
	}
}

// filterNotationCase is a check of notations.
type filterNotationCase struct {
	id, text, covers string
	asks             [][]filterNotation
}

func registerFilterNotations() {
	for _, c := range filterNotations() {
		It(c.text, spec.ID("querying.filter."+c.id), spec.Covers(c.covers), spec.Needs("filter", "attribute:title"), func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustTitled(ctx, t)
			judged := false
			for _, alternatives := range c.asks {
				judged = filterByNotation(ctx, t, s, c.covers, alternatives) || judged
			}
			if !judged {
				t.NotTested("The service refuses these filters as everybody writes them, too, which is the matter of other checks.")
			}
		})
	}
}

// filterByNotation checks that the manager is found by the first of the filters that the service
// knows, and reports whether it knows one.
func filterByNotation(ctx SpecContext, t *spec.T, s *sample, requirement string, alternatives []filterNotation) bool {
	GinkgoHelper()
	name := filterText(s.find(manager).UserName)
	named := strings.NewReplacer("{NAME}", name, "{ESCAPED}", fmt.Sprintf(`"\u%04x%s`, name[1], name[2:]))
	for _, n := range alternatives {
		came := filterFinds(ctx, t, s, named.Replace(n.unusual))
		if filterRefused(came) && filterUnknown(ctx, t, s, named.Replace(n.plain)) {
			continue
		}
		filterExpect(t, requirement, filterAsk{n.unusual, []string{manager}}, came)
		return true
	}
	return false
}

// filterUnknown reports whether a service refuses a filter as everybody writes it.
func filterUnknown(ctx SpecContext, t *spec.T, s *sample, plain string) bool {
	GinkgoHelper()
	return filterRefused(filterFinds(ctx, t, s, plain))
}
