package acme

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// apiRoutes are the product's own API. Bodies are JSON:
//
//	POST   /api/login         {"username", "password"}: 200 {"user", "session"}, and the session's cookie
//	GET    /api/me            who is signed in
//	POST   /api/tokens        {"label"}: 201 {"id", "label", "token"}, shown this once
//	GET    /api/tokens        lists them, without the tokens
//	DELETE /api/tokens/{id}   takes one back; 204
//
// All but the first take the session's cookie or a bearer token (RFC 6750).
func (a *App) apiRoutes(r chi.Router) {
	r.Post("/api/login", a.apiLogin)
	r.Get("/api/me", a.signedIn(func(w http.ResponseWriter, _ *http.Request, user *Account) {
		writeJSON(w, http.StatusOK, profileOf(user))
	}, Session, AccessToken, PersonalToken, CachedCookie, ServiceToken, Impersonation))
	// A personal token cannot make more of its kind.
	r.Post("/api/tokens", a.signedIn(a.createToken, Session, AccessToken))
	r.Get("/api/tokens", a.signedIn(a.listOwn(PersonalToken), Session, AccessToken))
	r.Delete("/api/tokens/{id}", a.signedIn(a.deleteOwn(PersonalToken), Session, AccessToken))
	a.appPasswordRoutes(r)
	a.sshKeyRoutes(r)
}

// apiLogin is the local password sign-in for scripts.
func (a *App) apiLogin(w http.ResponseWriter, r *http.Request) {
	var body struct{ Username, Password string }
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		apiError(w, http.StatusBadRequest, "the body is not JSON of the form {username, password}")
		return
	}
	user := a.signIn(body.Username, body.Password)
	if user == nil {
		apiError(w, http.StatusUnauthorized, errWrongPassword.Error())
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"user": profileOf(user), "session": a.startSession(w, user)})
}

// signedIn lets a request through with a live credential of one of the kinds: the
// bearer token if there is one, else the session cookie.
func (a *App) signedIn(next func(http.ResponseWriter, *http.Request, *Account), kinds ...CredentialKind) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var user *Account
		token := bearer(r)
		if token == "" && slices.Contains(kinds, CachedCookie) {
			user = a.cachedUser(r)
		}
		switch {
		case user != nil:
		case token == "":
			user = a.visitor(w, r)
		case a.isToken(token):
			user = a.use(token, kinds...)
		}
		if user == nil {
			w.Header().Set("WWW-Authenticate", `Bearer realm="api"`)
			apiError(w, http.StatusUnauthorized, "sign in first")
			return
		}
		next(w, r, user)
	}
}

// isToken reports whether a secret is a token: a session must not pass for one.
func (a *App) isToken(secret string) bool {
	c := a.credential(secret)
	return c != nil && c.kind != Session
}

// profileOf is what the product shows of a person.
func profileOf(user *Account) map[string]any {
	email := ""
	for _, e := range model.Objects(user.User["emails"]) {
		if email == "" || e["primary"] == true {
			email, _ = e["value"].(string)
		}
	}
	groups := []any{}
	for _, g := range model.Objects(user.User["groups"]) {
		groups = append(groups, g["display"])
	}
	return map[string]any{
		"id": user.User.Text("id"), "userName": user.User.Text("userName"), "displayName": user.User.Text("displayName"),
		"email": email, "groups": groups,
	}
}

// createToken issues a personal token. It is shown this once.
func (a *App) createToken(w http.ResponseWriter, r *http.Request, user *Account) {
	if label := labelIn(w, r); label != "" {
		c := a.mint(user, credential{kind: PersonalToken, secret: "acme_pat_" + random(), label: label}, 0)
		writeJSON(w, http.StatusCreated, map[string]any{"id": c.id, "label": c.label, "token": c.secret})
	}
}

// labelIn reads a body of the form {label}. Without one it answers and returns "".
func labelIn(w http.ResponseWriter, r *http.Request) string {
	var body struct{ Label string }
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.Label == "" {
		apiError(w, http.StatusBadRequest, "the body must be JSON with a label")
		return ""
	}
	return body.Label
}

// listOwn lists what somebody has of a kind, without the secrets.
func (a *App) listOwn(kind CredentialKind) func(http.ResponseWriter, *http.Request, *Account) {
	return func(w http.ResponseWriter, _ *http.Request, user *Account) {
		list := []any{}
		for _, c := range a.good(user, kind) {
			list = append(list, map[string]any{"id": c.id, "label": c.label})
		}
		writeJSON(w, http.StatusOK, list)
	}
}

// deleteOwn takes one back of what somebody has of a kind.
func (a *App) deleteOwn(kind CredentialKind) func(http.ResponseWriter, *http.Request, *Account) {
	return func(w http.ResponseWriter, r *http.Request, user *Account) {
		id := chi.URLParam(r, "id")
		for _, c := range a.good(user, kind) {
			if c.id == id && a.spend(c.secret) {
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		apiError(w, http.StatusNotFound, "no such "+string(kind))
	}
}

func apiError(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, map[string]any{"error": message})
}

// writeJSON answers with what is a person's own, or a secret: nothing may keep it.
func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A client that went away gets no answer.
	_ = json.NewEncoder(w).Encode(body)
}
