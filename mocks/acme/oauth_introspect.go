package acme

import (
	"maps"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
)

// introspect tells a confidential client how a token stands (RFC 7662). Whatever is not
// good is just not active: nobody learns why (§2.2).
func (a *App) introspect(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		oauthError(w, invalidRequest)
		return
	}
	if by, proven := a.caller(r); !proven || !by.confidential {
		refuseClient(w)
		return
	}
	token := r.PostForm.Get("token")
	held := a.credential(token)
	user := a.use(token, AccessToken, RefreshToken)
	if held == nil || user == nil {
		writeJSON(w, http.StatusOK, map[string]any{"active": false})
		return
	}
	body := map[string]any{
		"active": true, "sub": user.User.Text("id"), "username": user.User.Text("userName"), "client_id": held.client,
		"token_type": "Bearer", "iat": held.issuedAt.Unix(),
	}
	if !held.expires.IsZero() {
		body["exp"] = held.expires.Unix()
	}
	writeJSON(w, http.StatusOK, body)
}

// metadata says where the endpoints are (RFC 8414).
func (a *App) metadata(w http.ResponseWriter, r *http.Request) {
	issuer := a.issuer(r)
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/oauth/authorize", "token_endpoint": issuer + "/oauth/token",
		"revocation_endpoint": issuer + "/oauth/revoke", "introspection_endpoint": issuer + "/oauth/introspect",
		"device_authorization_endpoint":                 issuer + devicePath,
		"response_types_supported":                      []any{"code"},
		"grant_types_supported":                         slices.Sorted(maps.Keys(a.grantsByType())),
		"code_challenge_methods_supported":              []any{"S256"},
		"token_endpoint_auth_methods_supported":         []any{"none", "client_secret_basic", "client_secret_post"},
		"introspection_endpoint_auth_methods_supported": []any{"client_secret_basic", "client_secret_post"},
	})
}

// issuer is the name of this authorization server (RFC 8414 §2).
func (a *App) issuer(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + a.prefix
}

// grants lists what applications may do for somebody, newest last.
func (a *App) grants(w http.ResponseWriter, _ *http.Request, user *Account) {
	list := []any{}
	for _, c := range a.good(user, RefreshToken) {
		list = append(list, map[string]any{"id": c.grant, "client": c.client, "since": c.issuedAt})
	}
	writeJSON(w, http.StatusOK, list)
}

func (a *App) endOwnGrant(w http.ResponseWriter, r *http.Request, user *Account) {
	for _, c := range a.good(user, RefreshToken) {
		if c.grant == chi.URLParam(r, "id") {
			a.endGrant(c)
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	apiError(w, http.StatusNotFound, "you gave no such grant")
}
