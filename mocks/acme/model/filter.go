package model

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	filter "github.com/scim2/filter-parser/v2"
)

// CompileFilter reads a filter (RFC 7644 §3.4.2.2) for resources of a type. An
// empty one matches all. An attribute that the type does not have is found out
// even when there is no resource to look at.
func CompileFilter(kind, text string) (func(Resource) (bool, error), error) {
	return compile(SchemaOf(kind), text)
}

// CompileFilterOf is CompileFilter for resources of several types: what a type lacks has
// no value there (RFC 7644 §3.4.2.1). An attribute that none of them has is refused.
func CompileFilterOf(kinds []string, text string) (func(kind string, doc Resource) (bool, error), error) {
	tests := map[string]func(Resource) (bool, error){}
	lacking := map[string]int{} // types by the name of an attribute
	for _, kind := range kinds {
		s, here := *SchemaOf(kind), map[string]bool{}
		s.lacks = func(name string) { here[strings.ToLower(name)] = true }
		test, err := compile(&s, text)
		if err != nil {
			return nil, err
		}
		for name := range here {
			if lacking[name]++; lacking[name] == len(kinds) {
				return nil, BadRequest("invalidFilter", "unknown attribute %s", name)
			}
		}
		s.lacks = func(string) {} // said once, while nobody else listens
		tests[kind] = test
	}
	return func(kind string, doc Resource) (bool, error) { return tests[kind](doc) }, nil
}

// compile reads a filter for resources of a schema.
func compile(s *Schema, text string) (func(Resource) (bool, error), error) {
	if text == "" {
		return func(Resource) (bool, error) { return true, nil }, nil
	}
	expression, err := parseFilter(text)
	if err != nil {
		return nil, BadRequest("invalidFilter", "the filter cannot be read")
	}
	wanted := func(doc Resource) (bool, error) { return matches(expression, doc, s.Attributes, s) }
	_, err = wanted(Resource{})
	return wanted, err
}

// matches evaluates a filter over a resource, or over one value of a complex
// attribute.
func matches(e filter.Expression, object map[string]any, attributes []*Attribute, s *Schema) (bool, error) {
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
		return matchAny(e.ValueFilter, at, values)
	case *filter.AttributeExpression:
		return matchAttribute(e, object, attributes, s)
	}
	return false, BadRequest("invalidFilter", "the filter holds something unknown")
}

// matchAny reports whether one value of a complex attribute matches.
func matchAny(e filter.Expression, at *Attribute, values []any) (bool, error) {
	if at == unknown {
		return false, nil
	}
	if len(at.SubAttributes) == 0 {
		return false, BadRequest("invalidFilter", "%s has no sub-attributes", at.Name)
	}
	if len(values) == 0 {
		_, err := matches(e, map[string]any{}, at.SubAttributes, nil)
		return false, err
	}
	for _, value := range Objects(values[0]) {
		if ok, err := matches(e, value, at.SubAttributes, nil); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func matchLogical(e *filter.LogicalExpression, object map[string]any, attributes []*Attribute, s *Schema) (bool, error) {
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

func matchAttribute(e *filter.AttributeExpression, object map[string]any, attributes []*Attribute, s *Schema) (bool, error) {
	at, values, err := resolve(e.AttributePath, object, attributes, s)
	if err != nil {
		return false, err
	}
	operator, want := e.Operator, operand(e.CompareValue)
	if err := checkComparison(at, operator, want); err != nil {
		return false, err
	}
	present := flatten(values)
	switch {
	case operator == filter.PR:
		return hasValue(values), nil
	case want == nil: // RFC 7643 §2.5: null is the same as no value
		return hasValue(values) == (operator == filter.NE), nil
	case operator == filter.NE:
		return !slices.ContainsFunc(present, func(v any) bool { return compare(at, filter.EQ, v, want) }), nil
	}
	return slices.ContainsFunc(present, func(v any) bool { return compare(at, operator, v, want) }), nil
}

// operand takes the JSON escapes out of text, which the parser leaves in.
func operand(value any) any {
	text, ok := value.(string)
	if !ok {
		return value
	}
	var plain string
	if json.Unmarshal([]byte(`"`+text+`"`), &plain) != nil {
		return text
	}
	return plain
}

// checkComparison refuses comparisons that can never make sense (RFC 7644 §3.4.2.2).
func checkComparison(at *Attribute, operator filter.CompareOperator, want any) error {
	// A password must not be found out by asking (RFC 7643 §7, returned never).
	if at.Returned == "never" {
		return BadRequest("invalidFilter", "%s cannot be used in a filter", at.Name)
	}
	if operator == filter.PR || want == nil {
		return nil
	}
	switch at.Type {
	case "complex": // one stands for its value; another has to be taken apart (RFC 7644 §3.4.2.2)
		if at.sub("value") == nil {
			return BadRequest("invalidFilter", "%s can only be compared by a sub-attribute", at.Name)
		}
	case "boolean":
		if _, ok := want.(bool); !ok || operator != filter.EQ && operator != filter.NE {
			return BadRequest("invalidFilter", "%s can only be compared by eq and ne, with true or false", at.Name)
		}
	case "integer", "decimal":
		if _, ok := number(want); !ok {
			return BadRequest("invalidFilter", "%s can only be compared with a number", at.Name)
		}
	case "binary":
		if slices.Contains([]filter.CompareOperator{filter.GT, filter.GE, filter.LT, filter.LE}, operator) {
			return BadRequest("invalidFilter", "%s is binary and has no order", at.Name)
		}
	case "dateTime":
		text, _ := want.(string)
		if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
			return BadRequest("invalidFilter", "%s can only be compared with a dateTime", at.Name)
		}
	}
	return nil
}

// resolve finds an attribute's definition and its values.
func resolve(p filter.AttributePath, object map[string]any, attributes []*Attribute, s *Schema) (*Attribute, []any, error) {
	if p.URIPrefix != nil && s != nil {
		urn := strings.TrimSuffix(*p.URIPrefix, ":")
		if known, extension := s.extension(urn); known != "" {
			part, _ := object[known].(map[string]any)
			object, attributes = part, extension
		} else if !strings.EqualFold(urn, s.URN) {
			return nil, nil, BadRequest("invalidFilter", "unknown schema %s", urn)
		}
	}
	at := find(attributes, p.AttributeName)
	if at == nil && s != nil && s.lacks != nil {
		s.lacks(p.AttributeName)
		return unknown, nil, nil
	}
	if at == nil {
		return nil, nil, BadRequest("invalidFilter", "unknown attribute %s", p.AttributeName)
	}
	_, value, ok := Lookup(object, at.Name)
	if p.SubAttribute == nil {
		if !ok || value == nil {
			return at, nil, nil
		}
		return at, []any{value}, nil
	}
	sub := at.sub(*p.SubAttribute)
	if sub == nil {
		return nil, nil, BadRequest("invalidFilter", "unknown attribute %s.%s", at.Name, *p.SubAttribute)
	}
	var values []any
	for _, part := range Objects(value) {
		if _, v, ok := Lookup(part, sub.Name); ok {
			values = append(values, v)
		}
	}
	return sub, values, nil
}

// unknown stands for an attribute that a type lacks.
var unknown = &Attribute{Name: "unknown", Type: "unknown"}

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

// compare applies an operator to one value. Text is compared without regard to
// letter case unless the attribute is caseExact; dateTimes are compared as moments.
func compare(at *Attribute, operator filter.CompareOperator, value, want any) bool {
	text, isText := value.(string)
	wanted, wantsText := want.(string)
	switch {
	case at.Type == "integer" || at.Type == "decimal":
		return compareNumbers(operator, value, want)
	case !isText || !wantsText:
		return value == want && operator == filter.EQ
	case at.Type == "dateTime":
		return compareTimes(operator, text, wanted)
	}
	return compareText(operator, at.folded(text), at.folded(wanted))
}

// compareNumbers compares numbers; the parser gives whole ones as int.
func compareNumbers(operator filter.CompareOperator, value, want any) bool {
	a, okA := number(value)
	b, okB := number(want)
	return okA && okB && ordered(operator, cmp.Compare(a, b))
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
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

func compareTimes(operator filter.CompareOperator, value, want string) bool {
	a, errA := time.Parse(time.RFC3339Nano, value)
	b, errB := time.Parse(time.RFC3339Nano, want)
	return errA == nil && errB == nil && ordered(operator, a.Compare(b))
}
