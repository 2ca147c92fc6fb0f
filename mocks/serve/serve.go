// Package serve puts the reference application on a port, with the defects that
// are asked for.
package serve

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/defects"
)

// Options says how to serve.
type Options struct {
	Listen  string   // host:port; port 0 takes a free one
	Defects []string // names from package defects
	// SCIMToken is the bearer token of the provisioning channel; empty makes one, which
	// the Server has.
	SCIMToken string
	// Around puts something before the application, such as a path of its own; nil for
	// nothing.
	Around func(http.Handler) http.Handler
	// TLS serves https, with a certificate of its own whose authority stands beside the profile.
	TLS bool
	// Profile is where to write a target profile, and beside it the secrets that a
	// tester may need: of acme.yaml, acme.token and the files of Secrets. Empty writes
	// none.
	Profile string
	// RevokeWithin and GiveUpAfter go into the profile; the defaults suit a demo.
	// Nothing is watched for less than it may take.
	RevokeWithin, GiveUpAfter time.Duration
	// Subjects goes into the profile; 0 leaves it out.
	Subjects int
	// Connections goes into the profile; 0 leaves it out.
	Connections int
}

// Secrets are the files beside a profile, by the part of their names between the
// profile's and .token: a SCIM client who may only read, one whose time is over, the
// identity provider of the sister organisation below /globex, the administrator's
// password (of AdminName), the reader of the outbox, the key that signs assertions
// for single sign-on, and an access token of an ordinary person (PersonName).
var Secrets = []string{"readonly", "expired", "sister", "admin", "outbox", "sso", "person"}

// PersonName is an ordinary employee who is there from the start.
const PersonName = "employee@acme.example"

// AdminName is the administrator who is there from the start.
const AdminName = "admin@acme.example"

// Defaults for a target on the same machine: short, as nothing is far away.
const (
	defaultRevokeWithin = 2 * time.Second
	defaultGiveUpAfter  = 6 * time.Second
)

// Server is a running application.
type Server struct {
	URL       string // such as http://127.0.0.1:8080
	App       *acme.App
	SCIMToken string // of the provisioning channel

	defects []string
	http    *http.Server
	close   func() error // stops it once, however often it is called
}

// Start serves the application until Close is called. An error leaves no port open and
// no file behind but those that could be written before it.
func Start(o Options) (*Server, error) {
	token := cmp.Or(o.SCIMToken, randomToken())
	config, secrets := configuration(token)
	if o.TLS {
		config.TLS = &acme.TLS{}
	}
	if err := defects.Install(&config, o.Defects...); err != nil {
		return nil, err
	}
	app := acme.New(config)
	if err := app.AddUser(AdminName, secrets["admin"]); err != nil {
		return nil, err
	}
	if err := errors.Join(app.AddUser(PersonName, randomToken()), app.AddToken(PersonName, secrets["person"])); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", o.Listen, err)
	}
	scheme, authority := "http", []byte(nil)
	if config.TLS != nil {
		secure, pem, err := secured(listener, *config.TLS)
		if err != nil {
			return nil, errors.Join(err, listener.Close())
		}
		scheme, listener, authority = "https", secure, pem
	}
	handler := http.Handler(app)
	if o.Around != nil {
		handler = o.Around(app)
	}
	s := &Server{
		URL: scheme + "://" + listener.Addr().String(), App: app, SCIMToken: token, defects: o.Defects,
		http: &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second},
	}
	if err := writeProfile(o, s.URL, token, authority, secrets); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	done := make(chan error, 1)
	go func() { done <- s.http.Serve(listener) }()
	s.close = sync.OnceValue(func() error { return s.shutDown(done) })
	return s, nil
}

// configuration is that of an application with every way in, and its secrets.
func configuration(token string) (acme.Config, map[string]string) {
	secrets := map[string]string{}
	for _, name := range Secrets {
		secrets[name] = randomToken()
	}
	return acme.Config{
		SCIMToken: token,
		Clients: []acme.SCIMClient{
			{Name: "auditor", Token: secrets["readonly"], Scope: acme.ReadOnly},
			{Name: "former-provider", Token: secrets["expired"], Scope: acme.ReadWrite, Expires: time.Unix(0, 0)},
		},
		Sister:           &acme.Config{SCIMToken: secrets["sister"]},
		Admins:           []string{AdminName},
		OutboxToken:      secrets["outbox"],
		SSOKey:           []byte(secrets["sso"]),
		SelfRegistration: true,
		WelcomeMails:     true,
	}, secrets
}

func writeProfile(o Options, url, token string, authority []byte, secrets map[string]string) error {
	if o.Profile == "" {
		return nil
	}
	profile := acme.Profile{
		BaseURL: url, SCIMToken: token, RevokeWithin: o.RevokeWithin, GiveUpAfter: o.GiveUpAfter, Subjects: o.Subjects, Connections: o.Connections,
		Secrets: secrets, AdminName: AdminName, Authority: authority,
	}
	if profile.RevokeWithin == 0 {
		profile.RevokeWithin = defaultRevokeWithin
	}
	if profile.GiveUpAfter == 0 {
		profile.GiveUpAfter = defaultGiveUpAfter
	}
	profile.GiveUpAfter = max(profile.GiveUpAfter, profile.RevokeWithin)
	return acme.WriteTargetProfile(o.Profile, profile)
}

// String is a line on where it listens and what is wrong with it, without a secret.
func (s *Server) String() string {
	return fmt.Sprintf("Acme listens on %s (%s)", s.URL, cmp.Or(strings.Join(s.defects, ", "), "no defects"))
}

// Close stops serving. It waits a moment for requests under way.
func (s *Server) Close() error { return s.close() }

// End stops serving at once, and cuts off requests under way.
func (s *Server) End() error { return errors.Join(s.http.Close(), s.Close()) }

func (s *Server) shutDown(done <-chan error) error {
	s.App.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		_ = s.http.Close()
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func randomToken() string {
	b := make([]byte, 24)
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(b)
	return "scim_" + hex.EncodeToString(b)
}
