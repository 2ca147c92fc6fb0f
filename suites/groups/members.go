package groups

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/spec"
)

func registerMembers() {
	It("names each member of a group by its id, and by an address under which it is found",
		spec.ID("groups.members.references"), spec.Covers("RFC7643-4.2-03"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			c := mustCrew(ctx, t)
			group := read(ctx, t, "read the group", c.path())
			t.CheckThat("RFC7643-4.2-03", "the ids of both members as their value", c.names(group), ConsistOf(c.both()))
			for _, m := range group.Doc.Objects("members") {
				if ref := m.Text("$ref"); ref != "" {
					leads(ctx, t, ref, m.Text("value"))
				}
			}
		})

	It("changes nothing when somebody is added who is a member already",
		spec.ID("groups.members.again"), spec.Covers("RFC7643-4.2-08"), spec.Needs("groups", "patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			c := mustCrew(ctx, t)
			reply := t.Patch(ctx, "add a member again", c.path(), adding(member(c.stays.ID, "User")))
			t.CheckThat("RFC7643-4.2-08", "status 200 or 204 for an add of a member", reply.Status, Or(Equal(http.StatusOK), Equal(http.StatusNoContent)))
			c.unchanged(ctx, t, "RFC7643-4.2-08", "each member once")
		})

	// A member is exchanged by taking one out and adding the other: what one element says stays.
	It("refuses to turn one member into another",
		spec.ID("groups.members.immutable"), spec.Covers("RFC7643-4.2-05"), spec.Needs("groups", "patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			c := mustCrew(ctx, t)
			reply := t.Patch(ctx, "give a member another value", c.path(),
				spec.Replace(fmt.Sprintf("members[value eq %q].value", c.stays.ID), c.leaves.ID))
			t.CheckThat("RFC7643-4.2-05", "status 400 for another value of a member", reply.Status, Equal(http.StatusBadRequest))
			if reason := reply.Doc.Text("scimType"); reason != "" { // that one is missing is the matter of other checks
				t.Prefer("RFC7643-4.2-05", "scimType mutability", reason, Equal("mutability"))
			}
			c.unchanged(ctx, t, "RFC7643-4.2-05", "the members as they were")
		})

	It("copes with a member whom nobody knows",
		spec.ID("groups.members.unknown"), spec.Covers("RFC7643-4.2-04", "RFC7644-3.12-01"), spec.Needs("groups", "patch"),
		func(ctx SpecContext) { unknown(ctx, spec.From(ctx)) })
}

// unchanged checks that the group has those members that it had.
func (c crew) unchanged(ctx SpecContext, t *spec.T, requirement, expected string) {
	GinkgoHelper()
	if group := read(ctx, t, "read the group back", c.path()); !t.CheckThat(requirement, expected, c.names(group), ConsistOf(c.both())) {
		t.Discard(crewKey)
	}
}

// unknown adds somebody who does not exist. A service may refuse that or not (RFC 7643
// §2.3.7), but whoever becomes a member before they exist may inherit what the group opens.
func unknown(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	c := mustCrew(ctx, t)
	phantom := "nobody-" + strings.ToLower(rand.Text())
	reply := t.Patch(ctx, "add somebody who does not exist", c.path(), adding(member(phantom, "User")))
	t.CheckThat("RFC7644-3.12-01", "success, or a refusal that is the client's error", reply.Status, BeNumerically("<", http.StatusInternalServerError))
	group := read(ctx, t, "read the group back", c.path())
	shown := slices.Contains(group.Doc.Values("members"), phantom)
	seen := "is refused"
	switch {
	case shown && !reply.OK():
		seen = "is refused, and shows the member all the same"
	case shown:
		seen = "is taken, and the member is shown"
	case reply.OK():
		seen = "is answered with success, and the member is not shown"
	}
	t.Record("RFC7643-4.2-04", "adding a member who does not exist", seen)
	if shown {
		t.Discard(crewKey)
	}
}

// leads follows a reference to a resource. Another address than the service's is not asked.
func leads(ctx SpecContext, t *spec.T, ref, id string) {
	GinkgoHelper()
	path, below := t.SCIM.Below(ref)
	if !below {
		judge := t.CheckThat
		if at, err := url.Parse(ref); err == nil && at.Host != t.SCIM.Base().Host {
			judge = t.Prefer // a proxy in between may know the service by another name
		}
		judge("RFC7643-4.2-03", "a $ref below "+t.SCIM.Base().String(), ref, HavePrefix(t.SCIM.Base().String()+"/"))
		return
	}
	found := t.Get(ctx, "follow the reference", path)
	t.CheckThat("RFC7643-4.2-03", "the member at the address "+ref, found.Doc.Text("id"), Equal(id))
}
