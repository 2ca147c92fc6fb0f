package acme

import (
	"net/http"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// Operation is one operation of a PATCH (RFC 7644 §3.5.2).
type Operation struct {
	Op    string // add, remove or replace, in lower case
	Path  string // as sent; empty for none
	Value any
}

// parseOperations reads a PatchOp message.
func parseOperations(body map[string]any) ([]Operation, error) {
	_, sent, _ := lookup(body, "schemas")
	urns, _ := sent.([]any)
	if !slices.Contains(urns, any(urnPatchOp)) {
		return nil, badRequest("invalidSyntax", "schemas must contain %s", urnPatchOp)
	}
	list, _ := body["Operations"].([]any)
	if len(list) == 0 {
		return nil, badRequest("invalidSyntax", "Operations must be a list with at least one operation")
	}
	out := make([]Operation, 0, len(list))
	for _, item := range list {
		object, ok := item.(map[string]any)
		if !ok {
			return nil, badRequest("invalidSyntax", "an operation must be an object")
		}
		op, _ := object["op"].(string)
		path, isText := object["path"].(string)
		if object["path"] != nil && !isText {
			return nil, badRequest("invalidPath", "path must be text")
		}
		op = strings.ToLower(op)
		if op != "add" && op != "remove" && op != "replace" {
			return nil, badRequest("invalidSyntax", "op must be add, remove or replace")
		}
		out = append(out, Operation{Op: op, Path: path, Value: object["value"]})
	}
	return out, nil
}

// applyOperations applies operations in order to a copy.
func (s *schema) applyOperations(doc Resource, operations []Operation) (Resource, error) {
	after := doc.Clone()
	for _, o := range operations {
		if err := s.apply(after, o); err != nil {
			return nil, err
		}
	}
	for urn := range s.extensions {
		if part, ok := after[urn].(map[string]any); ok && len(part) > 0 {
			after.addSchema(urn)
		}
	}
	return after, s.complete(after)
}

func (s *schema) apply(doc Resource, o Operation) error {
	if o.Path != "" {
		return s.applyAt(doc, o)
	}
	if o.Op == "remove" {
		return &Error{http.StatusBadRequest, "noTarget", "remove needs a path"}
	}
	object, ok := o.Value.(map[string]any)
	if !ok {
		return badRequest("invalidValue", "without a path, value must be an object")
	}
	for key, value := range object {
		if err := s.applyKey(doc, o.Op, key, value); err != nil {
			return err
		}
	}
	return nil
}

// applyKey applies one key of a path-less operation: an attribute, an extension
// with its attributes, or, as Microsoft Entra ID sends them, a dotted name or one
// with a URN.
func (s *schema) applyKey(doc Resource, op, key string, value any) error {
	if urn, _ := s.extension(key); urn != "" {
		part, ok := value.(map[string]any)
		if !ok {
			return badRequest("invalidValue", "%s must be an object", urn)
		}
		for name, inner := range part {
			if err := s.applyAt(doc, Operation{op, urn + ":" + name, inner}); err != nil {
				return err
			}
		}
		return nil
	}
	// Identity providers send id and schemas along; the stored value is no change.
	if at := find(s.attributes, key); at != nil && (at.readOnly() || at.Name == "schemas") && (at.Name == "schemas" || same(doc[at.Name], value)) {
		return nil
	}
	return s.applyAt(doc, Operation{op, key, value})
}

// place is where an operation acts.
type place struct {
	holder map[string]any // the resource, or the part of an extension
	at     *attribute
	sub    *attribute        // nil for the attribute as a whole
	values filter.Expression // nil for all values
}

// locate reads a path (RFC 7644 §3.5.2).
func (s *schema) locate(doc Resource, text string) (*place, error) {
	parsed, err := filter.ParsePath([]byte(text))
	if err != nil {
		return nil, badRequest("invalidPath", "the path cannot be read")
	}
	p := &place{holder: doc, values: parsed.ValueExpression}
	attributes := s.attributes
	name := parsed.AttributePath
	if name.URIPrefix != nil {
		urn := strings.TrimSuffix(*name.URIPrefix, ":")
		known, extension := s.extension(urn)
		switch {
		case known != "":
			part, _ := doc[known].(map[string]any)
			if part == nil {
				part = map[string]any{}
				doc[known] = part
			}
			p.holder, attributes = part, extension
		case !strings.EqualFold(urn, s.urn):
			return nil, badRequest("invalidPath", "unknown schema %s", urn)
		}
	}
	if p.at = find(attributes, name.AttributeName); p.at == nil {
		return nil, badRequest("invalidPath", "unknown attribute %s", name.AttributeName)
	}
	subName := name.SubAttribute
	if parsed.SubAttribute != nil {
		subName = parsed.SubAttribute
	}
	if subName != nil {
		if p.sub = p.at.sub(*subName); p.sub == nil {
			return nil, badRequest("invalidPath", "unknown attribute %s.%s", p.at.Name, *subName)
		}
	}
	if p.values != nil && (!p.at.MultiValued || p.at.Type != "complex") {
		return nil, badRequest("invalidPath", "%s has no values to choose from", p.at.Name)
	}
	return p, nil
}

func (s *schema) applyAt(doc Resource, o Operation) error {
	p, err := s.locate(doc, o.Path)
	if err != nil {
		return err
	}
	if p.at.readOnly() || p.sub != nil && p.sub.readOnly() {
		return badRequest("mutability", "%s is read-only", p.at.Name)
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

// set adds to or replaces an attribute as a whole.
func (p *place) set(o Operation) error {
	value := o.Value
	if _, single := value.([]any); p.at.MultiValued && value != nil && !single {
		value = []any{value}
	}
	// Microsoft Entra ID wraps the value of a single attribute in a list.
	if list, ok := value.([]any); ok && !p.at.MultiValued && len(list) == 1 {
		value = list[0]
		if object, ok := value.(map[string]any); ok && p.at.Type != "complex" {
			value = object["value"]
		}
	}
	if text, ok := value.(string); ok && p.at.Type == "complex" && !p.at.MultiValued {
		value = map[string]any{"value": text}
	}
	fitted, err := p.at.fit(value)
	if err != nil {
		return err
	}
	switch {
	case fitted == nil:
		if o.Op == "replace" {
			delete(p.holder, p.at.Name)
		}
	case p.at.MultiValued && o.Op == "add":
		p.append(fitted.([]any))
	case p.at.Type == "complex" && !p.at.MultiValued:
		p.merge(fitted.(map[string]any))
	default:
		p.holder[p.at.Name] = fitted
	}
	return nil
}

// append adds values that are not there yet; a new primary one takes the mark from
// the others (RFC 7644 §3.5.2).
func (p *place) append(values []any) {
	list, _ := p.holder[p.at.Name].([]any)
	for _, v := range values {
		if slices.ContainsFunc(list, func(old any) bool { return same(old, v) || sameValue(old, v) && p.at.Name == "members" }) {
			continue
		}
		if object, ok := v.(map[string]any); ok && object["primary"] == true {
			clearPrimary(list, nil)
		}
		list = append(list, v)
	}
	p.holder[p.at.Name] = list
}

func sameValue(a, b any) bool {
	x, _ := a.(map[string]any)
	y, _ := b.(map[string]any)
	return x != nil && y != nil && x["value"] != nil && x["value"] == y["value"]
}

func clearPrimary(list []any, except map[string]any) {
	for _, object := range objects(list) {
		if object["primary"] == true && !same(object, except) {
			object["primary"] = false
		}
	}
}

// merge sets the given sub-attributes and keeps the others (RFC 7644 §3.5.2.3).
func (p *place) merge(part map[string]any) {
	old, _ := p.holder[p.at.Name].(map[string]any)
	if old == nil {
		old = map[string]any{}
		p.holder[p.at.Name] = old
	}
	for key, value := range part {
		old[key] = value
	}
}

// setSub sets a sub-attribute, in every value of a multi-valued attribute.
func (p *place) setSub(o Operation) error {
	fitted, err := p.sub.fit(o.Value)
	if err != nil {
		return err
	}
	targets := objects(p.holder[p.at.Name])
	if len(targets) == 0 && !p.at.MultiValued {
		object := map[string]any{}
		p.holder[p.at.Name] = object
		targets = []map[string]any{object}
	}
	if len(targets) == 0 {
		return &Error{http.StatusBadRequest, "noTarget", p.at.Name + " has no value to change"}
	}
	for _, object := range targets {
		assign(object, p.sub.Name, fitted)
	}
	return nil
}

// setChosen acts on the values that a filter in the path chooses.
func (p *place) setChosen(o Operation) error {
	chosen, err := p.chosen()
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		made, err := p.make(o)
		if err != nil || !made {
			return err
		}
		if chosen, err = p.chosen(); err != nil {
			return err
		}
	}
	for _, object := range chosen {
		if err := p.change(object, o); err != nil {
			return err
		}
	}
	return nil
}

func (p *place) change(object map[string]any, o Operation) error {
	if p.sub != nil {
		fitted, err := p.sub.fit(o.Value)
		if err != nil {
			return err
		}
		assign(object, p.sub.Name, fitted)
		if p.sub.Name == "primary" && fitted == true {
			list, _ := p.holder[p.at.Name].([]any)
			clearPrimary(list, object)
		}
		return nil
	}
	part, err := p.at.fitComplex(o.Value)
	if err != nil {
		return err
	}
	for key, value := range part {
		object[key] = value
	}
	return nil
}

// make creates the value that a path such as emails[type eq "work"].value speaks
// of when there is none: Microsoft Entra ID counts on it for add. A replace has no
// target then (RFC 7644 §3.5.2.3).
func (p *place) make(o Operation) (bool, error) {
	equals, ok := p.values.(*filter.AttributeExpression)
	if o.Op != "add" || !ok || !strings.EqualFold(string(equals.Operator), string(filter.EQ)) {
		return false, &Error{http.StatusBadRequest, "noTarget", "no value of " + p.at.Name + " matches the path"}
	}
	sub := p.at.sub(equals.AttributePath.AttributeName)
	if sub == nil {
		return false, badRequest("invalidPath", "unknown attribute in the path's filter")
	}
	list, _ := p.holder[p.at.Name].([]any)
	p.holder[p.at.Name] = append(list, map[string]any{sub.Name: equals.CompareValue})
	return true, nil
}

func (p *place) chosen() ([]map[string]any, error) {
	var out []map[string]any
	for _, object := range objects(p.holder[p.at.Name]) {
		ok, err := matches(p.values, object, p.at.SubAttributes, nil)
		if err != nil {
			return nil, badRequest("invalidPath", "the path's filter cannot be applied")
		}
		if ok {
			out = append(out, object)
		}
	}
	return out, nil
}

// remove takes values away. Given a list of values, as Microsoft Entra ID and
// JumpCloud send it for members, it takes those and no others.
func (p *place) remove(value any) error {
	if p.at.Required {
		return badRequest("mutability", "%s is required", p.at.Name)
	}
	switch {
	case p.values != nil:
		return p.removeChosen()
	case p.sub != nil:
		for _, object := range objects(p.holder[p.at.Name]) {
			delete(object, p.sub.Name)
		}
	case value != nil && p.at.MultiValued:
		return p.removeListed(value)
	default:
		delete(p.holder, p.at.Name)
	}
	return nil
}

func (p *place) removeChosen() error {
	chosen, err := p.chosen()
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		return nil // already away: "success" by the member example of §3.5.2.2
	}
	if p.sub != nil {
		for _, object := range chosen {
			delete(object, p.sub.Name)
		}
		return nil
	}
	p.keep(func(v any) bool {
		return !slices.ContainsFunc(chosen, func(gone map[string]any) bool { return same(gone, v) })
	})
	return nil
}

func (p *place) removeListed(value any) error {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	fitted, err := p.at.fit(list)
	if err != nil {
		return err
	}
	gone, _ := fitted.([]any)
	p.keep(func(v any) bool {
		return !slices.ContainsFunc(gone, func(g any) bool { return sameValue(g, v) })
	})
	return nil
}

func (p *place) keep(wanted func(any) bool) {
	list, _ := p.holder[p.at.Name].([]any)
	var kept []any
	for _, v := range list {
		if wanted(v) {
			kept = append(kept, v)
		}
	}
	if kept == nil {
		delete(p.holder, p.at.Name)
		return
	}
	p.holder[p.at.Name] = kept
}

func assign(object map[string]any, key string, value any) {
	if value == nil {
		delete(object, key)
		return
	}
	object[key] = value
}
