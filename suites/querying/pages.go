package querying

import (
	"encoding/json"
	"fmt"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerPages adds the checks of lists, their pages and their order, of projections, of
// searches by POST and of cursors.
func registerPages() {
	registerLists()
	registerWalks()
	registerPageEdges()
	registerSort()
	registerProjections()
	registerNotation()
	registerSearch()
	registerCursors()
	registerCursorWalk()
	registerCursorConfig()
}

func registerLists() {
	// RFC 7644 §3.4.2: "Responses MUST be identified using the following URI"
	It("gives a list in the form of a ListResponse",
		spec.ID("querying.list.form"), spec.Covers("RFC7644-3.4.2-01", "RFC7644-3.4.2-02", "RFC7644-3.4.2-03"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			counted := Equal("an integer")
			if !sampleHas(ctx, t, "index-paging") { // RFC 9865 §2 lets such a service leave the number out
				counted = Or(counted, Equal("nothing"))
			}
			inForm(t, "a list", f.all, counted)
			inForm(t, "a page of one", mustSingle(ctx, t, f), counted)
		})

	It("shows users in a list in the form in which it shows them alone",
		spec.ID("querying.list.resources"), spec.Covers("RFC7643-3.1-01", "RFC7643-3-01", "RFC7643-2.3.2-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			t.CheckThat("RFC7643-3.1-01", "an id as a text on each listed user", f.whose(func(row scim.Document) bool { return row.Text("id") == "" }), BeEmpty())
			t.CheckThat("RFC7643-3-01", "schemas on each listed user", f.whose(func(row scim.Document) bool { return len(row.Texts("schemas")) == 0 }), BeEmpty())
			t.CheckThat("RFC7643-2.3.2-01", "active as a Boolean on each listed user", f.whose(func(row scim.Document) bool {
				v, shown := row.Get("active")
				_, boolean := v.(bool)
				return shown && !boolean
			}), BeEmpty())
		})

	It("ignores a parameter that it does not know",
		spec.ID("querying.list.unknown-parameter"), spec.Covers("RFC7644-3.4.2-06"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			reply := t.Get(ctx, "list with an unknown parameter", f.path("count", "1", "scimproof", "1"))
			t.CheckThat("RFC7644-3.4.2-06", "a list in spite of the parameter scimproof=1", outcomeOf(reply), Equal("a list"))
		})

	// Who is counted and never listed keeps a client looking, or makes it believe that it has
	// not seen everybody.
	It("counts nobody in totalResults whom it does not list, after a deletion either",
		spec.ID("querying.list.total"), spec.Covers("RFC7644-3.4.2-02"), spec.Needs("index-paging"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			leaver := t.MustUser(ctx)
			t.Must(t.SCIM.DeleteUser(t.Context(ctx, "delete"), leaver.ID))
			t.CheckThat("RFC7644-3.4.2-02", "a user in the place of the last one that totalResults counts", lastCounted(ctx, t), HavePrefix("a user"))
		})
}

// inForm checks a list that has something.
func inForm(t *spec.T, what string, list *scim.Reply, counted types.GomegaMatcher) {
	t.CheckThat("RFC7644-3.4.2-01", "the schema of a ListResponse on "+what, list.Doc["schemas"], ContainElement(scim.ListSchema))
	t.CheckThat("RFC7644-3.4.2-02", "totalResults as an integer on "+what, kindOf(list.Doc["totalResults"]), counted)
	t.CheckThat("RFC7644-3.4.2-03", "an array that is called Resources on "+what, kindOf(list.Doc["Resources"]), Equal("an array"))
}

// mustSingle returns the page of one user, which is read once.
func mustSingle(ctx SpecContext, t *spec.T, f *flock) *scim.Reply {
	GinkgoHelper()
	single := spec.Shared(t, "querying.pages.single", func() *scim.Reply { return t.Get(ctx, "read a page of one", f.path("count", "1")) })
	t.Cite(single.Exchanges...)
	return single
}

// whose lists whom the list shows with something of which this is so. Where it shows nobody,
// that is what is found.
func (f *flock) whose(is func(scim.Document) bool) []string {
	if len(rows(f.all)) == 0 {
		return []string{"nobody is listed"}
	}
	list := []string{}
	for _, row := range rows(f.all) {
		if !is(row) {
			continue
		}
		if b := f.of(row); b != nil {
			list = append(list, b.word)
		} else {
			list = append(list, "somebody else")
		}
	}
	return distinct(list)
}

// lastCounted says who is in the last place of the list of everybody. Others come and go
// meanwhile, so that each answer is held against its own total.
func lastCounted(ctx SpecContext, t *spec.T) string {
	GinkgoHelper()
	const attempts = 3
	last, _ := totalIn(t.Get(ctx, "count everybody", "/Users?startIndex=1&count=1"))
	for range attempts {
		if last < 1 {
			break
		}
		page := t.Get(ctx, "read the last one", "/Users?count=1&startIndex="+strconv.Itoa(last))
		total, _ := totalIn(page)
		switch {
		case len(rows(page)) > 0:
			return fmt.Sprintf("a user in place %d of %d", last, total)
		case total >= last:
			return fmt.Sprintf("nobody in place %d of %d", last, total)
		}
		last = total
	}
	return fmt.Sprintf("totalResults %d", last)
}

// kindOf names the JSON type of a value.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		return "a string"
	case json.Number:
		if n, err := v.Int64(); err == nil && n >= 0 {
			return "an integer"
		}
		return "the number " + v.String()
	case bool:
		return "a Boolean"
	case []any:
		return "an array"
	}
	return "an object"
}

// outcomeOf puts the answer to a query into words: a list, or a refusal.
func outcomeOf(r *scim.Reply) string {
	_, counted := totalIn(r)
	_, listed := r.Doc.Get("Resources")
	if r.OK() && (counted || listed) {
		return "a list"
	}
	return answered(r)
}

// answered puts an answer that is no list into words.
func answered(r *scim.Reply) string {
	if scimType := r.Doc.Text("scimType"); scimType != "" {
		return fmt.Sprintf("status %d with scimType %s", r.Status, scimType)
	}
	return fmt.Sprintf("status %d", r.Status)
}
