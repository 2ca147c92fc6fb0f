package defects

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// paging are the defects of which resources a page has (RFC 7644 §3.4.2.4).
func paging() []Defect {
	return []Defect{
		{
			Name:     "page-past-the-end-wraps",
			Summary:  "A startIndex past the end of a list gives its first page again.",
			Imitates: "scimmyjs/scimmy",
			Checks:   []string{"querying.page.past-the-end"},
			Gaps:     []string{"nonconformant"},
			Install: onQuery(func(q *acme.Query) {
				if q.Start > len(q.Found) {
					q.Start = 1
				}
			}),
		},
		{
			Name:    "page-start-counts-from-0",
			Summary: "startIndex counts from 0: startIndex=1 leaves the first resource out.",
			Checks:  []string{"lifecycle.find-by-username", "querying.page.walk", "querying.page.start-below-one", "querying.page.hundred", "querying.list.total", "users.active.inactive-found", "users.username.filter-case", "story.*", "users.strings.filter"},
			Gaps:    []string{"nonconformant", "declared-not-delivered filter", "ignored-silently look-up"},
			Install: shiftPages(func(start int) int { return start + 1 }),
		},
		{
			Name:    "page-repeats-the-last",
			Summary: "Each page begins with the last resource of the page before.",
			Checks:  []string{"querying.page.walk"},
			Gaps:    []string{"nonconformant"},
			Install: shiftPages(func(start int) int { return max(1, start-1) }),
		},
		{
			Name:    "page-count-ignored",
			Summary: "count is ignored: a page has as many resources as there are.",
			Checks:  []string{"querying.page.count*", "querying.cursor.count", "querying.cursor.walk"},
			Gaps:    []string{"nonconformant", "declared-not-delivered cursor"},
			Install: onParameters(func(parameters url.Values) { parameters.Del("count") }),
		},
		{
			Name:    "page-count-0-gives-resources",
			Summary: "count=0 is taken for no count: resources come back.",
			Checks:  []string{"querying.page.count-zero", "querying.cursor.count"},
			Gaps:    []string{"nonconformant", "declared-not-delivered cursor"},
			Install: onParameters(func(parameters url.Values) {
				if parameters.Get("count") == "0" {
					parameters.Del("count")
				}
			}),
		},
		{
			Name:    "page-count-negative-400",
			Summary: "A negative count is refused instead of being taken for 0.",
			Checks:  []string{"querying.page.count-negative", "querying.cursor.count"},
			Gaps:    []string{"nonconformant", "declared-not-delivered cursor"},
			Install: writeReply(func(r *acme.Reply) {
				if count, err := strconv.Atoi(r.Request.URL.Query().Get("count")); err == nil && count < 0 && isList(r) {
					refuse(r, model.BadRequest("invalidValue", "count must not be negative"))
				}
			}),
		},
		{
			Name:     "page-count-0-400",
			Summary:  "count=0, which asks for the number of results alone, is refused.",
			Imitates: "Microsoft Entra ID's own SCIM server",
			Checks:   []string{"querying.page.count-zero", "querying.cursor.count"},
			Gaps:     []string{"nonconformant", "declared-not-delivered cursor"},
			Install: onList(func(r *acme.Reply) {
				if r.Request.URL.Query().Get("count") == "0" {
					refuse(r, model.BadRequest("invalidValue", "count must be positive"))
				}
			}),
		},
		{
			Name:    "page-order-changes",
			Summary: "The order of a list is another on every page after the first.",
			Checks:  []string{"querying.page.walk", "querying.search.parameters"},
			Gaps:    []string{"nonconformant"},
			Install: onQuery(func(q *acme.Query) {
				if q.Start > 1 {
					slices.Reverse(q.Found)
				}
			}),
		},
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

// shiftPages begins a page elsewhere than startIndex says.
func shiftPages(to func(start int) int) func(*acme.Config) {
	const asked = "X-Asked-Start"
	return func(c *acme.Config) {
		onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
			parameters := r.URL.Query()
			if start, err := strconv.Atoi(parameters.Get("startIndex")); err == nil && isSCIM(r) {
				r.Header.Set(asked, strconv.Itoa(start))
				parameters.Set("startIndex", strconv.Itoa(to(start)))
				r.URL.RawQuery = parameters.Encode()
			}
			return false
		})(c)
		writeReply(func(r *acme.Reply) { // startIndex is shown as it was asked for
			if start, err := strconv.Atoi(r.Request.Header.Get(asked)); err == nil && isList(r) {
				r.Body["startIndex"] = max(1, start)
			}
		})(c)
	}
}

// pageNumbers are the defects of what a page says of itself.
func pageNumbers() []Defect {
	return []Defect{
		{
			Name:     "page-items-echo-count",
			Summary:  "itemsPerPage repeats count instead of counting the resources on the page.",
			Imitates: "scimmyjs/scimmy",
			Checks:   []string{"querying.page.numbers"},
			Gaps:     []string{"nonconformant"},
			Install: onList(func(r *acme.Reply) {
				if count, err := strconv.Atoi(r.Request.URL.Query().Get("count")); err == nil {
					r.Body["itemsPerPage"] = count
				}
			}),
		},
		{
			Name:    "page-total-is-page-size",
			Summary: "totalResults counts the resources on the page instead of all that match.",
			Checks:  []string{"querying.page.walk", "querying.page.count-zero", "querying.page.count-negative"},
			Gaps:    []string{"nonconformant"},
			Install: onList(func(r *acme.Reply) { r.Body["totalResults"] = len(model.Objects(r.Body["Resources"])) }),
		},
		{
			Name:    "page-without-start-index",
			Summary: "A page of a longer list carries no startIndex.",
			Checks:  []string{"querying.page.numbers"},
			Gaps:    []string{"nonconformant"},
			Install: onList(func(r *acme.Reply) {
				if r.Body["totalResults"] != len(model.Objects(r.Body["Resources"])) {
					delete(r.Body, "startIndex")
				}
			}),
		},
	}
}
