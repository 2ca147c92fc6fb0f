package acme

import (
	"cmp"
	"context"
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"time"
)

// SCIMClient is somebody who may provision, or at least read.
type SCIMClient struct {
	Name, Token string
	Scope       Scope
	// Expires is when the token ends; zero for never.
	Expires time.Time
}

// clients lists who may speak SCIM: the identity provider first.
func (a *App) clients() []SCIMClient {
	return append([]SCIMClient{{Name: "identity-provider", Token: a.config.SCIMToken, Scope: ReadWrite}}, a.config.Clients...)
}

// clientWith returns the client who has a token.
func (a *App) clientWith(token string) (SCIMClient, bool) {
	for _, c := range a.clients() {
		if token != "" && subtle.ConstantTimeCompare([]byte(token), []byte(c.Token)) == 1 {
			return c, true
		}
	}
	return SCIMClient{}, false
}

// provisions reports whether a name is that of a SCIM client.
func (a *App) provisions(name string) bool {
	return slices.ContainsFunc(a.clients(), func(c SCIMClient) bool { return c.Name == name })
}

// authenticate asks for a token, and whether it is good for the request: 401 for who
// is unknown and 403 for who may not (RFC 7644 §2, §3.12).
func (a *App) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := a.identify(r)
		c.Refuse = c.judge()
		for _, hook := range a.config.Hooks.JudgeClient {
			hook(c)
		}
		a.noteClient(c)
		if c.Refuse != nil {
			reply := errorReply(c.Refuse)
			reply.Header = http.Header{}
			if challenge := c.challenge(); challenge != "" {
				reply.Header.Set("WWW-Authenticate", challenge)
			}
			a.send(w, r, reply)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clientKey{}, c)))
	})
}

// noteClient keeps for a monitor how it went with a client, and puts a refusal into the
// audit log.
func (a *App) noteClient(c *Client) {
	name := cmp.Or(c.Name, "unknown")
	a.channels.note(name, a.config.Now().UTC(), c.Refuse != nil)
	if c.Refuse != nil {
		a.audit(name, "scim", c.Request.Method+" "+c.Request.URL.Path, c.Refuse)
	}
}

// identify finds out whose token a request has: a provisioning client's, or an
// access token that a person has of the product.
func (a *App) identify(r *http.Request) *Client {
	token := bearer(r)
	c := &Client{Sent: token != "", Request: r}
	if known, ok := a.clientWith(token); ok {
		c.Name, c.Scope = known.Name, known.Scope
		c.Expired = !known.Expires.IsZero() && !a.config.Now().Before(known.Expires)
		return c
	}
	if a.sister != nil {
		_, c.Foreign = a.sister.clientWith(token)
	}
	if user := a.use(token, AccessToken); user != nil {
		c.Name, c.Scope, c.User = user.User.Text("userName"), Own, user
	}
	return c
}

// judge decides what a client may do.
func (c *Client) judge() *Error {
	reads := isGet(c.Request) || c.Request.Method == http.MethodPost && strings.HasSuffix(c.Request.URL.Path, "/.search")
	switch {
	case c.forAnybody():
		return nil
	case c.Scope == Nothing || c.Expired:
		return &Error{Status: http.StatusUnauthorized, Detail: "a valid bearer token is required"}
	case c.Scope == Own && !ownPath(c.Request):
		return &Error{Status: http.StatusForbidden, Detail: "this token is good for /Me and discovery only"}
	case c.Scope == ReadOnly && !reads:
		return &Error{Status: http.StatusForbidden, Detail: "this token may only read"}
	}
	return nil
}

// forAnybody reports a request without a credential for the way to sign in, which is no
// secret (RFC 7643 §5, authenticationSchemes).
func (c *Client) forAnybody() bool {
	return c.Request.Header.Get("Authorization") == "" && isGet(c.Request) && strings.HasSuffix(c.Request.URL.Path, "/ServiceProviderConfig")
}

// challenge says how to do better (RFC 6750 §3); empty where no token would help.
func (c *Client) challenge() string {
	switch {
	case c.Refuse.Status == http.StatusUnauthorized && c.Sent:
		return `Bearer realm="scim", error="invalid_token"`
	case c.Refuse.Status == http.StatusUnauthorized:
		return `Bearer realm="scim"`
	case c.Refuse.Status == http.StatusForbidden:
		return `Bearer realm="scim", error="insufficient_scope"`
	}
	return ""
}

// ownPath reports what a person may ask for with a token of their own.
func ownPath(r *http.Request) bool {
	_, path, _ := strings.Cut(r.URL.Path, "/scim")
	first, _, _ := strings.Cut(strings.TrimPrefix(inVersion(path), "/"), "/")
	switch first {
	case "Me", "ServiceProviderConfig", "Schemas", "ResourceTypes":
		return isGet(r)
	}
	return false
}

// isGet reports a GET, or a HEAD, which is a GET without a body (RFC 9110 §9.3.2).
func isGet(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// clientKey is where a request keeps its client.
type clientKey struct{}

// client returns who sent a SCIM request.
func client(r *http.Request) *Client {
	c, _ := r.Context().Value(clientKey{}).(*Client)
	return c
}

// clientOf returns the name of who sent a SCIM request.
func clientOf(r *http.Request) string {
	if c := client(r); c != nil {
		return c.Name
	}
	return ""
}
