package acme

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// The administrator's console, for people with the role admin (session or token).
// Bodies are JSON; {id} is a user's:
//
//	POST   /api/admin/users                         {"userName", "password", "email"}: a local account; 201
//	POST   /api/admin/users/{id}/enable, …/disable  204; SCIM shows it at once
//	POST   /api/admin/users/{id}/restore            within 30 days of a deletion; comes back inactive; 204
//	PUT    /api/admin/users/{id}/roles/{role}       and DELETE; 204
//	PUT    /api/admin/users/{id}/documents/{name}   and DELETE; 204
//	PUT    /api/admin/credentials/{id}/block        ends one credential; no reactivation lifts that; 204
//	POST   /api/admin/impersonate                   {"userName"}: {"session"}, for 15 minutes
//	GET    /api/admin/provisioning                  when each SCIM client last succeeded and failed
//
// The identity source has the last word: somebody whom it disabled cannot be enabled here
// (409), as nobody would notice that a leaver is back.
func (a *App) adminRoutes(r chi.Router) {
	r.Post("/api/admin/users", a.admin(a.createLocal))
	r.Post("/api/admin/users/{id}/enable", a.admin(a.switchUser(true)))
	r.Post("/api/admin/users/{id}/disable", a.admin(a.switchUser(false)))
	r.Post("/api/admin/users/{id}/restore", a.admin(a.restore))
	r.Put("/api/admin/users/{id}/roles/{name}", a.admin(a.switchRole(true)))
	r.Delete("/api/admin/users/{id}/roles/{name}", a.admin(a.switchRole(false)))
	r.Put("/api/admin/users/{id}/documents/{name}", a.admin(a.switchDocument(true)))
	r.Delete("/api/admin/users/{id}/documents/{name}", a.admin(a.switchDocument(false)))
	r.Put("/api/admin/credentials/{id}/block", a.admin(a.block))
	r.Post("/api/admin/impersonate", a.admin(a.impersonate))
	r.Get("/api/admin/provisioning", a.admin(func(w http.ResponseWriter, _ *http.Request, _ *Account) {
		writeJSON(w, http.StatusOK, a.channels.all())
	}))
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"status": "ok"})
	})
	a.guardRoutes(r)
	a.auditRoutes(r)
	a.inventoryRoutes(r)
}

// admin lets administrators through. Who they are is a grant like any other.
func (a *App) admin(next func(http.ResponseWriter, *http.Request, *Account)) http.HandlerFunc {
	return a.signedIn(func(w http.ResponseWriter, r *http.Request, user *Account) {
		if !a.may(user, "role admin") {
			a.audit(user.User.Text("userName"), "console", r.URL.Path, errNotAdmin)
			apiError(w, http.StatusForbidden, errNotAdmin.Error())
			return
		}
		next(w, r, user)
	}, Session, AccessToken, PersonalToken)
}

var (
	errNotAdmin = errors.New("this is for administrators")
	errManaged  = &Error{Status: http.StatusConflict, Detail: "this person is managed by the identity source, which disabled them"}
)

// restoreWindow is how long a deleted user can be brought back.
const restoreWindow = 30 * 24 * time.Hour

// by names an administrator in changes and in the audit log.
func by(admin *Account) string { return "admin " + admin.User.Text("userName") }

// answerChange answers with what became of a change.
func answerChange(w http.ResponseWriter, err error) {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	e := asError(err)
	apiError(w, e.Status, e.Detail)
}

func (a *App) createLocal(w http.ResponseWriter, r *http.Request, admin *Account) {
	var body struct{ UserName, Password, Email string }
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.UserName == "" || mailAddress(body.Email) == "" {
		apiError(w, http.StatusBadRequest, "the body must be JSON with userName, password and email")
		return
	}
	made, err := a.enrol(newcomer{
		userName: body.UserName, displayName: body.UserName, email: mailAddress(body.Email),
		passwordHash: hashPassword(body.Password), by: by(admin),
	}, nil)
	if err != nil {
		answerChange(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{"id": made.Text("id")})
}

// patchUser changes a user as a PATCH of SCIM would.
func (a *App) patchUser(id, by string, guard func(view) error, operation map[string]any) error {
	_, err := a.commit(&Change{
		Method: http.MethodPatch, Type: TypeUser, ID: id, By: by, guard: guard,
		Body: map[string]any{"schemas": []any{model.URNPatchOp}, "Operations": []any{operation}},
	})
	return err
}

// switchUser enables or disables somebody.
func (a *App) switchUser(on bool) func(http.ResponseWriter, *http.Request, *Account) {
	return func(w http.ResponseWriter, r *http.Request, admin *Account) {
		id := chi.URLParam(r, "id")
		answerChange(w, a.patchUser(id, by(admin), func(v view) error {
			if held := v.get(TypeUser, id); on && held != nil && held.disabledByIdentitySource {
				return errManaged
			}
			return nil
		}, map[string]any{"op": "replace", "path": "active", "value": on}))
	}
}

// switchRole gives somebody a role or takes it. SCIM shows it.
func (a *App) switchRole(on bool) func(http.ResponseWriter, *http.Request, *Account) {
	return func(w http.ResponseWriter, r *http.Request, admin *Account) {
		value := []any{map[string]any{"value": chi.URLParam(r, "name")}}
		operation := map[string]any{"op": "remove", "path": "roles", "value": value}
		if on {
			operation["op"] = "add"
		}
		answerChange(w, a.patchUser(chi.URLParam(r, "id"), by(admin), nil, operation))
	}
}

// switchDocument grants somebody a document or takes it back. SCIM knows nothing of it.
func (a *App) switchDocument(on bool) func(http.ResponseWriter, *http.Request, *Account) {
	return func(w http.ResponseWriter, r *http.Request, admin *Account) {
		id, name := chi.URLParam(r, "id"), chi.URLParam(r, "name")
		err := a.store.update(func(t tx) error {
			held := t.get(TypeUser, id)
			if held == nil {
				return notFound(TypeUser, id)
			}
			fresh := *held
			fresh.grants = slices.DeleteFunc(slices.Clone(held.grants), func(g string) bool { return g == name })
			if on {
				fresh.grants = append(fresh.grants, name)
			} else if len(fresh.grants) < len(held.grants) {
				fresh.lose("document "+name, a.config.Now())
			}
			t.put(&fresh)
			return nil
		})
		a.audit(by(admin), "document.grant", name, err)
		answerChange(w, err)
	}
}

// block ends one credential of anybody for another reason than that its owner left.
func (a *App) block(w http.ResponseWriter, r *http.Request, admin *Account) {
	id := chi.URLParam(r, "id")
	secret := ""
	a.store.view(func(v view) {
		for _, c := range v.everyCredential() {
			if c.id == id {
				secret = c.secret
			}
		}
	})
	var err error
	if secret == "" || !a.spend(secret) {
		err = &Error{Status: http.StatusNotFound, Detail: "no such credential, or it is used up"}
	}
	a.audit(by(admin), "credential.block", id, err)
	answerChange(w, err)
}

// restore brings back a user who was deleted: with the old id, inactive, and with
// nothing of what they held. Only the identity source makes them active.
func (a *App) restore(w http.ResponseWriter, r *http.Request, admin *Account) {
	id := chi.URLParam(r, "id")
	now := a.config.Now().UTC()
	err := a.store.update(func(t tx) error {
		gone := latest(t, TypeUser, id)
		switch {
		case gone == nil || !gone.deleted || now.Sub(gone.changedAt) > restoreWindow:
			return notFound(TypeUser, id)
		case t.named(gone.doc.Text("userName")) != nil:
			return &Error{Status: http.StatusConflict, Detail: "somebody else has the name by now"}
		}
		back := gone.next(now)
		back.doc, back.deleted, back.disabledByIdentitySource = gone.doc.Clone(), false, true
		back.doc["active"] = false
		back.stamp(id)
		t.put(back)
		return nil
	})
	a.audit(by(admin), "user.restore", id, err)
	answerChange(w, err)
}

// impersonationTTL is how long an administrator may act as somebody.
const impersonationTTL = 15 * time.Minute

// impersonate begins a session in which an administrator acts as somebody. It belongs
// to that person, and ends when either of the two leaves.
func (a *App) impersonate(w http.ResponseWriter, r *http.Request, admin *Account) {
	var body struct{ UserName string }
	_ = json.NewDecoder(r.Body).Decode(&body) // what cannot be read names nobody
	target := a.activeUser(body.UserName)
	if target == nil {
		a.audit(by(admin), "impersonate", body.UserName, errNotAdmin)
		apiError(w, http.StatusNotFound, "no active user has that name")
		return
	}
	session := a.mint(target, credential{
		kind: Impersonation, secret: "acme_imp_" + random(), label: by(admin), actor: admin.serial, actorEndings: len(admin.Endings),
	}, impersonationTTL)
	a.audit(by(admin), "impersonate", body.UserName, nil)
	writeJSON(w, http.StatusCreated, map[string]any{"session": session.secret})
}
