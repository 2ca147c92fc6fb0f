package scim

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/scimproof/scimproof/suites/exchange"
)

// URNs of the core protocol.
const (
	UserSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	EnterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	PatchOpSchema    = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	SearchSchema     = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
	ListSchema       = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	ErrorSchema      = "urn:ietf:params:scim:api:messages:2.0:Error"
)

// CreateUser sends a POST to /Users. When the answer is lost, the user may exist
// all the same; so it is looked up by userName before the POST is repeated once.
func (c *Client) CreateUser(ctx context.Context, user Document) (*Reply, error) {
	reply, err := c.Do(ctx, http.MethodPost, "/Users", user)
	trouble := AsTrouble(err)
	if trouble == nil || ctx.Err() != nil || errors.Is(err, exchange.ErrBodyTooLarge) || exchange.IsTLS(err) {
		return reply, err
	}
	found, lookup := c.FindUser(ctx, user.Text("userName"))
	if lookup != nil {
		return nil, err
	}
	if existing := found.Doc.FindUser(user.Text("userName")); existing != nil {
		found.Doc, found.Exchanges, found.Recovered = existing, append(trouble.Exchanges, found.Exchanges...), true
		return found, nil
	}
	return c.Do(ctx, http.MethodPost, "/Users", user)
}

// GetUser sends a GET for one user.
func (c *Client) GetUser(ctx context.Context, id string) (*Reply, error) {
	return c.Do(ctx, http.MethodGet, UserPath(id), nil)
}

// AwaitUser sends GETs for one user who exists until one does not answer 404, for as
// long as the profile lets reads lag (limits.readLag). It returns the last reply.
func (c *Client) AwaitUser(ctx context.Context, id string) (*Reply, error) {
	return c.await(ctx, func() (*Reply, error) { return c.GetUser(ctx, id) })
}

// await reads until an answer is no 404, for as long as reads may lag.
func (c *Client) await(ctx context.Context, read func() (*Reply, error)) (*Reply, error) {
	for start := time.Now(); ; {
		reply, err := read()
		if err != nil || reply.Status != http.StatusNotFound || time.Since(start) >= c.readLag {
			return reply, err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// FindUser looks a user up as identity providers do: filter=userName eq "…".
func (c *Client) FindUser(ctx context.Context, userName string) (*Reply, error) {
	return c.Do(ctx, http.MethodGet, "/Users?"+equals("userName", userName), nil)
}

// PatchUser sends PATCH operations for one user.
func (c *Client) PatchUser(ctx context.Context, id string, operations ...map[string]any) (*Reply, error) {
	return c.Do(ctx, http.MethodPatch, UserPath(id), PatchOp(operations...))
}

// PatchOp is the message of a PATCH (RFC 7644 §3.5.2).
func PatchOp(operations ...map[string]any) Document {
	return Document{"schemas": []any{PatchOpSchema}, "Operations": operations}
}

// PutUser replaces one user.
func (c *Client) PutUser(ctx context.Context, id string, user Document) (*Reply, error) {
	return c.Do(ctx, http.MethodPut, UserPath(id), user)
}

// ErrAnswerLost is behind the Trouble of a DELETE that was repeated and found nobody, and of a
// write with If-Match that was repeated and found another version: it may have been carried
// out before, and how the target answered then is not known.
var ErrAnswerLost = errors.New("was repeated and refused as one is that had taken effect: its first answer was lost")

// DeleteUser deletes one user.
func (c *Client) DeleteUser(ctx context.Context, id string) (*Reply, error) {
	return c.Do(ctx, http.MethodDelete, UserPath(id), nil)
}

// UserPath is the path of a user below the SCIM base.
func UserPath(id string) string { return "/Users/" + url.PathEscape(id) }
