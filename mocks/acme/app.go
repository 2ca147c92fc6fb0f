// Package acme is the reference application: a conforming SCIM service (RFC 7643,
// RFC 7644) and a believable product around it, in memory. It does everything
// right unless a hook makes it go wrong.
package acme

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
)

// Config sets an application up. Only SCIMToken is required.
type Config struct {
	// SCIMToken is the bearer token of the provisioning channel.
	SCIMToken string
	Hooks     Hooks
	// Now is the clock; time.Now by default.
	Now func() time.Time
	// SessionTTL and AccessTokenTTL default to 8 hours and 10 minutes.
	SessionTTL, AccessTokenTTL time.Duration
	// OpaqueAccessTokens makes access tokens random strings instead of JWTs.
	OpaqueAccessTokens bool
}

// App is a running application. It is safe for concurrent use.
type App struct {
	config Config
	store  *store
	vault  *credentials
	router http.Handler
}

// New returns an empty application.
func New(c Config) *App {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.SessionTTL == 0 {
		c.SessionTTL = 8 * time.Hour
	}
	if c.AccessTokenTTL == 0 {
		c.AccessTokenTTL = 10 * time.Minute
	}
	a := &App{config: c, store: newStore(c.Now)}
	a.vault = newCredentials(a)
	a.router = a.routes()
	return a
}

func (a *App) routes() http.Handler {
	r := chi.NewRouter()
	r.Route("/scim/v2", a.scimRoutes)
	a.webRoutes(r)
	a.apiRoutes(r)
	a.oauthRoutes(r)
	return r
}

// ServeHTTP implements http.Handler.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, hook := range a.config.Hooks.OnRequest {
		if hook(w, r) {
			return
		}
	}
	a.router.ServeHTTP(w, r)
}

// random returns a string that nobody can guess.
func random() string {
	b := make([]byte, 20)
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
