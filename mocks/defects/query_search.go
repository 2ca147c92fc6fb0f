package defects

import (
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// searches are the defects of searching by POST and from the root (RFC 7644 §3.4.2.1, §3.4.3).
func searches() []Defect {
	return []Defect{
		{
			Name:    "search-answers-201",
			Summary: "A search by POST is answered 201, as if it had created something.",
			Checks:  []string{"querying.search.query"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if isSearch(r.Request) && r.Status == http.StatusOK {
					r.Status = http.StatusCreated
				}
			}),
		},
		{
			Name:    "search-without-schemas-accepted",
			Summary: "A search by POST that does not say that it is one is carried out.",
			Checks:  []string{"querying.search.schemas"},
			Gaps:    []string{"nonconformant"},
			Install: onSearchBody(func(body map[string]any) {
				body["schemas"] = []any{"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}
			}),
		},
		{
			Name:    "search-pages-ignored",
			Summary: "A search by POST takes no notice of startIndex and count.",
			Checks:  []string{"querying.search.parameters"},
			Gaps:    []string{"nonconformant"},
			Install: onSearchBody(func(body map[string]any) {
				if body["cursor"] == nil {
					delete(body, "startIndex")
					delete(body, "count")
				}
			}),
		},
		{
			Name:    "search-filter-unreadable-ignored",
			Summary: "A filter that cannot be read is ignored in a search by POST, and refused in a GET.",
			Checks:  []string{"querying.search.errors"},
			Gaps:    []string{"nonconformant"},
			Install: onSearchBody(func(body map[string]any) {
				if text, _ := body["filter"].(string); text != "" && !readable(text) {
					delete(body, "filter")
				}
			}),
		},
		{
			Name:     "search-by-post-missing",
			Summary:  "A POST to /.search is answered 404.",
			Imitates: "AWS IAM Identity Center, which says so",
			Checks:   []string{"querying.search.query"},
			Gaps:     []string{"nonconformant"},
			Install: onRequest(func(w http.ResponseWriter, r *http.Request) bool {
				if !isSCIM(r) || !strings.HasSuffix(r.URL.Path, "/.search") {
					return false
				}
				http.NotFound(w, r)
				return true
			}),
		},
		{
			Name:    "root-query-shows-users-only",
			Summary: "A query of the root finds users and no groups.",
			Checks:  []string{"querying.search.root", "querying.root.types"},
			Gaps:    []string{"nonconformant"},
			Install: onQuery(func(q *acme.Query) {
				if q.Type != "" {
					return
				}
				var users []acme.Resource
				for _, found := range q.Found {
					if found.Text("userName") != "" {
						users = append(users, found)
					}
				}
				q.Found = users
			}),
		},
	}
}

func isSearch(r *http.Request) bool {
	return isSCIM(r) && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/.search")
}

// onSearchBody alters what is searched for by POST.
func onSearchBody(hook func(map[string]any)) func(*acme.Config) { return onBody(isSearch, hook) }
