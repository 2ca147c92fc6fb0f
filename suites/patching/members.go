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

// registerMembers is about changes of who is in a group.
func registerMembers() {
	It("adds a member to those who are in the group",
		spec.ID("patching.members.add"), spec.Covers("RFC7644-3.5.2.1-04"), spec.Needs("patch", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			g := teamOf(ctx, t, 2)
			wanted := append(g.members(), g.outsider())
			replies := g.change(ctx, t, in(wanted...), add("members", references(g.outsider())))
			accepted(t, "RFC7644-3.5.2.1-04", "an add of a member", replies...)
			t.CheckThat("RFC7644-3.5.2.1-04", "the old members and the new one", g.members(), ConsistOf(wanted))
		})

	// RFC 7644 gives a remove no value, and Microsoft Entra ID sends one all the same.
	It("takes out of the group those whom a remove lists, and nobody else",
		spec.ID("patching.members.value-list"), spec.Covers("RFC7644-3.5.2.2-10"), spec.Needs("patch", "groups"), spec.For(dialects.Entra, dialects.JumpCloud),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			g := teamOf(ctx, t, 3)
			wanted := g.members()[:2]
			leaves := g.members()[2]
			replies := g.change(ctx, t, in(wanted...), map[string]any{"op": "remove", "path": "members", "value": references(leaves)})
			t.Dispute("remove-value-list", "RFC7644-3.5.2.2-10", "a remove of one of three members by a list of values",
				fmt.Sprintf("answers %d and leaves %d of the three", replies[0].Status, len(g.members())))
			t.CheckFor([]string{dialects.Entra, dialects.JumpCloud}, "RFC7644-3.5.2.2-10", "all members but the one who is listed", g.members(), ConsistOf(wanted))
		})
}

// turns adds and removes two people in turn, of whom one is in the group, and adds a third at
// last; it says who is left. Without the last operation the outcome is another.
func (g *team) turns(n int) (operations []map[string]any, left []string) {
	left = g.members()
	third := g.outsider()
	others := without(g.crew, third)
	if slices.Contains(left, others[0]) {
		slices.Reverse(others) // who is not in the group comes first, and is in it in the end
	}
	for i := range n {
		id := others[i%2]
		if i == n-1 {
			id = third
		}
		if slices.Contains(left, id) {
			operations, left = append(operations, remove(memberPath(id))), without(left, id)
		} else {
			operations, left = append(operations, add("members", references(id))), append(left, id)
		}
	}
	return operations, left
}

// registerMembersLeft is about who is left.
func registerMembersLeft() {
	It("carries out operations on members in their order",
		spec.ID("patching.members.order"), spec.Covers("RFC7644-3.5.2-11"), spec.Needs("patch", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			g := teamOf(ctx, t, 2)
			only := g.outsider()
			reply := t.Patch(ctx, "remove all members and add one", g.path, remove("members"), add("members", references(only)))
			g.settle(ctx, t, in(only))
			accepted(t, "RFC7644-3.5.2-11", "a remove of all members and an add of one", reply)
			t.CheckThat("RFC7644-3.5.2-11", "the one member who was added after the others were removed", g.members(), Equal([]string{only}))
		})

	// The OpenID IPSIE profile asks for fifty operations in one request.
	It("carries out fifty operations on members in one request",
		spec.ID("patching.members.many-operations"), spec.Covers("RFC7644-3.5.2-20"), spec.Needs("patch", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			g := teamOf(ctx, t, 1)
			operations, wanted := g.turns(50)
			reply := t.Patch(ctx, "change the members fifty times", g.path, operations...)
			g.settle(ctx, t, in(wanted...))
			accepted(t, "RFC7644-3.5.2-20", "fifty operations in one request", reply)
			t.CheckThat("RFC7644-3.5.2-20", "the members whom fifty operations leave", g.members(), ConsistOf(wanted))
		})

	It("leaves a group without members when the last one is taken out by a filter",
		spec.ID("patching.members.last"), spec.Covers("RFC7644-3.5.2.2-05"), spec.Needs("patch", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			g := teamOf(ctx, t, 1)
			replies := g.change(ctx, t, nobody, remove(memberPath(g.members()[0])))
			accepted(t, "RFC7644-3.5.2.2-05", "a remove of the last member", replies...)
			t.CheckThat("RFC7644-3.5.2.2-05", "no members after the last one was removed", part(g.now, "members"), Or(BeNil(), BeEmpty()))
		})

	// AWS IAM Identity Center takes a hundred at a time, and refuses more openly.
	It("adds a hundred members at once, and more or says that they are too many",
		spec.ID("patching.members.hundred"), spec.Covers("RFC7644-3.5.2-20"), spec.Needs("patch", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			var ids []string
			for _, s := range t.MustCrowd(ctx, 101) {
				ids = append(ids, s.ID)
			}
			group := t.MustGroup(ctx)
			g := &team{kept: &kept{key: "patching.hundred", id: group.ID, path: scim.GroupPath(group.ID)}}
			reply := g.change(ctx, t, in(ids...), add("members", references(ids...)))[0]
			if !reply.OK() {
				t.Record("RFC7644-3.5.2-20", "an add of 101 members", outcome(reply, len(g.members()) == len(ids)))
				ids = ids[:100]
				reply = g.change(ctx, t, in(ids...), add("members", references(ids...)))[0]
			}
			if len(g.members()) == 0 && len(g.now.Objects("members")) > 0 {
				t.NotTested("The service does not say who the members are, which is the matter of other checks.")
			}
			accepted(t, "RFC7644-3.5.2-20", fmt.Sprintf("an add of %d members", len(ids)), reply)
			t.CheckThat("RFC7644-3.5.2-20", fmt.Sprintf("the %d members that were sent, and no other", len(ids)), tally(g.members(), ids), Equal(tally(ids, ids)))
		})
}

// tally says how many members there are, and how many of them were sent.
func tally(members, sent []string) string {
	known := 0
	for _, id := range members {
		if slices.Contains(sent, id) {
			known++
		}
	}
	return fmt.Sprintf("%d members, %d of whom were sent", len(members), known)
}

// nobody is the condition that a group, which can be read, has no members.
func nobody(d scim.Document) bool { return d != nil && len(d.Objects("members")) == 0 }
