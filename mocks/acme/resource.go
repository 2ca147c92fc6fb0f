package acme

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
	return clone(map[string]any(r)).(map[string]any)
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, inner := range v {
			out[key] = clone(inner)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = clone(inner)
		}
		return out
	}
	return v
}

// lookup finds a key without regard to letter case (RFC 7643 §2.1).
func lookup(object map[string]any, name string) (key string, value any, ok bool) {
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

// same compares JSON values.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
