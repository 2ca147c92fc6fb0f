package acme

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"
)

// The inventory, for administrators:
//
//	GET /api/inventory/people        everybody, living or deleted, with state, source, roles and last login
//	GET /api/inventory/credentials   every credential that is not used up or expired, with its owner; of ?owner=userName
//	GET /api/inventory/credentials/{id}   one of them
//	GET /api/inventory/orphans       those of them whose owner is not active
//
// It holds ids and never secrets. What is listed among the orphans does not work; it is
// shown so that somebody can hand over or remove what it was for.
func (a *App) inventoryRoutes(r chi.Router) {
	r.Get("/api/inventory/people", a.admin(func(w http.ResponseWriter, _ *http.Request, _ *Account) {
		writeJSON(w, http.StatusOK, a.people())
	}))
	r.Get("/api/inventory/credentials", a.admin(func(w http.ResponseWriter, r *http.Request, _ *Account) {
		owner := r.URL.Query().Get("owner")
		writeJSON(w, http.StatusOK, a.heldCredentials(func(c heldCredential) bool { return owner == "" || fold(c.Owner) == fold(owner) }))
	}))
	r.Get("/api/inventory/credentials/{id}", a.admin(func(w http.ResponseWriter, r *http.Request, _ *Account) {
		found := a.heldCredentials(func(c heldCredential) bool { return c.ID == chi.URLParam(r, "id") })
		if len(found) == 0 {
			apiError(w, http.StatusNotFound, "no such credential, or it is used up")
			return
		}
		writeJSON(w, http.StatusOK, found[0])
	}))
	r.Get("/api/inventory/orphans", a.admin(func(w http.ResponseWriter, _ *http.Request, _ *Account) {
		writeJSON(w, http.StatusOK, a.heldCredentials(func(c heldCredential) bool { return c.OwnerState != Active }))
	}))
}

// person is a line of the inventory of people.
type person struct {
	ID        string     `json:"id"`
	UserName  string     `json:"userName"`
	State     OwnerState `json:"state"`
	Source    string     `json:"source"` // who made the account
	Roles     []string   `json:"roles"`
	Documents []string   `json:"documents"`
	LastLogin time.Time  `json:"lastLogin,omitzero"`
}

func (a *App) people() []person {
	out := []person{}
	a.store.view(func(v view) {
		for _, r := range v.ever(TypeUser) {
			account := r.account(v)
			p := person{
				ID: r.doc.Text("id"), UserName: r.doc.Text("userName"), State: account.State, Source: r.source,
				Roles: append([]string{}, rolesOf(r.doc)...), Documents: append([]string{}, r.grants...),
			}
			for _, c := range v.heldBy(r.serial) {
				if c.kind == Session && c.issuedAt.After(p.LastLogin) {
					p.LastLogin = c.issuedAt
				}
			}
			out = append(out, p)
		}
	})
	return out
}

// heldCredential is a line of the inventory of credentials.
type heldCredential struct {
	ID         string         `json:"id"`
	Kind       CredentialKind `json:"kind"`
	Label      string         `json:"label,omitempty"`
	Owner      string         `json:"owner"`
	OwnerState OwnerState     `json:"ownerState"`
	IssuedAt   time.Time      `json:"issuedAt"`
	LastUsed   time.Time      `json:"lastUsed,omitzero"`
	Expires    time.Time      `json:"expires,omitzero"`
	// Works reports whether it lets anybody in.
	Works bool `json:"works"`
}

func (a *App) heldCredentials(wanted func(heldCredential) bool) []heldCredential {
	out := []heldCredential{}
	now := a.config.Now()
	a.store.view(func(v view) {
		for _, c := range v.everyCredential() {
			if c.spent || c.expired(now) {
				continue
			}
			owner := v.account(c.owner)
			state := owner.account(v).State
			line := heldCredential{
				ID: c.id, Kind: c.kind, Label: c.label, Owner: owner.doc.Text("userName"), OwnerState: state,
				IssuedAt: c.issuedAt, LastUsed: c.lastUsed, Expires: c.expires, Works: state == Active && c.endedBy(owner) == nil,
			}
			if wanted(line) {
				out = append(out, line)
			}
		}
	})
	slices.SortFunc(out, func(a, b heldCredential) int { return cmp.Or(a.IssuedAt.Compare(b.IssuedAt), cmp.Compare(a.ID, b.ID)) })
	return out
}
