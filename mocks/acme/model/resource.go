package model

import (
	"bytes"
	"encoding/json"
	"strings"
)

// The types of resource.
const (
	TypeUser  = "User"
	TypeGroup = "Group"
)

// Resource is a SCIM resource as JSON has it. Attribute names are stored in the
// schema's spelling.
type Resource map[string]any

// Text returns the string at a path, or "".
func (r Resource) Text(path ...string) string {
	var here any = map[string]any(r)
	for _, key := range path {
		object, ok := here.(map[string]any)
		if !ok {
			return ""
		}
		here = object[key]
	}
	s, _ := here.(string)
	return s
}

// Active reports the attribute active, which every stored user has.
func (r Resource) Active() bool {
	active, _ := r["active"].(bool)
	return active
}

// Clone copies a resource deeply.
func (r Resource) Clone() Resource {
	if r == nil {
		return nil
	}
	return cloneValue(map[string]any(r)).(map[string]any)
}

// cloneValue copies a JSON value deeply.
func cloneValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, inner := range v {
			out[key] = cloneValue(inner)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = cloneValue(inner)
		}
		return out
	}
	return v
}

// Lookup finds a key without regard to letter case (RFC 7643 §2.1).
func Lookup(object map[string]any, name string) (key string, value any, ok bool) {
	if v, ok := object[name]; ok {
		return name, v, true
	}
	for k, v := range object {
		if strings.EqualFold(k, name) {
			return k, v, true
		}
	}
	return name, nil, false
}

// Same compares JSON values.
func Same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// Assign sets a key; nil removes it (RFC 7643 §2.5: null is the same as no value).
func Assign(object map[string]any, key string, value any) {
	if value == nil {
		delete(object, key)
		return
	}
	object[key] = value
}

// Objects lists the objects of a complex value, single or multi-valued.
func Objects(value any) []map[string]any {
	switch value := value.(type) {
	case map[string]any:
		return []map[string]any{value}
	case []any:
		var out []map[string]any
		for _, item := range value {
			if object, ok := item.(map[string]any); ok {
				out = append(out, object)
			}
		}
		return out
	}
	return nil
}

// SetList stores a multi-valued attribute; an empty one is absent (RFC 7643 §2.5).
func SetList(doc map[string]any, name string, list []any) {
	if len(list) == 0 {
		delete(doc, name)
		return
	}
	doc[name] = list
}
