package defects

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// order are the defects of sorting, of cursors and of searching by POST (RFC 7644
// §3.4.2.3, §3.4.3, RFC 9865).
func order() []Defect {
	return []Defect{
		{
			Name:    "sort-ignored",
			Summary: "sort is claimed, and sortBy makes no difference.",
			Checks:  []string{"querying.sort.order", "querying.sort.missing", "querying.sort.type", "querying.sort.path", "querying.sort.primary"},
			Gaps:    []string{"declared-not-delivered sort"},
			Install: onParameters(func(p url.Values) { p.Del("sortBy") }),
		},
		{
			Name:    "sort-always-ascending",
			Summary: "A sortOrder of descending is taken for ascending.",
			Checks:  []string{"querying.sort.order", "querying.sort.missing", "querying.sort.type"},
			Gaps:    []string{"declared-not-delivered sort"},
			Install: onParameters(func(p url.Values) { p.Del("sortOrder") }),
		},
		{
			Name:    "cursor-begins-again",
			Summary: "Every cursor leads to the first page.",
			Checks:  []string{"querying.cursor.walk", "querying.cursor.unusable", "querying.cursor.count-changed"},
			Gaps:    []string{"declared-not-delivered cursor"},
			Install: onParameters(func(p url.Values) {
				if p.Has("cursor") {
					p.Set("cursor", "")
				}
			}),
		},
		{
			Name:    "cursor-never-ends",
			Summary: "The last page names a next cursor, too.",
			Checks:  []string{"querying.cursor.walk"},
			Gaps:    []string{"declared-not-delivered cursor"},
			Install: onList(func(r *acme.Reply) {
				if r.Request.URL.Query().Has("cursor") && r.Body["nextCursor"] == nil {
					r.Body["nextCursor"] = "more"
				}
			}),
		},
		{
			Name:    "cursor-unusable-accepted",
			Summary: "A cursor that was never handed out leads to the first page instead of an error.",
			Checks:  []string{"querying.cursor.unusable"},
			Gaps:    []string{"declared-not-delivered cursor"},
			Install: onParameters(func(p url.Values) {
				if cursor := p.Get("cursor"); len(cursor) > 0 && len(cursor) < 20 {
					p.Set("cursor", "")
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
