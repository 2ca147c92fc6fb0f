package patching

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerMembersUnchanged is about requests that leave a group as it is.
func registerMembersUnchanged() {
	It("changes nothing when somebody is added who is in the group",
		spec.ID("patching.members.again"), spec.Covers("RFC7644-3.5.2.1-07"), spec.Needs("patch", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			teamOf(ctx, t, 2).again(ctx, t, "members")
		})

	// RFC 7644 §3.5.2.2: "no changes should be made to the resource". Table 9 has noTarget.
	It("changes nothing when somebody is taken out who is not in the group",
		spec.ID("patching.members.stranger"), spec.Covers("RFC7644-3.5.2.2-08"), spec.Needs("patch", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			g := teamOf(ctx, t, 2)
			reply := t.Patch(ctx, "take somebody out who is not in the group", g.path, remove(memberPath(g.outsider())))
			t.CheckThat("RFC7644-3.5.2.2-08", "a success or status 400 for the removal of a stranger", reply.Status, Or(success(), Equal(400)))
			g.untouched(ctx, t, "RFC7644-3.5.2.2-08", "the removal of a stranger")
		})

	It("leaves a group as it was when one of several operations fails",
		spec.ID("patching.atomic.group"), spec.Covers("RFC7644-3.5.2-13"), spec.Needs("patch", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			g := teamOf(ctx, t, 2)
			// Where strangers can be members, the third operation fails.
			reply := g.send(ctx, t, "operations of which one must fail", scim.PatchOp(
				remove(memberPath(g.members()[0])), add("members", references(unlike(g.crew[0]))), spec.Replace("id", "scimproof-nobody")))
			if reply.OK() {
				t.Discard(g.key)
				t.NotTested("The service refused no operation that had to fail, which is the matter of other checks.")
			}
			g.untouched(ctx, t, "RFC7644-3.5.2-13", "a PATCH of a group that was refused")
		})

	It("refuses to remove the name of a group, where the schema says that it is required",
		spec.ID("patching.members.name"), spec.Covers("RFC7644-3.5.2.2-07"), spec.Needs("patch", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			schema, _ := t.Features.Schema(t.Context(ctx, ""), scim.GroupSchema)
			if name, _ := schema.Find("displayName"); !name.Required {
				// RFC 7643 says so in its text, and its own schema of groups does not.
				t.NotTested("The service does not publish that displayName is required of groups.")
			}
			g := teamOf(ctx, t, 2)
			g.refusesRemoval(ctx, t, "displayName")
			g.untouched(ctx, t, "RFC7644-3.5.2.2-07", "a remove of displayName")
		})

	// Okta sends the id along with the new name of a group.
	It("takes the id of a group that is sent along with the name, as long as it is the right one",
		spec.ID("patching.members.echoed-id"), spec.Covers("RFC7644-3.5.2-07"), spec.Needs("patch", "groups"), spec.For(dialects.OktaOIN, dialects.OktaAIW),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			g := teamOf(ctx, t, 2)
			reply := g.send(ctx, t, "the id and the name that the group has", scim.PatchOp(map[string]any{
				"op": "replace", "value": map[string]any{"id": g.id, "displayName": g.now.Text("displayName")},
			}))
			okta := []string{dialects.OktaOIN, dialects.OktaAIW}
			t.CheckFor(okta, "RFC7644-3.5.2-07", "a success for the id that the group has", reply.Status, success())
			g.untouched(ctx, t, "RFC7644-3.5.2-07", "the id and the name that the group has")
		})
}
