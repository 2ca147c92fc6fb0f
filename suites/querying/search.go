package querying

import (
	"context"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerSearch() {
	It("takes a POST to /.search for a query, with the same result as a GET",
		spec.ID("querying.search.query"), spec.Covers("RFC7644-3.4.3-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			reply := f.search(ctx, t, nil)
			if isMissing(reply) {
				// No provider is known to need it, and nothing announces it.
				t.Prefer("RFC7644-3.4.3-01", "a list in answer to a POST to /Users/.search", answered(reply), Equal("a list"))
				return
			}
			t.CheckThat("RFC7644-3.4.3-01", "status 200 for a search, which creates nothing", reply.Status, Equal(http.StatusOK))
			t.CheckThat("RFC7644-3.4.3-01", "a list in answer to a search", outcomeOf(reply), Equal("a list"))
			if f.alone() {
				t.CheckThat("RFC7644-3.4.3-01", "the users whom a GET with the same filter lists", f.words(reply), ConsistOf(f.words(f.all)))
			}
		})

	// RFC 7644 §3.4.3: "Query requests MUST be identified using the following URI"
	It("refuses a search that does not say that it is one",
		spec.ID("querying.search.schemas"), spec.Covers("RFC7644-3.4.3-02"), spec.Needs("search"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			reply := f.search(ctx, t, map[string]any{"schemas": nil})
			t.Prefer("RFC7644-3.4.3-02", "status 400 for a search without schemas", reply.Status, Equal(http.StatusBadRequest))
		})

	It("finds users and groups by a search of its root",
		spec.ID("querying.search.root"), spec.Covers("RFC7644-3.4.3-03"), spec.Needs("search", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			if !f.alone() {
				t.NotTested("No filter finds the test users alone, so that a search of all there is may be too large.")
			}
			crew := mustCrew(ctx, t, f)
			kinds := func(r *scim.Reply) []string {
				list := []string{}
				if slices.Contains(ids(r), crew.ID) {
					list = append(list, "a group")
				}
				if len(f.words(r)) > 0 {
					list = append(list, "a user")
				}
				return list
			}
			filter := beginsWith("displayName", f.birds[0].DisplayName).Get("filter")
			reply, _ := t.ReadUntil(ctx, "search the root", f.searching(t, "/.search", map[string]any{"filter": filter}),
				func(r *scim.Reply) bool { return len(kinds(r)) == 2 || isMissing(r) || isTooMany(r) })
			if isMissing(reply) || isTooMany(reply) {
				t.NotTested("The service has no search of its root: " + answered(reply) + ".")
			}
			t.CheckThat("RFC7644-3.4.3-03", "a user and a group whose displayName begins alike", kinds(reply), Equal([]string{"a group", "a user"}))
		})

	It("pages, sorts and shortens the result of a search as that of a GET",
		spec.ID("querying.search.parameters"), spec.Covers("RFC7644-3.4.3-04"), spec.Needs("search"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			asked, wanted := map[string]any{"count": 3, "attributes": []any{"userName"}}, []string{"username"}
			sorts := f.alone() && sampleHas(ctx, t, "sort") && sampleHas(ctx, t, "index-paging") && sampleHas(ctx, t, "attribute:name")
			if sorts {
				// Whether what is not shown can be sorted by is the matter of another check.
				asked["attributes"], wanted = []any{"userName", "name.givenName"}, []string{"name.givenname", "username"}
				asked["startIndex"], asked["sortBy"], asked["sortOrder"] = 4, "name.givenName", "descending"
			}
			reply := f.search(ctx, t, asked)
			t.CheckThat("RFC7644-3.4.3-04", "three resources at most for count 3", size(reply), BeNumerically("<=", 3))
			shown := []string{}
			for _, row := range rows(reply) {
				shown = append(shown, parts(ctx, t, row, "username")...)
			}
			t.CheckThat("RFC7644-3.4.3-04", "what attributes names and nothing beside it", distinct(shown), Equal(wanted))
			if sorts {
				t.CheckThat("RFC7644-3.4.3-04", "the users with the fourth to sixth given name downwards", f.words(reply), Equal(f.downwards()[3:6]))
			}
		})

	It("refuses the filter of a search as it refuses that of a GET",
		spec.ID("querying.search.errors"), spec.Covers("RFC7644-3.4.3-04"), spec.Needs("search"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			const unreadable = "userName equals"
			got := t.Get(ctx, "send a filter that cannot be read", "/Users?count=1&"+query("filter", unreadable))
			posted := f.search(ctx, t, map[string]any{"filter": unreadable, "count": 1})
			t.CheckThat("RFC7644-3.4.3-04", outcomeOf(got)+" for a filter that cannot be read, as on a GET", outcomeOf(posted), Equal(outcomeOf(got)))
		})
}

// search sends a query of users in the scope by POST, with other parameters beside it or in its place;
// nil leaves one out.
func (f *flock) search(ctx context.Context, t *spec.T, parameters map[string]any) *scim.Reply {
	GinkgoHelper()
	return t.Send(ctx, "search by POST", f.searching(t, "/Users/.search", parameters))
}

func (f *flock) searching(t *spec.T, path string, parameters map[string]any) func(context.Context) (*scim.Reply, error) {
	body := scim.Document{"schemas": []any{scim.SearchSchema}}
	if filter := f.scope.Get("filter"); filter != "" {
		body["filter"] = filter
	}
	for name, value := range parameters {
		if body[name] = value; value == nil {
			delete(body, name)
		}
	}
	return func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.Do(ctx, http.MethodPost, path, body) }
}

// isMissing reports the answer of a service that has no such endpoint.
func isMissing(r *scim.Reply) bool {
	return r.Status == http.StatusNotFound || r.Status == http.StatusMethodNotAllowed || r.Status == http.StatusNotImplemented
}

// isTooMany reports the refusal that RFC 7644 §3.4.2.1 has for a query of the root, where the
// service judges what is too many.
func isTooMany(r *scim.Reply) bool {
	return r.Status == http.StatusBadRequest && r.Doc.Text("scimType") == "tooMany"
}

// downwards lists the sample by given names from Z to A.
func (f *flock) downwards() []string {
	birds := slices.Clone(f.birds)
	slices.SortFunc(birds, func(a, b bird) int { return strings.Compare(b.given, a.given) })
	return (&flock{birds: birds}).names()
}
