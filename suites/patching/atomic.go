package patching

import (
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerAtomic() {
	// RFC 7644 §3.5.2: on an error, "the original SCIM resource MUST be restored".
	It("leaves a user as they were when one of several operations fails",
		spec.ID("patching.atomic.user"), spec.Covers("RFC7644-3.5.2-13"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v, d := victim(ctx, t), desk(ctx, t)
			failed := false
			for _, a := range []attempt{
				{"a PATCH whose second operation is on id", spec.Replace("id", "scimproof-nobody")},
				{"a PATCH whose second operation takes a name that is used", spec.Replace("userName", d.user.UserName)},
				{"a PATCH whose second operation does not exist", map[string]any{"op": "increment", "path": "title", "value": "x"}},
			} {
				reply := v.send(ctx, t, a.about, scim.PatchOp(spec.Replace("title", "Half"), a.operation))
				if reply.OK() { // whose matter is that of other checks
					v = renewed(ctx, t, v)
					continue
				}
				failed = true
				v.untouched(ctx, t, "RFC7644-3.5.2-13", a.about+" and that was refused")
			}
			if !failed {
				t.NotTested("The service refused no operation that had to fail, which is the matter of other checks.")
			}
		})

	// To roll back is right by RFC 7644, and leaves somebody in who has left.
	It("refuses a deactivation along with an operation that must fail, and says so",
		spec.ID("patching.atomic.leaver"), spec.Covers("RFC7644-3.5.2-13"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			reply := v.send(ctx, t, "a deactivation and an operation that must fail", scim.PatchOp(spec.Replace("active", false), map[string]any{"op": "increment", "path": "title"}))
			v.read(ctx, t, func(d scim.Document) bool { return (d.Activity() == "active: false") == reply.OK() })
			t.Dispute("atomic-leaver", "RFC7644-3.5.2-13", "a deactivation along with an operation that must fail", fmt.Sprintf("answers %d and leaves the user with %s", reply.Status, v.now.Activity()))
			t.CheckThat("RFC7644-3.5.2-13", "a refusal for an operation that must fail", reply.Status, And(BeNumerically(">=", 400), BeNumerically("<", 500)))
			if v.now.Activity() != "active: true" {
				t.Discard(v.key)
			}
		})
}

// renewed gives up a victim to whom something was done, and returns the next one.
func renewed(ctx SpecContext, t *spec.T, v *kept) *kept {
	GinkgoHelper()
	t.Discard(v.key)
	return victim(ctx, t)
}

// registerOrder is about several operations in one request. RFC 7644 §3.5.2: they are
// "applied sequentially in the order they appear in the array".
func registerOrder() {
	It("carries out operations on one attribute in their order",
		spec.ID("patching.order.same-attribute"), spec.Covers("RFC7644-3.5.2-11"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			reply := t.Patch(ctx, "replace the title twice", b.path, spec.Replace("title", "Earlier"), spec.Replace("title", "Later"))
			b.settle(ctx, t, has("Later", "title"))
			accepted(t, "RFC7644-3.5.2-11", "two operations on one attribute", reply)
			t.CheckThat("RFC7644-3.5.2-11", "the title of the later operation", b.now.Text("title"), Equal("Later"))
		})

	It("carries out an operation on what the one before it has made",
		spec.ID("patching.order.new-value"), spec.Covers("RFC7644-3.5.2-11"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			b.mustKeepSeveral(t)
			wanted := append(addresses(b.now), b.address("after"))
			reply := t.Patch(ctx, "add an address and correct it", b.path,
				add("emails", []any{map[string]any{"value": b.address("before"), "type": "other"}}), spec.Replace(`emails[type eq "other"].value`, b.address("after")))
			// A request whose answer is lost is sent again, and then the address is there twice.
			once := func(d scim.Document) []string { return slices.Compact(addresses(d)) }
			b.settle(ctx, t, func(d scim.Document) bool {
				return slices.Contains(once(d), b.address("after")) && len(once(d)) == len(wanted)
			})
			accepted(t, "RFC7644-3.5.2-11", "an operation on what the one before it has made", reply)
			t.CheckThat("RFC7644-3.5.2-11", "the corrected address among the others", once(b.now), ConsistOf(wanted))
		})
}
