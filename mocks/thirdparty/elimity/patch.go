package main

import (
	"maps"
	"reflect"
	"slices"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/filter"
	"github.com/elimity-com/scim/schema"
	parser "github.com/scim2/filter-parser/v2"
)

// apply carries out one operation, whose path and value the library has checked.
// Without a path, each key of the value is a path of its own.
func (h *handler) apply(attributes map[string]any, operation scim.PatchOperation) error {
	if operation.Path != nil {
		return h.applyAt(attributes, operation.Op, *operation.Path, operation.Value)
	}
	values, _ := operation.Value.(map[string]any)
	for key, value := range values {
		if fields, ok := value.(map[string]any); ok && h.extension(key) != nil {
			maps.Copy(child(attributes, key), fields)
			continue
		}
		path, err := parser.ParsePath([]byte(key))
		if err != nil {
			return errors.ScimErrorInvalidPath
		}
		if err := h.applyAt(attributes, operation.Op, path, value); err != nil {
			return err
		}
	}
	return nil
}

func (h *handler) applyAt(attributes map[string]any, op string, path parser.Path, value any) error {
	holder, definitions := attributes, h.schema.Attributes
	if extension := h.extension(path.AttributePath.URI()); extension != nil {
		holder, definitions = child(attributes, extension.ID), extension.Attributes
	}
	definition, known := definitions.ContainsAttribute(path.AttributePath.AttributeName)
	if !known { // of the attributes that stand in no schema, the library lets this one through
		set(attributes, schema.CommonAttributeExternalID, op, value)
		return nil
	}
	name := definition.Name()
	sub := path.AttributePath.SubAttributeName() + path.SubAttributeName() // one of the two is empty
	if s, ok := definition.SubAttributes().ContainsAttribute(sub); ok {
		sub = s.Name()
	}

	switch {
	case path.ValueExpression != nil:
		return applyToMatches(holder, definition, sub, op, path.ValueExpression, value)
	case sub == "":
		set(holder, name, op, value)
	case definition.MultiValued():
		elements, _ := holder[name].([]any)
		for _, element := range elements {
			set(element.(map[string]any), sub, op, value)
		}
	default:
		set(child(holder, name), sub, op, value)
	}
	return nil
}

// applyToMatches is for a path with a filter, such as members[value eq "1"].
func applyToMatches(holder map[string]any, definition schema.CoreAttribute, sub, op string, expression parser.Expression, value any) error {
	validator := filter.NewFilterValidator(expression, schema.Schema{Attributes: filter.MultiValuedFilterAttributes(definition)})
	elements, _ := holder[definition.Name()].([]any)
	kept, matched := []any{}, false
	for _, element := range elements {
		fields := element.(map[string]any)
		if validator.PassesFilter(fields) != nil {
			kept = append(kept, element)
			continue
		}
		matched = true
		if sub != "" {
			set(fields, sub, op, value)
		} else if op == scim.PatchOperationRemove {
			continue
		} else if replacement, ok := value.(map[string]any); ok {
			maps.Copy(fields, replacement)
		}
		kept = append(kept, element)
	}
	if !matched && op != scim.PatchOperationRemove {
		return errors.ScimErrorNoTarget
	}
	put(holder, definition.Name(), kept)
	return nil
}

// set carries out the operation on one attribute of a complex value or a resource.
func set(holder map[string]any, name, op string, value any) {
	list, isList := value.([]any)
	present, _ := holder[name].([]any)
	fields, isComplex := value.(map[string]any)
	switch {
	case op == scim.PatchOperationRemove && isList: // Entra ID names whom to remove in the value
		put(holder, name, slices.DeleteFunc(present, func(element any) bool { return contains(list, element) }))
	case op == scim.PatchOperationRemove:
		delete(holder, name)
	case op == scim.PatchOperationAdd && isList:
		for _, element := range list {
			if !contains(present, element) {
				present = append(present, element)
			}
		}
		put(holder, name, present)
	case isList:
		put(holder, name, list)
	case isComplex:
		maps.Copy(child(holder, name), fields)
	default:
		holder[name] = value
	}
}

// put leaves an attribute out that has no values.
func put(holder map[string]any, name string, elements []any) {
	if len(elements) == 0 {
		delete(holder, name)
		return
	}
	holder[name] = elements
}

// child is the complex value of that name, made where there is none.
func child(holder map[string]any, name string) map[string]any {
	fields, ok := holder[name].(map[string]any)
	if !ok {
		fields = map[string]any{}
		holder[name] = fields
	}
	return fields
}

// contains compares complex values by what they name, as members are compared.
func contains(list []any, element any) bool {
	return slices.ContainsFunc(list, func(other any) bool { return reflect.DeepEqual(key(other), key(element)) })
}

func key(element any) any {
	if fields, ok := element.(map[string]any); ok && fields["value"] != nil {
		return fields["value"]
	}
	return element
}

func (h *handler) extension(id string) *schema.Schema {
	for i := range h.extensions {
		if h.extensions[i].ID == id {
			return &h.extensions[i]
		}
	}
	return nil
}
