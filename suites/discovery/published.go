package discovery

import (
	"context"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// driven bounds how many attributes of a type are driven.
const driven = 60

// kind is a type of resource that the run can make and remove.
type kind struct {
	name, path, schema string
	group              bool
}

func users() kind  { return kind{"User", "/Users", scim.UserSchema, false} }
func groups() kind { return kind{"Group", "/Groups", scim.GroupSchema, true} }

// field is an attribute that the target publishes for a type.
type field struct {
	urn string // of the extension that it belongs to, empty for none
	scim.Attribute
}

// String is how a filter or the parameter attributes names it.
func (f field) String() string {
	if f.urn == "" {
		return f.Name
	}
	return f.urn + ":" + f.Name
}

// in returns the attribute's value in a resource; nil for none, and for an empty list.
func (f field) in(d scim.Document) any {
	path := []string{f.Name}
	if f.urn != "" {
		path = []string{f.urn, f.Name}
	}
	value, _ := d.Get(path...)
	if list, ok := value.([]any); ok && len(list) == 0 {
		return nil
	}
	return value
}

// put gives the attribute a value in a body, and names its extension among the schemas.
func (f field) put(d scim.Document, value any) {
	if f.urn == "" {
		d[f.Name] = value
		return
	}
	part, _ := d[f.urn].(map[string]any)
	if part == nil {
		part = map[string]any{}
		d[f.urn] = part
	}
	part[f.Name] = value
	if urns, _ := d["schemas"].([]any); !slices.Contains(urns, any(f.urn)) {
		d["schemas"] = append(slices.Clone(urns), f.urn)
	}
}

// published lists what the target publishes for a type, its extensions included. The common
// attributes are others' matter (RFC 7643 §3.1).
func published(ctx context.Context, t *spec.T, k kind) []field {
	var list []field
	for i, u := range schemasOf(ctx, t, k) {
		schema, served := t.Features.Schema(ctx, u)
		if !served && strings.EqualFold(u, scim.EnterpriseSchema) {
			schema = enterprise()
		}
		if i == 0 {
			u = ""
		}
		list = append(list, fieldsOf(u, schema)...)
	}
	return list[:min(driven, len(list))]
}

func fieldsOf(extension string, schema scim.Schema) []field {
	var list []field
	for _, a := range schema.Attributes {
		if !slices.ContainsFunc([]string{"id", "externalId", "meta", "schemas"}, func(s string) bool { return strings.EqualFold(s, a.Name) }) {
			list = append(list, field{extension, a})
		}
	}
	return list
}

// enterprise is as much of the extension as it takes to see it in a resource, for a service that
// names it and does not publish it.
func enterprise() scim.Schema {
	return scim.Schema{ID: scim.EnterpriseSchema, Attributes: []scim.Attribute{
		{Name: "department", Type: "string", Mutability: "readWrite", Returned: "default", Uniqueness: "none"},
	}}
}

// schemasOf lists the schema of a type and then its extensions. Where no resource type is
// served, the enterprise extension is a user's if there is a schema of it.
func schemasOf(ctx context.Context, t *spec.T, k kind) []string {
	for _, d := range t.Features.ResourceTypes(ctx) {
		if strings.EqualFold(strings.Trim(d.Text("endpoint"), "/"), strings.Trim(k.path, "/")) {
			urns := []string{k.schema}
			for _, e := range d.Objects("schemaExtensions") {
				urns = append(urns, e.Text("schema"))
			}
			return urns
		}
	}
	if _, served := t.Features.Schema(ctx, scim.EnterpriseSchema); served && !k.group {
		return []string{k.schema, scim.EnterpriseSchema}
	}
	return []string{k.schema}
}
