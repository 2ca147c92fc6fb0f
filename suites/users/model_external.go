package users

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerModelExternalID() {
	It("keeps an externalId in the letters in which it was sent, and takes another one",
		spec.ID("users.identity.external-id"), spec.Covers("RFC7643-3.1-07", "RFC7643-3.1-10"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			first, second := "AbC-"+s.ExternalID, "xYz-"+s.ExternalID
			user := t.MustUserWith(ctx, map[string]any{"externalId": first})
			shown := personRead(ctx, t, user.ID).Doc.Text("externalId")
			if shown == "" {
				// The attribute is optional.
				t.Prefer("RFC7643-3.1-07", "the externalId that was sent, "+first, shown, Equal(first))
			} else {
				t.CheckThat("RFC7643-3.1-07", "the externalId that was sent, "+first, shown, Equal(first))
			}
			// Companies change their identity provider, whose ids are others.
			reply := personSets(ctx, t, user, "give another externalId", "externalId", second)
			if !t.Prefer("RFC7643-3.1-10", "success of a change of externalId", reply.Status, createDone()) || shown == "" {
				return
			}
			read := personUntil(ctx, t, user.ID, func(r *scim.Reply) bool { return r.Doc.Text("externalId") == second })
			t.CheckThat("RFC7643-3.1-10", "the new externalId, "+second, read.Doc.Text("externalId"), Equal(second))
		})
}
