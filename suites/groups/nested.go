package groups

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerNested() {
	It("takes a group as a member of a group, and shows what that makes of its members",
		spec.ID("groups.nested"), spec.Covers("RFC7643-4.2-06"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			mustNest(ctx, t)
			c := mustCrew(ctx, t)
			outer := kept(ctx, t, "groups.outer", "create a group whose member is a group", scim.Document{"members": []any{member(c.group.ID, "Group")}})
			if !t.CheckThat("RFC7643-4.2-06", "success for a group whose member is a group", outer.Status, succeeds()) {
				return
			}
			path := scim.GroupPath(outer.ID)
			group := readUntil(ctx, t, "read the group back", path, func(r *scim.Reply) bool { return slices.Contains(r.Doc.Values("members"), c.group.ID) })
			t.CheckThat("RFC7643-4.2-06", "the inner group as its member", group.Doc.Values("members"), ConsistOf(c.group.ID))
			user := readUntil(ctx, t, "read a member of the inner group", scim.UserPath(c.stays.ID), func(r *scim.Reply) bool { return belongs(r, outer.ID) != noMember })
			if len(user.Doc.Objects("groups")) > 0 { // that there are none is the matter of groups.shown-on-users
				t.CheckThat("RFC7643-4.2-06", "the outer group among the user's, as indirect", belongs(user, outer.ID), Equal("a member, indirect"))
			}
		})
}

const noMember = "no member"

// belongs puts into words what the attribute groups says of a user and a group.
func belongs(user *scim.Reply, group string) string {
	for _, g := range user.Doc.Objects("groups") {
		if g.Text("value") == group {
			if kind := g.Text("type"); kind != "" {
				return "a member, " + kind
			}
			return "a member"
		}
	}
	return noMember
}

// mustNest ends the check where the service does not say that groups can be members.
func mustNest(ctx context.Context, t *spec.T) {
	GinkgoHelper()
	schema, _ := t.Features.Schema(t.Context(ctx, ""), scim.GroupSchema)
	members, _ := schema.Find("members")
	if ref, _ := members.Find("$ref"); !slices.Contains(ref.References, "Group") {
		t.NotTested("No schema says that a group can be a member of a group.")
	}
}
