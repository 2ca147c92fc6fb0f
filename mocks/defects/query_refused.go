package defects

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// refusedFilters are the defects of what a filter may be, and of the answer where it
// may not or finds nothing.
func refusedFilters() []Defect {
	return []Defect{
		{
			Name:    "filter-unknown-attribute-ignored",
			Summary: "A filter on an attribute that no schema has is ignored: everything comes back.",
			Checks:  []string{"querying.filter.unknown-attribute"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if q.Err != nil && readable(q.Filter) && strings.HasPrefix(q.Err.Detail, "unknown attribute") {
					q.Err, q.Found = nil, q.All()
				}
			}),
		},
		{
			Name:    "filter-unreadable-ignored",
			Summary: "A filter that cannot be read is ignored: everything comes back.",
			Checks:  []string{"querying.filter.unreadable", "querying.filter.nested", "querying.filter.not", "querying.filter.literals"},
			Gaps:    []string{"nonconformant", "declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if q.Err != nil && !readable(q.Filter) {
					q.Err, q.Found = nil, q.All()
				}
			}),
		},
		{
			Name:     "filter-unreadable-500",
			Summary:  "A filter that cannot be read is answered 500.",
			Imitates: "scimmyjs/scimmy",
			Checks:   []string{"querying.filter.unreadable", "querying.filter.nested", "querying.filter.not", "querying.filter.literals"},
			Gaps:     []string{"nonconformant", "declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if q.Err != nil && !readable(q.Filter) {
					q.Err = &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"}
				}
			}),
		},
		{
			Name:    "filter-names-case-exact",
			Summary: "A filter knows attributes only in the schema's spelling: username is refused.",
			Checks:  []string{"querying.filter.name-case"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if name, _, _, ok := comparison(q.Filter); ok && !spelled(q.Type, name) {
					q.Err = model.BadRequest("invalidFilter", "unknown attribute %s", name)
				}
			}),
		},
		{
			Name:    "filter-operators-lower-case-only",
			Summary: "A filter with an operator in capitals, such as EQ, is refused.",
			Checks:  []string{"querying.filter.operator-case"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if words := strings.Fields(q.Filter); len(words) > 1 && words[1] != strings.ToLower(words[1]) {
					q.Err = model.BadRequest("invalidFilter", "unknown operator")
				}
			}),
		},
		{
			Name:    "filter-no-group-404",
			Summary: "A filter that finds no group is answered 404 instead of an empty list.",
			Checks:  []string{"querying.filter.no-match"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if q.Type == acme.TypeGroup && q.Filter != "" && q.Err == nil && len(q.Found) == 0 {
					q.Err = &acme.Error{Status: http.StatusNotFound, Detail: "no group found"}
				}
			}),
		},
		{
			Name:    "filter-decoded-twice",
			Summary: "A filter is percent-decoded twice: it finds nobody with a + in the userName.",
			Checks:  []string{"querying.filter.encoding", "querying.filter.dates"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onParameters(func(parameters url.Values) {
				if twice, err := url.QueryUnescape(parameters.Get("filter")); err == nil && twice != "" {
					parameters.Set("filter", twice)
				}
			}),
		},
		{
			Name:    "filter-omits-inactive",
			Summary: "A filter finds no inactive users, unless it asks for active.",
			Checks:  []string{"users.active.inactive-found", "querying.filter.inactive", "story.*"},
			Gaps:    []string{"declared-not-delivered filter", "ignored-silently look-up"},
			Install: onQuery(func(q *acme.Query) {
				if q.Type == acme.TypeUser && q.Filter != "" && !strings.Contains(q.Filter, "active") {
					q.Found = slices.DeleteFunc(q.Found, func(user acme.Resource) bool { return !user.Active() })
				}
			}),
		},
	}
}

// filterSecrets are the defects of what a filter should not be able to do.
func filterSecrets() []Defect {
	return []Defect{
		{
			Name:    "filter-compares-passwords",
			Summary: "A GET with a filter on password by eq is answered: the password stands in the address, and in logs.",
			Checks:  []string{"querying.filter.password"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: withPasswords(func(known *passwords) func(*acme.Config) {
				return onQuery(func(q *acme.Query) {
					name, operator, want, ok := comparison(q.Filter)
					if !ok || !strings.EqualFold(name, "password") || operator != filter.EQ {
						return
					}
					q.Err = nil
					q.Found = slices.DeleteFunc(q.All(), func(user acme.Resource) bool {
						secret, ok := known.of(user["id"])
						return !ok || secret != want
					})
				})
			}),
		},
		{
			Name:    "filter-value-reaches-the-query",
			Summary: "A value in a filter becomes part of the database's query: with single quotes in it everybody comes back.",
			Checks:  []string{"querying.filter.injection"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if strings.Contains(q.Filter, `' or '`) {
					q.Found = q.All()
				}
			}),
		},
	}
}

// unansweredFilters are the defects of filters that need not be carried out.
func unansweredFilters() []Defect {
	return []Defect{
		{
			Name:    "filter-unclaimed-and-ignored",
			Summary: "Filters are not claimed, and one on userName is ignored: every user comes back.",
			Checks:  []string{"lifecycle.find-by-username", "querying.filter.unsupported", "story.*"},
			Gaps:    []string{"nonconformant", "ignored-silently look-up"},
			Install: both(claims("filter", "supported", false), onQuery(func(q *acme.Query) {
				if filtersUserName(q) {
					q.Found = q.All()
				}
			})),
		},
		{
			Name:    "filter-long-500",
			Summary: "A filter of more than 2000 characters is answered 500.",
			Checks:  []string{"querying.filter.large", "querying.filter.injection"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if len(q.Filter) > 2000 {
					q.Err = &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"}
				}
			}),
		},
		{
			Name:    "filter-on-one-user-500",
			Summary: "A read of a single user with a filter is answered 500.",
			Checks:  []string{"querying.filter.single"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: writeReply(func(r *acme.Reply) {
				if strings.Contains(r.Request.URL.Path, "/Users/") && r.Request.URL.Query().Has("filter") {
					refuse(r, &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"})
				}
			}),
		},
		{
			Name:    "root-query-too-many-413",
			Summary: "A query of the root for all there is is answered 413 instead of 400 with scimType tooMany.",
			Checks:  []string{"querying.root.too-many"},
			Gaps:    []string{"nonconformant"},
			Install: onQuery(func(q *acme.Query) {
				if q.Type == "" && q.Filter == "" {
					q.Err = &acme.Error{Status: http.StatusRequestEntityTooLarge, Detail: "too many"}
				}
			}),
		},
	}
}

// readable reports whether a filter fits the grammar.
func readable(text string) bool {
	_, err := filter.ParseFilter([]byte(text))
	return err == nil
}

// spelled reports whether a type has an attribute in exactly this spelling, or none
// at all like it.
func spelled(kind, name string) bool {
	first, _, _ := strings.Cut(name, ".")
	for _, at := range model.SchemaOf(kind).Attributes {
		if strings.EqualFold(at.Name, first) {
			return at.Name == first
		}
	}
	return true
}

// onParameters alters the query parameters of SCIM reads.
func onParameters(hook func(url.Values)) func(*acme.Config) {
	return onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		if isSCIM(r) && r.Method == http.MethodGet && r.URL.RawQuery != "" {
			parameters := r.URL.Query()
			hook(parameters)
			r.URL.RawQuery = parameters.Encode()
		}
		return false
	})
}
