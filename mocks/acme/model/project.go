package model

import (
	"maps"
	"slices"
	"strings"
)

// Project applies the query parameters attributes and excludedAttributes. id and
// schemas are always returned (RFC 7644 §3.9).
func (s *Schema) Project(doc Resource, attributes, excluded string) map[string]any {
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
func (s *Schema) parseName(text string) name {
	text = strings.TrimSpace(text)
	if known, _ := s.extension(text); known != "" {
		return name{urn: known}
	}
	urn, rest := s.splitURN(text)
	if urn == s.URN {
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

func (s *Schema) only(doc Resource, names []string) map[string]any {
	out := map[string]any{"schemas": doc["schemas"], "id": doc["id"]}
	for _, text := range names {
		n := s.parseName(text)
		if n.attribute == "" {
			Assign(out, n.urn, doc[n.urn])
			continue
		}
		key, value, ok := Lookup(n.holder(doc), n.attribute)
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
func (s *Schema) splitURN(name string) (urn, attribute string) {
	for _, known := range append(s.urns(), s.URN) {
		if len(name) > len(known) && strings.EqualFold(name[:len(known)], known) && name[len(known)] == ':' {
			return known, name[len(known)+1:]
		}
	}
	return "", name
}

// urns lists the extensions.
func (s *Schema) urns() []string {
	return slices.Sorted(maps.Keys(s.Extensions))
}

// pick keeps one sub-attribute of a complex value, beside those kept before.
func pick(kept, value any, sub string) any {
	switch value := value.(type) {
	case map[string]any:
		out, _ := kept.(map[string]any)
		if out == nil {
			out = map[string]any{}
		}
		if key, v, ok := Lookup(value, sub); ok {
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

func (s *Schema) exclude(doc Resource, text string) {
	n := s.parseName(text)
	if n.attribute == "" {
		delete(doc, n.urn)
		return
	}
	holder := n.holder(doc)
	key, value, ok := Lookup(holder, n.attribute)
	switch {
	case !ok || key == "id" || key == "schemas":
	case n.sub == "":
		delete(holder, key)
	default:
		for _, object := range Objects(value) {
			if k, _, ok := Lookup(object, n.sub); ok {
				delete(object, k)
			}
		}
	}
}
