package discovery

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// asPublished is what all checks here decide on: behaviour matches what is declared.
const asPublished = "RFC7643-7-07"

func registerShown() {
	It("shows each attribute in the type that its schema says",
		spec.ID("discovery.schema.types"), spec.Covers(asPublished), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, f := range filledResources(ctx, t) {
				var wrong misses
				for _, at := range f.fields {
					if w := shape(at.Attribute, at.in(f.read.Doc)); w != "" {
						wrong.add("%s", inside(at, w))
					}
				}
				t.CheckThat(asPublished, "the published type of each attribute of a "+f.kind.name, wrong.String(), BeEmpty())
			}
		})

	It("keeps several values where its schema says so, and one elsewhere",
		spec.ID("discovery.schema.multivalued"), spec.Covers(asPublished), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, f := range filledResources(ctx, t) {
				t.CheckThat(asPublished, "a list for each multi-valued attribute of a "+f.kind.name+", and for no other", plurals(f).String(), BeEmpty())
				if several := severalSent(f); len(several) > 0 {
					t.CheckThat(asPublished, "all values that were sent to a "+f.kind.name, few(f, several).String(), BeEmpty())
				}
			}
		})

	It("shows each attribute when its schema says so, and no secret ever",
		spec.ID("discovery.schema.returned"), spec.Covers(asPublished), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := filledUser(ctx, t)
			never, always := secret(user), insistent(user)
			onRequest := slices.DeleteFunc(slices.Clone(user.fields), func(at field) bool { return isSecret(at) || at.Returned != "request" })
			if len(never)+len(onRequest)+len(always) == 0 {
				t.NotTested("The schemas have no attribute that is returned otherwise than by default.")
			}
			if len(onRequest) > 0 {
				t.CheckThat(asPublished, "nothing in a read that is shown on request alone", shownOf(onRequest, user.read.Doc), BeEmpty())
			}
			if len(never) > 0 {
				t.CheckThat(asPublished, "nothing that is never returned in the answer to a create", shownOf(never, user.posted.Doc), BeEmpty())
				t.CheckThat(asPublished, "nothing that is never returned in a read", shownOf(never, user.read.Doc), BeEmpty())
			}
			if asked := slices.Concat(never, onRequest); len(asked) > 0 {
				reply := t.Get(ctx, "ask for what is not shown of itself", user.path()+"?"+url.Values{"attributes": {namesOf(asked)}}.Encode())
				if len(never) > 0 {
					t.CheckThat(asPublished, "nothing that is never returned in a read that asks for it", shownOf(never, reply.Doc), BeEmpty())
				}
				if len(onRequest) > 0 {
					t.CheckThat(asPublished, "what is shown on request, when it is asked for", withheld(user, reply.Doc).String(), BeEmpty())
				}
			}
			if len(always) > 0 {
				reply := t.Get(ctx, "ask for one attribute", user.path()+"?attributes=userName")
				missing := slices.DeleteFunc(always, func(at field) bool { return at.in(reply.Doc) != nil })
				t.CheckThat(asPublished, "what is always shown, also when something else is asked for", namesOf(missing), BeEmpty())
			}
		})
}

// inside names an attribute within its extension.
func inside(f field, words string) string {
	if f.urn == "" {
		return words
	}
	return f.urn + ":" + words
}

// plurals compares which attributes are lists.
func plurals(f *filled) (m misses) {
	for _, at := range f.fields {
		value := at.in(f.read.Doc)
		_, isList := value.([]any)
		switch {
		case value == nil:
		case at.MultiValued && !isList:
			m.add("%s is multi-valued and shown as one value", at)
		case !at.MultiValued && isList:
			m.add("%s is single-valued and shown as a list", at)
		}
	}
	return m
}

// severalSent are the attributes of which more than one value was sent, and a read shows them.
func severalSent(f *filled) []field {
	return slices.DeleteFunc(slices.Clone(f.written), func(at field) bool {
		sent, _ := at.in(f.sent).([]any)
		return !at.MultiValued || len(sent) < 2 || isSecret(at) || at.Returned == "request"
	})
}

// few tells where less came back than was sent.
func few(f *filled, several []field) (m misses) {
	for _, at := range several {
		sent, _ := at.in(f.sent).([]any)
		// That none came back at all is said of attributes that can be written.
		if n := keptOf(at.Attribute, untyped(sent), at.in(f.read.Doc)); n > 0 && n < len(sent) {
			m.add("%s: %d of %d values", at, n, len(sent))
		}
	}
	return m
}

// untyped are values without their types, which a service may have its own way with.
func untyped(list []any) []any {
	var out []any
	for _, one := range list {
		if object, ok := one.(map[string]any); ok {
			object = maps.Clone(object)
			delete(object, "type")
			one = object
		}
		out = append(out, one)
	}
	return out
}

func isSecret(at field) bool { return at.Returned == "never" || at.Mutability == "writeOnly" }

// secret are the attributes that are never returned.
func secret(f *filled) []field {
	return slices.DeleteFunc(slices.Clone(f.fields), func(at field) bool { return !isSecret(at) })
}

// shownOf names those of the attributes that a reply shows.
func shownOf(list []field, d scim.Document) string {
	return namesOf(slices.DeleteFunc(slices.Clone(list), func(at field) bool { return at.in(d) == nil }))
}

func namesOf(list []field) string {
	names := make([]string, len(list))
	for i, at := range list {
		names[i] = at.String()
	}
	return strings.Join(names, ",")
}

// withheld tells what is not shown although it was asked for.
func withheld(f *filled, d scim.Document) (m misses) {
	for _, at := range f.written {
		if at.Returned == "request" && !isSecret(at) && !kept(at.Attribute, at.in(f.sent), at.in(d)) {
			m.add("%s, with %s sent and %s shown", at, brief(at.in(f.sent)), brief(at.in(d)))
		}
	}
	return m
}

// insistent are the attributes that are always shown, as far as they have a value.
func insistent(f *filled) []field {
	return slices.DeleteFunc(slices.Clone(f.fields), func(at field) bool { return at.Returned != "always" || at.in(f.read.Doc) == nil })
}

// unkept tells which values are not shown as they were sent.
func unkept(f *filled, d scim.Document) (m misses) {
	for _, at := range f.written {
		if isSecret(at) || at.Returned == "request" || at.urn == "" && at.Name == "emails" {
			continue // the first address is that of every test user
		}
		sent, shown := at.in(f.sent), at.in(d)
		parts, whole := sent.(map[string]any)
		switch {
		case !whole && !kept(at.Attribute, sent, shown):
			m.add("%s, with %s sent and %s shown", at, brief(sent), brief(shown))
		case whole:
			for _, name := range lost(at.Attribute, parts, shown) {
				if at.urn != "" || at.Name != "name" || name != "givenName" && name != "familyName" {
					m.add("%s.%s, with %v sent", at, name, parts[name])
				}
			}
		}
	}
	return m
}

// brief prints a value in a few words.
func brief(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case []any:
		if len(v) > 0 {
			return fmt.Sprintf("a list of %d that begins with %s", len(v), cut(fmt.Sprint(v[0])))
		}
	}
	return cut(fmt.Sprint(v))
}

// cut shortens what a target may have written at any length.
func cut(text string) string {
	const enough = 120
	if len(text) <= enough {
		return text
	}
	return strings.ToValidUTF8(text[:enough], "") + "…"
}
