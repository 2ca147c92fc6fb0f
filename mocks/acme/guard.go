package acme

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// What is guarded, for people who are signed in (session or token):
//
//	GET /api/groups/{id}/page      for the members of a group, direct and nested
//	GET /api/roles/{role}/page     for those who have a role
//	GET /api/documents/{name}      for those to whom an administrator granted it
//	GET /api/access                what is open to oneself, and through what
//
// 403 is for who may not. Each answer that is given names who asked, so that it can be
// told from another's.
func (a *App) guardRoutes(r chi.Router) {
	kinds := []CredentialKind{Session, AccessToken, PersonalToken, ServiceToken, Impersonation}
	r.Get("/api/groups/{id}/page", a.signedIn(a.guarded("group "), kinds...))
	r.Get("/api/roles/{id}/page", a.signedIn(a.guarded("role "), kinds...))
	r.Get("/api/documents/{id}", a.signedIn(a.guarded("document "), kinds...))
	r.Get("/api/access", a.signedIn(func(w http.ResponseWriter, _ *http.Request, user *Account) {
		writeJSON(w, http.StatusOK, a.holds(user))
	}, kinds...))
}

// guarded answers with a page, to whom it is open.
func (a *App) guarded(what string) func(http.ResponseWriter, *http.Request, *Account) {
	return func(w http.ResponseWriter, r *http.Request, user *Account) {
		resource := what + chi.URLParam(r, "id")
		if !a.may(user, resource) {
			apiError(w, http.StatusForbidden, "this is not open to you")
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{"resource": resource, "reader": user.User.Text("displayName")})
	}
}

// may decides whether somebody may use what is guarded.
func (a *App) may(who *Account, resource string) bool {
	g := &Grant{Who: who, Resource: resource, Now: a.config.Now()}
	if slices.Contains(a.holds(who), resource) {
		g.Through = resource
	}
	for _, l := range a.lossesOf(who) {
		if l.Through == resource {
			g.Lost = append(g.Lost, l)
		}
	}
	g.Allowed = g.Through != ""
	for _, hook := range a.config.Hooks.JudgeGrant {
		hook(g)
	}
	return g.Allowed
}

// holds lists what is open to somebody: their groups by id, their roles, and what was
// granted to them. A group is known by its id: another of the same name opens nothing.
func (a *App) holds(who *Account) []string {
	out := []string{}
	a.store.view(func(v view) {
		r := v.account(who.serial)
		if r == nil || r.deleted || who.serial == 0 {
			return
		}
		doc := r.shown(v)
		for _, g := range model.Objects(doc["groups"]) {
			out = append(out, "group "+model.Resource(g).Text("value"))
		}
		for _, role := range rolesOf(doc) {
			out = append(out, "role "+role)
		}
		for _, name := range r.grants {
			out = append(out, "document "+name)
		}
	})
	return out
}

// lossesOf lists what somebody held once.
func (a *App) lossesOf(who *Account) (lost []Loss) {
	a.store.view(func(v view) {
		if r := v.account(who.serial); r != nil {
			lost = r.losses
		}
	})
	return lost
}

// rolesOf lists the values of the attribute roles, in lower case.
func rolesOf(user Resource) []string {
	var out []string
	for _, role := range model.Objects(user["roles"]) {
		if value, _ := role["value"].(string); value != "" {
			out = append(out, strings.ToLower(value))
		}
	}
	return out
}
