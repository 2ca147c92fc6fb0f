package access

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// acting is the control user in a try of somebody's credential: with that user's cookies
// and captures, and beside them what is known of the credential that is tried. It is
// made for one try, so that nothing it captures meets another one.
func acting(c *Credential) *Credential {
	hands := c
	if c.control != nil {
		hands = c.control
	}
	values := maps.Clone(hands.values)
	for name, value := range c.values {
		if target.OfLeaver(name) {
			values[target.LeaverPrefix+name] = value
		}
	}
	values[target.Spoken] = strings.ToLower(rand.Text())
	return &Credential{Path: c.Path, Holder: c.Holder, jar: hands.jar, values: values}
}

// tryHearing makes the control user say something and waits for it to arrive where the
// credential listens. That it does not arrive proves something only beside the control
// user's own try, in which it does.
func (d *Driver) tryHearing(ctx context.Context, c *Credential) (reports.Result, string) {
	if c.inbox == nil {
		return reports.TryInconclusive, "nothing listens for the credential"
	}
	began := time.Now()
	if why := c.inbox.closed(); why != nil {
		return d.heard(ctx, c, began, nil, nil)
	}
	hearing := c.inbox.hear()
	defer hearing.close()
	speaker := acting(c)
	for i, step := range c.Path.Try.Provoke {
		if err := d.provoke(ctx, speaker, step); err != nil {
			return reports.TryInconclusive, fmt.Sprintf("nothing was said to be heard: step %d of provoke: %s", i+1, err.Problem)
		}
	}
	marker, err := target.Expand(c.Path.Try.Allowed.Marker, speaker.values)
	if err != nil {
		return reports.TryInconclusive, err.Error()
	}
	limited, cancel := context.WithTimeout(ctx, c.Path.Try.Within)
	defer cancel()
	message := hearing.await(limited, marker)
	if ctx.Err() != nil && message == nil {
		return reports.TryInconclusive, "interrupted"
	}
	return d.heard(ctx, c, began, hearing, message)
}

// provoke carries out one step of what the control user does.
func (d *Driver) provoke(ctx context.Context, speaker *Credential, step target.Step) *ArmError {
	return whenReady(ctx, step, func() *ArmError {
		switch {
		case step.Exec != nil:
			return d.armExec(ctx, speaker, step)
		case step.OAuth != nil:
			return d.armOAuth(ctx, speaker, step)
		}
		return d.armRequest(ctx, speaker, step)
	})
}

// heard decides and records what a try has heard. A message counts from its arrival, and
// silence from its beginning. hearing is nil where the connection had ended before.
func (d *Driver) heard(ctx context.Context, c *Credential, began time.Time, hearing *hearing, message []byte) (reports.Result, string) {
	seen := reports.Exchange{Method: exchange.MethodHear, URL: c.inbox.place, ResponseBody: string(message)}
	why, count, lost := c.inbox.closed(), 0, false
	if hearing != nil {
		count, lost = hearing.sum()
	}
	result, reason := reports.TryDenied, ""
	switch {
	case message != nil:
		result, reason = reports.TryAllowed, fmt.Sprintf("the message arrived after %s", since(began))
		began = time.Now()
	case lost:
		result, reason = reports.TryInconclusive, "more arrived than is kept, so that the message may have been in it"
	case errors.Is(why, errClosedByUs):
		result, reason = reports.TryInconclusive, why.Error()
	case why != nil:
		reason = "the connection is closed: " + why.Error()
	default:
		reason = fmt.Sprintf("the message did not arrive within %s", c.Path.Try.Within)
	}
	seen.ResponseHeaders = map[string]string{"Heard": reason, "Messages": fmt.Sprint(count)}
	d.Transport.Recorder.Note(ctx, seen, began)
	return result, reason
}

// since is a time that has passed, for people.
func since(t time.Time) time.Duration { return time.Since(t).Round(time.Millisecond) }
