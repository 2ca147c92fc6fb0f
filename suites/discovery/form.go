package discovery

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerForm() {
	for _, form := range []struct {
		id, text, requirement, expected string
		wrong                           func(scim.Document) misses
	}{
		{"identified", "gives each schema an id, and each attribute a name and its plurality", "RFC7643-7-02", "an id for each schema, and name, type and multiValued for each attribute", unidentified},
		{"keywords", "describes attributes in the words of RFC 7643", "RFC7643-7-03", "type, mutability, returned and uniqueness as RFC 7643 §7 has them", unknownWords},
		{"parts", "lists the parts of each complex attribute", "RFC7643-7-04", "subAttributes of each complex attribute", withoutParts},
		{"depth", "has no complex attribute within another", "RFC7643-7-05", "no complex attribute within another", tooDeep},
	} {
		It(form.text, spec.ID("discovery.schemas."+form.id), spec.Covers(form.requirement), spec.Needs("schemas"),
			func(ctx SpecContext) {
				t := spec.From(ctx)
				for _, d := range definitions(ctx, t, schemasPath) {
					t.CheckThat(form.requirement, form.expected+" in "+nameOf(d), form.wrong(d).String(), BeEmpty())
				}
			})
	}

	It("describes the attributes of RFC 7643 as it does",
		spec.ID("discovery.schemas.core"), spec.Covers("RFC7643-7-06", "RFC7643-7-09"), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			var common []string
			for _, d := range definitions(ctx, t, schemasPath) {
				schema := scim.SchemaOf(d)
				if len(promises(schema)) > 0 {
					t.CheckThat("RFC7643-7-06", "what RFC 7643 says of the attributes of "+nameOf(d), contradictions(schema).String(), BeEmpty())
				}
				for _, name := range []string{"id", "externalId", "meta", "schemas"} {
					if _, there := schema.Find(name); there && !strings.EqualFold(schema.ID, schemaSchema) {
						common = append(common, name+" in "+nameOf(d))
					}
				}
			}
			t.Record("RFC7643-7-09", "common attributes in the schemas", listOf(common))
		})
}

// attributes visits each attribute of a schema as it came, and those within. depth counts from 0.
func attributes(d scim.Document, visit func(path string, a scim.Document, depth int)) {
	var walk func(holder scim.Document, key, prefix string, depth int)
	walk = func(holder scim.Document, key, prefix string, depth int) {
		for _, a := range holder.Objects(key) {
			path := prefix + a.Text("name")
			visit(path, a, depth)
			walk(a, "subAttributes", path+".", depth+1)
		}
	}
	walk(d, "attributes", "", 0)
}

func unidentified(d scim.Document) (m misses) {
	if !strings.Contains(d.Text("id"), ":") {
		m.add("the id %q is no URI", d.Text("id"))
	}
	if len(d.Objects("attributes")) == 0 {
		m.add("there are no attributes")
	}
	attributes(d, func(path string, a scim.Document, _ int) {
		if a.Text("name") == "" {
			m.add("an attribute %q has no name", path)
		}
		// type has a default (RFC 7643 §2.2); the plurality has none.
		if kind, there := a.Get("type"); there && a.Text("type") == "" {
			m.add("%s has the type %v", path, kind)
		}
		if many, _ := a.Get("multiValued"); many != true && many != false {
			m.add("%s has multiValued %v", path, orNothing(many))
		}
	})
	return m
}

func orNothing(v any) any {
	if v == nil {
		return "nothing"
	}
	return v
}

// words are the keywords of RFC 7643 §7; binary is in its table of types, and forgotten there.
var words = map[string][]string{
	"type":       {"string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"},
	"mutability": {"readOnly", "readWrite", "immutable", "writeOnly"},
	"returned":   {"always", "never", "default", "request"},
	"uniqueness": {"none", "server", "global"},
}

func unknownWords(d scim.Document) (m misses) {
	attributes(d, func(path string, a scim.Document, _ int) {
		for _, name := range []string{"type", "mutability", "returned", "uniqueness"} {
			if word, there := a.Get(name); there && !slices.Contains(words[name], a.Text(name)) {
				m.add("%s of %s is %v", name, path, word)
			}
		}
	})
	return m
}

func withoutParts(d scim.Document) (m misses) {
	attributes(d, func(path string, a scim.Document, _ int) {
		if a.Text("type") == "complex" && len(a.Objects("subAttributes")) == 0 {
			m.add("%s has none", path)
		}
	})
	return m
}

// tooDeep leaves the schema of schemas alone, which may have it (RFC 7643 §7).
func tooDeep(d scim.Document) (m misses) {
	if strings.EqualFold(d.Text("id"), schemaSchema) {
		return nil
	}
	attributes(d, func(path string, a scim.Document, depth int) {
		if depth > 0 && a.Text("type") == "complex" {
			m.add("%s is complex", path)
		}
	})
	return m
}
