package model

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// URNPatchOp marks a PATCH message.
const URNPatchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// Operation is one operation of a PATCH (RFC 7644 §3.5.2).
type Operation struct {
	Op      string // add, remove or replace, in lower case
	Spelled string // op as sent
	Path    string // as sent; empty for none
	Value   any    // nil for null and for none
}

// ParseOperations reads a PatchOp message.
func ParseOperations(body map[string]any) ([]Operation, error) {
	_, sent, _ := Lookup(body, "schemas")
	urns, _ := sent.([]any)
	if !slices.Contains(urns, any(URNPatchOp)) {
		return nil, BadRequest("invalidSyntax", "schemas must contain %s", URNPatchOp)
	}
	_, sent, _ = Lookup(body, "Operations")
	list, _ := sent.([]any)
	if len(list) == 0 {
		return nil, BadRequest("invalidSyntax", "Operations must be a list with at least one operation")
	}
	out := make([]Operation, len(list))
	for i, item := range list {
		var err error
		if out[i], err = parseOperation(item); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func parseOperation(item any) (o Operation, err error) {
	object, ok := item.(map[string]any)
	if !ok {
		return o, BadRequest("invalidSyntax", "an operation must be an object")
	}
	_, op, _ := Lookup(object, "op")
	o.Spelled, _ = op.(string)
	o.Op = strings.ToLower(o.Spelled) // Microsoft Entra ID sends Add, Replace and Remove
	if !slices.Contains([]string{"add", "remove", "replace"}, o.Op) {
		return o, BadRequest("invalidSyntax", "op must be add, remove or replace")
	}
	_, path, _ := Lookup(object, "path")
	if o.Path, ok = path.(string); !ok && path != nil {
		return o, BadRequest("invalidPath", "path must be text")
	}
	_, o.Value, ok = Lookup(object, "value")
	if !ok && o.Op != "remove" { // null is a value: it unassigns
		return o, BadRequest("invalidValue", "%s needs a value", o.Op)
	}
	return o, nil
}

// ApplyOperations applies operations in order to a copy.
func (s *Schema) ApplyOperations(doc Resource, operations []Operation) (Resource, error) {
	after := doc.Clone()
	for _, o := range operations {
		if err := s.apply(after, o); err != nil {
			return nil, err
		}
	}
	s.settleExtensions(after)
	return after, s.complete(after)
}

func (s *Schema) apply(doc Resource, o Operation) error {
	if o.Path != "" {
		return s.applyAt(doc, o)
	}
	if o.Op == "remove" {
		return &Error{http.StatusBadRequest, "noTarget", "remove needs a path"}
	}
	object, ok := o.Value.(map[string]any)
	if !ok {
		return BadRequest("invalidValue", "without a path, value must be an object")
	}
	// In a fixed order, so that the same request fails in the same way.
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if err := s.applyKey(doc, o.Op, key, object[key]); err != nil {
			return err
		}
	}
	return nil
}

// applyKey applies one key of a path-less operation: an attribute, an extension
// with its attributes, or, as Microsoft Entra ID sends them, a dotted name or one
// with a URN.
func (s *Schema) applyKey(doc Resource, op, key string, value any) error {
	if urn, _ := s.extension(key); urn != "" {
		part, ok := value.(map[string]any)
		if !ok {
			return BadRequest("invalidValue", "%s must be an object", urn)
		}
		for _, name := range slices.Sorted(maps.Keys(part)) {
			if err := s.applyAt(doc, Operation{Op: op, Path: urn + ":" + name, Value: part[name]}); err != nil {
				return err
			}
		}
		return nil
	}
	if s.isEcho(doc, key, value) {
		return nil
	}
	return s.applyAt(doc, Operation{Op: op, Path: key, Value: value})
}

// isEcho tells what identity providers send along with a change and do not mean
// as one: schemas, and readOnly attributes with the value that is stored.
func (s *Schema) isEcho(doc Resource, key string, value any) bool {
	at := find(s.Attributes, key)
	if at == nil {
		return false
	}
	return at.Name == "schemas" || at.readOnly() && Same(doc[at.Name], value)
}

// place is where an operation acts.
type place struct {
	holder map[string]any // the resource, or the part of an extension
	at     *Attribute
	sub    *Attribute        // nil for the attribute as a whole
	values filter.Expression // nil for all values
}

// locate reads a path (RFC 7644 §3.5.2).
func (s *Schema) locate(doc Resource, text string) (*place, error) {
	parsed, err := filter.ParsePath([]byte(text))
	if err != nil {
		return nil, BadRequest("invalidPath", "the path cannot be read")
	}
	p := &place{values: parsed.ValueExpression}
	attributes, err := s.enter(p, doc, parsed.AttributePath.URIPrefix)
	if err != nil {
		return nil, err
	}
	name := parsed.AttributePath
	if p.at = find(attributes, name.AttributeName); p.at == nil && name.URIPrefix == nil {
		p.at = s.onlyExtension(p, doc, name.AttributeName)
	}
	if p.at == nil {
		return nil, BadRequest("invalidPath", "unknown attribute %s", name.AttributeName)
	}
	subName := name.SubAttribute
	if parsed.SubAttribute != nil {
		subName = parsed.SubAttribute
	}
	if subName != nil {
		if p.sub = p.at.sub(*subName); p.sub == nil {
			return nil, BadRequest("invalidPath", "unknown attribute %s.%s", p.at.Name, *subName)
		}
	}
	if p.values != nil && (!p.at.MultiValued || p.at.Type != "complex") {
		return nil, BadRequest("invalidPath", "%s has no values to choose from", p.at.Name)
	}
	return p, nil
}

// onlyExtension finds an attribute that one extension has and nothing else: Microsoft
// Entra ID leaves the URN out for manager.
func (s *Schema) onlyExtension(p *place, doc Resource, name string) (found *Attribute) {
	holder := ""
	for urn, attributes := range s.Extensions {
		if at := find(attributes, name); at != nil {
			if found != nil {
				return nil
			}
			found, holder = at, urn
		}
	}
	if found != nil {
		_, _ = s.enter(p, doc, &holder) // which is known
	}
	return found
}

// enter finds the object that holds the attributes of a schema: the resource
// itself, or the part of an extension, which comes to be if there is none.
func (s *Schema) enter(p *place, doc Resource, prefix *string) ([]*Attribute, error) {
	p.holder = doc
	if prefix == nil {
		return s.Attributes, nil
	}
	urn := strings.TrimSuffix(*prefix, ":")
	if strings.EqualFold(urn, s.URN) {
		return s.Attributes, nil
	}
	known, attributes := s.extension(urn)
	if known == "" {
		return nil, BadRequest("invalidPath", "unknown schema %s", urn)
	}
	part, _ := doc[known].(map[string]any)
	if part == nil {
		part = map[string]any{}
		doc[known] = part
	}
	p.holder = part
	return attributes, nil
}

// applyAt applies an operation that has a path.
func (s *Schema) applyAt(doc Resource, o Operation) error {
	p, err := s.locate(doc, o.Path)
	if err != nil {
		return err
	}
	if p.at.readOnly() || p.sub != nil && p.sub.readOnly() {
		return BadRequest("mutability", "%s is read-only", p.at.Name)
	}
	switch {
	case o.Op == "remove":
		return p.remove(o.Value)
	case p.values != nil:
		return p.setChosen(o)
	case p.sub != nil:
		return p.setSub(o)
	}
	return p.set(o)
}
