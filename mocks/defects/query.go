package defects

import (
	"regexp"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"github.com/scimproof/scimproof/mocks/acme"
)

// query are the defects of lists and filters (RFC 7644 §3.4.2).
func query() []Defect {
	return slices.Concat(userNameFilters(), refusedFilters(), comparisons(), logic(), valuesOf(), paging(), pageNumbers(), order(), cursors(), searches(), projections(), filterSecrets(), unansweredFilters())
}

func userNameFilters() []Defect {
	return []Defect{
		{
			Name:    "filter-username-ignored",
			Summary: "A filter on userName is ignored: every user comes back.",
			Checks:  []string{"lifecycle.find-by-username", "querying.filter.username-case", "querying.filter.inactive", "querying.filter.defaulted", "querying.filter.literals", "querying.filter.encoding", "querying.filter.wildcards", "querying.filter.injection", "story.*"},
			Gaps:    []string{"nonconformant", "declared-not-delivered filter", "ignored-silently look-up"},
			Install: onQuery(func(q *acme.Query) {
				if filtersUserName(q) {
					q.Found = q.All()
				}
			}),
		},
		{
			Name:    "filter-username-finds-nothing",
			Summary: "A filter on userName finds nobody.",
			Checks:  []string{"lifecycle.find-by-username", "users.username.filter-case", "users.active.inactive-found", "querying.filter.username-case", "querying.filter.inactive", "querying.filter.defaulted", "querying.filter.literals", "querying.filter.encoding", "story.*", "users.strings.filter"},
			Gaps:    []string{"nonconformant", "declared-not-delivered filter", "ignored-silently look-up"},
			Install: onQuery(func(q *acme.Query) {
				if filtersUserName(q) {
					q.Found = nil
				}
			}),
		},
		{
			Name:    "filter-username-case-exact",
			Summary: "A filter on userName tells upper case from lower case.",
			Checks:  []string{"users.username.filter-case", "querying.filter.username-case", "discovery.schema.case-exact", "users.strings.filter"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onComparison("userName", filter.EQ, func(want string, user acme.Resource) bool {
				return user.Text("userName") == want
			}),
		},
		{
			Name:    "filter-username-wildcards",
			Summary: "In a filter on userName, _ stands for any character, as with LIKE in a database.",
			Checks:  []string{"querying.filter.wildcards", "users.strings.filter"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onComparison("userName", filter.EQ, func(want string, user acme.Resource) bool {
				pattern := strings.ReplaceAll(regexp.QuoteMeta(want), "_", ".")
				like, err := regexp.MatchString("(?i)^"+pattern+"$", user.Text("userName"))
				return err == nil && like
			}),
		},
	}
}

func filtersUserName(q *acme.Query) bool {
	return q.Type == acme.TypeUser && strings.Contains(strings.ToLower(q.Filter), "username")
}
