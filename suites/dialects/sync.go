package dialects

import (
	"context"

	"github.com/scimproof/scimproof/suites/scim"
)

// Sync is something that an identity provider sends in each of its cycles, also about a
// user who is inactive. It says nothing of active being true again.
type Sync struct {
	ID     string
	Sender string
	// NeedsGroup says that the form is about a group.
	NeedsGroup bool
	Send       func(ctx context.Context, c *scim.Client, user scim.Document, id, group string) (*scim.Reply, error)
}

// Syncs lists the forms. user is the user as it was created.
func Syncs() []Sync {
	return []Sync{
		{ID: "put-without-active", Sender: "clients whose mapping lacks active", Send: func(ctx context.Context, c *scim.Client, user scim.Document, id, _ string) (*scim.Reply, error) {
			again := user.Clone()
			delete(again, "active")
			delete(again, "password")
			return c.PutUser(ctx, id, again)
		}},
		{ID: "patch-displayname", Sender: "every provider, when a name changes", Send: func(ctx context.Context, c *scim.Client, user scim.Document, id, _ string) (*scim.Reply, error) {
			// The old name stays in the new one: pages are told apart by it.
			return c.PatchUser(ctx, id, map[string]any{"op": "replace", "path": "displayName", "value": user.Text("displayName") + " Away"})
		}},
		{ID: "post-again", Sender: "providers whose look-up does not find inactive users", Send: func(ctx context.Context, c *scim.Client, user scim.Document, _, _ string) (*scim.Reply, error) {
			again := user.Clone()
			delete(again, "active")
			delete(again, "password")
			return c.Do(ctx, "POST", "/Users", again)
		}},
		{ID: "member-add", Sender: "every provider that pushes groups", NeedsGroup: true, Send: func(ctx context.Context, c *scim.Client, _ scim.Document, id, group string) (*scim.Reply, error) {
			return c.PatchGroup(ctx, group, map[string]any{"op": "add", "path": "members", "value": []any{map[string]any{"value": id}}})
		}},
	}
}
