package defects

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"

	filter "github.com/scim2/filter-parser/v2"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// comparisons are the defects of a single operator or type.
func comparisons() []Defect {
	return []Defect{
		{
			Name:    "filter-eq-is-co",
			Summary: "eq in a filter finds every value that contains the one asked for.",
			Checks:  []string{"querying.filter.equal"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapOperator(filter.EQ, filter.CO),
		},
		{
			Name:    "filter-sw-finds-in-the-middle",
			Summary: "sw in a filter also finds the text in the middle of a value.",
			Checks:  []string{"querying.filter.starts-with"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapOperator(filter.SW, filter.CO),
		},
		{
			Name:    "filter-ew-ignored",
			Summary: "A comparison by ew is left out of the filter, as if it were true.",
			Checks:  []string{"querying.filter.ends-with"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapComparison(by(filter.EW), everything),
		},
		{
			Name:    "filter-ne-finds-nothing",
			Summary: "A comparison by ne is never true.",
			Checks:  []string{"querying.filter.not-equal"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapComparison(by(filter.NE), nothing),
		},
		{
			Name:    "filter-pr-finds-all",
			Summary: "pr is true for an attribute without a value, too.",
			Checks:  []string{"querying.filter.present", "querying.root.lacking"},
			Gaps:    []string{"declared-not-delivered filter", "nonconformant"},
			Install: swapComparison(by(filter.PR), everything),
		},
		{
			Name:    "filter-dates-as-text",
			Summary: "gt compares meta.lastModified as text: a time zone other than UTC misleads it.",
			Checks:  []string{"querying.filter.dates"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onComparison("meta.lastModified", filter.GT, func(want string, r acme.Resource) bool {
				return cmp.Compare(r.Text("meta", "lastModified"), want) > 0
			}),
		},
		{
			Name:    "filter-external-id-ignores-case",
			Summary: "A filter on externalId takes upper and lower case for the same.",
			Checks:  []string{"querying.filter.case-exact", "users.identity.external-id.letter-case"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onComparison("externalId", filter.EQ, func(want string, r acme.Resource) bool {
				return strings.EqualFold(r.Text("externalId"), want)
			}),
		},
		{
			Name:    "filter-extension-finds-nothing",
			Summary: "A comparison of an attribute of the enterprise extension is never true.",
			Checks:  []string{"users.enterprise.filter", "querying.filter.extension"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapComparison(func(c *filter.AttributeExpression) bool {
				return strings.Contains(c.AttributePath.URI(), ":extension:")
			}, nothing),
		},
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
			Summary: "Escapes in the text of a filter are not undone: it finds nobody.",
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

// by tells comparisons by an operator.
func by(o filter.CompareOperator) func(*filter.AttributeExpression) bool {
	return func(c *filter.AttributeExpression) bool { return c.Operator == o }
}

// on tells comparisons of an attribute.
func on(name string) func(*filter.AttributeExpression) bool {
	return func(c *filter.AttributeExpression) bool {
		return strings.EqualFold(c.AttributePath.AttributeName, name)
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
