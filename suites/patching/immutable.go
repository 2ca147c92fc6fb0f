package patching

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerImmutable() {
	// RFC 7644 §3.5.2: a client "MAY "add" a value to an "immutable" attribute if the
	// attribute had no previous value".
	It("refuses to change what is immutable and has a value",
		spec.ID("patching.refused.immutable"), spec.Covers("RFC7644-3.5.2-08"), spec.Needs("patch", "immutable-attribute"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			at, found := immutable(ctx, t)
			if !found {
				t.NotTested("No immutable attribute of users is of a type that a value could be made up for.")
			}
			b := bare(ctx, t)
			first := b.change(ctx, t, at.is(at.first), add(at.path, at.first))[0]
			t.Record("RFC7644-3.5.2-08", "a first value of the immutable "+at.path, outcome(first, at.is(at.first)(b.now)))
			if !at.is(at.first)(b.now) {
				t.NotTested("The service takes no first value of " + at.path + " by PATCH.")
			}
			b.refused(ctx, t, "RFC7644-3.5.2-08", "another value of "+at.path, scim.PatchOp(spec.Replace(at.path, at.second)))
			b.untouched(ctx, t, "RFC7644-3.5.2-08", "another value of "+at.path)
		})
}

// fixed is an immutable attribute with two values that it could have.
type fixed struct {
	path          string
	keys          []string
	first, second any
}

func (f fixed) is(value any) func(scim.Document) bool {
	return func(d scim.Document) bool { return canonical(part(d, f.keys...)) == canonical(value) }
}

// immutable finds an immutable attribute of users, extensions included.
func immutable(ctx context.Context, t *spec.T) (fixed, bool) {
	urns := []string{scim.UserSchema}
	for _, kind := range t.Features.ResourceTypes(t.Context(ctx, "")) {
		if strings.EqualFold(kind.Text("schema"), scim.UserSchema) {
			for _, e := range kind.Objects("schemaExtensions") {
				urns = append(urns, e.Text("schema"))
			}
		}
	}
	for _, urn := range urns {
		schema, _ := t.Features.Schema(t.Context(ctx, ""), urn)
		for _, a := range schema.Attributes {
			if f, ok := fixedAt(a); ok {
				f.path, f.keys = a.Name, []string{a.Name}
				if urn != scim.UserSchema {
					f.path, f.keys = urn+":"+a.Name, []string{urn, a.Name}
				}
				return f, true
			}
		}
	}
	return fixed{}, false
}

// fixedAt makes up values for an attribute.
func fixedAt(a scim.Attribute) (f fixed, ok bool) {
	if a.Mutability != "immutable" || a.MultiValued || len(a.Canonical) > 0 || a.Returned == "never" || a.Returned == "request" {
		return f, false
	}
	switch a.Type {
	case "string":
		return fixed{first: "1001", second: "1002"}, true
	case "integer":
		return fixed{first: 1001, second: 1002}, true
	}
	return f, false
}
