package acme

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	filter "github.com/scim2/filter-parser/v2"
)

// parseFilter reads a filter (RFC 7644 §3.4.2.2).
func parseFilter(text string) (filter.Expression, error) {
	expression, err := filter.ParseFilter([]byte(text))
	if err != nil {
		return nil, badRequest("invalidFilter", "the filter cannot be read")
	}
	return expression, nil
}

// matches evaluates a filter over a resource, or over one value of a complex
// attribute.
func matches(e filter.Expression, object map[string]any, attributes []*attribute, s *schema) (bool, error) {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		return matchLogical(e, object, attributes, s)
	case *filter.NotExpression:
		inner, err := matches(e.Expression, object, attributes, s)
		return !inner, err
	case *filter.ValuePath:
		at, values, err := resolve(e.AttributePath, object, attributes, s)
		if err != nil {
			return false, err
		}
		for _, value := range objects(first(values)) {
			if ok, err := matches(e.ValueFilter, value, at.SubAttributes, nil); ok || err != nil {
				return ok, err
			}
		}
		return false, nil
	case *filter.AttributeExpression:
		return matchAttribute(e, object, attributes, s)
	}
	return false, badRequest("invalidFilter", "the filter holds something unknown")
}

func matchLogical(e *filter.LogicalExpression, object map[string]any, attributes []*attribute, s *schema) (bool, error) {
	left, err := matches(e.Left, object, attributes, s)
	if err != nil {
		return false, err
	}
	right, err := matches(e.Right, object, attributes, s)
	if err != nil {
		return false, err
	}
	if strings.EqualFold(string(e.Operator), string(filter.AND)) {
		return left && right, nil
	}
	return left || right, nil
}

func matchAttribute(e *filter.AttributeExpression, object map[string]any, attributes []*attribute, s *schema) (bool, error) {
	at, values, err := resolve(e.AttributePath, object, attributes, s)
	if err != nil {
		return false, err
	}
	// A password must not be found out by asking (RFC 7643 §7, returned never).
	if at.Returned == "never" {
		return false, badRequest("invalidFilter", "%s cannot be used in a filter", at.Name)
	}
	operator := filter.CompareOperator(strings.ToLower(string(e.Operator)))
	if operator == filter.PR {
		return hasValue(values), nil
	}
	if operator == filter.NE {
		for _, v := range flatten(values) {
			if equal(at, v, e.CompareValue) {
				return false, nil
			}
		}
		return true, nil
	}
	for _, v := range flatten(values) {
		ok, err := compare(at, operator, v, e.CompareValue)
		if ok || err != nil {
			return ok, err
		}
	}
	return operator == filter.EQ && e.CompareValue == nil && len(values) == 0, nil
}

// resolve finds an attribute's definition and its values.
func resolve(p filter.AttributePath, object map[string]any, attributes []*attribute, s *schema) (*attribute, []any, error) {
	if p.URIPrefix != nil && s != nil {
		urn := strings.TrimSuffix(*p.URIPrefix, ":")
		if known, extension := s.extension(urn); known != "" {
			part, _ := object[known].(map[string]any)
			object, attributes = part, extension
		} else if !strings.EqualFold(urn, s.urn) {
			return nil, nil, badRequest("invalidFilter", "unknown schema %s", urn)
		}
	}
	at := find(attributes, p.AttributeName)
	if at == nil {
		return nil, nil, badRequest("invalidFilter", "unknown attribute %s", p.AttributeName)
	}
	_, value, ok := lookup(object, at.Name)
	if p.SubAttribute == nil {
		if !ok || value == nil {
			return at, nil, nil
		}
		return at, []any{value}, nil
	}
	sub := at.sub(*p.SubAttribute)
	if sub == nil {
		return nil, nil, badRequest("invalidFilter", "unknown attribute %s.%s", at.Name, *p.SubAttribute)
	}
	var values []any
	for _, part := range objects(value) {
		if _, v, ok := lookup(part, sub.Name); ok {
			values = append(values, v)
		}
	}
	return sub, values, nil
}

func first(values []any) any {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}

func hasValue(values []any) bool {
	for _, v := range values {
		switch v := v.(type) {
		case nil:
		case string:
			if v != "" {
				return true
			}
		case []any:
			if len(v) > 0 {
				return true
			}
		case map[string]any:
			if len(v) > 0 {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// flatten takes the values of multi-valued attributes one by one; a complex one
// stands for its sub-attribute value.
func flatten(values []any) []any {
	var out []any
	for _, v := range values {
		switch v := v.(type) {
		case []any:
			out = append(out, flatten(v)...)
		case map[string]any:
			if inner, ok := v["value"]; ok {
				out = append(out, inner)
			}
		default:
			out = append(out, v)
		}
	}
	return out
}

func equal(at *attribute, value, want any) bool {
	ok, err := compare(at, filter.EQ, value, want)
	return ok && err == nil
}

// compare applies an operator. Text is compared without regard to letter case
// unless the attribute is caseExact; dateTimes are compared as moments.
func compare(at *attribute, operator filter.CompareOperator, value, want any) (bool, error) {
	switch value := value.(type) {
	case bool:
		wanted, ok := want.(bool)
		if !ok || operator != filter.EQ {
			return false, badRequest("invalidFilter", "%s is true or false, and can only be compared with eq and ne", at.Name)
		}
		return value == wanted, nil
	case string:
		wanted, ok := want.(string)
		if !ok {
			return false, nil
		}
		if at.Type == "dateTime" {
			return compareTimes(operator, value, wanted)
		}
		if !at.CaseExact {
			value, wanted = strings.ToLower(value), strings.ToLower(wanted)
		}
		return compareText(operator, value, wanted), nil
	}
	return fmt.Sprint(value) == fmt.Sprint(want) && operator == filter.EQ, nil
}

func compareText(operator filter.CompareOperator, value, want string) bool {
	switch operator {
	case filter.EQ:
		return value == want
	case filter.CO:
		return strings.Contains(value, want)
	case filter.SW:
		return strings.HasPrefix(value, want)
	case filter.EW:
		return strings.HasSuffix(value, want)
	}
	return ordered(operator, cmp.Compare(value, want))
}

func ordered(operator filter.CompareOperator, order int) bool {
	switch operator {
	case filter.EQ:
		return order == 0
	case filter.GT:
		return order > 0
	case filter.GE:
		return order >= 0
	case filter.LT:
		return order < 0
	case filter.LE:
		return order <= 0
	}
	return false
}

func compareTimes(operator filter.CompareOperator, value, want string) (bool, error) {
	a, errA := time.Parse(time.RFC3339Nano, value)
	b, errB := time.Parse(time.RFC3339Nano, want)
	if errA != nil || errB != nil {
		return false, badRequest("invalidFilter", "not a dateTime")
	}
	return ordered(operator, a.Compare(b)), nil
}
