package querying

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/spec"
)

// filterLogic are the checks of and, or, not and brackets (RFC 7644 §3.4.2.2, tables 4 and
// 5). The data are such that each wrong reading finds somebody else.
func filterLogic() []filterCase {
	return []filterCase{
		{
			"precedence", "evaluates brackets first, then not, then and, then or",
			[]string{"RFC7644-3.4.2.2-10"},
			[]filterAsk{
				{`title eq "{KEY} manager" or title eq "{KEY} accountant" and title eq "{KEY} clerk"`, []string{manager}},
				{`(title eq "{KEY} manager" or title eq "{KEY} accountant") and title eq "{KEY} accountant"`, []string{accountant}},
				{`not (title eq "{KEY} manager") and title eq "{KEY} accountant"`, []string{accountant}},
			},
		},
	}
}

// registerFilterNot adds the check of not alone.
func registerFilterNot() {
	It("excludes by not who matches what is in its brackets",
		spec.ID("querying.filter.not"), spec.Covers("RFC7644-3.4.2.2-11"), spec.Needs("filter", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustTitled(ctx, t)
			ask := filterAsk{`(title eq "{KEY} manager" or title eq "{KEY} accountant") and not (title eq "{KEY} accountant")`, []string{manager}}
			filterExpect(t, "RFC7644-3.4.2.2-11", ask, filterFinds(ctx, t, s, ask.filter))
			// The grammar wants the brackets; who reads it all the same misleads nobody.
			bare := filterAsks(ctx, t, "/Users", `displayName sw "Scimproof `+s.key+`" and not title pr`)
			t.Prefer("RFC7644-3.4.2.2-11", "status 400 for a not without brackets", bare.Status, Equal(http.StatusBadRequest))
		})
}
