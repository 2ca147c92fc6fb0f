package groups

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerBasics() {
	It("refuses a group without a displayName",
		spec.ID("groups.display-name"), spec.Covers("RFC7643-4.2-01"), spec.Needs("groups"),
		func(ctx SpecContext) { nameless(ctx, spec.From(ctx)) })

	// Okta and Microsoft Entra ID make a group first and add its members later.
	It("creates and shows a group that has no members",
		spec.ID("groups.empty"), spec.Covers("RFC7643-4.2-02"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, g := range []struct {
				form string
				made spec.Newcomer
			}{
				{"without the attribute members", newcomer(ctx, t)},
				{"with an empty list of members", empty(ctx, t)},
			} {
				t.CheckThat("RFC7643-4.2-02", "success for a group "+g.form, g.made.Status, succeeds())
				if g.made.ID == "" {
					continue
				}
				shown := read(ctx, t, "read the group back", scim.GroupPath(g.made.ID))
				t.CheckThat("RFC7643-4.2-02", "status 200 for a group that exists", shown.Status, Equal(http.StatusOK))
				t.CheckThat("RFC7643-4.2-02", "no members of a group that was made "+g.form, shown.Doc.Values("members"), BeEmpty())
			}
		})

	It("keeps the externalId of a group",
		spec.ID("groups.external-id"), spec.Covers("RFC7643-4.2-12"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			made := newcomer(ctx, t)
			if made.ID == "" {
				t.NotTested("The service makes no group without members, which is the matter of the check groups.empty.")
			}
			shown := read(ctx, t, "read the group back", scim.GroupPath(made.ID))
			t.CheckThat("RFC7643-4.2-12", "the externalId that was sent", shown.Doc.Text("externalId"), Equal(externalID))
		})
}

// externalID is what the identity provider calls the shared group; two letter cases tell a
// service that folds them.
const externalID = "Scimproof-External-Id"

// newcomer is a group that was made without the attribute members.
func newcomer(ctx context.Context, t *spec.T) spec.Newcomer {
	GinkgoHelper()
	return kept(ctx, t, "groups.newcomer", "create a group without members", scim.Document{"externalId": externalID})
}

// empty is a group that was made with an empty list of members.
func empty(ctx context.Context, t *spec.T) spec.Newcomer {
	GinkgoHelper()
	return kept(ctx, t, "groups.empty", "create a group with an empty list of members", scim.Document{"members": []any{}})
}

// nameless sends a group without a name. The schema of RFC 7643 §8.7.1 contradicts the text
// of §4.2, so that a service which publishes that one misleads nobody.
func nameless(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	judge := t.CheckThat
	if schema, served := t.Features.Schema(t.Context(ctx, ""), scim.GroupSchema); served {
		if a, has := schema.Find("displayName"); has && !a.Required {
			judge = t.Prefer
		}
	}
	mark := t.Subjects.DraftGroup().DisplayName
	made := t.PostGroup(ctx, "create a group without displayName", mark, scim.Request{
		Body: scim.Document{"schemas": []any{scim.GroupSchema}, "externalId": mark},
	})
	judge("RFC7643-4.2-01", "status 400 for a group without displayName", made.Status, Equal(http.StatusBadRequest))
	if made.OK() {
		return
	}
	look := t.Get(ctx, "look for the group that was refused", "/Groups?"+url.Values{"filter": {scim.Equals("externalId", mark)}}.Encode())
	if look.OK() { // a look-up that is refused shows nothing
		there := slices.ContainsFunc(look.Doc.Resources(), func(d scim.Document) bool { return d.Text("externalId") == mark })
		t.CheckThat("RFC7643-4.2-01", "no group after the refusal", present(there, "group"), Equal("no group"))
	}
}
