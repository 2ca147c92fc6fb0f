package defects

import (
	filter "github.com/scim2/filter-parser/v2"

	"github.com/scimproof/scimproof/mocks/acme"
)

// logic are the defects of and, or and not (RFC 7644 §3.4.2.2).
func logic() []Defect {
	return []Defect{
		{
			Name:    "filter-and-is-or",
			Summary: "and in a filter is taken for or.",
			Checks: []string{
				"querying.filter.not-equal", "querying.filter.present", "querying.filter.text-order", "querying.filter.dates",
				"querying.filter.precedence", "querying.filter.operator-case", "querying.filter.not", "querying.filter.schemas",
				"querying.filter.any-value", "querying.filter.defaulted", "querying.filter.literals", "querying.root.types",
				"querying.root.lacking",
			},
			Gaps: []string{"declared-not-delivered filter", "nonconformant"},
			Install: swapLogic(filter.AND, func(l *filter.LogicalExpression) filter.Expression {
				return &filter.LogicalExpression{Left: l.Left, Right: l.Right, Operator: filter.OR}
			}),
		},
		{
			Name:    "filter-or-only-left",
			Summary: "Of two conditions joined by or, only the left one counts.",
			Checks:  []string{"querying.filter.precedence", "querying.filter.large", "querying.root.types"},
			Gaps:    []string{"declared-not-delivered filter", "nonconformant"},
			Install: swapLogic(filter.OR, func(l *filter.LogicalExpression) filter.Expression { return l.Left }),
		},
		{
			Name:    "filter-not-ignored",
			Summary: "not in a filter is ignored: what it excludes is what comes back.",
			Checks:  []string{"querying.filter.not", "querying.filter.precedence", "querying.filter.operator-case"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: misread(func(e filter.Expression) filter.Expression {
				if not, ok := e.(*filter.NotExpression); ok {
					return not.Expression
				}
				return e
			}),
		},
		{
			Name:    "filter-without-precedence",
			Summary: "A filter is read from left to right, without precedence of and over or.",
			Checks:  []string{"querying.filter.precedence"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: swapLogic(filter.OR, leftToRight),
		},
	}
}

// leftToRight takes "a or b and c" for "(a or b) and c".
func leftToRight(or *filter.LogicalExpression) filter.Expression {
	and, ok := or.Right.(*filter.LogicalExpression)
	if !ok || !isOperator(and, filter.AND) {
		return or
	}
	return &filter.LogicalExpression{
		Left:     &filter.LogicalExpression{Left: or.Left, Right: and.Left, Operator: filter.OR},
		Right:    and.Right,
		Operator: filter.AND,
	}
}

// valuesOf are the defects of attributes with several values.
func valuesOf() []Defect {
	return []Defect{
		{
			Name:    "filter-brackets-across-values",
			Summary: `emails[type eq "work" and value co "x"] finds a type of one value and a value of another.`,
			Checks:  []string{"querying.filter.same-value"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: misread(func(e filter.Expression) filter.Expression {
				path, ok := e.(*filter.ValuePath)
				if !ok {
					return e
				}
				return rewrite(path.ValueFilter, func(inner filter.Expression) filter.Expression {
					c, ok := inner.(*filter.AttributeExpression)
					if !ok {
						return inner
					}
					outer, name := path.AttributePath, c.AttributePath.AttributeName
					outer.SubAttribute = &name
					return &filter.AttributeExpression{AttributePath: outer, Operator: c.Operator, CompareValue: c.CompareValue}
				})
			}),
		},
		{
			Name:    "filter-first-value-only",
			Summary: "A filter looks at the first value of an attribute that has several.",
			Checks:  []string{"querying.filter.any-value", "querying.filter.same-value"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if q.Filter != "" && q.Err == nil {
					ask(q, q.Filter, firstValues)
				}
			}),
		},
	}
}

// firstValues copies a resource with the first value of each list.
func firstValues(r acme.Resource) acme.Resource {
	out := r.Clone()
	for name, value := range out {
		if list, ok := value.([]any); ok && len(list) > 1 && name != "schemas" {
			out[name] = list[:1]
		}
	}
	return out
}
