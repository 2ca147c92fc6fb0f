package access

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// The distance of the looks of one try: a tenth of its time, within these bounds.
const (
	looksApart      = 10
	shortestLooking = 100 * time.Millisecond
	longestLooking  = 10 * time.Second
)

// look is one look at what may change.
type look struct {
	value gjson.Result
	// result is set where the reply says something else than a value.
	result reports.Result
	reason string
	status int
}

// tryChanges looks again and again whether what runs for somebody goes on.
func (d *Driver) tryChanges(ctx context.Context, c *Credential, trail *exchange.Trail) (result reports.Result, reason string, status int) {
	try, began := c.Path.Try, time.Now()
	first := d.look(ctx, c)
	if first.result != "" {
		return first.result, first.reason, first.status
	}
	apart := min(max(try.Within/looksApart, shortestLooking), longestLooking)
	last, seen := first, exchange.LastID(trail.IDs)
	for left := try.Within; left > 0 && ctx.Err() == nil; left = try.Within - time.Since(began) {
		wait(ctx, nil, min(apart, left))
		previous := exchange.LastID(trail.IDs)
		last = d.look(ctx, c)
		switch {
		case last.result == reports.TryDenied:
			return last.result, last.reason, last.status
		case last.result == "" && goesOnFrom(first.value, last.value):
			return reports.TryAllowed, fmt.Sprintf("%d, and %s changed within %s", last.status, try.Allowed.Changes, since(began)), last.status
		}
		if previous != seen {
			d.Transport.Recorder.Shorten(previous) // the first and the last are enough
		}
	}
	switch {
	case ctx.Err() != nil:
		return reports.TryInconclusive, "interrupted", last.status
	case last.result != "":
		return last.result, last.reason, last.status
	}
	trail.Sent = began // from then on nothing has changed
	return reports.TryDenied, fmt.Sprintf("%d, and %s did not change within %s", last.status, try.Allowed.Changes, try.Within), last.status
}

// goesOnFrom reports a change that only something alive makes: a number that grew, or
// another value. A value that has gone is none.
func goesOnFrom(before, after gjson.Result) bool {
	switch {
	case !after.Exists() || after.Type == gjson.Null:
		return false
	case before.Type == gjson.Number && after.Type == gjson.Number:
		return after.Num > before.Num
	}
	return before.Raw != after.Raw
}

// look sends the request of a try once.
func (d *Driver) look(ctx context.Context, c *Credential) look {
	by, jar := c.tries()
	r, err := d.send(ctx, by, jar, c.Path.Try.Step)
	if err != nil {
		return look{result: reports.TryInconclusive, reason: err.Error()}
	}
	out := look{status: r.status}
	if result, reason, refused := refusedLook(c.Path.Try, r.status); refused {
		out.result, out.reason = result, reason
		return out
	}
	if !gjson.ValidBytes(r.body) {
		out.result, out.reason = reports.TryInconclusive, fmt.Sprintf("%d, but the body is not JSON", r.status)
		return out
	}
	out.value = gjson.GetBytes(r.body, c.Path.Try.Allowed.Changes)
	return out
}

// refusedLook reads a status that is not the expected one. Where the control user looks,
// a refusal is about that user, and only "it is not there" is about what is looked at.
func refusedLook(try target.Try, status int) (reports.Result, string, bool) {
	text := fmt.Sprintf("%d %s", status, http.StatusText(status))
	switch {
	case slices.Contains(try.Allowed.Status, status) || len(try.Allowed.Status) == 0 && status == http.StatusOK:
		return "", "", false
	case passing(status):
		return reports.TryInconclusive, text, true
	case status == http.StatusNotFound || status == http.StatusGone:
		return reports.TryDenied, text + ": what is looked at is gone", true
	case try.AsControl:
		return reports.TryInconclusive, text + ": the control user may not look, which says nothing of what is looked at", true
	case status >= 300:
		return reports.TryDenied, text, true
	}
	return reports.TryInconclusive, fmt.Sprintf("unexpected status %d", status), true
}
