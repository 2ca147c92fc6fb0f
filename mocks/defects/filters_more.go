package defects

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	filter "github.com/scim2/filter-parser/v2"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// moreFilters are the defects of filters that no other file has.
func moreFilters() []Defect {
	return slices.Concat(moreComparisons(), filterSecrets(), unansweredFilters())
}

// moreComparisons are the defects of what a filter compares.
func moreComparisons() []Defect {
	return []Defect{
		{
			Name:    "filter-co-is-sw",
			Summary: "co in a filter finds text at the beginning of a value alone.",
			Checks:  []string{"querying.filter.contains"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapOperator(filter.CO, filter.SW),
		},
		{
			Name:    "filter-gt-is-ge",
			Summary: "gt in a filter finds the very value asked for, too.",
			Checks:  []string{"querying.filter.text-order"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapOperator(filter.GT, filter.GE),
		},
		{
			Name:    "filter-booleans-in-order",
			Summary: "A filter compares active by gt instead of refusing to.",
			Checks:  []string{"querying.filter.unordered"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if name, operator, _, _ := comparison(q.Filter); name == "active" && operator == filter.GT && q.Err != nil {
					q.Err, q.Found = nil, nil
				}
			}),
		},
		{
			Name:    "filter-active-ignored",
			Summary: "A comparison of active is left out of the filter, as if it were true.",
			Checks:  []string{"querying.filter.literals"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapComparison(on("active"), everything),
		},
		{
			Name:    "filter-schemas-ignored",
			Summary: "A comparison of schemas is left out of the filter, as if it were true.",
			Checks:  []string{"querying.filter.schemas"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapComparison(on("schemas"), everything),
		},
		{
			Name:    "filter-urn-refused",
			Summary: "A filter that names an attribute with the URN of its schema is refused, if that is the User schema.",
			Checks:  []string{"querying.filter.urn"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if strings.Contains(strings.ToLower(q.Filter), strings.ToLower(model.URNUser)+":") {
					q.Err = model.BadRequest("invalidFilter", "unknown attribute")
				}
			}),
		},
		{
			Name:    "filter-complex-compared",
			Summary: "A filter that compares name as a whole finds nobody instead of being refused.",
			Checks:  []string{"querying.filter.whole-complex"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if name, _, _, ok := comparison(q.Filter); ok && strings.EqualFold(name, "name") {
					q.Err, q.Found = nil, nil
				}
			}),
		},
		{
			Name:    "filter-escapes-left-in",
			Summary: "Text in a filter is compared with the backslashes that stand before its quotation marks.",
			Checks:  []string{"querying.filter.escapes"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if strings.Contains(q.Filter, `\`) {
					q.Found = nil
				}
			}),
		},
		{
			Name:    "filter-forgets-defaults",
			Summary: "A filter on active finds nobody who was created without active, though they are shown with it.",
			Checks:  []string{"querying.filter.defaulted"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: filterForgetsDefaults,
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

// filterForgetsDefaults keeps in mind who was created without active.
func filterForgetsDefaults(config *acme.Config) {
	var defaulted sync.Map
	beforeChange(func(c *acme.Change) {
		if _, _, sent := model.Lookup(c.Body, "active"); changesUser(c, http.MethodPost) && !sent {
			defaulted.Store(c.ID, true)
		}
	})(config)
	onQuery(func(q *acme.Query) {
		if strings.Contains(q.Filter, "active") {
			q.Found = slices.DeleteFunc(q.Found, func(r acme.Resource) bool {
				_, forgotten := defaulted.Load(r.Text("id"))
				return forgotten
			})
		}
	})(config)
}
