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
	// SCIMToken is the bearer token of the provisioning channel. While it is empty
	// the channel refuses everybody.
	SCIMToken string
	// Hooks make the application go wrong.
	Hooks Hooks
	// Now is the clock; time.Now by default.
	Now func() time.Time
	// SessionTTL and AccessTokenTTL default to 8 hours and 10 minutes.
	SessionTTL, AccessTokenTTL time.Duration
	// OpaqueAccessTokens makes access tokens random strings instead of JWTs.
	OpaqueAccessTokens bool
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.SessionTTL == 0 {
		c.SessionTTL = 8 * time.Hour
	}
	if c.AccessTokenTTL == 0 {
		c.AccessTokenTTL = 10 * time.Minute
	}
	return c
}

// App is a running application. It is safe for concurrent use.
type App struct {
	config Config
	store  store
	// signingKey signs this application's JWTs and no other's.
	signingKey []byte
	router     http.Handler
}

// New returns an empty application.
func New(c Config) *App {
	a := &App{config: c.withDefaults(), store: newMemory(), signingKey: []byte(random())}
	r := chi.NewRouter()
	r.Use(limitBody)
	r.Route("/scim/v2", a.scimRoutes)
	a.webRoutes(r)
	a.apiRoutes(r)
	a.oauthRoutes(r)
	a.router = r
	return a
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

// maxBody is the most that a request body may hold, in bytes.
const maxBody = 1 << 20

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// random returns a string that nobody can guess.
func random() string {
	b := make([]byte, 20)
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
