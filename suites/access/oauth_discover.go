package access

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// issuers remembers what authorization servers say of themselves, for a run.
type issuers struct {
	mu    sync.Mutex
	known map[string]map[string]any
}

func (s *issuers) get(issuer string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[issuer]
}

func (s *issuers) keep(issuer string, metadata map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]map[string]any{}
	}
	s.known[issuer] = metadata
}

// discoveryError says why an endpoint was not found.
type discoveryError struct {
	problem string
	passing bool // trouble that may go by itself
}

// Error says what was asked and what came instead.
func (e *discoveryError) Error() string { return e.problem }

// discover finds an endpoint of an authorization server. The error is a *discoveryError.
func (d *Driver) discover(ctx context.Context, issuer string, endpoint target.OAuthEndpoint) (string, error) {
	metadata := d.issuers.get(issuer)
	if metadata == nil {
		var err error
		if metadata, err = d.metadata(ctx, issuer); err != nil {
			return "", err
		}
		d.issuers.keep(issuer, metadata)
	}
	address, _ := metadata[string(endpoint)].(string)
	if address == "" {
		return "", &discoveryError{problem: fmt.Sprintf("the issuer %s names no %s; give endpoint instead of issuer, if there is one", issuer, endpoint)}
	}
	if !sameOrigin(issuer, address) {
		return "", &discoveryError{problem: fmt.Sprintf(
			"the issuer %s names %q as its %s, which is on another origin: credentials go to the hosts alone that the profile names; give that as endpoint instead of issuer, if it is right",
			issuer, exchange.Printable(address, maxReason), endpoint)}
	}
	return address, nil
}

// metadata asks an authorization server about itself: as RFC 8414 has it, or else OpenID
// Connect Discovery.
func (d *Driver) metadata(ctx context.Context, issuer string) (map[string]any, error) {
	var answers []string
	for _, address := range wellKnown(issuer) {
		step := target.Step{Method: http.MethodGet, URL: address}
		req, err := http.NewRequestWithContext(ctx, step.Method, address, http.NoBody)
		if err != nil {
			return nil, &discoveryError{problem: err.Error()}
		}
		req.Header.Set("Accept", "application/json")
		r, err := d.do(req, newJar(), step)
		switch {
		case err != nil:
			return nil, &discoveryError{problem: err.Error(), passing: true}
		case passing(r.status):
			return nil, &discoveryError{problem: fmt.Sprintf("%s answered %d", step, r.status), passing: true}
		}
		metadata, err := readMetadata(issuer, r.status, r.body)
		if err != nil {
			return nil, &discoveryError{problem: step.String() + " " + err.Error()}
		}
		if metadata != nil {
			return metadata, nil
		}
		answers = append(answers, fmt.Sprintf("%s answered %d", step, r.status))
	}
	return nil, &discoveryError{problem: strings.Join(answers, " and ") + ", and neither describes an authorization server; give endpoint instead of issuer"}
}

// readMetadata reads what a server says of itself: nil if nothing. The error tells that
// the server is another one than was asked for, whose answer must not be used (RFC 8414
// section 3.3).
func readMetadata(issuer string, status int, body []byte) (map[string]any, error) {
	var metadata map[string]any
	if status != http.StatusOK || json.Unmarshal(body, &metadata) != nil {
		return nil, nil
	}
	named, isText := metadata["issuer"].(string)
	switch {
	case !isText:
		return nil, nil
	case named != issuer:
		return nil, fmt.Errorf("names the issuer %q instead of %s (RFC 8414 section 3.3); write that as issuer, if it is the right server", exchange.Printable(named, maxReason), issuer)
	}
	return metadata, nil
}

// wellKnown lists where an issuer describes itself. By RFC 8414 section 3.1 the path of
// the issuer comes last, and by OpenID Connect Discovery section 4 first.
func wellKnown(issuer string) []string {
	u, err := url.Parse(issuer)
	if err != nil {
		return nil // the profile was checked
	}
	origin := u.Scheme + "://" + u.Host
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	return []string{
		origin + "/.well-known/oauth-authorization-server" + path,
		origin + path + "/.well-known/openid-configuration",
	}
}

// sameOrigin reports whether an address is an absolute one of the issuer's origin.
func sameOrigin(issuer, address string) bool {
	a, errA := url.Parse(issuer)
	b, errB := url.Parse(address)
	return errA == nil && errB == nil && b.User == nil && b.Fragment == "" && a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host) && b.Host != ""
}
