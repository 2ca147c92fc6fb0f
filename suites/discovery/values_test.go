package discovery

import (
	"encoding/json"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
)

// fleet is an extension that nobody has heard of.
const fleet = `{"id": "urn:example:params:scim:schemas:extension:fleet:2.0:User", "name": "Fleet", "attributes": [
	{"name": "plate", "type": "string", "multiValued": false, "caseExact": true, "uniqueness": "server"},
	{"name": "seats", "type": "integer", "multiValued": false, "mutability": "immutable"},
	{"name": "range", "type": "decimal", "multiValued": false},
	{"name": "since", "type": "dateTime", "multiValued": false},
	{"name": "mayDriveBuses", "type": "boolean", "multiValued": false},
	{"name": "fuel", "type": "string", "multiValued": false, "canonicalValues": ["diesel", "battery"]},
	{"name": "colours", "type": "string", "multiValued": true},
	{"name": "key", "type": "binary", "multiValued": false, "returned": "never", "mutability": "writeOnly"},
	{"name": "homeUrl", "type": "reference", "multiValued": false, "referenceTypes": ["external"]},
	{"name": "contactEmail", "type": "string", "multiValued": false},
	{"name": "garage", "type": "complex", "multiValued": false, "subAttributes": [
		{"name": "street", "type": "string", "multiValued": false},
		{"name": "code", "type": "string", "multiValued": false, "mutability": "readOnly"},
		{"name": "within", "type": "complex", "multiValued": false}]},
	{"name": "cards", "type": "complex", "multiValued": true, "subAttributes": [
		{"name": "value", "type": "string", "multiValued": false},
		{"name": "display", "type": "string", "multiValued": false},
		{"name": "type", "type": "string", "multiValued": false, "canonicalValues": ["fuel", "toll", "wash"]},
		{"name": "primary", "type": "boolean", "multiValued": false}]},

	{"name": "mileage", "type": "integer", "multiValued": false, "mutability": "readOnly"},
	{"name": "picture", "type": "binary", "multiValued": false},
	{"name": "dispatcherId", "type": "string", "multiValued": false},
	{"name": "owner", "type": "reference", "multiValued": false, "referenceTypes": ["User"]},
	{"name": "shape", "type": "polygon", "multiValued": false},
	{"name": "roles", "type": "string", "multiValued": true}]}`

func read(t *testing.T, text string) scim.Schema {
	t.Helper()
	var d scim.Document
	NewWithT(t).Expect(json.Unmarshal([]byte(text), &d)).To(Succeed())
	return scim.SchemaOf(d)
}

func TestValuesAreMadeUpFromASchema(t *testing.T) {
	g := NewWithT(t)
	m := maker{mark: "3f2a", domain: "example.com"}
	made := map[string]any{}
	for _, a := range read(t, fleet).Attributes {
		if value, ok := m.value(a); ok {
			made[a.Name] = value
		}
	}
	g.Expect(made).To(Equal(map[string]any{
		"plate": "Spplate-3f2a", "seats": 7, "range": 7.5, "since": "2026-01-30T09:00:00Z", "mayDriveBuses": false, "fuel": "diesel",
		"colours": []any{"Spcolours-3f2a", "Spcolours-3f2a-2"}, "key": "U3AtM2YyYQ==", "homeUrl": "https://scimproof.example/Sp-3f2a",
		"contactEmail": "scimproof-sp-3f2a@example.com", "garage": map[string]any{"street": "Spstreet-3f2a"},
		"cards": []any{
			map[string]any{"value": "Spcards-3f2a", "type": "fuel", "primary": true},
			map[string]any{"value": "Spcards-3f2a-2", "type": "toll"},
			map[string]any{"value": "Spcards-3f2a-3", "type": "wash"},
		},
	}), "and nothing that is read-only, somebody else's, a right, a picture or of an unknown type")
}

func TestFieldsStandInTheirExtension(t *testing.T) {
	g := NewWithT(t)
	schema := read(t, fleet)
	plate := fieldsOf(schema.ID, schema)[0]
	body := scim.Document{"schemas": []any{scim.UserSchema}}
	plate.put(body, "A1")
	plate.put(body, "A2")
	g.Expect(body).To(Equal(scim.Document{"schemas": []any{scim.UserSchema, schema.ID}, schema.ID: map[string]any{"plate": "A2"}}))
	g.Expect(plate.in(body)).To(Equal("A2"))
	g.Expect(plate.String()).To(Equal(schema.ID + ":plate"))
}

func TestValuesAreComparedByTheirDefinition(t *testing.T) {
	text := func(exact bool) scim.Attribute { return scim.Attribute{Type: "string", CaseExact: exact} }
	of := func(kind string) scim.Attribute { return scim.Attribute{Type: kind} }
	for _, tt := range []struct {
		name        string
		a           scim.Attribute
		sent, shown any
		same        bool
	}{
		{"text", text(false), "Ada", "ada", true},
		{"exact text", text(true), "Ada", "ada", false},
		{"nothing", text(false), "Ada", nil, false},
		{"a number", of("decimal"), 7.0, json.Number("7"), true},
		{"another number", of("integer"), 7, json.Number("8"), false},
		{"a time elsewhere", of("dateTime"), "2026-01-30T09:00:00Z", "2026-01-30T10:00:00.000+01:00", true},
		{"another time", of("dateTime"), "2026-01-30T09:00:00Z", "2026-01-30T09:00:00+01:00", false},
		{"an address with a slash", of("reference"), "https://a.example", "https://a.example/", true},
		{"a telephone", text(false), "+1-201-555-0100", "tel:+12015550100", true},
		{"another telephone", text(false), "+1-201-555-0100", "+1-201-555-0101", false},
	} {
		NewWithT(t).Expect(same(tt.a, tt.sent, tt.shown)).To(Equal(tt.same), tt.name)
	}
}

func TestShapesAreHeldAgainstTypes(t *testing.T) {
	for _, tt := range []struct {
		kind  string
		value any
		fits  bool
	}{
		{"string", "x", true}, {"string", true, false}, {"boolean", "true", false}, {"boolean", false, true},
		{"integer", json.Number("7"), true}, {"integer", json.Number("7.5"), false}, {"decimal", json.Number("7"), true}, {"decimal", "7", false},
		{"dateTime", "2026-01-30 09:00:00", false}, {"binary", "aGVsbG8=", true}, {"binary", "not base64!", false},
		{"complex", "x", false}, {"complex", map[string]any{"any": "x"}, true}, {"string", map[string]any{}, false},
		{"string", nil, true}, {"string", []any{"a", true}, false}, {"polygon", true, true},
	} {
		fits := shape(scim.Attribute{Name: "a", Type: tt.kind}, tt.value) == ""
		NewWithT(t).Expect(fits).To(Equal(tt.fits), "%s: %v", tt.kind, tt.value)
	}
}

func TestContradictions(t *testing.T) {
	g := NewWithT(t)
	g.Expect(contradictions(read(t, `{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "attributes": [
		{"name": "userName", "type": "string", "multiValued": false, "required": true, "uniqueness": "global"},
		{"name": "password", "type": "string", "multiValued": false, "mutability": "writeOnly", "returned": "default"},
		{"name": "id", "type": "string", "multiValued": false, "mutability": "readOnly", "returned": "always"},
		{"name": "active", "type": "string", "multiValued": false}]}`)).String()).To(Equal("id is not caseExact; password is not never returned; active is not boolean"))
	g.Expect(contradictions(read(t, fleet))).To(BeEmpty())
}
