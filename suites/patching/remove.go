package patching

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerRemove() {
	It("takes a single-valued attribute away, and a part of a complex one",
		spec.ID("patching.remove.single"), spec.Covers("RFC7644-3.5.2.2-02"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			if d.now.Text("title") == "" {
				t.NotTested("The service keeps no title that could be removed.")
			}
			operations := []map[string]any{remove("title")}
			if !lacks("name", "middleName")(d.now) { // a remove of what is not there may be refused
				operations = append(operations, remove("name.middleName"))
			}
			replies := d.change(ctx, t, all(lacks("title"), lacks("name", "middleName")), operations...)
			accepted(t, "RFC7644-3.5.2.2-02", "a remove", replies...)
			t.CheckThat("RFC7644-3.5.2.2-02", "no title after its removal", part(d.now, "title"), BeNil())
			t.CheckThat("RFC7644-3.5.2.2-02", "no name.middleName after its removal", part(d.now, "name", "middleName"), BeNil())
		})

	It("takes all values of a list away when no filter chooses some",
		spec.ID("patching.remove.all-values"), spec.Covers("RFC7644-3.5.2.2-03"), spec.Needs("patch", "attribute:phoneNumbers"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			if phoneless(b.now) {
				t.NotTested("The service keeps no phoneNumbers that could be removed.")
			}
			replies := b.change(ctx, t, phoneless, remove("phoneNumbers"))
			accepted(t, "RFC7644-3.5.2.2-03", "a remove of all phoneNumbers", replies...)
			t.CheckThat("RFC7644-3.5.2.2-03", "no phoneNumbers after their removal", b.now.Values("phoneNumbers"), BeEmpty())
		})

	It("takes the values away that a filter in the path chooses, and no others",
		spec.ID("patching.remove.chosen"), spec.Covers("RFC7644-3.5.2.2-04"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			spare := d.address("spare")
			if ofType(d.now, "other").Text("value") != spare {
				t.NotTested("The service keeps no third e-mail address with its type that could be removed.")
			}
			wanted := without(addresses(d.now), spare)
			replies := d.change(ctx, t, holding(wanted...), remove(`emails[type eq "other" and value eq "`+spare+`"]`))
			t.Dispute("whole-element-path", "RFC7644-3.5.2.2-04", "a remove at emails[type eq …]", outcome(replies[0], holding(wanted...)(d.now)))
			accepted(t, "RFC7644-3.5.2.2-04", "a remove of one address", replies...)
			t.CheckThat("RFC7644-3.5.2.2-04", "all addresses but the one that the filter chooses", addresses(d.now), ConsistOf(wanted))
		})

	It("takes a part of a chosen value away, and leaves the value",
		spec.ID("patching.remove.part"), spec.Covers("RFC7644-3.5.2.2-06"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			home := ofType(d.now, "home")
			if home.Text("display") == "" {
				t.NotTested("The service keeps no display of e-mail addresses that could be removed.")
			}
			before := addresses(d.now)
			gone := func(doc scim.Document) bool { return ofType(doc, "home").Text("display") == "" }
			replies := d.change(ctx, t, gone, remove(`emails[type eq "home"].display`))
			accepted(t, "RFC7644-3.5.2.2-06", "a remove of the display of an address", replies...)
			t.CheckThat("RFC7644-3.5.2.2-06", "no display on the home address", part(ofType(d.now, "home"), "display"), BeNil())
			if !t.CheckThat("RFC7644-3.5.2.2-06", "the addresses that were there", addresses(d.now), ConsistOf(before)) {
				t.Discard(d.key)
			}
		})

	It("answers a remove of what is not set, and changes nothing",
		spec.ID("patching.remove.absent"), spec.Covers("RFC7644-3.5.2.2-02", "RFC7644-3.5.2.2-09"), spec.Needs("patch", "attribute:userType"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			b.mustLack(t, "userType")
			reply := t.Patch(ctx, "remove what is not set", b.path, remove("userType"))
			t.Record("RFC7644-3.5.2.2-09", "a remove of an attribute that is not set", fmt.Sprintf("is answered %d", reply.Status))
			t.CheckThat("RFC7644-3.5.2.2-02", "a success or status 400 for a remove of what is not set", reply.Status, Or(success(), Equal(400)))
			b.untouched(ctx, t, "RFC7644-3.5.2.2-02", "a remove of what is not set")
		})

	// RFC 7644 §3.5.2.2: without a path, 400 and noTarget.
	It("refuses a remove without a path",
		spec.ID("patching.remove.pathless"), spec.Covers("RFC7644-3.5.2.2-01"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			for _, a := range []attempt{
				{"a remove of nothing", map[string]any{"op": "remove"}},
				{"a remove of a value without a path", map[string]any{"op": "remove", "value": map[string]any{"title": "Victim"}}},
			} {
				reply := v.refused(ctx, t, "RFC7644-3.5.2.2-01", a.about, scim.PatchOp(a.operation))
				if reply.Doc.Text("scimType") != "" { // which is OPTIONAL
					t.Prefer("RFC7644-3.5.2.2-01", "scimType noTarget for a remove without a path", reply.Doc.Text("scimType"), Equal("noTarget"))
				}
			}
			v.untouched(ctx, t, "RFC7644-3.5.2.2-01", "a remove without a path")
		})

	It("refuses to remove what is required or read-only",
		spec.ID("patching.remove.required"), spec.Covers("RFC7644-3.5.2.2-07"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			for _, path := range []string{"userName", "id", "meta"} {
				v.refusesRemoval(ctx, t, path)
			}
			v.untouched(ctx, t, "RFC7644-3.5.2.2-07", "a remove of what is required or read-only")
		})
}

// refusesRemoval checks that an attribute cannot be removed.
func (k *kept) refusesRemoval(ctx SpecContext, t *spec.T, path string) {
	GinkgoHelper()
	const requirement = "RFC7644-3.5.2.2-07"
	reply := k.refused(ctx, t, requirement, "a remove of "+path, scim.PatchOp(remove(path)))
	if reply.OK() {
		return
	}
	keyword := reply.Doc.Text("scimType")
	if keyword == "invalidValue" { // which some services say of what is required
		t.Prefer(requirement, "scimType mutability for a remove of "+path, keyword, Equal("mutability"))
		return
	}
	t.CheckThat(requirement, "scimType mutability for a remove of "+path, keyword, Equal("mutability"))
}
