package patching

import (
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerAdd() {
	It("adds values to those that are there, sent as a list or alone",
		spec.ID("patching.add.values"), spec.Covers("RFC7644-3.5.2.1-04"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			d.mustKeepSeveral(t)
			wanted := slices.Concat(addresses(d.now), []string{d.address("listed"), d.address("alone")})
			replies := d.change(ctx, t, holding(wanted...),
				add("emails", []any{map[string]any{"value": d.address("listed")}}), add("emails", map[string]any{"value": d.address("alone")}))
			accepted(t, "RFC7644-3.5.2.1-04", "an add of a list of addresses", replies[0])
			accepted(t, "RFC7644-3.5.2.1-04", "an add of an address that is in no list", replies[1])
			t.CheckThat("RFC7644-3.5.2.1-04", "the old addresses and the new ones", addresses(d.now), ConsistOf(wanted))
		})

	It("adds the attributes that the value of an add without a path lists",
		spec.ID("patching.add.pathless"), spec.Covers("RFC7644-3.5.2.1-02"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			d.mustKeepSeveral(t)
			wanted := append(addresses(d.now), d.address("pathless"))
			replies := d.change(ctx, t, all(has("Pathless", "title"), holding(wanted...)), map[string]any{"op": "add", "value": map[string]any{
				"title": "Pathless", "emails": []any{map[string]any{"value": d.address("pathless")}},
			}})
			accepted(t, "RFC7644-3.5.2.1-02", "an add without a path", replies...)
			t.CheckThat("RFC7644-3.5.2.1-02", "the title that was sent", d.now.Text("title"), Equal("Pathless"))
			t.CheckThat("RFC7644-3.5.2.1-02", "the old addresses and the new one", addresses(d.now), ConsistOf(wanted))
		})

	It("adds parts of a complex attribute to those that are there",
		spec.ID("patching.add.complex"), spec.Covers("RFC7644-3.5.2.1-03"), spec.Needs("patch", "attribute:name"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			family := b.now.Text("name", "familyName")
			replies := b.change(ctx, t, all(has("Added", "name", "middleName"), has(family, "name", "familyName")), add("name", map[string]any{"middleName": "Added"}))
			accepted(t, "RFC7644-3.5.2.1-03", "an add of a part of the name", replies...)
			t.CheckThat("RFC7644-3.5.2.1-03", "the name.middleName that was sent", b.now.Text("name", "middleName"), Equal("Added"))
			t.CheckThat("RFC7644-3.5.2.1-03", "the name.familyName that was there", b.now.Text("name", "familyName"), Equal(family))
		})

	// RFC 7644 §3.5.2.1: a single value that exists is replaced.
	It("gives a single-valued attribute that has a value the one of an add",
		spec.ID("patching.add.single"), spec.Covers("RFC7644-3.5.2.1-05"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			replies := d.change(ctx, t, has("Second", "title"), add("title", "First"), add("title", "Second"))
			accepted(t, "RFC7644-3.5.2.1-05", "an add of a title", replies...)
			t.CheckThat("RFC7644-3.5.2.1-05", "the title of the later add", d.now.Text("title"), Equal("Second"))
		})

	It("gives an attribute without a value the one of an add",
		spec.ID("patching.add.absent"), spec.Covers("RFC7644-3.5.2.1-06"), spec.Needs("patch", "attribute:nickName"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			b.mustLack(t, "nickName")
			replies := b.change(ctx, t, has("Nick", "nickName"), add("nickName", "Nick"))
			accepted(t, "RFC7644-3.5.2.1-06", "an add of a nickName", replies...)
			t.CheckThat("RFC7644-3.5.2.1-06", "the nickName that was sent", b.now.Text("nickName"), Equal("Nick"))
		})

	// RFC 7644 §3.5.2.1: an add of what is there "SHALL NOT change the modify timestamp".
	It("changes nothing on an add of a value that is there, not even when it was last modified",
		spec.ID("patching.add.again"), spec.Covers("RFC7644-3.5.2.1-07"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			d.again(ctx, t, "emails")
		})

	// Microsoft Entra ID sends this for a first value, and expects that one is made.
	It("adds a value that no filter finds, or says that there is none",
		spec.ID("patching.add.no-match"), spec.Covers("RFC7644-3.5.2.1-06", "RFC7644-3.5.2.1-08"), spec.Needs("patch", "attribute:phoneNumbers"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			const number = "+1-201-555-0103"
			made := func(d scim.Document) bool { return slices.Contains(d.Values("phoneNumbers"), number) }
			reply := t.Patch(ctx, "add a fax number", b.path, add(`phoneNumbers[type eq "fax"].value`, number))
			b.read(ctx, t, func(d scim.Document) bool { return made(d) == reply.OK() })
			seen := outcome(reply, made(b.now))
			t.Dispute("add-no-match", "RFC7644-3.5.2.1-08", "an add at a value filter that matches nothing", seen)
			t.CheckThat("RFC7644-3.5.2.1-06", "the new value, or a refusal", seen, Or(Equal(carriedOut), HavePrefix(refusedWith)))
		})

	It("refuses an add without a value",
		spec.ID("patching.add.without-value"), spec.Covers("RFC7644-3.5.2.1-01"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			v.refused(ctx, t, "RFC7644-3.5.2.1-01", "an add without a value", scim.PatchOp(map[string]any{"op": "add", "path": "title"}))
			v.untouched(ctx, t, "RFC7644-3.5.2.1-01", "an add without a value")
		})

	It("takes nothing away on an add of nothing",
		spec.ID("patching.add.null"), spec.Covers("RFC7644-3.5.2.1-09"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			for _, o := range []map[string]any{add("title", nil), add("emails", []any{})} {
				reply := v.send(ctx, t, "an add of nothing", scim.PatchOp(o))
				t.CheckThat("RFC7644-3.5.2.1-09", "a success or status 400 for an add of nothing", reply.Status, Or(success(), Equal(400)))
			}
			v.untouched(ctx, t, "RFC7644-3.5.2.1-09", "an add of nothing")
		})
}

// again adds the first value of a list once more.
func (k *kept) again(ctx SpecContext, t *spec.T, attribute string) {
	GinkgoHelper()
	values := k.now.Objects(attribute)
	if len(values) == 0 {
		t.NotTested("The service shows no " + attribute + ", which is the matter of other checks.")
	}
	const requirement = "RFC7644-3.5.2.1-07"
	before := k.now
	value := map[string]any{"value": values[0].Text("value")}
	if kind := values[0].Text("type"); kind != "" {
		value["type"] = kind
	}
	if display := values[0].Text("display"); display != "" && attribute == "emails" {
		value["display"] = display
	}
	if values[0].Flag("primary") {
		value["primary"] = true
	}
	reply := t.Patch(ctx, "add a value that is there", k.path, add(attribute, []any{value}))
	k.read(ctx, t, func(scim.Document) bool { return true })
	changed := differences(before, k.now)
	t.Prefer(requirement, "a success for an add of what is there", reply.Status, success())
	t.Prefer(requirement, "no attribute changed by an add of what is there", changed, BeEmpty())
	if old, ok := modified(before); ok {
		fresh, _ := modified(k.now)
		t.CheckThat(requirement, "the meta.lastModified from before", fresh, Equal(old))
	} else {
		t.Record(requirement, "meta.lastModified", "is not shown")
	}
	if len(changed) > 0 {
		t.Discard(k.key)
	}
}

// modified is the moment of the last change, in one way of writing it.
func modified(d scim.Document) (string, bool) {
	at, err := time.Parse(time.RFC3339Nano, d.Text("meta", "lastModified"))
	return at.UTC().Format(time.RFC3339Nano), err == nil
}
