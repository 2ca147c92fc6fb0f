package defects

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// order are the defects of sorting (RFC 7644 §3.4.2.3).
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
			Name:     "sort-missing-first",
			Summary:  "What has no value to sort by comes first upwards and last downwards, as databases put NULL.",
			Imitates: "MySQL and SQLite",
			Checks:   []string{"querying.sort.missing"},
			Gaps:     []string{"declared-not-delivered sort"},
			Install: onQuery(func(q *acme.Query) {
				if q.SortBy == "" {
					return
				}
				slices.SortStableFunc(q.Found, func(a, b acme.Resource) int {
					if q.Descending {
						a, b = b, a
					}
					return present(a, q.SortBy) - present(b, q.SortBy)
				})
			}),
		},
		{
			Name:    "sort-by-bytes",
			Summary: "Texts are sorted by the numbers of their characters: all capitals come before the others.",
			Checks:  []string{"querying.sort.type"},
			Gaps:    []string{"declared-not-delivered sort"},
			Install: onQuery(func(q *acme.Query) {
				if !strings.EqualFold(q.SortBy, "userName") {
					return
				}
				slices.SortStableFunc(q.Found, func(a, b acme.Resource) int { return strings.Compare(a.Text("userName"), b.Text("userName")) })
				if q.Descending {
					slices.Reverse(q.Found)
				}
			}),
		},
		{
			Name:    "sort-by-first-value",
			Summary: "Of several e-mail addresses the first is sorted by, also where another is the primary one.",
			Checks:  []string{"querying.sort.primary"},
			Gaps:    []string{"declared-not-delivered sort"},
			Install: onQuery(func(q *acme.Query) {
				if strings.EqualFold(q.SortBy, "emails.value") {
					slices.SortStableFunc(q.Found, func(a, b acme.Resource) int { return strings.Compare(firstMail(a), firstMail(b)) })
				}
			}),
		},
		{
			Name:    "sort-parts-ignored",
			Summary: "sortBy with a part of a complex attribute makes no difference.",
			Checks:  []string{"querying.sort.path", "querying.sort.primary", "querying.sort.type"},
			Gaps:    []string{"declared-not-delivered sort"},
			Install: onParameters(func(p url.Values) {
				if strings.Contains(p.Get("sortBy"), ".") {
					p.Del("sortBy")
				}
			}),
		},
		{
			Name:    "sort-unclaimed-500",
			Summary: "sort is not claimed, and sortBy is answered 500.",
			Checks:  []string{"querying.sort.unsupported"},
			Gaps:    []string{"nonconformant"},
			Install: both(claims("sort", "supported", false), onList(func(r *acme.Reply) {
				if r.Request.URL.Query().Has("sortBy") {
					refuse(r, &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"})
				}
			})),
		},
	}
}

// present is 1 for a resource that has the attribute, and 0 for one that has not.
func present(r acme.Resource, name string) int {
	if _, value, _ := model.Lookup(r, name); value != nil || strings.Contains(name, ".") {
		return 1
	}
	return 0
}

func firstMail(r acme.Resource) string {
	for _, mail := range model.Objects(r["emails"]) {
		return model.Resource(mail).Text("value")
	}
	return ""
}
