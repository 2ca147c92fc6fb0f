package querying

import (
	"fmt"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerPageEdges() {
	// RFC 7644 §3.4.2.4, table 6: whatever is less than 1 is read as 1.
	It("takes a startIndex below 1 for 1",
		spec.ID("querying.page.start-below-one"), spec.Covers("RFC7644-3.4.2.4-01"), spec.Needs("index-paging"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			first := f.page(ctx, t, "1")
			for _, start := range []string{"0", "-5"} {
				low := f.page(ctx, t, start)
				if !f.alone() && fmt.Sprint(ids(low)) != fmt.Sprint(ids(first)) {
					first = f.page(ctx, t, "1") // somebody may have come or gone meanwhile
				}
				t.CheckThat("RFC7644-3.4.2.4-01", "status 200 for startIndex="+start, low.Status, Equal(200))
				t.CheckThat("RFC7644-3.4.2.4-01", "the first page for startIndex="+start, ids(low), And(Not(BeEmpty()), Equal(ids(first))))
			}
		})

	It("answers a startIndex past the end with a list of nothing",
		spec.ID("querying.page.past-the-end"), spec.Covers("RFC7644-3.4.2.4-06"), spec.Needs("index-paging"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			total, _ := totalIn(f.all)
			past := f.page(ctx, t, strconv.Itoa(total+100))
			t.CheckThat("RFC7644-3.4.2.4-06", "status 200 for a startIndex past the end", past.Status, Equal(200))
			t.CheckThat("RFC7644-3.4.2.4-06", "no resources past the end", size(past), Equal(0))
		})

	for _, none := range []struct{ id, count, requirement string }{
		{"count-zero", "0", "RFC7644-3.4.2.4-03"},
		// RFC 7644 §3.4.2.4, table 6: a negative count is read as 0.
		{"count-negative", "-1", "RFC7644-3.4.2.4-02"},
	} {
		It("answers count="+none.count+" with the number of results alone",
			spec.ID("querying.page."+none.id), spec.Covers(none.requirement),
			func(ctx SpecContext) {
				t := spec.From(ctx)
				f := mustFlock(ctx, t)
				numberAlone(t, none.requirement, f, "count="+none.count, t.Get(ctx, "count", f.path("count", none.count)))
			})
	}

	It("keeps to the page size that it publishes as the largest",
		spec.ID("querying.page.cap"), spec.Covers("RFC7644-3.4.2.4-08"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			most, known := published(ctx, t, "filter", "maxResults")
			if !known {
				t.NotTested("ServiceProviderConfig publishes no filter.maxResults that a run could go beyond.")
			}
			page, why := mustFlock(ctx, t).overfull(ctx, t, most, "count", strconv.Itoa(most+1))
			if page == nil {
				t.NotTested(why)
			}
			t.CheckThat("RFC7644-3.4.2.4-08", fmt.Sprintf("%d resources at most for count=%d", most, most+1), size(page), BeNumerically("<=", most))
			if items, counts := page.Doc.Int("itemsPerPage"); counts {
				t.Prefer("RFC7644-3.4.2.4-08", fmt.Sprintf("itemsPerPage %d, as many as there are", len(rows(page))), items, Equal(len(rows(page))))
			}
		})

	It("takes a page number that is none for not given, or refuses it in a way that can be understood",
		spec.ID("querying.page.not-a-number"), spec.Covers("RFC7644-3.4.2.4-09", "RFC7644-3.12-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			for _, parameter := range []string{"count", "startIndex"} {
				reply := t.Get(ctx, "ask for a page without a number", f.path(parameter, "abc"))
				t.Record("RFC7644-3.4.2.4-09", parameter+"=abc", outcomeOf(reply))
				understood(t, parameter+"=abc", reply)
			}
		})
}

// page reads a page by index.
func (f *flock) page(ctx SpecContext, t *spec.T, start string) *scim.Reply {
	GinkgoHelper()
	return t.Get(ctx, "read a page from "+start, f.path("startIndex", start, "count", strconv.Itoa(walkSize)))
}

// numberAlone checks an answer that says how many there are, and shows none.
func numberAlone(t *spec.T, requirement string, f *flock, what string, list *scim.Reply) {
	if !t.CheckThat(requirement, "status 200 for "+what, list.Status, Equal(200)) {
		return
	}
	t.CheckThat(requirement, "no resources for "+what, size(list), Equal(0))
	total, counted := totalIn(list)
	if all := len(f.birds); f.alone() {
		t.CheckThat(requirement, fmt.Sprintf("totalResults %d for %s, as many as the filter finds", all, what), total, Equal(all))
		return
	}
	t.CheckThat(requirement, "totalResults for "+what, said(counted), Equal("shown"))
}

// understood checks the answer to a query that a service may refuse: a list, or an error of
// the client's in the form of SCIM.
func understood(t *spec.T, what string, r *scim.Reply) {
	outcome := outcomeOf(r)
	if r.Status >= 400 && r.Status < 500 && fmt.Sprint(r.Doc["schemas"]) == fmt.Sprint([]any{scim.ErrorSchema}) {
		outcome = "a SCIM error 4xx"
	}
	t.CheckThat("RFC7644-3.12-01", "a list, or a SCIM error with a status 4xx, for "+what, outcome, Or(Equal("a list"), Equal("a SCIM error 4xx")))
}

func said(shown bool) string {
	if shown {
		return "shown"
	}
	return "not shown"
}

// many is how large a page may be at most for a run to ask for more.
const many = 1000

// published is a number that ServiceProviderConfig has; false where there is none that a run
// could go beyond.
func published(ctx SpecContext, t *spec.T, key ...string) (int, bool) {
	config := t.Features.Discovery(t.Context(ctx, "")).Config
	if config == nil || !config.OK() {
		return 0, false
	}
	n, known := config.Doc.Int(key...)
	return n, known && n > 0 && n <= many
}

// overfull asks in some way for a list that is longer than a page may be. Without as many
// users there is nothing to see, and why says so.
func (f *flock) overfull(ctx SpecContext, t *spec.T, most int, parameters ...string) (page *scim.Reply, why string) {
	GinkgoHelper()
	if len(f.birds) > most {
		return t.Get(ctx, "ask for too large a page", f.path(parameters...)), ""
	}
	if total, _ := totalIn(t.Get(ctx, "count everybody", "/Users?count=1")); total <= most {
		return nil, fmt.Sprintf("There are %d users, and a page may have %d: none can be too large.", total, most)
	}
	everybody := flock{}
	return t.Get(ctx, "ask for too large a page", everybody.path(parameters...)), ""
}
