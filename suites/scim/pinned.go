package scim

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// pinned adds the channel's credential to requests for the configured origin,
// and to no other.
type pinned struct {
	origin    string
	authorize func(context.Context, *http.Request) error
	next      *exchange.Transport
}

func newPinned(channel target.SCIM, next *exchange.Transport) *pinned {
	return &pinned{origin: originOf(channel.BaseURL.Scheme, channel.BaseURL.Host), authorize: authorizer(channel.Auth, next), next: next}
}

// RoundTrip implements http.RoundTripper.
func (p *pinned) RoundTrip(req *http.Request) (*http.Response, error) {
	if originOf(req.URL.Scheme, req.URL.Host) == p.origin {
		clone := req.Clone(req.Context())
		if err := p.authorize(req.Context(), clone); err != nil {
			return nil, err
		}
		req = clone
	}
	return p.next.RoundTrip(req)
}

func originOf(scheme, host string) string { return scheme + "://" + host }

// authorizer returns what puts the profile's credential on a request.
func authorizer(auth target.Auth, next *exchange.Transport) func(context.Context, *http.Request) error {
	switch auth.Scheme {
	case authNone:
		return func(context.Context, *http.Request) error { return nil }
	case target.AuthBasic:
		return func(_ context.Context, r *http.Request) error {
			r.SetBasicAuth(auth.Username, auth.Password)
			return nil
		}
	case target.AuthClientCredentials:
		source := &tokenSource{config: clientcredentials.Config{
			ClientID: auth.ClientID, ClientSecret: auth.ClientSecret,
			TokenURL: auth.TokenURL.String(), Scopes: auth.Scopes,
		}, transport: next}
		return source.authorize
	default:
		return func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+auth.Token)
			return nil
		}
	}
}

// tokenSource keeps one access token of the client-credentials grant (RFC 6749
// §4.4) and renews it shortly before it expires.
type tokenSource struct {
	config    clientcredentials.Config
	transport http.RoundTripper
	mu        sync.Mutex
	token     *oauth2.Token
}

func (s *tokenSource) authorize(ctx context.Context, r *http.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == nil || !s.token.Expiry.IsZero() && time.Until(s.token.Expiry) < tokenExpiryLeft {
		ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "get the channel's access token"})
		ctx = context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: s.transport})
		token, err := s.config.Token(ctx)
		if err != nil {
			return fmt.Errorf("scim.auth.clientCredentials: no access token from %s: %w", s.config.TokenURL, err)
		}
		s.token = token
	}
	s.token.SetAuthHeader(r)
	return nil
}
