package acme

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/golang-jwt/jwt/v5"
)

// Single sign-on, with Config.SSOKey; without it this is 404:
//
//	POST /sso          assertion: begins a session and leads to /home
//	POST /sso/logout   assertion, of the purpose "logout": ends the person's sessions; 204
//
// The assertion is a JWT (HS256) of the identity provider, good once and for 5 minutes:
//
//	iss "workforce-identity"   aud "acme", of the sister organisation "globex"
//	sub userName   email   name   groups   iat   exp (5 minutes after iat at most)   jti
//
// 401 is for an assertion that is wrong, 403 for a person who may not come in. Somebody
// who was never here gets an account at once (just in time). Who is inactive or was
// deleted gets none, whatever the assertion says: it is SCIM that brings people back.
// An address alone lets nobody in, as it may have passed to somebody else.
func (a *App) ssoRoutes(r chi.Router) {
	if len(a.config.SSOKey) > 0 {
		r.Post("/sso", a.sso)
		r.Post("/sso/logout", a.ssoLogout)
	}
}

const (
	ssoIssuer    = "workforce-identity"
	assertionTTL = 5 * time.Minute
)

// assertion is what the identity provider says of somebody.
type assertion struct {
	jwt.RegisteredClaims
	Email string `json:"email"`
	Name  string `json:"name"`
	// Groups are what an account is made with, just in time; people who have one get
	// nothing by them, as their groups come by SCIM.
	Groups string `json:"groups"`
	// Purpose is "logout" of one that ends sessions, and empty of one that begins one.
	Purpose string `json:"purpose"`
}

func (a *App) sso(w http.ResponseWriter, r *http.Request) {
	said := a.readAssertion(r.PostFormValue("assertion"))
	if said == nil || said.Purpose != "" || !a.assertions.first(said.ID, said.ExpiresAt.Time, a.config.Now()) {
		showPage(w, http.StatusUnauthorized, notePage, "The identity provider's word is not good. Please sign in there again.")
		return
	}
	user := a.admit(said)
	if user == nil {
		showPage(w, http.StatusForbidden, notePage, "You have no access to Acme.")
		return
	}
	a.startSession(w, user)
	http.Redirect(w, r, a.prefix+"/home", http.StatusSeeOther)
}

// ssoLogout ends the sessions of whom the identity provider has signed out, as a
// back-channel logout does. Whom nobody knows has none.
func (a *App) ssoLogout(w http.ResponseWriter, r *http.Request) {
	said := a.readAssertion(r.PostFormValue("assertion"))
	if said == nil || said.Purpose != "logout" || !a.assertions.first(said.ID, said.ExpiresAt.Time, a.config.Now()) {
		apiError(w, http.StatusBadRequest, "the identity provider's word is not good")
		return
	}
	_ = a.store.update(func(t tx) error { // which cannot fail
		if held := t.named(said.Subject); held != nil {
			fresh := *held
			fresh.end(a.config.Now().UTC(), SignOut)
			t.put(&fresh)
		}
		return nil
	})
	a.audit("sso", "logout", said.Subject, nil)
	w.WriteHeader(http.StatusNoContent)
}

// readAssertion checks what RFC 7519 and the agreement with the identity provider ask
// for. It returns nil for what does not hold.
func (a *App) readAssertion(signed string) *assertion {
	said := &assertion{}
	_, err := jwt.ParseWithClaims(signed, said, func(*jwt.Token) (any, error) { return a.config.SSOKey, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(ssoIssuer), jwt.WithAudience(a.ssoAudience()),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithTimeFunc(a.config.Now))
	said.Subject, said.Email = strings.TrimSpace(said.Subject), mailAddress(said.Email)
	if err != nil || said.IssuedAt == nil || said.ExpiresAt.Sub(said.IssuedAt.Time) > assertionTTL ||
		said.ID == "" || said.Subject == "" || said.Email == "" {
		return nil
	}
	if said.Name == "" {
		said.Name = said.Subject
	}
	return said
}

func (a *App) ssoAudience() string {
	if a.prefix == "" {
		return "acme"
	}
	return strings.TrimPrefix(a.prefix, "/")
}

// admit returns whom an assertion lets in, or nil.
func (a *App) admit(said *assertion) *Account {
	a.provisionAgain(said)
	user, known := a.judgeAssertion(said)
	if known {
		return user
	}
	_, _ = a.enrol(newcomer{userName: said.Subject, displayName: said.Name, email: said.Email, by: "sso"}, func(v view) error {
		if inTheWay(v, moment{}, said.Subject, said.Email) != nil {
			return errTaken()
		}
		return nil
	})
	// That fails for who was made by another assertion meanwhile. They come in as well.
	user, _ = a.judgeAssertion(said)
	return user
}

// provisionAgain gives an assertion with groups the account of somebody inactive, where a
// hook wants it so.
func (a *App) provisionAgain(said *assertion) {
	if said.Groups == "" {
		return
	}
	id := ""
	a.store.view(func(v view) {
		if owner := v.named(said.Subject); owner != nil && !owner.doc.Active() && a.takesOver(v, BySSO, owner) {
			id = owner.doc.Text("id")
		}
	})
	if id != "" {
		// What fails leaves the person inactive, which is found out next.
		_ = a.patchUser(id, "sso", nil, map[string]any{"op": "replace", "path": "active", "value": true})
	}
}

// judgeAssertion returns whom an assertion lets in, or nil, and whether the person is or
// was known here. What was said before somebody left is ended by that.
func (a *App) judgeAssertion(said *assertion) (user *Account, known bool) {
	c := &Credential{Kind: SSOAssertion, IssuedAt: said.IssuedAt.Time}
	allowed := false
	a.store.view(func(v view) {
		owner := v.named(said.Subject)
		former := v.formerly(said.Subject)
		allowed = owner != nil && owner.doc.Active()
		if owner == nil && len(former) > 0 {
			owner = former[len(former)-1]
		}
		if owner == nil {
			owner = inTheWay(v, moment{}, said.Subject, said.Email)
		}
		if known = owner != nil; known {
			c.Ended = endedSince(said.IssuedAt.Time, append(slices.Clone(former), owner))
			c.describeOwner(owner, v)
		}
	})
	if !known {
		return nil, false
	}
	return a.decide(c, allowed && c.Ended == nil, c.Owner), true
}

// endedSince returns the first event after a moment that ends assertions about some
// accounts, or nil.
func endedSince(at time.Time, accounts []*record) *Ending {
	for _, r := range accounts {
		for i := range r.endings {
			if r.endings[i].At.After(at) && r.endings[i].ends(SSOAssertion) {
				return &r.endings[i]
			}
		}
	}
	return nil
}

// usedOnce remembers ids until they expire. It is safe for concurrent use.
type usedOnce struct {
	mu  sync.Mutex
	ids map[string]time.Time
}

// first reports whether an id is seen for the first time.
func (u *usedOnce) first(id string, expires, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids == nil {
		u.ids = map[string]time.Time{}
	}
	for old, at := range u.ids {
		if !now.Before(at) {
			delete(u.ids, old)
		}
	}
	_, seen := u.ids[id]
	u.ids[id] = expires
	return !seen
}
