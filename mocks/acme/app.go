package acme

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// TLS says how connections are secured.
type TLS struct {
	MinVersion uint16 // such as tls.VersionTLS13; 0 for TLS 1.2
	PlainToo   bool   // plain HTTP is answered on the same port
}

// Config sets an application up. Only SCIMToken is required.
type Config struct {
	// SCIMToken is the bearer token of the provisioning channel. While it is empty
	// the channel refuses everybody.
	SCIMToken string
	// Clients are others who may speak SCIM.
	Clients []SCIMClient
	// Sister is another organisation, which is served below /globex: other people,
	// other clients, nothing shared but the program and its hooks. Nil for none.
	Sister *Config
	// TLS is how it is reached by whoever serves it; nil for plain HTTP.
	TLS *TLS
	// Hooks make the application go wrong.
	Hooks Hooks
	// Now is the clock; time.Now by default.
	Now func() time.Time
	// SessionTTL and AccessTokenTTL default to 8 hours and 10 minutes.
	SessionTTL, AccessTokenTTL time.Duration
	// MaxRootResults is how many resources a query of the SCIM root without a filter may
	// find before it is refused (RFC 7644 §3.4.2.1, tooMany); 10,000 by default.
	MaxRootResults int
	// PatchNoContent answers a PATCH with 204 and no body, unless the client asks for
	// attributes, which RFC 7644 §3.5.2 allows as well as 200.
	PatchNoContent bool
	// OpaqueAccessTokens makes access tokens random strings instead of JWTs.
	OpaqueAccessTokens bool
	// CookieCache is how long a signed cookie is believed that says who is signed in.
	// A leaver stays as long. 0 turns it off.
	CookieCache time.Duration
	// Admins are the userNames of those who have the role admin from their creation on.
	Admins []string
	// Heir is the userName of who gets the scheduled jobs of people who leave. Empty for
	// nobody: jobs end with their people.
	Heir string
	// StreamCheck is how often an open stream is judged while nothing is said; 500 ms by
	// default.
	StreamCheck time.Duration
	// WebhookHosts are the hosts, beside this machine, that webhooks may send to.
	WebhookHosts []string
	// OAuthClients are applications that may ask for tokens, beside the public cli.
	OAuthClients []OAuthClient
	// OutboxToken opens GET /outbox, which shows what was mailed. Empty for no outbox.
	OutboxToken string
	// WelcomeMails mails whom SCIM creates a link to choose a password.
	WelcomeMails bool
	// SelfRegistration lets everybody make an account for themselves.
	SelfRegistration bool
	// SSOKey is what the identity provider signs its assertions with (HS256). Empty for
	// no single sign-on.
	SSOKey []byte
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
	if c.StreamCheck == 0 {
		c.StreamCheck = 500 * time.Millisecond
	}
	if c.MaxRootResults == 0 {
		c.MaxRootResults = 10_000
	}
	return c
}

// App is a running application. It is safe for concurrent use.
type App struct {
	config Config
	store  store
	// prefix is the path below which it is served, "" or "/globex".
	prefix string
	sister *App
	// signingKey signs this application's JWTs and no other's.
	signingKey []byte
	outbox     outbox
	log        auditLog
	hub        hub
	deliveries deliveries
	jobs       jobs
	// life ends with the application; running counts what goes on in the background.
	// starting is held to begin something, and to end it all.
	life     context.Context
	end      context.CancelFunc
	starting sync.Mutex
	running  sync.WaitGroup
	sending  chan struct{}
	channels channels
	// registrations are those that wait for a click in a mail.
	registrations registrations
	// assertions are those that were used.
	assertions usedOnce
	// devices are those that wait for somebody to let them in.
	devices devices
	router  http.Handler
}

// sisterPrefix is where the sister organisation is served.
const sisterPrefix = "/globex"

// New returns an empty application.
func New(c Config) *App {
	a := newApp(c, "")
	if c.Sister != nil {
		sister := *c.Sister
		sister.Hooks, sister.Now = a.config.Hooks, a.config.Now
		a.sister = newApp(sister, sisterPrefix)
		a.sister.sister = a
	}
	a.router = a.routes()
	if a.sister != nil {
		a.sister.router = a.router // for the operations of a bulk request
	}
	return a
}

func newApp(c Config, prefix string) *App {
	life, end := context.WithCancel(context.Background())
	return &App{
		config: c.withDefaults(), store: newMemory(), prefix: prefix, signingKey: []byte(random()),
		life: life, end: end, sending: make(chan struct{}, deliveriesAtOnce),
	}
}

// Sister returns the other organisation, nil if there is none.
func (a *App) Sister() *App { return a.sister }

// routes lists the families of endpoints.
func (a *App) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(limitBody)
	a.register(r)
	if a.sister != nil {
		r.Route(sisterPrefix, a.sister.register)
		// The path of an issuer comes last (RFC 8414 §3.1).
		r.Get(metadataPath+sisterPrefix, a.sister.metadata)
	}
	return r
}

func (a *App) register(r chi.Router) {
	r.Route("/scim", a.scimRoutes)
	a.webRoutes(r)
	a.apiRoutes(r)
	a.oauthRoutes(r)
	a.actingRoutes(r)
	a.adminRoutes(r)
}

// Close ends what the application does by itself, open streams among it, and waits for
// that. It may be called more than once.
func (a *App) Close() {
	a.starting.Lock()
	a.end()
	a.starting.Unlock()
	a.running.Wait()
	if a.prefix == "" && a.sister != nil {
		a.sister.Close()
	}
}

// background lets something go on beside the requests, unless the application ends.
func (a *App) background(f func()) {
	a.starting.Lock()
	defer a.starting.Unlock()
	if a.life.Err() == nil {
		a.running.Go(f)
	}
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
