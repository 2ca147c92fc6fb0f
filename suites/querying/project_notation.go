package querying

import (
	"context"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerNotation() {
	It("shows the parts of complex attributes that are asked for in a list of names",
		spec.ID("querying.projection.notation.parts"), spec.Covers("RFC7644-3.9-02"), spec.Needs("attribute:name", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			shown := parts(ctx, t, t.Get(ctx, "read two parts", f.one(query("attributes", "name.givenName,emails.value"))).Doc, "name", "emails")
			asked := []string{"emails.value", "name.givenname"}
			t.CheckThat("RFC7644-3.9-02", "name.givenName and emails.value where they are asked for", shown, ContainElements(asked))
			t.CheckThat("RFC7644-3.9-02", "no other attribute beside name and emails", outside(shown, "name", "emails"), BeEmpty())
			t.Prefer("RFC7644-3.9-02", "no other part of name and emails", shown, Equal(asked))
			spaced := parts(ctx, t, t.Get(ctx, "read two attributes, with a space", f.one(query("attributes", "userName, displayName"))).Doc, "username", "displayname")
			t.Prefer("RFC7644-3.9-02", "both attributes where a space follows the comma", spaced, Equal([]string{"displayname", "username"}))
		})

	It("knows an attribute by its full name, with the schema before it",
		spec.ID("querying.projection.notation.urn"), spec.Covers("RFC7644-3.9-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			read := t.Get(ctx, "read by the full name", f.one(query("attributes", scim.UserSchema+":userName")))
			t.CheckThat("RFC7644-3.9-02", "userName alone by its full name", parts(ctx, t, read.Doc, "username"), Equal([]string{"username"}))
		})

	// RFC 7644 §3.10: schema, attribute and sub-attribute are case-insensitive.
	It("knows attributes in any letter case",
		spec.ID("querying.projection.notation.letter-case"), spec.Covers("RFC7644-3.9-02", "RFC7644-3.10-01"), spec.Needs("attribute:name"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			short := t.Get(ctx, "read in capitals", f.one(query("attributes", "USERNAME")))
			t.CheckThat("RFC7644-3.9-02", "userName alone with attributes=USERNAME", parts(ctx, t, short.Doc, "username"), Equal([]string{"username"}))
			full := t.Get(ctx, "read by a full name in other letter case", f.one(query("attributes", otherCase(scim.UserSchema)+":NAME.givenname")))
			t.CheckThat("RFC7644-3.10-01", "name.givenName by its full name in other letter case", parts(ctx, t, full.Doc, "name"), ContainElement("name.givenname"))
			t.CheckThat("RFC7644-3.10-01", "no other attribute beside name", outside(parts(ctx, t, full.Doc, "name"), "name"), BeEmpty())
		})

	It("knows the path of a PATCH in any letter case",
		spec.ID("querying.projection.notation.patch-path"), spec.Covers("RFC7644-3.10-01"), spec.Needs("patch", "attribute:nickName"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			path := scim.UserPath(t.MustUser(ctx).ID)
			reply := t.Patch(ctx, "change by a full name in other letter case", path, spec.Replace(otherCase(scim.UserSchema)+":NICKname", "Birdie"))
			t.CheckThat("RFC7644-3.10-01", "status 200 or 204 for a path in other letter case", reply.Status, Or(Equal(200), Equal(204)))
			read, _ := t.ReadUntil(ctx, "read back", getting(t, path), func(r *scim.Reply) bool { return r.Doc.Text("nickName") == "Birdie" })
			t.CheckThat("RFC7644-3.10-01", "the nickName that was sent", read.Doc.Text("nickName"), Equal("Birdie"))
		})
}

// otherCase writes a URN in another letter case: in capitals but for its last part.
func otherCase(urn string) string {
	i := strings.LastIndex(urn, ":")
	return strings.ToUpper(urn[:i]) + strings.ToLower(urn[i:])
}

// parts lists what a resource shows as paths in lower case, such as "name.givenname". What is
// there whatever is asked for, or may be, is left out unless it was asked for.
func parts(ctx context.Context, t *spec.T, d scim.Document, asked ...string) []string {
	always := []string{"id", "schemas", "meta"}
	if schema, served := t.Features.Schema(t.Context(ctx, ""), scim.UserSchema); served {
		for _, a := range schema.Attributes {
			if a.Returned == "always" {
				always = append(always, strings.ToLower(a.Name))
			}
		}
	}
	list := []string{}
	for _, name := range attributesOf(d) {
		v, _ := d.Get(name)
		inner := within(v)
		switch {
		case slices.Contains(always, name) && !slices.Contains(asked, name):
		case len(inner) == 0 || strings.Contains(name, ":"):
			list = append(list, name)
		default:
			for _, sub := range inner {
				list = append(list, name+"."+sub)
			}
		}
	}
	return distinct(list)
}

// within lists the parts of a complex value, or of several.
func within(v any) []string {
	switch v := v.(type) {
	case map[string]any:
		return attributesOf(v)
	case []any:
		list := []string{}
		for _, item := range v {
			list = append(list, within(item)...)
		}
		return list
	}
	return nil
}

// attributesOf lists the attributes with a value, in lower case: null and an empty list are
// none (RFC 7643 §2.5).
func attributesOf(d scim.Document) []string {
	list := []string{}
	for name, v := range d {
		if values, many := v.([]any); v != nil && (!many || len(values) > 0) {
			list = append(list, strings.ToLower(name))
		}
	}
	return distinct(list)
}

// outside lists the paths that lead into none of some attributes.
func outside(paths []string, attributes ...string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
		first, _, _ := strings.Cut(path, ".")
		return slices.Contains(attributes, first)
	})
}

// distinct sorts names and leaves those out that are there twice.
func distinct(names []string) []string {
	list := slices.Clone(names)
	slices.Sort(list)
	return slices.Compact(list)
}
