package access

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// classify decides what a reply says of the credential. Only the private marker
// proves access: a 200 may be the log-in page. What decides nothing (429, 5xx) is
// never a denial.
func classify(c *Credential, r *reply) (reports.Result, string) {
	allowed := c.Path.Try.Allowed
	statuses := allowed.Status
	if len(statuses) == 0 {
		statuses = []int{http.StatusOK}
	}
	marker, err := target.Expand(allowed.Marker, c.values)
	switch {
	case err != nil:
		return reports.TryInconclusive, err.Error()
	case passing(r.status):
		return reports.TryInconclusive, fmt.Sprintf("%d %s", r.status, http.StatusText(r.status))
	case slices.Contains(statuses, r.status) && bytes.Contains(r.body, []byte(marker)):
		return reports.TryAllowed, fmt.Sprintf("%d with the marker", r.status)
	case slices.Contains(statuses, r.status):
		return reports.TryDenied, fmt.Sprintf("%d without the marker", r.status)
	case r.status >= 300 && r.status < 400:
		return reports.TryDenied, fmt.Sprintf("%d, redirected away", r.status)
	case r.status >= 400:
		return reports.TryDenied, fmt.Sprintf("%d %s", r.status, http.StatusText(r.status))
	default:
		return reports.TryInconclusive, fmt.Sprintf("unexpected status %d", r.status)
	}
}
