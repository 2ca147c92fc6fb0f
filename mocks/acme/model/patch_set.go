package model

import (
	"maps"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// set adds to or replaces an attribute as a whole (RFC 7644 §3.5.2.1, §3.5.2.3).
func (p *place) set(o Operation) error {
	if object, ok := o.Value.(map[string]any); ok && p.at.Type == "complex" && !p.at.MultiValued {
		return p.merge(o.Op, object)
	}
	fitted, err := p.fitWhole(o.Value)
	switch {
	case err != nil:
		return err
	case fitted == nil && o.Op == "replace":
		delete(p.holder, p.at.Name)
	case fitted == nil: // nothing is to be added
	case p.at.MultiValued && o.Op == "add":
		p.append(fitted.([]any))
	case p.at.Type == "complex" && !p.at.MultiValued: // a bare value, for the sub-attribute value
		return p.merge(o.Op, fitted.(map[string]any))
	default:
		p.holder[p.at.Name] = fitted
	}
	return nil
}

// fitWhole checks the value for a whole attribute. nil means none, which only null
// and an empty list do: a value of which nothing can be used is refused, as 200
// without an effect would hide that.
func (p *place) fitWhole(sent any) (any, error) {
	value := p.unwrap(sent)
	fitted, err := p.at.fit(value)
	if err != nil {
		return nil, err
	}
	if list, _ := sent.([]any); fitted == nil && sent != nil && (list == nil || len(list) > 0) {
		return nil, BadRequest("invalidValue", "the value holds nothing that %s has", p.at.Name)
	}
	return fitted, nil
}

// unwrap puts what providers send into the form of the schema: one value for a
// list of values, and, as Microsoft Entra ID does it, a list or an object around a
// single value and a bare value for a complex one.
func (p *place) unwrap(value any) any {
	list, isList := value.([]any)
	if p.at.MultiValued {
		if value != nil && !isList {
			return []any{value}
		}
		return value
	}
	if isList && len(list) == 1 {
		value = list[0]
		if object, ok := value.(map[string]any); ok && p.at.Type != "complex" {
			value = object["value"]
		}
	}
	if text, ok := value.(string); ok && p.at.Type == "complex" {
		return map[string]any{"value": text}
	}
	return value
}

// append adds values that are not there yet; a new primary one takes the mark from
// the others (RFC 7644 §3.5.2).
func (p *place) append(values []any) {
	list, _ := p.holder[p.at.Name].([]any)
	for _, v := range values {
		if slices.ContainsFunc(list, func(old any) bool { return Same(old, v) || p.at.Name == "members" && sameValue(old, v) }) {
			continue
		}
		if object, ok := v.(map[string]any); ok && object["primary"] == true {
			clearPrimary(list)
		}
		list = append(list, v)
	}
	p.holder[p.at.Name] = list
}

// sameValue compares complex values by their sub-attribute value.
func sameValue(a, b any) bool {
	x, _ := a.(map[string]any)
	y, _ := b.(map[string]any)
	return x["value"] != nil && x["value"] == y["value"]
}

func clearPrimary(list []any) {
	for _, object := range Objects(list) {
		if object["primary"] == true {
			object["primary"] = false
		}
	}
}

// merge sets the given sub-attributes and keeps the others (RFC 7644 §3.5.2.3). In a
// replace, null unassigns one.
func (p *place) merge(op string, sent map[string]any) error {
	part, err := p.at.fitComplex(sent)
	if err != nil {
		return err
	}
	var cleared []string
	for key, value := range sent {
		if sub := p.at.sub(key); sub != nil && value == nil {
			cleared = append(cleared, sub.Name)
		}
	}
	if len(part)+len(cleared) == 0 {
		return BadRequest("invalidValue", "the value holds nothing that %s has", p.at.Name)
	}
	merged, _ := p.holder[p.at.Name].(map[string]any)
	if merged == nil {
		merged = map[string]any{}
	}
	maps.Copy(merged, part)
	for _, name := range cleared {
		if op == "replace" {
			delete(merged, name)
		}
	}
	if p.holder[p.at.Name] = merged; len(merged) == 0 {
		delete(p.holder, p.at.Name)
	}
	return nil
}

// setSub sets a sub-attribute, in every value of a multi-valued attribute.
func (p *place) setSub(o Operation) error {
	fitted, err := p.sub.fit(o.Value)
	if err != nil {
		return err
	}
	targets := Objects(p.holder[p.at.Name])
	if len(targets) == 0 {
		if p.at.MultiValued {
			return BadRequest("noTarget", "%s has no value to change", p.at.Name)
		}
		targets = []map[string]any{{}}
		p.holder[p.at.Name] = targets[0]
	}
	for _, object := range targets {
		if err := p.assignPart(object, p.sub.Name, fitted); err != nil {
			return err
		}
	}
	return nil
}

// assignPart sets a sub-attribute of one value, unless it may be set only once.
func (p *place) assignPart(object map[string]any, name string, value any) error {
	sub := p.at.sub(name)
	if sub.Mutability == "immutable" && object[name] != nil && !Same(object[name], value) {
		return BadRequest("mutability", "%s.%s is immutable", p.at.Name, name)
	}
	Assign(object, name, value)
	return nil
}

// setChosen acts on the values that a filter in the path chooses.
func (p *place) setChosen(o Operation) error {
	chosen, err := p.chosen()
	if err == nil && len(chosen) == 0 {
		chosen, err = p.make(o)
	}
	if err != nil {
		return err
	}
	for _, object := range chosen {
		if err := p.change(object, o); err != nil {
			return err
		}
	}
	return nil
}

// change sets a sub-attribute of a chosen value, or several at once.
func (p *place) change(object map[string]any, o Operation) error {
	part, err := p.fitPart(o.Value)
	if err != nil {
		return err
	}
	if part["primary"] == true {
		list, _ := p.holder[p.at.Name].([]any)
		clearPrimary(list)
	}
	for key, value := range part {
		if err := p.assignPart(object, key, value); err != nil {
			return err
		}
	}
	return nil
}

func (p *place) fitPart(value any) (map[string]any, error) {
	if p.sub != nil {
		fitted, err := p.sub.fit(value)
		return map[string]any{p.sub.Name: fitted}, err
	}
	part, err := p.at.fitComplex(value)
	if err == nil && len(part) == 0 {
		err = BadRequest("invalidValue", "the value holds nothing that a value of %s has", p.at.Name)
	}
	return part, err
}

// make creates the value that a path such as emails[type eq "work"].value speaks
// of when there is none: Microsoft Entra ID counts on it for add. A replace has no
// target then (RFC 7644 §3.5.2.3).
func (p *place) make(o Operation) ([]map[string]any, error) {
	none := BadRequest("noTarget", "no value of %s matches the path", p.at.Name)
	equals, ok := p.values.(*filter.AttributeExpression)
	if o.Op != "add" || !ok || !strings.EqualFold(string(equals.Operator), string(filter.EQ)) {
		return nil, none
	}
	sub := p.at.sub(equals.AttributePath.AttributeName)
	if sub == nil || sub.readOnly() {
		return nil, none
	}
	fitted, err := sub.fit(equals.CompareValue)
	if err != nil || fitted == nil {
		return nil, none
	}
	made := map[string]any{sub.Name: fitted}
	list, _ := p.holder[p.at.Name].([]any)
	p.holder[p.at.Name] = append(list, made)
	return []map[string]any{made}, nil
}

// chosen lists the values that match the filter in the path. The filter is tried on
// an empty value first, so that a wrong one is found out in any case.
func (p *place) chosen() (out []map[string]any, err error) {
	for i, object := range append([]map[string]any{{}}, Objects(p.holder[p.at.Name])...) {
		ok, err := matches(p.values, object, p.at.SubAttributes, nil)
		if err != nil {
			return nil, BadRequest("invalidPath", "the filter in the path does not suit %s", p.at.Name)
		}
		if ok && i > 0 {
			out = append(out, object)
		}
	}
	return out, nil
}
