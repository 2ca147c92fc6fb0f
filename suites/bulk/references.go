package bulk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerReferences() {
	It("puts the id of a new user in the place of its bulkId among the members of a group",
		spec.ID("bulk.references.members"), spec.Covers("RFC7644-3.7-07"), spec.Needs("bulk", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			const before, user, after = 0, 1, 2
			out := send(ctx, t, "a Bulk with a user between two groups of theirs",
				newGroup(t, "before", refers("member", "User")), newUser(t, "member", nil), newGroup(t, "after", refers("member", "User")))
			id := out.idOf(ctx, t, user)
			t.CheckThat("RFC7644-3.7-07", "the user's id as the member of a group that comes after the user", out.membersOf(ctx, t, after, id), Equal([]string{id}))
			// A service that takes operations in turn cannot know yet who that is, and may say so.
			if out.of(before).ok() {
				t.CheckThat("RFC7644-3.7-07", "the user's id as the member of a group that comes before the user", out.membersOf(ctx, t, before, id), Equal([]string{id}))
			} else {
				t.CheckThat("RFC7644-3.7-07", "a refusal, as the group comes before the user", out.statusOf(before), HavePrefix("4"))
			}
		})

	It("puts the id of a new user in the place of its bulkId in an extension",
		spec.ID("bulk.references.extension"), spec.Covers("RFC7644-3.7-08"), spec.Needs("bulk", "enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			const boss, report = 0, 1
			out := send(ctx, t, "a Bulk with a user and their manager", newUser(t, "boss", nil), newUser(t, "report", map[string]any{
				"schemas": []any{scim.UserSchema, scim.EnterpriseSchema}, scim.EnterpriseSchema: map[string]any{"manager": map[string]any{"value": "bulkId:boss"}},
			}))
			id, seen := out.idOf(ctx, t, boss), "status "+out.statusOf(report)
			manager := func(r *scim.Reply) string { return r.Doc.Text(scim.EnterpriseSchema, "manager", "value") }
			if made := out.idOf(ctx, t, report); made != "" {
				seen = manager(readUntil(ctx, t, "read the user", scim.UserPath(made), func(r *scim.Reply) bool { return r.OK() && manager(r) == id }))
			}
			t.CheckThat("RFC7644-3.7-08", "the manager's id", seen, And(Equal(id), Not(BeEmpty())))
		})

	// RFC 7644 §3.7.1: the service MUST try, and may give up with 409.
	It("resolves two groups of a Bulk that contain each other, or says that it cannot",
		spec.ID("bulk.references.circular"), spec.Covers("RFC7644-3.7.1-01"), spec.Needs("bulk", "groups"),
		func(ctx SpecContext) { circular(ctx, spec.From(ctx)) })

	It("refuses an operation that refers to a bulkId which no other has",
		spec.ID("bulk.references.unknown"), spec.Covers("RFC7644-3.7-09"), spec.Needs("bulk", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			group := newGroup(t, "lonely", refers("nobody", "User"))
			out := send(ctx, t, "a Bulk with a reference to nothing", group)
			t.CheckThat("RFC7644-3.7-09", "a refusal of the operation or of the request", out.statusOf(0), HavePrefix("4"))
			unmade(ctx, t, "RFC7644-3.7-09", group.makes)
		})
}

// refers is a member that is known by the bulkId of another operation.
func refers(bulkID, kind string) map[string]any {
	return map[string]any{"value": "bulkId:" + bulkID, "type": kind}
}

// noGroup begins what stands for the members of a group that was not made.
const noGroup = "no group, but status "

// membersOf lists the members of a group that an operation made, once they are those that it
// should have; where none was made, what the operation was answered with.
func (o outcome) membersOf(ctx SpecContext, t *spec.T, i int, wanted string) []string {
	GinkgoHelper()
	id := o.idOf(ctx, t, i)
	if id == "" {
		return []string{noGroup + o.statusOf(i)}
	}
	reply := readUntil(ctx, t, "read the group", scim.GroupPath(id), func(r *scim.Reply) bool {
		return r.OK() && slices.Equal(r.Doc.Values("members"), []string{wanted})
	})
	return reply.Doc.Values("members")
}

// circular sends two groups, each a member of the other.
func circular(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	schema, _ := t.Features.Schema(t.Context(ctx, ""), scim.GroupSchema)
	members, _ := schema.Find("members")
	if ref, _ := members.Find("$ref"); !slices.Contains(ref.References, "Group") {
		t.NotTested("No schema says that a group can be a member of a group.")
	}
	out := send(ctx, t, "a Bulk with two groups that contain each other", newGroup(t, "one", refers("other", "Group")), newGroup(t, "other", refers("one", "Group")))
	ids := []string{out.idOf(ctx, t, 0), out.idOf(ctx, t, 1)}
	for i, name := range []string{"one", "other"} {
		if ids[0] != "" && ids[1] != "" {
			t.CheckThat("RFC7644-3.7.1-01", "the other group's id as the member of group "+name, out.membersOf(ctx, t, i, ids[1-i]), Equal([]string{ids[1-i]}))
			continue
		}
		if out.of(i).ok() {
			left := strings.Join(out.membersOf(ctx, t, i, ""), " ")
			t.CheckThat("RFC7644-3.7.1-01", "a group "+name+", as the operation was answered with success, and no bulkId as its member", left,
				Not(Or(ContainSubstring("bulkId:"), HavePrefix(noGroup))))
			continue
		}
		t.CheckThat("RFC7644-3.7.1-01", "status 409 for group "+name, out.statusOf(i), Equal(strconv.Itoa(http.StatusConflict)))
	}
}
