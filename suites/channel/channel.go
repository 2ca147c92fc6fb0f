// Package channel asks who may provision: a channel that takes any word lets anybody bring
// a leaver back, and one that breaks must say so (AS-40).
package channel

import (
	"context"
	"fmt"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// Story lists the ids of this package's checks.
func Story() []string { return []string{"channel"} }

// Register adds the checks to the spec tree.
func Register() {
	for _, o := range outsiders() {
		It("tells nobody anything, and does nothing, "+o.how,
			spec.ID("channel."+o.id), spec.Covers("RFC7644-2-01", "RFC7644-2-02", "AS-40"), spec.Needs(o.gate...),
			func(ctx SpecContext) { refuses(ctx, spec.From(ctx), o) })
	}
	registerRights()
	registerTenants()
	registerTransport()

	It("carries out what the identity source asks for right after a wrong credential was refused",
		spec.ID("channel.recovers"), spec.Covers("AS-40"), spec.On(reports.EventDeactivate, "patch-path"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			wrong := mustClient(t.SCIM.MadeUp())
			t.Send(ctx, "read with a made-up credential", func(ctx context.Context) (*scim.Reply, error) { return wrong.GetUser(ctx, user.ID) })
			reply := t.Send(ctx, "deactivate with the right one", func(ctx context.Context) (*scim.Reply, error) {
				return dialects.PatchPath().Send(ctx, t.SCIM, user.ID, false)
			})
			read, _ := t.ReadUntil(ctx, "read back", reading(t, user.ID), inactive)
			t.Effect(reports.Effect{
				Action: string(reports.EventDeactivate), Shape: "patch-path", Status: reply.Status,
				Wanted: "active: false", Seen: seen(inactive(read)), Achieved: inactive(read),
			}, "AS-40")
		})
}

func inactive(r *scim.Reply) bool { active, known := r.Doc.Active(); return known && !active }

func seen(inactive bool) string {
	if inactive {
		return "active: false"
	}
	return "active: true, or none"
}

// outsider is somebody whom the channel must refuse.
type outsider struct {
	id, how string
	gate    []string
	client  func(*spec.T) (*scim.Client, error)
	// challenged says that the refusal has to name how to do better (RFC 7644 §2).
	challenged bool
}

func outsiders() []outsider {
	return []outsider{
		{"no-credential", "without a credential", nil, func(t *spec.T) (*scim.Client, error) { return t.SCIM.Anonymous() }, true},
		{"made-up-credential", "for a made-up credential", nil, func(t *spec.T) (*scim.Client, error) { return t.SCIM.MadeUp() }, true},
		{"ended-credential", "for a credential whose time is over", []string{"ended-token"}, func(t *spec.T) (*scim.Client, error) {
			return t.SCIM.With(*t.Target.SCIM.Others.Ended)
		}, false},
		// A token that counts as a password, too, can be tried at pages that nobody watches.
		{"another-scheme", "for its own token under another scheme", []string{"bearer"}, func(t *spec.T) (*scim.Client, error) {
			return t.SCIM.With(target.Auth{Scheme: target.AuthBasic, Username: "scimproof", Password: t.Target.SCIM.Auth.Token})
		}, false},
	}
}

// refuses sends a read and a deactivation in an outsider's name, and looks whether anything
// was told or done.
func refuses(ctx SpecContext, t *spec.T, o outsider) {
	GinkgoHelper()
	user := keptUser(ctx, t)
	stranger := mustClient(o.client(t))
	read := t.Send(ctx, "read "+o.how, func(ctx context.Context) (*scim.Reply, error) { return stranger.GetUser(ctx, user.ID) })
	t.CheckThat("RFC7644-2-02", "status 401 for a read "+o.how, read.Status, Equal(http.StatusUnauthorized))
	t.CheckThat("RFC7644-2-01", "a refusal, and no page to sign in at, "+o.how, read.Status, And(BeNumerically(">=", http.StatusBadRequest), BeNumerically("<", 500)))
	if o.challenged && read.Status == http.StatusUnauthorized {
		t.CheckThat("RFC7644-2-01", "a header WWW-Authenticate on the 401", read.Header.Get("WWW-Authenticate"), Not(BeEmpty()))
	}
	t.CheckThat("AS-40", "nothing of the user in the answer to a read "+o.how, read.Doc.Text("userName"), BeEmpty())
	write := t.Send(ctx, "deactivate "+o.how, func(ctx context.Context) (*scim.Reply, error) {
		return dialects.PatchPath().Send(ctx, stranger, user.ID, false)
	})
	t.CheckThat("RFC7644-2-02", "status 401 for a write "+o.how, write.Status, Equal(http.StatusUnauthorized))
	unchanged(ctx, t, user, "AS-40", "a write "+o.how)
}

// unchanged looks whether the user is as before.
func unchanged(ctx SpecContext, t *spec.T, user witness, requirement, after string) {
	GinkgoHelper()
	read := t.Send(ctx, "read back", reading(t, user.ID))
	if !t.CheckThat(requirement, "the user as before after "+after, state(read), Equal(user.before)) {
		t.Discard(keptKey)
	}
}

// keptKey is where the user stands whom outsiders try to change.
const keptKey = "channel.user"

// witness is that user, with what was shown before anybody tried. active is optional, and a
// service without it has nothing there that an outsider could change.
type witness struct {
	*subject.Subject
	before string
}

func keptUser(ctx SpecContext, t *spec.T) witness {
	GinkgoHelper()
	return spec.Shared(t, keptKey, func() witness {
		user := t.MustKeptUser(ctx, nil)
		read := t.Send(ctx, "read before", reading(t, user.ID))
		if !read.OK() {
			t.NotTested("A user who was just created cannot be read.")
		}
		return witness{user, state(read)}
	})
}

// state is what an outsider's write would change.
func state(r *scim.Reply) string {
	if !r.OK() {
		return fmt.Sprintf("status %d", r.Status)
	}
	if active, there := r.Doc.Get("active"); there {
		return fmt.Sprintf("active: %v", active)
	}
	return "no active"
}

// mustClient is a client that is somebody else.
func mustClient(client *scim.Client, err error) *scim.Client {
	GinkgoHelper()
	Expect(err).NotTo(HaveOccurred())
	return client
}

func reading(t *spec.T, id string) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.AwaitUser(ctx, id) }
}
