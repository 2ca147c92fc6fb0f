package acme

import (
	"net/http"
	"time"
)

// Remember-me: a cookie that outlives the session and begins new ones.
//
//	POST /login   username, password, csrf, remember (any value)
//
// sets acme_remember beside acme_session. A page or API call with a missing or dead
// session and a good acme_remember is answered as usual, and sets both anew.
//
// Each cookie works once and names its successor, all of one series. Who comes with
// one that was used before has a copy of it, or somebody else has: nobody can tell
// which of the two is the thief, so the series ends with every session that came of it.
// The price is that a browser which sends two requests at once has to sign in again.
const rememberCookie = "acme_remember"

// rememberTTL is counted anew with each use.
const rememberTTL = 30 * 24 * time.Hour

// remember issues the next cookie of a series, and a session with it.
func (a *App) remember(w http.ResponseWriter, user *Account, series string) {
	next := a.mint(user, credential{kind: RememberMe, grant: series}, rememberTTL)
	a.setLastingCookie(w, rememberCookie, next.secret, rememberTTL)
	a.startSessionOf(w, user, series)
}

// recall uses the remember-me cookie of a request and returns whom it lets in, or nil.
func (a *App) recall(w http.ResponseWriter, r *http.Request) *Account {
	cookie, err := r.Cookie(rememberCookie)
	if err != nil {
		return nil
	}
	held := a.credential(cookie.Value)
	if held == nil || held.kind != RememberMe {
		return nil
	}
	user := a.use(held.secret, RememberMe)
	if user != nil && a.spend(held.secret) {
		a.remember(w, user, held.grant)
		return user
	}
	if user != nil || held.spent { // somebody else was first
		a.endSeries(held.secret)
	}
	return nil
}

// endSeries ends every cookie and session of the series that a cookie belongs to.
func (a *App) endSeries(cookie string) {
	_ = a.store.update(func(t tx) error { // which cannot fail
		given := t.credential(cookie)
		if given == nil || given.kind != RememberMe {
			return nil
		}
		for _, c := range t.heldBy(given.owner) {
			if c.grant == given.grant && !c.spent {
				used := *c
				used.spent = true
				t.keep(&used)
			}
		}
		return nil
	})
}
