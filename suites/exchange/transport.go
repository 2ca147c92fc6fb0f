package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/scimproof/scimproof/reports"
)

// Transport is an http.RoundTripper that bounds and records each request. It
// reads replies whole, so that a body can neither be endless nor be read twice.
type Transport struct {
	Base     http.RoundTripper
	Recorder *Recorder
	// Agent begins the User-Agent, such as "scimproof/1.0 (run=ab12".
	Agent string
	// Rate and Slots bound how much the target is asked; nil means no bound.
	Rate  *rate.Limiter
	Slots chan struct{}
	// MaxBody is the most bytes that a reply may have.
	MaxBody int64
	// Timeout bounds one request from its turn to the end of its reply; the wait
	// for the turn does not count.
	Timeout time.Duration
}

// ErrBodyTooLarge is the error for a reply that goes on beyond the limit.
var ErrBodyTooLarge = errors.New("the reply is longer than the limit (limits.maxBodyBytes)")

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	release, err := t.admit(ctx)
	if err != nil {
		closeBody(req)
		return nil, err
	}
	defer release()

	req, sentBody, err := t.prepare(req)
	if err != nil {
		return nil, err
	}
	trail, _ := ctx.Value(trailKey{}).(*Trail)
	if t.Timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, t.Timeout)
		defer cancel()
		req = req.WithContext(limited)
	}
	sent := time.Now()
	resp, err := t.Base.RoundTrip(req)
	answered := time.Now()
	var body []byte
	if err == nil {
		t.Recorder.sawTLS(req.URL.Host, resp.TLS)
		body, err = t.readAll(resp)
	}
	id := t.Recorder.add(t.describe(req, sentBody, resp, body, err, sent, trail))
	if trail != nil {
		trail.IDs, trail.Sent, trail.Answered = append(trail.IDs, id), sent, answered
	}
	if err != nil {
		return nil, err
	}
	resp.Body = whole(body)
	resp.ContentLength = int64(len(body))
	return resp, nil
}

// admit waits for the request's turn.
func (t *Transport) admit(ctx context.Context) (release func(), err error) {
	if t.Rate != nil {
		if err := t.Rate.Wait(ctx); err != nil {
			return nil, fmt.Errorf("waiting for the rate limit: %w", err)
		}
	}
	if t.Slots == nil {
		return func() {}, nil
	}
	select {
	case t.Slots <- struct{}{}:
		return func() { <-t.Slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// prepare clones the request, as a RoundTripper must not change it, names the
// sender and takes a copy of the body.
func (t *Transport) prepare(req *http.Request) (*http.Request, []byte, error) {
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		closeBody(req)
		if err != nil {
			return nil, nil, fmt.Errorf("reading the request body: %w", err)
		}
	}
	clone := req.Clone(req.Context())
	if req.Body != nil {
		clone.Body = io.NopCloser(bytes.NewReader(body))
	}
	clone.Header.Set("User-Agent", t.Sender(req.Context()))
	return clone, body, nil
}

// Sender is the User-Agent of what is sent under the context.
func (t *Transport) Sender(ctx context.Context) string {
	agent := t.Agent
	if check := labelOf(ctx).Check; check != "" {
		agent += "; check=" + check
	}
	return agent + ")"
}

// whole is the body of a reply that was read.
func whole(body []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(body)) }

func (t *Transport) readAll(resp *http.Response) ([]byte, error) {
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, t.MaxBody+1))
	if err != nil {
		return body, fmt.Errorf("reading the reply: %w", err)
	}
	if int64(len(body)) > t.MaxBody {
		return body[:t.MaxBody], ErrBodyTooLarge
	}
	return body, nil
}

// describe turns an exchange into its record and learns the secrets in it.
func (t *Transport) describe(req *http.Request, sentBody []byte, resp *http.Response, body []byte,
	err error, sent time.Time, trail *Trail,
) reports.Exchange {
	label := labelOf(req.Context())
	vault := t.Recorder.vault
	e := reports.Exchange{
		Check:          label.Check,
		Purpose:        label.Purpose,
		At:             sent.UTC(),
		Method:         req.Method,
		URL:            req.URL.Redacted(),
		RequestHeaders: visibleHeaders(vault, req.Header),
		RequestBody:    held(sentBody),
		DurationMs:     time.Since(sent).Milliseconds(),
		Attempt:        1,
	}
	if trail != nil && !trail.Steps {
		e.Attempt = len(trail.IDs) + 1
	}
	learnRequestBody(vault, req.Header.Get("Content-Type"), sentBody)
	learnQuery(vault, req.URL)
	if resp != nil {
		vault.LearnBody(body)
		learnLocation(vault, resp.Header.Get("Location"))
		e.Status = resp.StatusCode
		e.ResponseHeaders = visibleHeaders(vault, resp.Header)
		if len(body) > holdBody { // what is cut can no longer be read as a list of people
			body = []byte(hideStrangers(string(body), t.Recorder.Prefix))
		}
		e.ResponseBody = held(body)
	}
	if err != nil {
		e.Error = Explain(err)
	}
	if label.Brief && err == nil && e.Status < http.StatusBadRequest {
		shorten(&e)
	}
	return e
}

// holdBody is how much of a body is held in memory, in bytes: more than the evidence keeps.
const holdBody = 4 * keepBody

// held cuts a long body for the record, once its secrets are learnt. It is cut between two
// words: half a secret would not be known for one.
func held(body []byte) string {
	if len(body) <= holdBody {
		return string(body)
	}
	cut := bytes.LastIndexAny(body[:holdBody], "\", \n") + 1
	return string(body[:cut]) + fmt.Sprintf(" … (%d bytes more)", len(body)-cut)
}

// shorten takes headers and bodies away.
func shorten(e *reports.Exchange) {
	e.RequestHeaders, e.RequestBody, e.ResponseHeaders, e.ResponseBody = nil, "", nil, ""
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// Agent makes the beginning of the User-Agent for Transport.Agent.
func Agent(version, runID string) string {
	return fmt.Sprintf("scimproof/%s (run=%s", strings.ReplaceAll(version, " ", "-"), runID)
}
