package querying

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerFilters adds the checks of the files filter*.go.
func registerFilters() {
	for _, c := range [][]filterCase{filterOperators(), filterLogic()} {
		registerFilterCases(c)
	}
	registerFilterNotations()
	registerFilterTypes()
	registerFilterNot()
	registerFilterAttributes()
	registerFilterExtension()
	registerFilterEmails()
	registerFilterCaseRules()
	registerFilterLiterals()
	registerFilterOddities()
	registerFilterActive()
	registerFilterRefusals()
	registerFilterLimits()
	registerFilterSecrets()
	registerRootQueries()
}

// filterCase is a check of filters on titles whose answers are known.
type filterCase struct {
	id, text string
	covers   []string
	asks     []filterAsk
}

// filterAsk is a filter and whom of the sample it finds. {KEY} in it stands for the sample's
// own.
type filterAsk struct {
	filter string
	finds  []string
}

func registerFilterCases(cases []filterCase) {
	for _, c := range cases {
		It(c.text, spec.ID("querying.filter."+c.id), spec.Covers(c.covers...), spec.Needs("filter", "attribute:title"), func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustTitled(ctx, t)
			for _, ask := range c.asks {
				came := filterFinds(ctx, t, s, ask.filter)
				for _, requirement := range c.covers {
					filterExpect(t, requirement, ask, came)
				}
			}
		})
	}
}

// filterExpect notes whether a filter found whom it should.
func filterExpect(t *spec.T, requirement string, ask filterAsk, came string) {
	want := filterNamed(ask.finds)
	t.CheckThat(requirement, want+" by the filter "+filterShort(ask.filter), came, Equal(want))
}

// filterShort is a filter as reports have it: the sample's key and names are others in each run.
func filterShort(filter string) string {
	return strings.NewReplacer("{KEY}", "…", "{NAME}", `"…"`, "{ESCAPED}", `"\u…"`).Replace(filter)
}

// filterFinds asks for the users that match a filter, and tells in words who came.
func filterFinds(ctx SpecContext, t *spec.T, s *sample, filter string) string {
	GinkgoHelper()
	filter = strings.ReplaceAll(filter, "{KEY}", s.key)
	return filterWho(filterReads(ctx, t, "/Users", filter), s.roles())
}

// filterAsks sends a filter to a list.
func filterAsks(ctx SpecContext, t *spec.T, path, filter string) *scim.Reply {
	GinkgoHelper()
	return t.Get(ctx, "ask with a filter", filterPath(path, filter))
}

// filterPath is the path of a list with a filter.
func filterPath(path, filter string) string {
	return path + "?" + url.Values{"filter": {filter}}.Encode()
}

// roles are the people's roles by their ids.
func (s *sample) roles() map[string]string {
	roles := map[string]string{}
	for _, p := range s.people {
		roles[p.ID] = p.role
	}
	return roles
}

// filterWho tells who is in the answer to a query: those who have a name, in the order in
// which they were made, then that there are others. An answer that is no list is told by its
// status.
func filterWho(r *scim.Reply, named map[string]string) string {
	if !r.OK() {
		return answered(r)
	}
	var found []string
	others := 0
	for _, row := range rows(r) {
		if role, known := named[rowID(row)]; known {
			found = append(found, role)
		} else {
			others++
		}
	}
	if others > 0 {
		found = append(found, filterOthers)
	}
	return filterNamed(found)
}

// filterOthers are resources of which the filter says nothing.
const filterOthers = "others"

// filterOrder is the order in which words name who was found.
var filterOrder = []string{
	clerk, works, deputy, accountant, manager, porter, leaver, filterTheUser, filterTheGroup, filterOthers,
}

// filterNamed puts names into words, each of them once.
func filterNamed(names []string) string {
	var said []string
	for _, one := range filterOrder {
		for _, name := range names {
			if name == one {
				said = append(said, name)
				break
			}
		}
	}
	if len(said) == 0 {
		return filterNobody
	}
	return strings.Join(said, ", ")
}

// filterNobody is in words that nothing was found.
const filterNobody = "nobody"

// filterRefused matches the words for any refusal that is no failure of the service.
func filterRefused(words string) bool {
	return strings.HasPrefix(words, "status 4") || words == "status 501"
}

// filterText writes a value as the JSON text that a filter compares with, each character as
// it stands where JSON lets it.
func filterText(value string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return `""`
	}
	return strings.TrimSpace(out.String())
}
