package groups

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerPeople() {
	It("leaves the other members of a group alone when one is deactivated",
		spec.ID("groups.member-deactivated"), spec.Covers("RFC7643-4.2-11"), spec.Needs("groups", "patch"),
		func(ctx SpecContext) { deactivated(ctx, spec.From(ctx)) })

	It("shows a user the groups that they are in",
		spec.ID("groups.shown-on-users"), spec.Covers("RFC7643-4.1.2-02"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			judge := t.CheckThat
			if !t.Features.Gate(t.Context(ctx, ""), "attribute:groups").Open {
				judge = t.Prefer // large services leave it out, and say so
			}
			d := departed(ctx, t)
			t.Cite(d.before.Exchanges...)
			judge("RFC7643-4.1.2-02", "the group among the user's groups", present(belongs(d.before, d.group.ID) != noMember, "such group"), Equal("such group"))
		})

	It("takes a user who is deleted out of their groups",
		spec.ID("groups.member-deleted"), spec.Covers("RFC7643-4.2-09"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := departed(ctx, t)
			t.Cite(d.left.Exchanges...)
			// The RFC does not say so; what a reader sees is a name that leads nowhere.
			t.Prefer("RFC7643-4.2-09", "the deleted user no longer a member", d.names(d.left), Not(ContainElement(d.leaves.UserName)))
			t.CheckThat("RFC7643-4.2-09", "the other member still in the group", d.names(d.left), ContainElement(d.stays.UserName))
			if d.found != nil && d.found.OK() {
				t.Cite(d.found.Exchanges...)
				t.CheckThat("RFC7643-4.2-09", "no group by the deleted user's id", present(holds(d.found, d.group.ID), "such group"), Equal("no such group"))
			}
		})

	It("takes a group that is deleted away from its members",
		spec.ID("groups.deleted"), spec.Covers("RFC7643-4.2-10"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := departed(ctx, t)
			t.Cite(d.gone.Exchanges...)
			t.CheckThat("RFC7643-4.2-10", "status 404 for the deleted group", d.gone.Status, Or(Equal(http.StatusNotFound), Equal(http.StatusGone)))
			t.Cite(d.after.Exchanges...)
			t.CheckThat("RFC7643-4.2-10", "the deleted group no longer among the user's groups", present(belongs(d.after, d.group.ID) != noMember, "such group"), Equal("no such group"))
		})
}

// deactivated makes a member inactive. Whether they stay in the group is the service's
// choice, of which Microsoft Entra ID expects one: it does not send memberships again when
// somebody returns.
func deactivated(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	c := mustCrew(ctx, t)
	user := scim.UserPath(c.leaves.ID)
	t.Patch(ctx, "deactivate a member", user, spec.Replace("active", false))
	away := readUntil(ctx, t, "read the user", user, func(r *scim.Reply) bool { active, known := r.Doc.Active(); return known && !active })
	if active, known := away.Doc.Active(); active || !known {
		t.NotTested("The service deactivates nobody by this PATCH, which is the matter of the check lifecycle.deactivate.patch-path.")
	}
	group := read(ctx, t, "read the group", c.path())
	t.CheckThat("RFC7643-4.2-11", "the other member still in the group", c.names(group), ContainElement(c.stays.UserName))
	if t.Chosen(dialects.Entra) || t.Chosen(dialects.EntraFlag) {
		t.Prefer("RFC7643-4.2-11", "the inactive user still in the group", c.names(group), ContainElement(c.leaves.UserName))
	}
	seen := "takes the user out of the group"
	if slices.Contains(c.names(group), c.leaves.UserName) {
		seen = "leaves the user in the group"
	}
	t.Record("RFC7643-4.2-11", "a deactivation", seen)
}

// departure is what is seen when a member of a group is deleted, and then the group.
type departure struct {
	crew
	before, left, found, gone, after *scim.Reply // found is nil where it was not asked for
}

// departed plays that once. Nobody uses the crew after it.
func departed(ctx context.Context, t *spec.T) departure {
	GinkgoHelper()
	return spec.Shared(t, "groups.departure", func() departure {
		d := departure{crew: mustCrew(ctx, t)}
		t.Discard(crewKey)
		stays, group := scim.UserPath(d.stays.ID), d.path()
		d.before = readUntil(ctx, t, "read a member", stays, func(r *scim.Reply) bool { return belongs(r, d.group.ID) != noMember })
		t.Send(ctx, "delete another member", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.DeleteUser(ctx, d.leaves.ID) })
		d.left = readUntil(ctx, t, "read the group", group, func(r *scim.Reply) bool {
			return r.OK() && !slices.Contains(d.names(r), d.leaves.UserName)
		})
		if t.Features.Gate(t.Context(ctx, ""), "filter").Open {
			d.found = t.Get(ctx, "look for groups of the deleted user", "/Groups?"+url.Values{"filter": {scim.Equals("members.value", d.leaves.ID)}}.Encode())
		}
		t.Send(ctx, "delete the group", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.DeleteGroup(ctx, d.group.ID) })
		d.gone = readUntil(ctx, t, "read the deleted group", group, func(r *scim.Reply) bool { return r.Status == http.StatusNotFound || r.Status == http.StatusGone })
		d.after = readUntil(ctx, t, "read the member", stays, func(r *scim.Reply) bool { return r.OK() && belongs(r, d.group.ID) == noMember })
		return d
	})
}

// holds tells whether a list has the group.
func holds(list *scim.Reply, id string) bool {
	return slices.ContainsFunc(list.Doc.Resources(), func(d scim.Document) bool { return d.Text("id") == id })
}
