package scim

import "strings"

// Schema is a schema as a service publishes it (RFC 7643 §7).
type Schema struct {
	ID         string
	Attributes []Attribute
}

// Attribute is an attribute's definition, with the defaults of RFC 7643 §2.2 filled in.
type Attribute struct {
	Name        string
	Type        string // such as "string"
	MultiValued bool
	Required    bool
	CaseExact   bool
	Mutability  string
	Returned    string
	Uniqueness  string
	// Canonical are suggested values, References the types that a reference may lead to.
	Canonical, References []string
	Sub                   []Attribute // of a complex attribute
}

// SchemaOf reads a schema resource. What has the wrong type is left out: whether it is well
// formed is the matter of a check.
func SchemaOf(d Document) Schema {
	return Schema{ID: d.Text("id"), Attributes: attributesOf(d, "attributes")}
}

func attributesOf(d Document, key string) []Attribute {
	var list []Attribute
	for _, a := range d.Objects(key) {
		list = append(list, Attribute{
			Name: a.Text("name"), Type: orDefault(a.Text("type"), "string"),
			MultiValued: a.Flag("multiValued"), Required: a.Flag("required"), CaseExact: a.Flag("caseExact"),
			Mutability: orDefault(a.Text("mutability"), "readWrite"), Returned: orDefault(a.Text("returned"), "default"),
			Uniqueness: orDefault(a.Text("uniqueness"), "none"),
			Canonical:  a.Texts("canonicalValues"), References: a.Texts("referenceTypes"), Sub: attributesOf(a, "subAttributes"),
		})
	}
	return list
}

// Find returns the attribute with the name, in any letter case.
func (s Schema) Find(name string) (Attribute, bool) { return find(s.Attributes, name) }

// Find returns the sub-attribute with the name, in any letter case.
func (a Attribute) Find(name string) (Attribute, bool) { return find(a.Sub, name) }

func find(list []Attribute, name string) (Attribute, bool) {
	for _, a := range list {
		if strings.EqualFold(a.Name, name) {
			return a, true
		}
	}
	return Attribute{}, false
}

func orDefault(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
