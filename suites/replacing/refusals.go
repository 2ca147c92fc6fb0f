package replacing

import (
	"fmt"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerRefusals() {
	It("refuses a PUT without the required userName",
		spec.ID("replacing.required"), spec.Covers("RFC7644-3.5.1-06"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			p := mustPair(ctx, t)
			nameless := body(t, p.replaced, map[string]any{"displayName": "Scimproof Nameless"})
			delete(nameless, "userName")
			reply := put(ctx, t, "replace without userName", p.replaced, nameless)
			t.CheckThat("RFC7644-3.5.1-06", "status 400 for a PUT without userName", reply.Status, Equal(http.StatusBadRequest))
			if reason := reply.Doc.Text("scimType"); reason != "" { // that one is missing is the matter of other checks
				t.Prefer("RFC7644-3.5.1-06", "scimType invalidValue", reason, Equal("invalidValue"))
			}
			back := readUntil(ctx, t, "read back", p.replaced, anything)
			named := t.CheckThat("RFC7644-3.5.1-06", "the userName as it was", strings.ToLower(back.Doc.Text("userName")), Equal(strings.ToLower(p.replaced.UserName)))
			if !t.CheckThat("RFC7644-3.5.1-06", "the displayName as it was", back.Doc.Text("displayName"), Not(Equal("Scimproof Nameless"))) || !named {
				t.Discard(pairKey)
			}
		})

	It("refuses a PUT that gives a user the userName of another",
		spec.ID("replacing.taken-name"), spec.Covers("RFC7644-3.5.1-12"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			p := mustPair(ctx, t)
			reply := put(ctx, t, "replace with a taken userName", p.replaced, body(t, p.replaced, map[string]any{"userName": p.other.UserName}))
			t.CheckThat("RFC7644-3.5.1-12", "status 409 or 400 for a taken userName", reply.Status, Or(Equal(http.StatusConflict), Equal(http.StatusBadRequest)))
			if reason := reply.Doc.Text("scimType"); reason != "" {
				t.Prefer("RFC7644-3.5.1-12", "scimType uniqueness", reason, Equal("uniqueness"))
			}
			back := readUntil(ctx, t, "read back", p.replaced, anything)
			name := strings.ToLower(back.Doc.Text("userName"))
			if !t.CheckThat("RFC7644-3.5.1-12", "the userName as it was", name, Equal(strings.ToLower(p.replaced.UserName))) {
				t.Discard(pairKey)
			}
		})

	It("lets an immutable attribute be set by a PUT once, and refuses another value",
		spec.ID("replacing.immutable"), spec.Covers("RFC7644-3.5.1-05"), spec.Needs("immutable-attribute"),
		func(ctx SpecContext) { immutable(ctx, spec.From(ctx)) })
}

// fixed is an attribute of users that can be set once, with two values for it.
type fixed struct {
	urn, name  string
	one, other any
}

// immutable sets such an attribute of a user of its own: whoever leaves the value out later
// may be refused.
func immutable(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	a, found := findFixed(ctx, t)
	if !found {
		t.NotTested("No immutable attribute of users is a text or a number.")
	}
	user := t.MustUser(ctx)
	first := put(ctx, t, "set an immutable attribute", user, body(t, user, a.with(t, a.one)))
	taken(t, "RFC7644-3.5.1-05", "with the first value of "+a.name, first)
	stored := readUntil(ctx, t, "read back", user, func(d scim.Document) bool { return a.in(d) != nothing })
	if !t.CheckThat("RFC7644-3.5.1-05", "the first value of "+a.name, a.in(stored.Doc), Equal(fmt.Sprint(a.one))) {
		return
	}
	second := put(ctx, t, "set another value", user, body(t, user, a.with(t, a.other)))
	t.CheckThat("RFC7644-3.5.1-05", "status 400 for another value of "+a.name, second.Status, Equal(http.StatusBadRequest))
	if second.Status == http.StatusBadRequest {
		t.Prefer("RFC7644-3.5.1-05", "scimType mutability", second.Doc.Text("scimType"), Equal("mutability"))
	}
	back := readUntil(ctx, t, "read back", user, anything)
	t.CheckThat("RFC7644-3.5.1-05", "the first value of "+a.name+" after a second", a.in(back.Doc), Equal(a.in(stored.Doc)))
}

// findFixed looks for an attribute in the schemas of users.
func findFixed(ctx SpecContext, t *spec.T) (fixed, bool) {
	urns := []string{scim.UserSchema}
	for _, kind := range t.Features.ResourceTypes(t.Context(ctx, "")) {
		if strings.EqualFold(strings.Trim(kind.Text("endpoint"), "/"), "Users") {
			for _, e := range kind.Objects("schemaExtensions") {
				urns = append(urns, e.Text("schema"))
			}
		}
	}
	for _, urn := range urns {
		schema, _ := t.Features.Schema(t.Context(ctx, ""), urn)
		for _, a := range schema.Attributes {
			switch {
			case a.Mutability != "immutable" || a.MultiValued || len(a.Canonical) > 0:
			case a.Type == "string":
				return fixed{urn, a.Name, "first", "second"}, true
			case a.Type == "integer":
				return fixed{urn, a.Name, 4711, 4712}, true
			}
		}
	}
	return fixed{}, false
}

// with is what a body has of the attribute.
func (a fixed) with(t *spec.T, v any) map[string]any {
	if a.urn == scim.UserSchema {
		return map[string]any{a.name: v}
	}
	return t.WithExtension(a.urn, map[string]any{a.name: v})
}

// in puts into words what a user has of it.
func (a fixed) in(d scim.Document) string {
	if a.urn == scim.UserSchema {
		return value(d, a.name)
	}
	part, _ := d.Get(a.urn)
	object, _ := part.(map[string]any)
	return value(object, a.name)
}
