// Package dialects holds what identity providers really send: the same event in
// the forms in which it reaches an application.
package dialects

import (
	"context"

	"github.com/scimproof/scimproof/suites/scim"
)

// Shape is one form in which providers set the attribute active.
type Shape struct {
	ID     string // part of check ids
	Sender string // who sends it
	// Clients are the ids of the identity providers that send it. While none of them is chosen
	// a target may refuse it, openly.
	Clients []string
	// Also is the title that the form sets beside a deactivation; empty for none.
	Also string
	Send func(ctx context.Context, c *scim.Client, id string, active bool) (*scim.Reply, error)
}

// Shapes lists the four forms that between them cover the providers in wide use.
func Shapes() []Shape {
	return []Shape{
		{ID: "patch-pathless", Sender: "Okta catalogue integrations", Clients: []string{OktaOIN}, Send: patch(func(active bool) map[string]any {
			return map[string]any{"op": "replace", "value": map[string]any{"active": active}}
		})},
		PatchPath(),
		{ID: "patch-string", Sender: "Microsoft Entra ID by default", Clients: []string{Entra}, Send: patch(func(active bool) map[string]any {
			return map[string]any{"op": "Replace", "path": "active", "value": text(active)}
		})},
		{ID: "put", Sender: "Okta custom integrations, OneLogin, PingFederate", Clients: []string{OktaAIW, OneLogin, JumpCloud, PingFederate}, Send: put},
	}
}

// PatchPath is the form that RFC 7644 §3.5.2 shows, and the one for events whose
// point is another.
func PatchPath() Shape {
	return Shape{
		ID: "patch-path", Sender: "Microsoft Entra ID with aadOptscim062020, SailPoint", Clients: []string{EntraFlag, SailPoint, IPSIE, InteropDraft},
		Send: patch(func(active bool) map[string]any {
			return map[string]any{"op": "replace", "path": "active", "value": active}
		}),
	}
}

func patch(operation func(active bool) map[string]any) func(context.Context, *scim.Client, string, bool) (*scim.Reply, error) {
	return func(ctx context.Context, c *scim.Client, id string, active bool) (*scim.Reply, error) {
		return c.PatchUser(ctx, id, operation(active))
	}
}

// put reads the user and sends all of it back with active changed, as providers
// do. The password is not among what can be read, so it is not sent. A new user may not
// be seen at once where reads lag.
func put(ctx context.Context, c *scim.Client, id string, active bool) (*scim.Reply, error) {
	read, err := c.AwaitUser(ctx, id)
	if err != nil || !read.OK() || read.Doc == nil {
		return read, err
	}
	user := read.Doc.Clone()
	user["active"] = active
	return c.PutUser(ctx, id, user)
}
