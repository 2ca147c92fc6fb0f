package acme

import (
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// The cookie cache spares a busy application the look-up of the session: beside
// acme_session it sets acme_cache, a JWT that says who is signed in.
//
//	GET /home, GET /api/me   with the cookie acme_cache
//
// believe it for Config.CookieCache without asking the store. That is the price: who
// has left stays for so long, whatever SCIM said, and so does who signed out elsewhere.
// A page that is shown for a live session sets the cookie anew; the cookie itself never
// prolongs its own life.
const cacheCookie = "acme_cache"

// cacheAudience tells these JWTs from the access tokens of the same key.
const cacheAudience = "acme-cookie-cache"

// cachedState is what the cookie holds: enough to show the person.
type cachedState struct {
	jwt.RegisteredClaims
	// Asked is when the store was asked. The claim iat counts whole seconds only
	// (RFC 7519 §2 allows fractions, the library cuts them off).
	Asked time.Time `json:"asked"`
	// Serial and Endings tell which account it was, and what had happened to it.
	Serial  int      `json:"serial"`
	Endings int      `json:"endings"`
	User    Resource `json:"user"`
}

// cache sets the cookie for somebody who was found to be signed in at a moment.
func (a *App) cache(w http.ResponseWriter, user *Account, at time.Time) {
	if a.config.CookieCache <= 0 {
		return
	}
	shown := Resource{}
	for _, name := range []string{"id", "userName", "displayName", "emails", "groups"} {
		if value, ok := user.User[name]; ok {
			shown[name] = value
		}
	}
	value, err := jwt.NewWithClaims(jwt.SigningMethodHS256, cachedState{
		RegisteredClaims: jwt.RegisteredClaims{Audience: jwt.ClaimStrings{cacheAudience}},
		Asked:            at, Serial: user.serial, Endings: len(user.Endings), User: shown,
	}).SignedString(a.signingKey)
	if err == nil { // else the store is asked again
		a.setCookie(w, cacheCookie, value)
	}
}

// cachedUser returns who is signed in by the cookie alone, or nil.
func (a *App) cachedUser(r *http.Request) *Account {
	cookie, err := r.Cookie(cacheCookie)
	if err != nil || a.config.CookieCache <= 0 {
		return nil
	}
	state := a.readCache(cookie.Value)
	if state == nil {
		return nil
	}
	as := &Account{User: state.User, State: Active, serial: state.Serial}
	c := &Credential{Kind: CachedCookie, Owner: as, IssuedAt: state.Asked}
	if len(a.config.Hooks.JudgeCredential) > 0 {
		a.describeCached(c, state)
	}
	return a.decide(c, a.config.Now().Before(state.Asked.Add(a.config.CookieCache)), as)
}

// describeCached tells the hooks how the owner stands by now, which the decision does
// not look at.
func (a *App) describeCached(c *Credential, state *cachedState) {
	a.store.view(func(v view) {
		if owner := v.account(state.Serial); owner != nil {
			c.Ended = (&credential{kind: CachedCookie, endings: state.Endings}).endedBy(owner)
			c.describeOwner(owner, v)
		}
	})
}

// readCache returns what a cookie of ours holds, however old; nil for any other.
func (a *App) readCache(cookie string) *cachedState {
	state := &cachedState{}
	_, err := jwt.ParseWithClaims(cookie, state, func(*jwt.Token) (any, error) { return a.signingKey, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithAudience(cacheAudience))
	if err != nil {
		return nil
	}
	return state
}
