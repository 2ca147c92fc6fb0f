package acme

import (
	"slices"
	"strings"
)

// project applies the query parameters attributes and excludedAttributes. id and
// schemas are always returned (RFC 7644 §3.9).
func (s *schema) project(doc Resource, attributes, excluded string) map[string]any {
	switch {
	case attributes != "":
		return s.only(doc, strings.Split(attributes, ","))
	case excluded != "":
		for _, name := range strings.Split(excluded, ",") {
			s.exclude(doc, strings.TrimSpace(name))
		}
	}
	return doc
}

func (s *schema) only(doc Resource, names []string) map[string]any {
	out := map[string]any{"schemas": doc["schemas"], "id": doc["id"]}
	for _, name := range names {
		holder, target, rest := s.descend(doc, out, strings.TrimSpace(name))
		key, value, ok := lookup(holder, rest[0])
		if !ok {
			continue
		}
		if len(rest) == 1 {
			target[key] = value
		} else {
			target[key] = pick(target[key], value, rest[1])
		}
	}
	return out
}

// descend follows an extension's URN, and splits what is left into attribute and
// sub-attribute.
func (s *schema) descend(doc, out map[string]any, name string) (holder, target map[string]any, rest []string) {
	holder, target = doc, out
	if urn, attribute := s.splitURN(name); urn != "" && urn != s.urn {
		if part, ok := doc[urn].(map[string]any); ok {
			holder = part
			if _, exists := out[urn]; !exists {
				out[urn] = map[string]any{}
			}
			target = out[urn].(map[string]any)
		}
		name = attribute
	} else if urn == s.urn {
		name = attribute
	}
	return holder, target, strings.SplitN(name, ".", 2)
}

// splitURN splits "urn:…:User:title" into the schema and the rest.
func (s *schema) splitURN(name string) (urn, attribute string) {
	for _, known := range append(s.urns(), s.urn) {
		if len(name) > len(known) && strings.EqualFold(name[:len(known)], known) && name[len(known)] == ':' {
			return known, name[len(known)+1:]
		}
	}
	return "", name
}

func (s *schema) urns() []string {
	var out []string
	for urn := range s.extensions {
		out = append(out, urn)
	}
	return out
}

// pick keeps one sub-attribute of a complex value, beside those kept before.
func pick(kept, value any, sub string) any {
	switch value := value.(type) {
	case map[string]any:
		out, _ := kept.(map[string]any)
		if out == nil {
			out = map[string]any{}
		}
		if key, v, ok := lookup(value, sub); ok {
			out[key] = v
		}
		return out
	case []any:
		list, _ := kept.([]any)
		out := make([]any, len(value))
		for i, item := range value {
			var before any
			if i < len(list) {
				before = list[i]
			}
			out[i] = pick(before, item, sub)
		}
		return out
	}
	return value
}

func (s *schema) exclude(doc Resource, name string) {
	holder, _, rest := s.descend(doc, map[string]any{}, name)
	key, value, ok := lookup(holder, rest[0])
	if !ok || slices.Contains([]string{"id", "schemas"}, key) {
		return
	}
	if len(rest) == 1 {
		delete(holder, key)
		return
	}
	for _, object := range objects(value) {
		if k, _, ok := lookup(object, rest[1]); ok {
			delete(object, k)
		}
	}
}

// objects lists the objects of a complex value, single or multi-valued.
func objects(value any) []map[string]any {
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
