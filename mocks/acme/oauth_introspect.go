package acme

import (
	"crypto/subtle"
	"net/http"

	"github.com/go-chi/chi/v5"
)

// introspect tells a confidential client how a token stands (RFC 7662). Whatever is not
// good is just not active: nobody learns why (§2.2).
func (a *App) introspect(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	client, known := a.oauthClient(id)
	if !known || client.Secret == "" || subtle.ConstantTimeCompare([]byte(secret), []byte(client.Secret)) != 1 {
		w.Header().Set("WWW-Authenticate", `Basic realm="oauth"`)
		writeJSON(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	token := r.PostFormValue("token")
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
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	issuer := scheme + "://" + r.Host + a.prefix
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/oauth/authorize", "token_endpoint": issuer + "/oauth/token",
		"revocation_endpoint": issuer + "/oauth/revoke", "introspection_endpoint": issuer + "/oauth/introspect",
		"response_types_supported":         []any{"code"},
		"grant_types_supported":            []any{"authorization_code", "refresh_token", "password"},
		"code_challenge_methods_supported": []any{"S256"},
	})
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
