// Package channel asks who may provision: a channel that takes any word lets anybody bring
// a leaver back, and one that breaks must say so (AS-40).
package channel

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// Story lists the ids of this package's checks.
func Story() []string { return []string{"channel"} }

// Register adds the checks to the spec tree.
func Register() {
	It("tells nobody anything, and does nothing, without a credential",
		spec.ID("channel.no-credential"), spec.Covers("RFC7644-2-02"),
		func(ctx SpecContext) { refuses(ctx, spec.From(ctx), (*scim.Client).Anonymous, "without a credential") })

	It("tells nobody anything, and does nothing, for a made-up credential",
		spec.ID("channel.made-up-credential"), spec.Covers("RFC7644-2-02"),
		func(ctx SpecContext) {
			refuses(ctx, spec.From(ctx), (*scim.Client).MadeUp, "with a made-up credential")
		})

	It("carries out what the identity source asks for right after a wrong credential was refused",
		spec.ID("channel.recovers"), spec.Covers("AS-40"), spec.On(reports.EventDeactivate, "patch-path"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			wrong := mustClient(t, (*scim.Client).MadeUp)
			t.Send(ctx, "read with a made-up credential", func(ctx context.Context) (*scim.Reply, error) { return wrong.GetUser(ctx, user.ID) })
			reply := t.Send(ctx, "deactivate with the right one", func(ctx context.Context) (*scim.Reply, error) {
				return dialects.PatchPath().Send(ctx, t.SCIM, user.ID, false)
			})
			inactive := func(r *scim.Reply) bool { active, known := r.Doc.Active(); return known && !active }
			read, _ := t.ReadUntil(ctx, "read back", reading(t, user), inactive)
			t.Effect(reports.Effect{
				Action: string(reports.EventDeactivate), Shape: "patch-path", Status: reply.Status,
				Wanted: "active: false", Seen: seen(inactive(read)), Achieved: inactive(read),
			}, "AS-40")
		})
}

func seen(inactive bool) string {
	if inactive {
		return "active: false"
	}
	return "active: true, or none"
}

// refuses sends a read and a deactivation under another credential, and looks whether
// anything was told or done.
func refuses(ctx SpecContext, t *spec.T, other func(*scim.Client) (*scim.Client, error), how string) {
	GinkgoHelper()
	user := t.MustUser(ctx)
	stranger := mustClient(t, other)
	read := t.Send(ctx, "read "+how, func(ctx context.Context) (*scim.Reply, error) { return stranger.GetUser(ctx, user.ID) })
	t.CheckThat("RFC7644-2-02", "status 401 for a read "+how, read.Status, Equal(http.StatusUnauthorized))
	t.CheckThat("RFC7644-2-02", "nothing of the user in the answer to a read "+how, read.Doc.Text("userName"), BeEmpty())
	write := t.Send(ctx, "deactivate "+how, func(ctx context.Context) (*scim.Reply, error) {
		return dialects.PatchPath().Send(ctx, stranger, user.ID, false)
	})
	t.CheckThat("RFC7644-2-02", "status 401 for a write "+how, write.Status, Equal(http.StatusUnauthorized))
	after := t.Send(ctx, "read back", reading(t, user))
	active, _ := after.Doc.Active()
	t.CheckThat("RFC7644-2-02", "the user as before after a write "+how, active, BeTrue())
}

// mustClient returns a client that is somebody else.
func mustClient(t *spec.T, other func(*scim.Client) (*scim.Client, error)) *scim.Client {
	GinkgoHelper()
	client, err := other(t.SCIM)
	Expect(err).NotTo(HaveOccurred())
	return client
}

func reading(t *spec.T, user *subject.Subject) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.AwaitUser(ctx, user.ID) }
}
