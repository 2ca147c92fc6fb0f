package model

import (
	"encoding/json"
	"strings"
)

// Hide takes out of a resource what is not to be seen (RFC 7643 §7, returned): what is
// never returned, and what is returned on request and is not among the names that a
// client asked for or has just written. The resource must be a copy.
func (s *Schema) Hide(doc Resource, names []string) {
	asked := map[string]bool{}
	for _, text := range names {
		n := s.parseName(text)
		asked[strings.ToLower(n.urn+":"+n.attribute)] = true
	}
	hide("", s.Attributes, doc, asked)
	for urn, attributes := range s.Extensions {
		if part, ok := doc[urn].(map[string]any); ok {
			if hide(urn, attributes, part, asked); len(part) == 0 {
				delete(doc, urn)
			}
		}
	}
}

func hide(urn string, attributes []*Attribute, holder map[string]any, asked map[string]bool) {
	for _, at := range attributes {
		onRequest := at.Returned == "request" && !asked[strings.ToLower(urn+":"+at.Name)]
		if at.Returned == "never" || onRequest {
			delete(holder, at.Name)
		}
	}
}

// Mentioned lists the attributes returned on request that the body of a write speaks
// of: the answer to that write shows them.
func (s *Schema) Mentioned(body map[string]any) []string {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil
	}
	text := strings.ToLower(string(raw))
	var names []string
	for urn, attributes := range s.Extensions {
		for _, at := range attributes {
			if at.Returned == "request" && strings.Contains(text, strings.ToLower(at.Name)) {
				names = append(names, urn+":"+at.Name)
			}
		}
	}
	return names
}
