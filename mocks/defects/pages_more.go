package defects

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// furtherPages are more defects of lists and pages (RFC 7644 §3.4.2), of searches by POST
// (§3.4.3) and of projections (§3.9, §3.10).
func furtherPages() []Defect {
	return slices.Concat(pageSizes(), orders(), searches(), projections())
}

// pageSizes are defects of parameters, and of how much a page has.
func pageSizes() []Defect {
	return []Defect{
		{
			Name:    "list-unknown-parameter-400",
			Summary: "A list that is asked for with an unknown parameter is refused instead of ignoring it.",
			Checks:  []string{"querying.list.unknown-parameter"},
			Gaps:    []string{"nonconformant"},
			Install: onList(func(r *acme.Reply) {
				known := []string{"filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes", "excludedAttributes"}
				for name := range r.Request.URL.Query() {
					if !slices.Contains(known, name) {
						refuse(r, model.BadRequest("invalidValue", "unknown parameter %s", name))
					}
				}
			}),
		},
		{
			Name:    "page-max-results-exceeded",
			Summary: "ServiceProviderConfig says that a page has three resources at most, and pages have more.",
			Checks:  []string{"querying.page.cap"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: claims("filter", "maxResults", 3),
		},
		{
			Name:    "page-five-at-most",
			Summary: "A page has five resources at most, as ServiceProviderConfig says: a client that goes on by a hundred passes over the others.",
			Checks:  []string{"querying.page.hundred", "querying.filter.dates", "querying.filter.present", "querying.root.types", "querying.root.lacking"},
			Gaps:    []string{"nonconformant", "declared-not-delivered filter"},
			Install: func(c *acme.Config) {
				claims("filter", "maxResults", 5)(c)
				claims("pagination", "maxPageSize", 5)(c)
				claims("pagination", "defaultPageSize", 5)(c)
				onQuery(func(q *acme.Query) { q.Count = min(q.Count, 5) })(c)
			},
		},
		{
			Name:    "page-count-text-500",
			Summary: "A count that is no number is answered 500.",
			Checks:  []string{"querying.page.not-a-number"},
			Gaps:    []string{"nonconformant"},
			Install: onList(func(r *acme.Reply) {
				if count := r.Request.URL.Query().Get("count"); count != "" && !isNumber(count) {
					refuse(r, &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"})
				}
			}),
		},
	}
}

func isNumber(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

// orders are defects of sorting (RFC 7644 §3.4.2.3).
func orders() []Defect {
	return []Defect{
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
