package channel

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerTenants adds the checks of two tenants of one service (RFC 7644 §6).
func registerTenants() {
	It("refuses the credential of another tenant",
		spec.ID("channel.tenant.credential"), spec.Covers("RFC7644-6-01"), spec.Needs("second-tenant"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := keptUser(ctx, t)
			mustOtherTenant(ctx, t)
			neighbour := mustClient(t.SCIM.With(t.Target.SCIM.Others.OtherTenant.Auth))
			read := t.Send(ctx, "read with another tenant's credential", func(ctx context.Context) (*scim.Reply, error) { return neighbour.GetUser(ctx, user.ID) })
			t.CheckThat("RFC7644-6-01", "nothing of the user in the answer to another tenant", read.Doc.Text("userName"), BeEmpty())
			t.Send(ctx, "deactivate with another tenant's credential", func(ctx context.Context) (*scim.Reply, error) {
				return dialects.PatchPath().Send(ctx, neighbour, user.ID, false)
			})
			unchanged(ctx, t, user, "RFC7644-6-01", "a write with another tenant's credential")
		})

	It("shows one tenant no user of another, by id or in a list",
		spec.ID("channel.tenant.reads"), spec.Covers("RFC7644-6-01"), spec.Needs("second-tenant"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := keptUser(ctx, t)
			there := mustOtherTenant(ctx, t)
			read := t.Send(ctx, "read another tenant's user by id", func(ctx context.Context) (*scim.Reply, error) { return there.GetUser(ctx, user.ID) })
			t.CheckThat("RFC7644-6-01", "no user of another tenant by id", read.Doc.Text("userName"), BeEmpty())
			list := t.Send(ctx, "list without a filter", func(ctx context.Context) (*scim.Reply, error) {
				return there.Do(ctx, http.MethodGet, "/Users?count=100", nil)
			})
			t.CheckThat("RFC7644-6-01", "no user of another tenant in a list", named(list, user.UserName), Equal("nobody"))
		})

	// RFC 7643 §3.1 leaves the uniqueness of externalId to the client, and §6.2 of RFC 7644 to one tenant.
	It("lets two tenants use the same externalId",
		spec.ID("channel.tenant.external-id"), spec.Covers("RFC7644-6.2-01"), spec.Needs("second-tenant"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user, twin := keptUser(ctx, t), t.Subjects.Draft()
			twin.ExternalID = user.ExternalID
			made := t.PostUserAs(ctx, mustOtherTenant(ctx, t), "create with the externalId of another tenant's user", twin.UserName, scim.Request{Body: twin.Document(t.Target.SCIM.UserExtra)})
			t.CheckThat("RFC7644-6.2-01", "status 201 for an externalId that another tenant uses", made.Status, Equal(http.StatusCreated))
		})

	It("takes no cursor that another tenant was given",
		spec.ID("channel.tenant.cursor"), spec.Covers("RFC9865-5-01"), spec.Needs("cursor", "second-tenant"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			there := mustOtherTenant(ctx, t)
			keptUser(ctx, t) // so that there are two pages
			t.MustUser(ctx)
			first := t.Get(ctx, "read the first page", "/Users?count=1&cursor=")
			cursor := first.Doc.Text("nextCursor")
			if cursor == "" {
				t.NotTested("The first page names no next cursor.")
			}
			// Where the resources of a page cannot be read, none of this tenant is seen on another either.
			Expect(first.Doc.Resources()).NotTo(BeEmpty())
			page := t.Send(ctx, "go on in another tenant", func(ctx context.Context) (*scim.Reply, error) {
				return there.Do(ctx, http.MethodGet, "/Users?"+url.Values{"count": {"1"}, "cursor": {cursor}}.Encode(), nil)
			})
			strangers := 0
			for _, r := range page.Doc.Resources() {
				if back := t.Get(ctx, "look for the resource here", scim.UserPath(r.Text("id"))); back.OK() {
					strangers++
				}
			}
			t.CheckThat("RFC9865-5-01", "no resource of this tenant on the page", strangers, BeZero())
		})
}

func named(list *scim.Reply, userName string) string {
	if list.Doc.FindUser(userName) != nil {
		return "a user of another tenant"
	}
	return "nobody"
}

// mustOtherTenant is the other tenant's own client. One whose credential is not good there would
// be shown nothing anywhere, so that there is no verdict.
func mustOtherTenant(ctx SpecContext, t *spec.T) *scim.Client {
	GinkgoHelper()
	return spec.Shared(t, "channel.other-tenant", func() *scim.Client {
		there := mustClient(t.SCIM.OfTenant(*t.Target.SCIM.Others.OtherTenant))
		list := t.Send(ctx, "see that the credential is good", func(ctx context.Context) (*scim.Reply, error) {
			return there.Do(ctx, http.MethodGet, "/Users?count=1", nil)
		})
		if !list.OK() {
			t.NotTested(fmt.Sprintf("The other tenant (scim.others.otherTenant) answers %d to its own credential.", list.Status))
		}
		return there
	})
}
