package users

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerPersonGroups() {
	It("shows a user's groups with the user",
		spec.ID("users.groups.shown"), spec.Covers("RFC7643-4.1.2-02"), spec.Needs("groups"),
		func(ctx SpecContext) { personShowsGroups(ctx, spec.From(ctx)) })

	// RFC 7643 §4.1.2: memberships are changed at the group alone. Whoever could name their
	// groups when they are created would choose their rights.
	It("makes a new user no member of the groups that come with them",
		spec.ID("users.groups.not-granted"), spec.Covers("RFC7643-4.1.2-03"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			member, s := mustMember(ctx, t), t.Subjects.Draft()
			body := s.Document(t.Target.SCIM.UserExtra)
			body["groups"] = []any{map[string]any{"value": member.group.ID}}
			made := t.PostUser(ctx, "create with a group", s.UserName, scim.Request{Body: body})
			if made.ID != "" {
				read := personRead(ctx, t, made.ID)
				t.CheckThat("RFC7643-4.1.2-03", "the group that came with a new user not among the user's", personAmong(read.Doc.Values("groups"), member.group.ID), Equal("not among them"))
			}
			t.CheckThat("RFC7643-4.1.2-03", "a new user who came with a group not among its members", personListed(personReadGroup(ctx, t, member.group), made.ID), Equal("not among them"))
		})

	It("keeps the memberships of a user whom a PUT replaces",
		spec.ID("users.groups.kept"), spec.Covers("RFC7643-4.1.2-03"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			member := mustMember(ctx, t)
			if personListed(member.read, member.ID) != "among them" {
				t.NotTested("A read of the group does not show the member with whom it was created, which is the matter of checks on groups.")
			}
			for _, what := range []string{"an empty list of groups", "no groups"} {
				body := personDocument(t, member.Subject)
				if what != "no groups" {
					body["groups"] = []any{}
				}
				t.Put(ctx, "replace by a user with "+what, scim.UserPath(member.ID), body)
				if !t.CheckThat("RFC7643-4.1.2-03", "the member among those of the group after a PUT with "+what,
					personListed(personReadGroup(ctx, t, member.group), member.ID), Equal("among them")) {
					t.Discard(memberKey)
					return
				}
			}
		})

	It("refuses a PATCH that puts a user into a group",
		spec.ID("users.groups.patch-refused"), spec.Covers("RFC7643-4.1.2-04"), spec.Needs("groups", "patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			member, victim := mustMember(ctx, t), mustVictim(ctx, t)
			reply := t.Patch(ctx, "add a group to a user", scim.UserPath(victim.ID), map[string]any{
				"op": "add", "path": "groups", "value": []any{map[string]any{"value": member.group.ID}},
			})
			t.CheckThat("RFC7643-4.1.2-04", "status 400 for a PATCH of groups, which are read-only", reply.Status, Equal(http.StatusBadRequest))
			if !t.CheckThat("RFC7643-4.1.2-04", "the user not among the members of the group", personListed(personReadGroup(ctx, t, member.group), victim.ID), Equal("not among them")) {
				t.Discard(memberKey)
			}
		})
}

// personListed says whether a user is among the members of a group that was read.
func personListed(group *scim.Reply, id string) string {
	return personAmong(group.Doc.Values("members"), id)
}

// personShowsGroups reads a user who is in a group.
func personShowsGroups(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	member := mustMember(ctx, t)
	shown := func(r *scim.Reply) scim.Document {
		for _, g := range r.Doc.Objects("groups") {
			if g.Text("value") == member.group.ID {
				return g
			}
		}
		return nil
	}
	read := personUntil(ctx, t, member.ID, func(r *scim.Reply) bool { return shown(r) != nil })
	among := personAmong(read.Doc.Values("groups"), member.group.ID)
	schema, served := t.Features.Schema(t.Context(ctx, ""), scim.UserSchema)
	if _, claims := schema.Find("groups"); served && !claims {
		// A service with very large groups may leave them out, and does not claim them.
		t.Prefer("RFC7643-4.1.2-02", "the group among the user's", among, Equal("among them"))
		return
	}
	if !t.CheckThat("RFC7643-4.1.2-02", "the group among the user's", among, Equal("among them")) {
		return
	}
	group := shown(read)
	judge := t.CheckThat
	if group.Text("$ref") == "" {
		judge = t.Prefer // no text requires one
	}
	judge("RFC7643-4.1.2-02", "a $ref that leads to the group", group.Text("$ref"), HaveSuffix(strings.TrimPrefix(scim.GroupPath(member.group.ID), "/")))
	t.CheckThat("RFC7643-4.1.2-02", "the type direct, or none", group.Text("type"), Or(Equal("direct"), BeEmpty()))
}
