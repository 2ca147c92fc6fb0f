package dialects

import (
	"context"
	"strings"

	"github.com/scimproof/scimproof/suites/scim"
)

// FurtherShapes lists the forms that are sent now and then, or that RFC 7644 allows and
// a client may send tomorrow. A target that takes one must act on it.
func FurtherShapes() []Shape {
	return []Shape{
		{ID: "patch-text", Sender: "clients that write false as text in lower case", Send: patch(func(active bool) map[string]any {
			return map[string]any{"op": "replace", "path": "active", "value": strings.ToLower(text(active))}
		})},
		{ID: "patch-pathless-string", Sender: "clients that write False as text and name no path", Send: patch(func(active bool) map[string]any {
			return map[string]any{"op": "Replace", "value": map[string]any{"active": text(active)}}
		})},
		{ID: "patch-add", Sender: "clients that add what is there", Send: patch(func(active bool) map[string]any {
			return map[string]any{"op": "Add", "path": "active", "value": active}
		})},
		{ID: "patch-capital-path", Sender: "clients that spell Active with a capital", Send: patch(func(active bool) map[string]any {
			return map[string]any{"op": "replace", "path": "Active", "value": active}
		})},
		{ID: "patch-urn-path", Sender: "clients that write paths with their schema", Send: patch(func(active bool) map[string]any {
			return map[string]any{"op": "replace", "path": scim.UserSchema + ":active", "value": active}
		})},
		{ID: "patch-last-of-several", Sender: "Microsoft Entra ID, when something else changes in the same cycle", Clients: []string{Entra}, Also: leftTitle, Send: lastOfSeveral},
		{ID: "patch-echoed-id", Sender: "clients that send back the id that they read", Send: echoedID},
		{ID: "patch-list", Sender: "no known provider: a list of values in the place of one", Send: patch(func(active bool) map[string]any {
			return map[string]any{"op": "Replace", "path": "active", "value": []any{map[string]any{"value": text(active)}}}
		})},
		{ID: "bulk", Sender: "clients that gather changes (RFC 7644 §3.7)", Send: bulk},
	}
}

// AllShapes lists every form of a deactivation.
func AllShapes() []Shape { return append(Shapes(), FurtherShapes()...) }

// text spells a Boolean as Microsoft Entra ID does.
func text(active bool) string {
	if active {
		return "True"
	}
	return "False"
}

// leftTitle is the title that comes along with a deactivation of several operations. It is
// no name, by which pages tell whose they are.
const leftTitle = "Left"

func lastOfSeveral(ctx context.Context, c *scim.Client, id string, active bool) (*scim.Reply, error) {
	return c.PatchUser(ctx, id,
		map[string]any{"op": "Replace", "path": "title", "value": leftTitle},
		map[string]any{"op": "Replace", "path": "active", "value": text(active)})
}

func echoedID(ctx context.Context, c *scim.Client, id string, active bool) (*scim.Reply, error) {
	return c.PatchUser(ctx, id, map[string]any{"op": "replace", "value": map[string]any{"id": id, "active": active}})
}

// bulk sends the change as the only operation of a Bulk.
func bulk(ctx context.Context, c *scim.Client, id string, active bool) (*scim.Reply, error) {
	return c.BulkOne(ctx, "PATCH", "/Users/"+id, scim.Document{
		"schemas": []string{scim.PatchOpSchema}, "Operations": []any{map[string]any{"op": "replace", "path": "active", "value": active}},
	})
}
