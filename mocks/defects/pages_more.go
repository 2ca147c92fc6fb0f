package defects

import (
	"bytes"
	"encoding/json"
	"io"
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
			Checks:  []string{"querying.page.hundred"},
			Gaps:    []string{"nonconformant"},
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

// searches are defects of POST to /.search.
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
	}
}

func isSearch(r *http.Request) bool {
	return isSCIM(r) && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/.search")
}

// onSearchBody alters what is searched for by POST.
func onSearchBody(hook func(map[string]any)) func(*acme.Config) {
	return onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		if !isSearch(r) {
			return false
		}
		raw, err := io.ReadAll(r.Body)
		var body map[string]any
		if err == nil && json.Unmarshal(raw, &body) == nil {
			hook(body)
			if altered, err := json.Marshal(body); err == nil {
				raw = altered
			}
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
		return false
	})
}

// projections are defects of attributes and excludedAttributes.
func projections() []Defect {
	return []Defect{
		{
			Name:    "attributes-with-excluded-500",
			Summary: "attributes and excludedAttributes together are answered 500.",
			Checks:  []string{"querying.projection.both"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if asked := r.Request.URL.Query(); isSCIM(r.Request) && asked.Has("attributes") && asked.Has("excludedAttributes") {
					refuse(r, &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"})
				}
			}),
		},
		{
			Name:    "attributes-whole-complex",
			Summary: "attributes=name.familyName brings the whole name.",
			Checks:  []string{"querying.projection.notation.parts"},
			Gaps:    []string{"nonconformant"},
			Install: onParameters(func(p url.Values) {
				names := strings.Split(p.Get("attributes"), ",")
				for i, name := range names {
					if !strings.Contains(name, ":") {
						names[i], _, _ = strings.Cut(name, ".")
					}
				}
				if p.Has("attributes") {
					p.Set("attributes", strings.Join(names, ","))
				}
			}),
		},
		{
			Name:    "attributes-ignored-in-lists",
			Summary: "The parameter attributes is ignored in lists, and obeyed on a single resource.",
			Checks:  []string{"querying.projection.attributes"},
			Gaps:    []string{"nonconformant"},
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if parameters := r.URL.Query(); isSCIM(r) && strings.HasSuffix(r.URL.Path, "/Users") && parameters.Has("attributes") {
					parameters.Del("attributes")
					r.URL.RawQuery = parameters.Encode()
				}
				return false
			}),
		},
		{
			Name:    "patch-path-urn-case-sensitive",
			Summary: "A path that begins with the URN of the core schema in another letter case is refused.",
			Checks:  []string{"querying.projection.notation.patch-path"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if slices.ContainsFunc(c.Operations, func(o acme.Operation) bool {
					return len(o.Path) > len(model.URNUser) && strings.EqualFold(o.Path[:len(model.URNUser)], model.URNUser) && !strings.HasPrefix(o.Path, model.URNUser)
				}) {
					c.Err = model.BadRequest("invalidPath", "unknown attribute")
				}
			}),
		},
	}
}
