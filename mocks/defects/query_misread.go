package defects

import (
	"cmp"
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
			ask(q, written(rewrite(expression, part)), acme.Resource.Clone)
		}
	})
}

// ask answers a query with another filter, which sees each resource through a
// function.
func ask(q *acme.Query, text string, through func(acme.Resource) acme.Resource) {
	wanted, err := model.CompileFilterOf(kinds(q), text)
	if err != nil {
		return
	}
	found := slices.DeleteFunc(q.All(), func(r acme.Resource) bool {
		ok, err := wanted(kindOf(q, r), through(r))
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

// kinds are the types that a query asks for, kindOf the one of something found.
func kinds(q *acme.Query) []string {
	if q.Type == "" {
		return []string{acme.TypeUser, acme.TypeGroup}
	}
	return []string{q.Type}
}

func kindOf(q *acme.Query, r acme.Resource) string {
	return cmp.Or(q.Type, r.Text("meta", "resourceType"))
}

// written writes a filter. The parser leaves the escapes in text, so that it goes back as it
// came.
func written(e filter.Expression) string {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		return fmt.Sprintf("(%s) %s (%s)", written(e.Left), e.Operator, written(e.Right))
	case *filter.NotExpression:
		return fmt.Sprintf("not (%s)", written(e.Expression))
	case *filter.ValuePath:
		return fmt.Sprintf("%s[%s]", e.AttributePath, written(e.ValueFilter))
	case *filter.AttributeExpression:
		text := fmt.Sprintf("%s %s", e.AttributePath, e.Operator)
		switch value := e.CompareValue.(type) {
		case string:
			return text + ` "` + value + `"`
		case nil:
			if e.Operator == filter.PR {
				return text
			}
			return text + " null"
		default:
			return fmt.Sprintf("%s %v", text, value)
		}
	}
	return ""
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

// onComparison decides on its own which resources a comparison finds, wherever it stands in a
// filter.
func onComparison(attribute string, operator filter.CompareOperator, finds func(want string, r acme.Resource) bool) func(*acme.Config) {
	return onQuery(func(q *acme.Query) {
		expression, err := filter.ParseFilter([]byte(q.Filter))
		if err != nil || q.Err != nil {
			return
		}
		is := func(e filter.Expression) (want string, ok bool) {
			c, ok := e.(*filter.AttributeExpression)
			if !ok || c.Operator != operator || !strings.EqualFold(c.AttributePath.String(), attribute) {
				return "", false
			}
			want, ok = c.CompareValue.(string)
			return want, ok
		}
		found := slices.DeleteFunc(q.All(), func(r acme.Resource) bool {
			return !decide(expression, func(part filter.Expression) bool {
				if want, ok := is(part); ok {
					return finds(want, r)
				}
				wanted, err := model.CompileFilterOf(kinds(q), written(part))
				if err != nil {
					return false
				}
				found, err := wanted(kindOf(q, r), r)
				return found && err == nil
			})
		})
		if q.SortBy != "" {
			found = inOrderOf(q.Found, found)
		}
		q.Found = found
	})
}

// decide puts together what a function says of each part of a filter.
func decide(e filter.Expression, of func(filter.Expression) bool) bool {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		if isOperator(e, filter.AND) {
			return decide(e.Left, of) && decide(e.Right, of)
		}
		return decide(e.Left, of) || decide(e.Right, of)
	case *filter.NotExpression:
		return !decide(e.Expression, of)
	}
	return of(e)
}
