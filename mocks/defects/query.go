package defects

import (
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// query are the defects of lists and filters.
func query() []Defect {
	return []Defect{
		{
			Name:    "filter-username-ignored",
			Summary: "A filter on userName is ignored: every user comes back.",
			Checks:  []string{"lifecycle.find-by-username"},
			Gaps:    []string{"nonconformant"},
			Install: onQuery(func(q *acme.Query) {
				if filtersUserName(q) {
					q.Found = q.All()
				}
			}),
		},
		{
			Name:    "filter-username-finds-nothing",
			Summary: "A filter on userName finds nobody.",
			Checks:  []string{"lifecycle.find-by-username"},
			Gaps:    []string{"nonconformant"},
			Install: onQuery(func(q *acme.Query) {
				if filtersUserName(q) {
					q.Found = nil
				}
			}),
		},
	}
}

func filtersUserName(q *acme.Query) bool {
	return q.Type == acme.TypeUser && strings.Contains(strings.ToLower(q.Filter), "username")
}
