package acme

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
)

// apiRoutes are the product's own API.
func (a *App) apiRoutes(r chi.Router) {
	r.Post("/api/login", a.apiLogin)
	r.Get("/api/me", a.signedIn(func(w http.ResponseWriter, _ *http.Request, user Resource) {
		writeJSON(w, http.StatusOK, profileOf(user))
	}))
	r.Post("/api/tokens", a.signedIn(a.createToken))
	r.Get("/api/tokens", a.signedIn(a.listTokens))
	r.Delete("/api/tokens/{id}", a.signedIn(a.deleteToken))
}

// apiLogin is the local password log-in for scripts.
func (a *App) apiLogin(w http.ResponseWriter, r *http.Request) {
	var body struct{ Username, Password string }
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&body) != nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "the body is not JSON"})
		return
	}
	user := a.signIn(body.Username, body.Password)
	if user == nil {
		writeJSON(w, http.StatusUnauthorized, map[string]any{"error": "name or password is wrong"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"user": profileOf(user), "session": a.startSession(w, user)})
}

// signedIn lets a request through with a live session, access token or personal
// access token.
func (a *App) signedIn(next func(http.ResponseWriter, *http.Request, Resource)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user := a.sessionUser(r)
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			user = a.vault.use(token, AccessToken, PAT)
		}
		if user == nil {
			w.Header().Set("WWW-Authenticate", `Bearer realm="api"`)
			writeJSON(w, http.StatusUnauthorized, map[string]any{"error": "sign in first"})
			return
		}
		next(w, r, user)
	}
}

func profileOf(user Resource) map[string]any {
	email := ""
	if list := objects(user["emails"]); len(list) > 0 {
		email, _ = list[0]["value"].(string)
	}
	groups := []any{}
	for _, g := range objects(user["groups"]) {
		groups = append(groups, g["display"])
	}
	return map[string]any{
		"id": user.Text("id"), "userName": user.Text("userName"), "displayName": user.Text("displayName"), "email": email, "groups": groups,
	}
}

// createToken mints a personal access token. It is shown this once.
func (a *App) createToken(w http.ResponseWriter, r *http.Request, user Resource) {
	var body struct{ Label string }
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&body) != nil || body.Label == "" {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "a label is required"})
		return
	}
	secret := "acme_pat_" + random()
	h := a.vault.mint(PAT, user.Text("id"), secret, body.Label, 0)
	writeJSON(w, http.StatusCreated, map[string]any{"id": h.id, "label": h.label, "token": secret})
}

func (a *App) listTokens(w http.ResponseWriter, _ *http.Request, user Resource) {
	list := []any{}
	for _, h := range a.vault.of(user.Text("id"), PAT) {
		list = append(list, map[string]any{"id": h.id, "label": h.label})
	}
	writeJSON(w, http.StatusOK, list)
}

func (a *App) deleteToken(w http.ResponseWriter, r *http.Request, user Resource) {
	if !a.vault.drop(user.Text("id"), chi.URLParam(r, "id")) {
		writeJSON(w, http.StatusNotFound, map[string]any{"error": "no such token"})
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
