package model

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed schemas.json
var schemaSource []byte

// URNs of the schemas that resources have.
const (
	URNUser       = "urn:ietf:params:scim:schemas:core:2.0:User"
	URNGroup      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	URNEnterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	// URNWorkplace is Acme's own extension. It has an attribute of each unusual kind.
	URNWorkplace = "urn:acme:params:scim:schemas:extension:workplace:2.0:User"
)

// Schema is what a resource of a type may hold: the common attributes, its own,
// and those of its extensions under their URN.
type Schema struct {
	URN        string
	Attributes []*Attribute
	Extensions map[string][]*Attribute
	// lacks is told of attributes in a filter that there are not; nil where that is an
	// error.
	lacks func(name string)
}

// common are the attributes of every resource (RFC 7643 §3.1).
var common = []*Attribute{
	{Name: "schemas", Type: "reference", MultiValued: true, Mutability: "readOnly", Returned: "always"},
	{Name: "id", Type: "string", CaseExact: true, Mutability: "readOnly", Returned: "always"},
	{Name: "externalId", Type: "string", CaseExact: true, Mutability: "readWrite", Returned: "default"},
	{Name: "meta", Type: "complex", Mutability: "readOnly", Returned: "default", SubAttributes: []*Attribute{
		{Name: "resourceType", Type: "string", CaseExact: true, Mutability: "readOnly"},
		{Name: "created", Type: "dateTime", Mutability: "readOnly"},
		{Name: "lastModified", Type: "dateTime", Mutability: "readOnly"},
		{Name: "location", Type: "reference", CaseExact: true, Mutability: "readOnly"},
	}},
}

// Published is the content of /Schemas.
var Published = sync.OnceValue(func() []map[string]any {
	var list []map[string]any
	if err := json.Unmarshal(schemaSource, &list); err != nil {
		panic(err) // part of the program; tests read it
	}
	return list
})

var schemas = sync.OnceValue(func() map[string]*Schema {
	var list []struct {
		ID         string       `json:"id"`
		Attributes []*Attribute `json:"attributes"`
	}
	if err := json.Unmarshal(schemaSource, &list); err != nil {
		panic(err) // part of the program; tests read it
	}
	of := map[string][]*Attribute{}
	for _, s := range list {
		of[s.ID] = s.Attributes
	}
	return map[string]*Schema{
		TypeUser: {URN: URNUser, Attributes: slices.Concat(common, of[URNUser]), Extensions: map[string][]*Attribute{
			URNEnterprise: of[URNEnterprise], URNWorkplace: of[URNWorkplace],
		}},
		TypeGroup: {URN: URNGroup, Attributes: slices.Concat(common, of[URNGroup])},
	}
})

// SchemaOf returns the schema of a type of resource, nil for an unknown one.
func SchemaOf(kind string) *Schema { return schemas()[kind] }

// extension finds an extension by its URN, without regard to letter case.
func (s *Schema) extension(urn string) (string, []*Attribute) {
	for known, attributes := range s.Extensions {
		if strings.EqualFold(known, urn) {
			return known, attributes
		}
	}
	return "", nil
}

// Admit makes a resource out of a POST or PUT body: readOnly and unknown
// attributes are ignored (RFC 7644 §3.3), null and [] mean absent (RFC 7643 §2.5),
// and what does not fit the schema is refused.
func (s *Schema) Admit(body map[string]any) (Resource, error) {
	_, sent, _ := Lookup(body, "schemas")
	list, _ := sent.([]any)
	if !slices.ContainsFunc(list, func(v any) bool { text, _ := v.(string); return strings.EqualFold(text, s.URN) }) {
		return nil, BadRequest("invalidSyntax", "schemas must contain %s", s.URN)
	}
	core, err := admitObject(s.Attributes, body, "the resource")
	if err != nil {
		return nil, err
	}
	doc := Resource(core)
	doc["schemas"] = []any{s.URN}
	for key, value := range body {
		if urn, attributes := s.extension(key); urn != "" {
			if doc[urn], err = admitObject(attributes, value, urn); err != nil {
				return nil, err
			}
		}
	}
	s.settleExtensions(doc)
	return doc, s.complete(doc)
}

// settleExtensions drops empty parts, and lists in schemas what there is.
func (s *Schema) settleExtensions(doc Resource) {
	urns := []any{s.URN}
	for _, urn := range s.urns() {
		if part, _ := doc[urn].(map[string]any); len(part) > 0 {
			urns = append(urns, urn)
		} else {
			delete(doc, urn)
		}
	}
	doc["schemas"] = urns
}

// admitObject takes what has an attribute and may be written. The same attribute in
// two letter cases is refused: which of the two counts would be a guess.
func admitObject(attributes []*Attribute, value any, name string) (map[string]any, error) {
	out := map[string]any{}
	if value == nil {
		return out, nil
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, BadRequest("invalidValue", "%s must be an object", name)
	}
	seen := map[*Attribute]bool{}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		at := find(attributes, key)
		if at == nil || at.readOnly() {
			continue
		}
		if seen[at] {
			return nil, BadRequest("invalidSyntax", "%s is given twice", at.Name)
		}
		seen[at] = true
		fitted, err := at.fit(object[key])
		if err != nil {
			return nil, err
		}
		Assign(out, at.Name, fitted)
	}
	return out, nil
}

// complete checks what must be there, and that one value is primary at most.
func (s *Schema) complete(doc Resource) error {
	for _, at := range s.Attributes {
		text, isText := doc[at.Name].(string)
		if at.Required && (doc[at.Name] == nil || isText && strings.TrimSpace(text) == "") {
			return BadRequest("invalidValue", "%s is required", at.Name)
		}
		if at.MultiValued && primaries(doc[at.Name]) > 1 {
			return BadRequest("invalidValue", "only one of %s can be primary", at.Name)
		}
	}
	return nil
}

func primaries(v any) int {
	list, _ := v.([]any)
	n := 0
	for _, item := range list {
		if object, ok := item.(map[string]any); ok && object["primary"] == true {
			n++
		}
	}
	return n
}
