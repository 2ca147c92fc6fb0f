package access

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// classify decides what a reply says of the credential. Only the private marker, or
// a new session, proves access: a 200 may be the log-in page. What decides nothing
// (429, 5xx) is never a denial.
func classify(c *Credential, r *reply) (reports.Result, string) {
	allowed := c.Path.Try.Allowed
	statuses := allowed.Status
	if len(statuses) == 0 {
		statuses = []int{http.StatusOK}
	}
	marker, err := target.Expand(allowed.Marker, c.values)
	proof := proofIn(allowed)
	switch {
	case err != nil:
		return reports.TryInconclusive, err.Error()
	case passing(r.status):
		return reports.TryInconclusive, fmt.Sprintf("%d %s", r.status, http.StatusText(r.status))
	case slices.Contains(statuses, r.status) && bytes.Contains(r.body, []byte(marker)) && (allowed.Cookie == "" || setsCookie(r, allowed.Cookie)):
		return reports.TryAllowed, fmt.Sprintf("%d with %s", r.status, proof)
	case slices.Contains(statuses, r.status):
		return reports.TryDenied, fmt.Sprintf("%d without %s", r.status, proof)
	case r.status >= 300 && r.status < 400:
		return reports.TryDenied, fmt.Sprintf("%d, redirected away", r.status)
	case r.status >= 400:
		return reports.TryDenied, fmt.Sprintf("%d %s", r.status, http.StatusText(r.status))
	default:
		return reports.TryInconclusive, fmt.Sprintf("unexpected status %d", r.status)
	}
}

// proofIn names what shows access, for a person.
func proofIn(allowed target.Allowed) string {
	switch {
	case allowed.Cookie == "":
		return "the marker"
	case allowed.Marker == "":
		return "the cookie " + allowed.Cookie
	}
	return "the marker and the cookie " + allowed.Cookie
}

// setsCookie reports whether a reply sets a cookie and does not take it away.
func setsCookie(r *reply, name string) bool {
	set := http.Response{Header: r.header}
	return slices.ContainsFunc(set.Cookies(), func(c *http.Cookie) bool {
		expired := c.MaxAge < 0 || c.MaxAge == 0 && !c.Expires.IsZero() && c.Expires.Before(time.Now())
		return c.Name == name && c.Value != "" && !expired
	})
}
