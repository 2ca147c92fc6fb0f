// Package serve puts the reference application on a port, with the defects that
// are asked for.
package serve

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/defects"
)

// Options says how to serve.
type Options struct {
	Listen  string   // host:port; port 0 takes a free one
	Defects []string // names from package defects
	// Profile is where to write a target profile; empty writes none.
	Profile string
	// RevokeWithin and GiveUpAfter go into the profile; the defaults suit a demo.
	RevokeWithin, GiveUpAfter time.Duration
}

// Defaults for a target on the same machine: short, as nothing is far away.
const (
	defaultRevokeWithin = 2 * time.Second
	defaultGiveUpAfter  = 6 * time.Second
)

// Server is a running application.
type Server struct {
	URL string // such as http://127.0.0.1:8080
	App *acme.App

	http *http.Server
	done chan error
}

// Start serves the application until Close is called.
func Start(o Options) (*Server, error) {
	token := randomToken()
	config := acme.Config{SCIMToken: token}
	if err := defects.Install(&config, o.Defects...); err != nil {
		return nil, err
	}
	app := acme.New(config)
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", o.Listen, err)
	}
	s := &Server{
		URL: "http://" + listener.Addr().String(), App: app, done: make(chan error, 1),
		http: &http.Server{Handler: app, ReadHeaderTimeout: 10 * time.Second},
	}
	if o.Profile != "" {
		profile := acme.Profile{BaseURL: s.URL, SCIMToken: token, RevokeWithin: o.RevokeWithin, GiveUpAfter: o.GiveUpAfter}
		if profile.RevokeWithin == 0 {
			profile.RevokeWithin, profile.GiveUpAfter = defaultRevokeWithin, defaultGiveUpAfter
		}
		if err := acme.WriteTargetProfile(o.Profile, profile); err != nil {
			return nil, errors.Join(err, listener.Close())
		}
	}
	go func() { s.done <- s.http.Serve(listener) }()
	return s, nil
}

// Close stops serving. It waits a moment for requests under way.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		_ = s.http.Close()
	}
	if err := <-s.done; !errors.Is(err, http.ErrServerClosed) {
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
