package acme

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-chi/chi/v5"
)

// OAuthClient is an application that may ask for tokens. Without a secret it is public.
type OAuthClient struct {
	ID, Secret   string
	RedirectURIs []string
}

// OAuth clients that people register for programs of their own. They act with the rights
// of who registered them:
//
//	POST   /api/oauth-clients        {"label"}: 201 {"id", "label", "client_id", "client_secret"}, shown this once
//	GET    /api/oauth-clients        lists one's own, without the secrets
//	DELETE /api/oauth-clients/{id}   204; its tokens end with it
//
// Such a client has the grant client_credentials and no other. It ends with its owner.
func (a *App) oauthClientRoutes(r chi.Router) {
	r.Post("/api/oauth-clients", a.signedIn(a.registerClient, Session, AccessToken))
	r.Get("/api/oauth-clients", a.signedIn(a.listOwn(RegisteredClient), Session, AccessToken))
	r.Delete("/api/oauth-clients/{id}", a.signedIn(a.deleteClient, Session, AccessToken))
}

func (a *App) registerClient(w http.ResponseWriter, r *http.Request, user *Account) {
	label := labelIn(w, r)
	if label == "" {
		return
	}
	c := a.mint(user, credential{
		kind: RegisteredClient, secret: "acme_secret_" + random(), label: label, client: "acme_client_" + random(), grant: random(),
	}, 0)
	writeJSON(w, http.StatusCreated, map[string]any{"id": c.id, "label": c.label, "client_id": c.client, "client_secret": c.secret})
}

func (a *App) deleteClient(w http.ResponseWriter, r *http.Request, user *Account) {
	for _, c := range a.good(user, RegisteredClient) {
		if c.id == chi.URLParam(r, "id") {
			a.endGrant(c)
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	apiError(w, http.StatusNotFound, "you have no such client")
}

// oauthClients lists the clients of the application itself: the command line's, which is
// public, and those of the configuration.
func (a *App) oauthClients() []OAuthClient {
	return append([]OAuthClient{{ID: "cli", RedirectURIs: []string{"http://127.0.0.1/callback"}}}, a.config.OAuthClients...)
}

func (a *App) oauthClient(id string) (OAuthClient, bool) {
	all := a.oauthClients()
	i := slices.IndexFunc(all, func(c OAuthClient) bool { return c.ID == id })
	if i < 0 {
		return OAuthClient{}, false
	}
	return all[i], true
}

// caller is the client that asks an endpoint for something.
type caller struct {
	id string
	// known reports a client of the application itself, and confidential one of them that
	// has proven who it is.
	known, confidential bool
	// owned is what a client has that somebody registered, else nil.
	owned *credential
}

// caller finds out which client sends a request, whose form is read (RFC 6749 §2.3). It
// is not proven where a secret is missing or wrong, or comes in two ways at once.
func (a *App) caller(r *http.Request) (by caller, proven bool) {
	by.id = r.PostForm.Get("client_id")
	secret := r.PostForm.Get("client_secret")
	if user, password, basic := r.BasicAuth(); basic {
		id, badID := url.QueryUnescape(user)
		other, badSecret := url.QueryUnescape(password)
		if badID != nil || badSecret != nil || secret != "" || by.id != "" && by.id != id {
			return by, false
		}
		by.id, secret = id, other
	}
	client, known := a.oauthClient(by.id)
	switch {
	case known:
		by.known, by.confidential = true, client.Secret != ""
		return by, subtle.ConstantTimeCompare([]byte(secret), []byte(client.Secret)) == 1
	case secret == "": // a client that nobody knows, and that gets nothing by its name
		return by, true
	}
	by.owned = a.credential(secret)
	return by, by.owned != nil && by.owned.kind == RegisteredClient && by.owned.client == by.id
}

// clientGrant is RFC 6749 §4.4. There is no refresh token (§4.4.3).
func (a *App) clientGrant(w http.ResponseWriter, _ *http.Request, by caller) {
	if by.owned == nil { // a client of the application itself speaks for nobody
		oauthError(w, unauthorizedClient)
		return
	}
	owner := a.use(by.owned.secret, RegisteredClient)
	if owner == nil {
		refuseClient(w)
		return
	}
	body := a.mintAccess(w, owner, by.id, by.owned.grant)
	if body == nil {
		return
	}
	// It may have been deleted meanwhile, before there was this token to end.
	if now := a.credential(by.owned.secret); now.spent {
		a.endGrant(now)
		refuseClient(w)
		return
	}
	writeJSON(w, http.StatusOK, body)
}

// refuseClient is the answer to a client that has not proven who it is (RFC 6749 §5.2).
func refuseClient(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Basic realm="oauth"`)
	writeJSON(w, http.StatusUnauthorized, map[string]any{"error": invalidClient})
}
