package querying

import (
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// filterOperators are the checks of single operators (RFC 7644 §3.4.2.2, table 3). Where a
// comparison would find the whole tenant, it is narrowed down by others that do without the
// operator in question.
func filterOperators() []filterCase {
	return []filterCase{
		{
			"equal", "finds by eq whose value is identical, and nobody whose value merely contains it",
			[]string{"RFC7644-3.4.2.2-01", "RFC7644-3.4.2.2-04"},
			[]filterAsk{{`title eq "{KEY} clerk"`, []string{clerk}}},
		},
		{
			"not-equal", "finds by ne everybody whose value is another",
			[]string{"RFC7644-3.4.2.2-04"},
			[]filterAsk{{`(title eq "{KEY} manager" or title eq "{KEY} accountant") and title ne "{KEY} accountant"`, []string{manager}}},
		},
		{
			// RFC 7644 §3.4.2.2, table 3: two texts that are identical match by sw and ew, too.
			"starts-with", "finds by sw whose value begins with the text or is the text",
			[]string{"RFC7644-3.4.2.2-05"},
			[]filterAsk{{`title sw "{KEY} clerk"`, []string{clerk, works}}},
		},
		{
			"ends-with", "finds by ew whose value ends with the text or is the text",
			[]string{"RFC7644-3.4.2.2-05"},
			[]filterAsk{{`title ew "{KEY} clerk"`, []string{clerk, deputy}}},
		},
		{
			"present", "finds by pr who has a value, be it a single or a complex one",
			[]string{"RFC7644-3.4.2.2-06"},
			[]filterAsk{
				{`displayName sw "Scimproof {KEY}" and title pr`, []string{clerk, works, deputy, accountant, manager}},
				{`displayName sw "Scimproof {KEY}" and name pr and emails pr`, []string{clerk, works, deputy, accountant, manager, porter}},
			},
		},
		{
			// All values are in lower case and begin alike, so that no collation puts them in another order.
			"text-order", "compares text in its order by gt, ge, lt and le",
			[]string{"RFC7644-3.4.2.2-08"},
			[]filterAsk{
				{`title gt "{KEY} accountant" and title le "{KEY} clerk"`, []string{clerk}},
				{`title ge "{KEY} accountant" and title lt "{KEY} clerk"`, []string{accountant}},
			},
		},
	}
}

// registerFilterTypes adds the checks of operators on what is no text.
func registerFilterTypes() {
	It("finds by co whose value holds the text anywhere",
		spec.ID("querying.filter.contains"), spec.Covers("RFC7644-3.4.2.2-05"), spec.Needs("filter", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustTitled(ctx, t)
			ask := filterAsk{`title co "{KEY} clerk"`, []string{clerk, works, deputy}}
			filterExpect(t, "RFC7644-3.4.2.2-05", ask, filterFinds(ctx, t, s, ask.filter))
			// An empty text is part of each text, and no text to look for.
			empty := filterFinds(ctx, t, s, `title eq "{KEY} manager" and title co ""`)
			t.Record("RFC7644-3.4.2.2-05", "a co with an empty text, for somebody who has a value", empty)
		})

	// RFC 7644 §3.4.2.2, table 3: dateTimes are compared chronologically. The moments asked for
	// are written in time zones in which their text misleads.
	It("compares times by the moment that they mean, in whatever time zone they are written",
		spec.ID("querying.filter.dates"), spec.Covers("RFC7644-3.4.2.2-07"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			first, last := filterTimes(t, s)
			scope := `displayName sw "Scimproof {KEY}" and meta.lastModified `
			before, after := filterMoment(first.Add(-time.Hour), 2), filterMoment(last.Add(time.Hour), -2)
			t.CheckThat("RFC7644-3.4.2.2-07", "everybody of the sample between two moments, an hour before and an hour after they were changed",
				filterFinds(ctx, t, s, scope+`gt "`+before+`" and meta.lastModified lt "`+after+`"`),
				Equal(filterNamed([]string{clerk, works, deputy, accountant, manager, porter})))
			t.CheckThat("RFC7644-3.4.2.2-07", "nobody of the sample from a moment on that is an hour after they were changed",
				filterFinds(ctx, t, s, scope+`ge "`+after+`"`), Equal(filterNobody))
			// What is shown may be rounded from what is stored, so that a miss misleads nobody.
			same := s.find(porter).shown.Text("meta", "lastModified")
			t.Prefer("RFC7644-3.4.2.2-07", porter+" among those found by ge with the very moment that was shown for them",
				filterFinds(ctx, t, s, scope+`ge "`+same+`"`), ContainSubstring(porter))
		})

	// RFC 7644 §3.4.2.2, table 3: Boolean and Binary attributes have no order.
	It("refuses to compare by order what has none",
		spec.ID("querying.filter.unordered"), spec.Covers("RFC7644-3.4.2.2-09"), spec.Needs("filter", "attribute:active"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			filters := []string{`active gt true`}
			schema, _ := t.Features.Schema(t.Context(ctx, ""), scim.UserSchema)
			certificates, _ := schema.Find("x509Certificates")
			if value, _ := certificates.Find("value"); strings.EqualFold(value.Type, "binary") {
				filters = append(filters, `x509Certificates.value gt "a"`)
			}
			for _, filter := range filters {
				reply := filterAsks(ctx, t, "/Users", filter)
				t.CheckThat("RFC7644-3.4.2.2-09", "status 400 for the filter "+filter, reply.Status, Equal(http.StatusBadRequest))
				// That there is a SCIM error at all is the matter of another check.
				if hasSchema(reply.Doc, scim.ErrorSchema) {
					t.CheckThat("RFC7644-3.4.2.2-09", "scimType invalidFilter for the filter "+filter, reply.Doc.Text("scimType"), Equal("invalidFilter"))
				}
			}
		})
}

// filterTimes are the times between which the sample was changed, as the service showed them.
func filterTimes(t *spec.T, s *sample) (first, last time.Time) {
	GinkgoHelper()
	for _, p := range s.people {
		at, err := time.Parse(time.RFC3339Nano, p.shown.Text("meta", "lastModified"))
		if err != nil {
			t.NotTested("The answer to a create shows no meta.lastModified, which is the matter of another check.")
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	return first, last
}

// filterMoment writes a moment in the time zone so many hours east of UTC.
func filterMoment(at time.Time, east int) string {
	return at.In(time.FixedZone("", east*60*60)).Format(time.RFC3339)
}
