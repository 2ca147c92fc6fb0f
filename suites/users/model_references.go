package users

import (
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelReference is a $ref, where it was, and the id beside it.
type modelReference struct{ where, ref, id string }

func registerModelReferences() {
	It("refers to members, groups and managers by addresses that lead to them",
		spec.ID("users.model.references"), spec.Covers("RFC7643-2.3.7-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			references := modelReferences(ctx, t)
			if len(references) == 0 {
				t.NotTested("No member, group or manager has a $ref.")
			}
			// RFC 7643 §2.3.7: what is relative is so to the root of the service. The examples of
			// §8.2 and §8.3, which many services copy, begin at the endpoint instead.
			base := *t.SCIM.Base()
			base.Path, base.RawPath = strings.TrimSuffix(base.Path, "/")+"/", ""
			for _, r := range references {
				at, err := base.Parse(strings.TrimPrefix(r.ref, "../"))
				if !t.CheckThat("RFC7643-2.3.7-01", "an address as $ref of "+r.where, modelEither(err == nil, "an address", r.ref), Equal("an address")) {
					continue
				}
				modelReferred(ctx, t, r, at)
			}
		})
}

// modelReferred reads what a reference leads to.
func modelReferred(ctx SpecContext, t *spec.T, r modelReference, at *url.URL) {
	GinkgoHelper()
	reply, followed := modelFollow(ctx, t, "follow the $ref of "+r.where, at)
	if !followed { // the credential is for the service alone
		t.Prefer("RFC7643-2.3.7-01", "an address of the service as $ref of "+r.where, at.String(), HavePrefix(t.SCIM.Base().String()+"/"))
		return
	}
	t.CheckThat("RFC7643-2.3.7-01", "the resource "+r.id+" at the $ref of "+r.where, reply.Doc.Text("id"), Equal(r.id))
}

// modelReferences collects the references in the resources that checks only look at.
func modelReferences(ctx SpecContext, t *spec.T) []modelReference {
	GinkgoHelper()
	var list []modelReference
	note := func(where string, d scim.Document) {
		if ref := d.Text("$ref"); ref != "" && d.Text("value") != "" {
			list = append(list, modelReference{where, ref, d.Text("value")})
		}
	}
	if personCan(ctx, t, "groups") {
		member := mustMember(ctx, t)
		for _, m := range member.read.Doc.Objects("members") {
			note("a group's member", m)
		}
		user := personUntil(ctx, t, member.ID, func(r *scim.Reply) bool { return len(r.Doc.Objects("groups")) > 0 })
		for _, g := range user.Doc.Objects("groups") {
			note("a user's group", g)
		}
	}
	if personCan(ctx, t, "enterprise") {
		manager, _ := mustEmployee(ctx, t).read.Doc.Get(scim.EnterpriseSchema, "manager")
		if object, ok := manager.(map[string]any); ok {
			note("a user's manager", object)
		}
	}
	return list
}
