package patching

import (
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerReplace() {
	It("replaces what the value of a replace without a path lists, and nothing else",
		spec.ID("patching.replace.pathless"), spec.Covers("RFC7644-3.5.2.3-01"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			before := d.now
			replies := d.change(ctx, t, has("Without a path", "title"), map[string]any{"op": "replace", "value": map[string]any{"title": "Without a path"}})
			t.Dispute("pathless-patch", "RFC7644-3.5.2.3-01", "a replace without a path", outcome(replies[0], d.now.Text("title") == "Without a path"))
			changed := differences(before, d.now)
			t.CheckThat("RFC7644-3.5.2.3-01", "title and nothing else changed by a replace of the title", changed, ConsistOf(HaveSuffix("itle")))
			if len(changed) > 1 {
				t.Discard(d.key)
			}
		})

	It("replaces a whole list by the one that is sent",
		spec.ID("patching.replace.values"), spec.Covers("RFC7644-3.5.2.3-03"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			d.mustKeepSeveral(t)
			wanted := []string{d.user.Email, d.address("moved"), d.address("spare")}
			replies := d.change(ctx, t, holding(wanted...), spec.Replace("emails", []any{
				email(wanted[0], "work", map[string]any{"primary": true, "display": "Work"}),
				email(wanted[1], "home", map[string]any{"display": "Home"}), email(wanted[2], "other", nil),
			}))
			accepted(t, "RFC7644-3.5.2.3-03", "a replace of all addresses", replies...)
			t.CheckThat("RFC7644-3.5.2.3-03", "the addresses that were sent and no other", addresses(d.now), ConsistOf(wanted))
		})

	It("treats a replace of what has no value as an add",
		spec.ID("patching.replace.absent"), spec.Covers("RFC7644-3.5.2.3-04"), spec.Needs("patch", "attribute:preferredLanguage"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			b.mustLack(t, "preferredLanguage")
			replies := b.change(ctx, t, has("en", "preferredLanguage"), spec.Replace("preferredLanguage", "en"))
			accepted(t, "RFC7644-3.5.2.3-04", "a replace of a preferredLanguage that is not set", replies...)
			t.CheckThat("RFC7644-3.5.2.3-04", "the preferredLanguage that was sent", b.now.Text("preferredLanguage"), Equal("en"))
		})

	// RFC 7644 §3.5.2.3: sub-attributes that are not in the value "are left unchanged".
	It("replaces the parts of a complex attribute that are sent, and leaves the others",
		spec.ID("patching.replace.complex"), spec.Covers("RFC7644-3.5.2.3-05"), spec.Needs("patch", "attribute:name"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			given := b.now.Text("name", "givenName")
			replies := b.change(ctx, t, all(has("Replaced", "name", "familyName"), has(given, "name", "givenName")), spec.Replace("name", map[string]any{"familyName": "Replaced"}))
			seen := "leaves the parts that are not sent"
			if b.now.Text("name", "givenName") != given {
				seen = "takes the parts away that are not sent"
			}
			t.Dispute("replace-complex", "RFC7644-3.5.2.3-05", "a replace of a complex attribute", seen)
			accepted(t, "RFC7644-3.5.2.3-05", "a replace of a part of the name", replies...)
			t.CheckThat("RFC7644-3.5.2.3-05", "the name.familyName that was sent", b.now.Text("name", "familyName"), Equal("Replaced"))
			t.CheckFor(byTheRFC(), "RFC7644-3.5.2.3-05", "the name.givenName that was there", b.now.Text("name", "givenName"), Equal(given))
		})

	It("takes a value away that is replaced by nothing",
		spec.ID("patching.replace.null"), spec.Covers("RFC7644-3.5.2.3-09"), spec.Needs("patch", "attribute:userType"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			if lacks("userType")(d.now) {
				t.NotTested("The service keeps no userType that could be taken away.")
			}
			operations := []map[string]any{spec.Replace("userType", nil)}
			if !phoneless(d.now) {
				operations = append(operations, spec.Replace("phoneNumbers", []any{}))
			}
			replies := d.change(ctx, t, all(lacks("userType"), phoneless), operations...)
			accepted(t, "RFC7644-3.5.2.3-09", "a replace by nothing", replies...)
			t.CheckThat("RFC7644-3.5.2.3-09", "no userType after a replace by null", part(d.now, "userType"), BeNil())
			t.CheckThat("RFC7644-3.5.2.3-09", "no phoneNumbers after a replace by an empty list", part(d.now, "phoneNumbers"), Or(BeNil(), BeEmpty()))
		})

	It("refuses to replace what is required by nothing",
		spec.ID("patching.replace.required-null"), spec.Covers("RFC7644-3.5.2.3-09"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			v.refused(ctx, t, "RFC7644-3.5.2.3-09", "a replace of userName by null", scim.PatchOp(spec.Replace("userName", nil)))
			v.untouched(ctx, t, "RFC7644-3.5.2.3-09", "a replace of userName by null")
		})

	// Microsoft Entra ID writes this with the flag aadOptscim062020; RFC 7643 would nest the keys.
	It("carries out dotted names and names with a URN in a value without a path, or refuses them",
		spec.ID("patching.replace.dotted-keys"), spec.Covers("RFC7644-3.5.2.3-10"), spec.Needs("patch", "attribute:name"), spec.For(dialects.EntraFlag),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			value := map[string]any{"name.givenName": "Dotted"}
			done := has("Dotted", "name", "givenName")
			if t.Features.Gate(t.Context(ctx, ""), "enterprise").Open {
				value[scim.EnterpriseSchema+":employeeNumber"] = "10001"
				done = all(done, has("10001", scim.EnterpriseSchema, "employeeNumber"))
			}
			reply := t.Patch(ctx, "replace by dotted names", b.path, map[string]any{"op": "replace", "value": value})
			before := b.now
			wanted := done
			if !reply.OK() {
				wanted = func(d scim.Document) bool { return len(differences(before, d)) == 0 }
			}
			b.settle(ctx, t, wanted)
			t.CheckFor([]string{dialects.EntraFlag}, "RFC7644-3.5.2.3-10", "the change, or a refusal", outcome(reply, done(b.now)), Or(Equal(carriedOut), HavePrefix(refusedWith)))
		})
}

// byTheRFC are the identity providers that go by RFC 7644 where the drafts do not.
func byTheRFC() []string {
	return slices.DeleteFunc(dialects.ClientIDs(), func(id string) bool { return id == dialects.InteropDraft || id == dialects.IPSIE })
}

// phoneless is the condition that there are no phoneNumbers.
func phoneless(d scim.Document) bool { return len(d.Objects("phoneNumbers")) == 0 }

// registerChosen is about replacing values that a filter in the path chooses.
func registerChosen() {
	It("replaces every value that a filter in the path chooses",
		spec.ID("patching.replace.chosen"), spec.Covers("RFC7644-3.5.2.3-06"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := twofold(ctx, t)
			if len(displays(b.now, "work")) < 2 {
				t.NotTested("The service keeps no two work addresses with a display of their own.")
			}
			// Two addresses that are replaced by one and the same may be shown as one.
			changed := func(d scim.Document) bool { return fmt.Sprint(slices.Compact(displays(d, "work"))) == "[Chosen]" }
			replies := b.change(ctx, t, changed, spec.Replace(`emails[type eq "work"]`, map[string]any{"type": "work", "display": "Chosen"}))
			t.Dispute("whole-element-path", "RFC7644-3.5.2.3-06", "a replace at emails[type eq …]", outcome(replies[0], changed(b.now)))
			accepted(t, "RFC7644-3.5.2.3-06", "a replace of the work addresses", replies...)
			t.CheckThat("RFC7644-3.5.2.3-06", "the new display, and no old one, on the work addresses", displays(b.now, "work"), And(Not(BeEmpty()), HaveEach("Chosen")))
			t.CheckThat("RFC7644-3.5.2.3-06", "the old display on the home address", displays(b.now, "home"), ConsistOf("Home"))
		})

	It("replaces a part of the values that a filter in the path chooses, and of no others",
		spec.ID("patching.replace.chosen-part"), spec.Covers("RFC7644-3.5.2.3-07"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			old := ofType(d.now, "work").Text("value")
			if old == "" {
				t.NotTested("The service keeps no types of e-mail addresses to choose one by.")
			}
			wanted := append(without(addresses(d.now), old), d.address("corrected"))
			replies := d.change(ctx, t, holding(wanted...), spec.Replace(`emails[type eq "work"].value`, d.address("corrected")))
			accepted(t, "RFC7644-3.5.2.3-07", "a replace of the work address", replies...)
			t.CheckThat("RFC7644-3.5.2.3-07", "the new work address in the place of the old one", addresses(d.now), ConsistOf(wanted))
		})

	// RFC 7644 §3.5.2.3: without a match, 400 and noTarget. Some clients would have one made.
	It("finds no target for a replace at a filter that matches nothing",
		spec.ID("patching.replace.no-match"), spec.Covers("RFC7644-3.5.2.3-08"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			made := func(d scim.Document) bool { return slices.Contains(addresses(d), v.address("unmatched")) }
			reply := v.send(ctx, t, "a replace that matches nothing", scim.PatchOp(spec.Replace(`emails[type eq "other"].value`, v.address("unmatched"))))
			if reply.OK() {
				v.read(ctx, t, made)
				t.CheckThat("RFC7644-3.5.2.3-08", "a refusal, or the new value", outcome(reply, made(v.now)), Equal(carriedOut))
				t.Prefer("RFC7644-3.5.2.3-08", "status 400 for a filter that matches nothing", reply.Status, Equal(400))
				t.Discard(v.key)
				return
			}
			t.CheckThat("RFC7644-3.5.2.3-08", "400 with noTarget for a filter that matches nothing", fmt.Sprintf("%d with %s", reply.Status, reply.Doc.Text("scimType")), Equal("400 with noTarget"))
			v.untouched(ctx, t, "RFC7644-3.5.2.3-08", "a replace that matches nothing")
		})
}

// displays lists the display of each e-mail address of a type that has one.
func displays(d scim.Document, kind string) []string {
	list := []string{}
	for _, e := range d.Objects("emails") {
		if display := e.Text("display"); display != "" && e.Text("type") == kind {
			list = append(list, display)
		}
	}
	return list
}
