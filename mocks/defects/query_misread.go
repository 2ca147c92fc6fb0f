package defects

import (
	"fmt"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// misread makes the service take each part of a filter for another. What is left of
// the filter is answered rightly.
func misread(part func(filter.Expression) filter.Expression) func(*acme.Config) {
	return onQuery(func(q *acme.Query) {
		expression, err := filter.ParseFilter([]byte(q.Filter))
		if err == nil && q.Err == nil {
			ask(q, fmt.Sprint(rewrite(expression, part)), acme.Resource.Clone)
		}
	})
}

// ask answers a query with another filter, which sees each resource through a
// function.
func ask(q *acme.Query, text string, through func(acme.Resource) acme.Resource) {
	wanted, err := model.CompileFilter(q.Type, text)
	if err != nil {
		return
	}
	found := slices.DeleteFunc(q.All(), func(r acme.Resource) bool {
		ok, err := wanted(through(r))
		return !ok || err != nil
	})
	if q.SortBy != "" {
		found = inOrderOf(q.Found, found)
	}
	q.Found = found
}

// inOrderOf lists resources in the order of others: those that are there too come first. A
// filter that is misread leaves the order as it was asked for.
func inOrderOf(others, found []acme.Resource) []acme.Resource {
	place := map[string]int{}
	for i, r := range others {
		place[r.Text("id")] = i - len(others)
	}
	slices.SortStableFunc(found, func(a, b acme.Resource) int { return place[a.Text("id")] - place[b.Text("id")] })
	return found
}

// rewrite gives each part of a filter to a function, the innermost first.
func rewrite(e filter.Expression, part func(filter.Expression) filter.Expression) filter.Expression {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		return part(&filter.LogicalExpression{Left: rewrite(e.Left, part), Right: rewrite(e.Right, part), Operator: e.Operator})
	case *filter.NotExpression:
		return part(&filter.NotExpression{Expression: rewrite(e.Expression, part)})
	default:
		return part(e)
	}
}

// swapOperator takes one operator for another.
func swapOperator(from, to filter.CompareOperator) func(*acme.Config) {
	return misread(func(e filter.Expression) filter.Expression {
		if c, ok := e.(*filter.AttributeExpression); ok && c.Operator == from {
			return &filter.AttributeExpression{AttributePath: c.AttributePath, Operator: to, CompareValue: c.CompareValue}
		}
		return e
	})
}

// swapComparison takes each comparison of a kind for another filter.
func swapComparison(of func(*filter.AttributeExpression) bool, to filter.Expression) func(*acme.Config) {
	return misread(func(e filter.Expression) filter.Expression {
		if c, ok := e.(*filter.AttributeExpression); ok && of(c) {
			return to
		}
		return e
	})
}

// swapLogic takes an and or an or for something else.
func swapLogic(from filter.LogicalOperator, to func(*filter.LogicalExpression) filter.Expression) func(*acme.Config) {
	return misread(func(e filter.Expression) filter.Expression {
		if l, ok := e.(*filter.LogicalExpression); ok && isOperator(l, from) {
			return to(l)
		}
		return e
	})
}

func isOperator(l *filter.LogicalExpression, o filter.LogicalOperator) bool {
	return strings.EqualFold(string(l.Operator), string(o))
}

// everything and nothing are filters that match all resources, and none.
var (
	everything = &filter.AttributeExpression{AttributePath: filter.AttributePath{AttributeName: "id"}, Operator: filter.PR}
	nothing    = &filter.NotExpression{Expression: everything}
)

// comparison reads a filter that is a single comparison with text.
func comparison(text string) (attribute string, operator filter.CompareOperator, want string, ok bool) {
	expression, err := filter.ParseFilter([]byte(text))
	if err != nil {
		return "", "", "", false
	}
	c, ok := expression.(*filter.AttributeExpression)
	if !ok {
		return "", "", "", false
	}
	want, ok = c.CompareValue.(string)
	return c.AttributePath.String(), c.Operator, want, ok
}

// onComparison decides on its own which resources a single comparison finds.
func onComparison(attribute string, operator filter.CompareOperator, finds func(want string, r acme.Resource) bool) func(*acme.Config) {
	return onQuery(func(q *acme.Query) {
		name, o, want, ok := comparison(q.Filter)
		if ok && o == operator && strings.EqualFold(name, attribute) {
			q.Found = slices.DeleteFunc(q.All(), func(r acme.Resource) bool { return !finds(want, r) })
		}
	})
}
