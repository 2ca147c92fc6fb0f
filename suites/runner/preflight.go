package runner

import (
	"context"
	"fmt"
	"net/http"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
)

// ConfigError is the error for a target that answers, but not as the profile says.
// Only the profile or the target's set-up can mend it.
type ConfigError struct{ Problem string }

// Error says what to look at.
func (e *ConfigError) Error() string { return e.Problem }

// preflight sends what providers send to test a connection: a look-up of a user
// who does not exist. It sets outage when the target cannot be reached.
func (r *run) preflight(ctx context.Context) error {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "test the connection"})
	nobody := r.session.Subjects.Draft()
	reply, err := r.session.SCIM.FindUser(ctx, nobody.UserName)
	if err != nil {
		return r.unreachable(err)
	}
	at := "GET " + r.Target.SCIM.BaseURL.String() + "/Users"
	switch {
	case reply.Status == http.StatusUnauthorized || reply.Status == http.StatusForbidden:
		return &ConfigError{fmt.Sprintf("%s answered %d: the target does not accept the credential in scim.auth. Is it the right one, and still valid?", at, reply.Status)}
	case reply.Status == http.StatusNotFound:
		return &ConfigError{fmt.Sprintf("%s answered 404: there seems to be no SCIM service there. Check scim.baseURL.", at)}
	case reply.Status >= 300 && reply.Status < 400:
		return &ConfigError{fmt.Sprintf("%s answered %d with a redirect to %q, which is not followed, as the credential is for the configured origin alone. Check scim.baseURL.", at, reply.Status, reply.Header.Get("Location"))}
	case reply.Doc == nil:
		return &ConfigError{fmt.Sprintf("%s answered %d with %s instead of SCIM's JSON. Is scim.baseURL the address of a web page?", at, reply.Status, contentType(reply))}
	}
	return nil
}

// unreachable tells a set-up that cannot work from an outage.
func (r *run) unreachable(err error) error {
	trouble := scim.AsTrouble(err)
	if trouble == nil || exchange.IsTLS(err) {
		return &ConfigError{err.Error()}
	}
	r.outage = "the target could not be reached: " + err.Error()
	return nil
}

func contentType(r *scim.Reply) string {
	if t := r.Header.Get("Content-Type"); t != "" {
		return t
	}
	return "no content type"
}
