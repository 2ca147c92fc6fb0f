package scim

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// GroupSchema is the URN of the core Group (RFC 7643 §4.2).
const GroupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group"

// CreateGroup sends a POST to /Groups. A lost answer is not made good: whoever asked
// looks the group up by its displayName to remove it.
func (c *Client) CreateGroup(ctx context.Context, group Document) (*Reply, error) {
	return c.Do(ctx, http.MethodPost, "/Groups", group)
}

// GetGroup sends a GET for one group.
func (c *Client) GetGroup(ctx context.Context, id string) (*Reply, error) {
	return c.Do(ctx, http.MethodGet, GroupPath(id), nil)
}

// AwaitGroup reads a group that exists, as AwaitUser does a user.
func (c *Client) AwaitGroup(ctx context.Context, id string) (*Reply, error) {
	return c.await(ctx, func() (*Reply, error) { return c.GetGroup(ctx, id) })
}

// FindGroup looks a group up as identity providers do: filter=displayName eq "…".
func (c *Client) FindGroup(ctx context.Context, displayName string) (*Reply, error) {
	return c.Do(ctx, http.MethodGet, "/Groups?"+equals("displayName", displayName), nil)
}

// PatchGroup sends PATCH operations for one group.
func (c *Client) PatchGroup(ctx context.Context, id string, operations ...map[string]any) (*Reply, error) {
	return c.Do(ctx, http.MethodPatch, GroupPath(id), PatchOp(operations...))
}

// PutGroup replaces one group.
func (c *Client) PutGroup(ctx context.Context, id string, group Document) (*Reply, error) {
	return c.Do(ctx, http.MethodPut, GroupPath(id), group)
}

// DeleteGroup deletes one group.
func (c *Client) DeleteGroup(ctx context.Context, id string) (*Reply, error) {
	return c.Do(ctx, http.MethodDelete, GroupPath(id), nil)
}

// ServiceProviderConfig reads what the service says it can do (RFC 7643 §5).
func (c *Client) ServiceProviderConfig(ctx context.Context) (*Reply, error) {
	return c.Do(ctx, http.MethodGet, "/ServiceProviderConfig", nil)
}

// GroupPath is the path of a group below the SCIM base.
func GroupPath(id string) string { return "/Groups/" + url.PathEscape(id) }

// equals is the query of a look-up by one attribute.
func equals(attribute, value string) string {
	return url.Values{"filter": {Equals(attribute, value)}, "startIndex": {"1"}, "count": {"100"}}.Encode()
}

// Equals is the filter for one value of an attribute.
func Equals(attribute, value string) string {
	return attribute + ` eq "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}
