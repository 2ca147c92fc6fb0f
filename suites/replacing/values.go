package replacing

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerValues() {
	It("stores the values of a PUT in the place of the old ones, lists as a whole",
		spec.ID("replacing.values"), spec.Covers("RFC7644-3.5.1-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			p := mustPair(ctx, t)
			fresh := t.Subjects.Draft().Email
			reply := put(ctx, t, "replace displayName and emails", p.replaced, body(t, p.replaced, map[string]any{
				"displayName": "Scimproof Valued", "emails": []any{map[string]any{"value": fresh, "type": "work", "primary": true}},
			}))
			taken(t, "RFC7644-3.5.1-02", "with other values", reply)
			back := readUntil(ctx, t, "read back", p.replaced, func(d scim.Document) bool {
				return d.Text("displayName") == "Scimproof Valued" && slices.Contains(d.Values("emails"), fresh)
			})
			t.CheckThat("RFC7644-3.5.1-02", "the displayName that was sent", back.Doc.Text("displayName"), Equal("Scimproof Valued"))
			t.CheckThat("RFC7644-3.5.1-02", "the e-mail address that was sent, and no other", back.Doc.Values("emails"), ConsistOf(fresh))
		})

	It("stores the values of an extension in a PUT",
		spec.ID("replacing.extension"), spec.Covers("RFC7644-3.5.1-02"), spec.Needs("enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			p := mustPair(ctx, t)
			reply := put(ctx, t, "replace with the enterprise extension", p.replaced, body(t, p.replaced, t.WithExtension(scim.EnterpriseSchema, map[string]any{"department": "Replacements"})))
			taken(t, "RFC7644-3.5.1-02", "with an extension", reply)
			department := func(d scim.Document) string { return d.Text(scim.EnterpriseSchema, "department") }
			back := readUntil(ctx, t, "read back", p.replaced, func(d scim.Document) bool { return department(d) == "Replacements" })
			t.CheckThat("RFC7644-3.5.1-02", "the department that was sent", department(back.Doc), Equal("Replacements"))
		})

	// RFC 7643 §2.5 has null and an empty array make an attribute unassigned. What is left out
	// of a PUT is the service's choice.
	It("clears what a PUT sends as null or as an empty list",
		spec.ID("replacing.cleared"), spec.Covers("RFC7643-2.5-01", "RFC7644-3.5.1-08", "RFC7644-3.5.1-03"),
		func(ctx SpecContext) { clearing(ctx, spec.From(ctx)) })

	It("ignores what it alone may set in a PUT",
		spec.ID("replacing.read-only"), spec.Covers("RFC7644-3.5.1-04"),
		func(ctx SpecContext) { readOnly(ctx, spec.From(ctx)) })

	It("leaves another user alone whose id is in the body of a PUT",
		spec.ID("replacing.other-id"), spec.Covers("RFC7644-3.5.1-13"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			p := mustPair(ctx, t)
			reply := put(ctx, t, "replace a user, with another's id in the body", p.replaced, body(t, p.replaced, map[string]any{"id": p.other.ID, "displayName": "Scimproof Misled"}))
			other := readUntil(ctx, t, "read the other user", p.other, anything)
			if !t.CheckThat("RFC7644-3.5.1-13", "the other user's own displayName", other.Doc.Text("displayName"), Equal(p.other.DisplayName)) {
				t.Discard(pairKey)
			}
			back := readUntil(ctx, t, "read the user", p.replaced, anything)
			t.CheckThat("RFC7644-3.5.1-13", "the id of the user who was replaced", back.Doc.Text("id"), Equal(p.replaced.ID))
			t.CheckThat("RFC7644-3.5.1-13", "success, or status 400, for another id in the body", reply.Status, Or(Equal(http.StatusOK), Equal(http.StatusNoContent), Equal(http.StatusBadRequest)))
		})

	It("leaves an inactive user inactive when a PUT does not speak of it",
		spec.ID("replacing.inactive"), spec.Covers("RFC7644-3.5.1-10"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			p := mustPair(ctx, t)
			t.Discard(pairKey) // the others want somebody active
			put(ctx, t, "deactivate", p.replaced, body(t, p.replaced, map[string]any{"active": false}))
			away := readUntil(ctx, t, "read the inactive user", p.replaced, func(d scim.Document) bool { return d.Activity() == inactive })
			if away.Doc.Activity() != inactive {
				t.NotTested("The service deactivates nobody by PUT, which is the matter of the check lifecycle.deactivate.put.")
			}
			silent := body(t, p.replaced, map[string]any{"displayName": "Scimproof Silent"})
			delete(silent, "active")
			if !put(ctx, t, "replace without active", p.replaced, silent).OK() {
				t.NotTested("A PUT without active is refused, so that nothing can be said of what it does.")
			}
			back := readUntil(ctx, t, "read back", p.replaced, func(d scim.Document) bool { return d.Text("displayName") == "Scimproof Silent" })
			// The text lets a service choose a default; whether somebody gets in by it is tried elsewhere.
			t.Prefer("RFC7644-3.5.1-10", "active: false after a PUT without active", back.Doc.Activity(), Equal(inactive))
		})
}

const inactive = "active: false"

// clearing sends nothing for one attribute of each kind, and leaves another out.
func clearing(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	p := mustPair(ctx, t)
	values := map[string]any{"title": "Full", "nickName": "Full", "phoneNumbers": phones()}
	put(ctx, t, "give values to what is to be cleared", p.replaced, body(t, p.replaced, values))
	full := readUntil(ctx, t, "read them", p.replaced, func(d scim.Document) bool { return d.Text("title") == "Full" })
	delete(values, "nickName")
	stored := 0
	var back *scim.Reply
	// One by one, the other being sent as it is: a service that refuses null may know the empty list.
	for _, cleared := range []struct {
		attribute, about string
		sent             any
	}{{"title", "null", nil}, {"phoneNumbers", "an empty list", []any{}}} {
		if value(full.Doc, cleared.attribute) == nothing {
			continue // the service has no such attribute
		}
		sent := maps.Clone(values)
		sent[cleared.attribute] = cleared.sent
		put(ctx, t, "replace with "+cleared.about+" and an omission", p.replaced, body(t, p.replaced, sent))
		back = readUntil(ctx, t, "read back", p.replaced, func(d scim.Document) bool { return value(d, cleared.attribute) == nothing })
		stored++
		seen := value(back.Doc, cleared.attribute)
		t.CheckThat("RFC7643-2.5-01", "nothing in "+cleared.attribute+" after "+cleared.about, seen, Equal(nothing))
		t.Record("RFC7644-3.5.1-08", cleared.about+" for "+cleared.attribute+" in a PUT", map[bool]string{true: "clears it", false: "keeps the value"}[seen == nothing])
	}
	if stored == 0 {
		t.NotTested("The service stores neither title nor phoneNumbers, so there is nothing to clear.")
	}
	t.Record("RFC7644-3.5.1-03", "a PUT without nickName", omission(full.Doc, back.Doc))
}

const nothing = "nothing"

// value puts an attribute's value into words.
func value(d scim.Document, attribute string) string {
	v, there := d.Get(attribute)
	if list, isList := v.([]any); !there || isList && len(list) == 0 {
		return nothing
	}
	return fmt.Sprint(v)
}

// omission says what became of an attribute that was left out.
func omission(before, after scim.Document) string {
	switch was, is := value(before, "nickName"), value(after, "nickName"); {
	case was == nothing:
		return "has no such attribute"
	case is == was:
		return "keeps the stored one"
	case is == nothing:
		return "clears it"
	}
	return "sets a default"
}

// readOnly sends another meta, as a client does that mixes up what it has read.
func readOnly(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	p := mustPair(ctx, t)
	reply := put(ctx, t, "replace with another meta", p.replaced, body(t, p.replaced, map[string]any{
		"displayName": "Scimproof Forged",
		"meta":        map[string]any{"created": "2001-02-03T12:00:00Z", "resourceType": "Robot", "location": "https://example.com/Users/1"},
	}))
	taken(t, "RFC7644-3.5.1-04", "with another meta", reply)
	back := readUntil(ctx, t, "read back", p.replaced, func(d scim.Document) bool { return d.Text("displayName") == "Scimproof Forged" })
	for _, m := range []struct{ name, forged string }{{"created", "2001-02-0"}, {"resourceType", "Robot"}, {"location", "https://example.com/"}} {
		t.CheckThat("RFC7644-3.5.1-04", "the service's own meta."+m.name, back.Doc.Text("meta", m.name), Not(HavePrefix(m.forged)))
	}
}
