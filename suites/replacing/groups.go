package replacing

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerGroups() {
	It("leaves a user's memberships alone in a PUT of the user",
		spec.ID("replacing.memberships"), spec.Covers("RFC7644-3.5.1-11"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			p, group := mustGroup(ctx, t)
			for _, form := range []struct {
				what string
				sent map[string]any
			}{{"without groups", nil}, {"with an empty list of groups", map[string]any{"groups": []any{}}}} {
				taken(t, "RFC7644-3.5.1-11", form.what, put(ctx, t, "replace a member "+form.what, p.replaced, body(t, p.replaced, form.sent)))
				back := until(ctx, t, "read the group", scim.GroupPath(group.ID), anything)
				t.CheckThat("RFC7644-3.5.1-11", "the user still in the group after a PUT "+form.what, p.names(back), ContainElement(p.replaced.UserName))
			}
		})

	// Okta's custom integrations take people out of groups in this way.
	It("has those members after a PUT of a group that were in it",
		spec.ID("replacing.members"), spec.Covers("RFC7644-3.5.1-14"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			p, group := mustGroup(ctx, t)
			t.Discard(groupKey) // one of the two leaves it
			path := scim.GroupPath(group.ID)
			reply := t.Put(ctx, "replace the group by one with another list of members", path, scim.Document{
				"schemas": []any{scim.GroupSchema}, "displayName": group.DisplayName, "members": subject.Members(p.other),
			})
			taken(t, "RFC7644-3.5.1-14", "of a group", reply)
			back := until(ctx, t, "read the group", path, func(d scim.Document) bool { return !slices.Contains(d.Values("members"), p.replaced.ID) })
			t.CheckThat("RFC7644-3.5.1-14", "the member that was sent, and no other", p.names(back), ConsistOf(p.other.UserName))
		})
}

const groupKey = "replacing.group"

// mustGroup is a group of the two.
func mustGroup(ctx context.Context, t *spec.T) (pair, *subject.Group) {
	GinkgoHelper()
	type team struct {
		pair
		group *subject.Group
	}
	made := spec.Shared(t, groupKey, func() team {
		p := mustPair(ctx, t)
		return team{p, t.MustKeptGroup(ctx, p.replaced, p.other)}
	})
	return made.pair, made.group
}

// names tells who is in a group.
func (p pair) names(group *scim.Reply) []string {
	return subject.Names(group.Doc.Values("members"), p.replaced, p.other)
}
