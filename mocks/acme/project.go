package acme

import (
	"maps"
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

// name is what attributes and excludedAttributes are lists of.
type name struct{ urn, attribute, sub string } // empty for none

// parseName reads "title", "name.familyName", an extension's URN, or an attribute
// of that, such as "urn:…:enterprise:2.0:User:manager.displayName".
func (s *schema) parseName(text string) name {
	text = strings.TrimSpace(text)
	if known, _ := s.extension(text); known != "" {
		return name{urn: known}
	}
	urn, rest := s.splitURN(text)
	if urn == s.urn {
		urn = ""
	}
	attribute, sub, _ := strings.Cut(rest, ".")
	return name{urn, attribute, sub}
}

// holder returns what holds the attribute; nil if the extension is not used.
func (n name) holder(doc map[string]any) map[string]any {
	if n.urn == "" {
		return doc
	}
	part, _ := doc[n.urn].(map[string]any)
	return part
}

func (s *schema) only(doc Resource, names []string) map[string]any {
	out := map[string]any{"schemas": doc["schemas"], "id": doc["id"]}
	for _, text := range names {
		n := s.parseName(text)
		if n.attribute == "" {
			assign(out, n.urn, doc[n.urn])
			continue
		}
		key, value, ok := lookup(n.holder(doc), n.attribute)
		if !ok {
			continue
		}
		target := out
		if n.urn != "" {
			if out[n.urn] == nil {
				out[n.urn] = map[string]any{}
			}
			target = n.holder(out)
		}
		if n.sub != "" {
			value = pick(target[key], value, n.sub)
		}
		target[key] = value
	}
	return out
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

// urns lists the extensions.
func (s *schema) urns() []string {
	return slices.Sorted(maps.Keys(s.extensions))
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

func (s *schema) exclude(doc Resource, text string) {
	n := s.parseName(text)
	if n.attribute == "" {
		delete(doc, n.urn)
		return
	}
	holder := n.holder(doc)
	key, value, ok := lookup(holder, n.attribute)
	switch {
	case !ok || key == "id" || key == "schemas":
	case n.sub == "":
		delete(holder, key)
	default:
		for _, object := range objects(value) {
			if k, _, ok := lookup(object, n.sub); ok {
				delete(object, k)
			}
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

// setList stores a multi-valued attribute; an empty one is absent (RFC 7643 §2.5).
func setList(doc map[string]any, name string, list []any) {
	if len(list) == 0 {
		delete(doc, name)
		return
	}
	doc[name] = list
}
