// Package scim is SCIM as a client sees it: requests, replies, wire types and
// the trouble that can come in between. It knows of no check.
package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
	"golang.org/x/time/rate"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// MediaType is the media type of SCIM bodies (RFC 7644 §3.1).
const MediaType = "application/scim+json"

// Retries bounds how often a request is repeated after passing trouble.
const (
	retries         = 3 // four tries in all
	firstWait       = 250 * time.Millisecond
	longestWait     = 120 * time.Second // also the cap for Retry-After
	tokenExpiryLeft = 10 * time.Second
)

// Client speaks SCIM to one target. It retries only what is transient: 408, 425,
// 429, 502, 503, 504 and requests without an answer. It follows no redirect. All
// methods are safe for concurrent use.
type Client struct {
	rest    *resty.Client
	base    *url.URL
	readLag time.Duration // how long a read may be behind
	// target and options are what it was made of, to make another one like it.
	target  *target.Target
	options Options
}

// Options names the sender in each request.
type Options struct {
	Agent    string // see exchange.Agent
	Recorder *exchange.Recorder
}

// New returns a client for the target's provisioning channel. It sends nothing.
func New(t *target.Target, o Options) (*Client, error) {
	base, err := exchange.NewBase(t.SCIM.TLS, false)
	if err != nil {
		return nil, err
	}
	recorded := &exchange.Transport{
		Base:     base,
		Recorder: o.Recorder,
		Agent:    o.Agent,
		Rate:     rate.NewLimiter(rate.Limit(t.Limits.RequestsPerSecond), max(1, int(t.Limits.RequestsPerSecond))),
		Slots:    make(chan struct{}, t.Limits.Concurrency),
		MaxBody:  t.Limits.MaxBodyBytes,
		Timeout:  t.Limits.RequestTimeout,
	}
	rest := resty.NewWithClient(&http.Client{Transport: newPinned(t.SCIM, recorded)})
	rest.SetLogger(silent{}).
		SetRedirectPolicy(resty.NoRedirectPolicy()).
		SetRetryCount(retries).
		SetRetryWaitTime(firstWait).
		SetRetryMaxWaitTime(longestWait).
		SetRetryAfter(retryAfter).
		AddRetryCondition(transient).
		SetHeaders(t.SCIM.Headers).
		SetHeader("Accept", MediaType)
	return &Client{rest: rest, base: t.SCIM.BaseURL, readLag: t.Limits.ReadLag, target: t, options: o}, nil
}

// Reply is a target's answer, of whatever status.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	// Doc is the body as a JSON object, nil when it is none.
	Doc Document
	// Exchanges are the ids of the exchanges behind it, retries included.
	Exchanges []string
	// Sent and Answered bound the last try.
	Sent, Answered time.Time
	// Recovered says that the answer to a POST was lost and the resource was then
	// found by a look-up: the reply is the look-up's.
	Recovered bool
}

// OK reports a 2xx.
func (r *Reply) OK() bool { return r.Status >= 200 && r.Status < 300 }

// Trouble is the error for a request that has no usable answer: none came, or
// the target kept answering that it cannot serve at the moment. It says nothing
// about whether the target obeys.
type Trouble struct {
	Method, URL string
	Status      int   // 0 when no answer came
	Tries       int   // how often it was sent
	Err         error // nil when there is a status
	Exchanges   []string
	Sent        time.Time
	Reply       *Reply // the answer of passing trouble, nil when none came
}

// Error says what happened, where, and how often it was tried.
func (t *Trouble) Error() string {
	what := exchange.Explain(t.Err)
	if t.Err == nil {
		what = fmt.Sprintf("answered %d %s", t.Status, http.StatusText(t.Status))
	}
	return fmt.Sprintf("%s %s: %s (tries: %d)", t.Method, t.URL, what, max(1, t.Tries))
}

// Unwrap gives the underlying error.
func (t *Trouble) Unwrap() error { return t.Err }

// AsTrouble returns the Trouble in an error's chain, or nil.
func AsTrouble(err error) *Trouble {
	var t *Trouble
	if errors.As(err, &t) {
		return t
	}
	return nil
}

// Request is one SCIM request as it is sent.
type Request struct {
	Method string
	Path   string // below the SCIM base, with its query, such as "/Users?count=1"
	// Base is the path of another base on the same origin, such as "/scim/v1"; empty for the
	// service's own.
	Base   string
	Header http.Header
	// Body is marshalled as JSON unless nil; Raw is sent as it stands instead.
	Body any
	Raw  []byte
}

// Do sends one request below the SCIM base: path is such as "/Users?count=1",
// body is marshalled as JSON unless nil. A reply of any status that decides
// something is returned; the rest is a *Trouble.
func (c *Client) Do(ctx context.Context, method, path string, body any) (*Reply, error) {
	return c.Send(ctx, Request{Method: method, Path: path, Body: body})
}

// Send sends a request as Do does, with headers and a body of any form.
func (c *Client) Send(ctx context.Context, r Request) (*Reply, error) {
	method, address := r.Method, c.base.String()+r.Path
	if r.Base != "" {
		address = originOf(c.base.Scheme, c.base.Host) + r.Base + r.Path
	}
	ctx, trail := exchange.WithTrail(ctx)
	request, err := c.prepare(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("%s %s: encoding the body: %w", method, address, err)
	}
	resp, err := request.Execute(method, address)
	if err != nil && !isRedirect(resp) {
		return nil, &Trouble{Method: method, URL: address, Tries: len(trail.IDs), Err: err, Exchanges: trail.IDs, Sent: trail.Sent}
	}
	reply := &Reply{
		Status: resp.StatusCode(), Header: resp.Header(), Body: resp.Body(), Doc: decode(resp.Body()),
		Exchanges: trail.IDs, Sent: trail.Sent, Answered: trail.Answered,
	}
	if trouble := reply.trouble(method, address); trouble != nil {
		return nil, trouble
	}
	if len(reply.Exchanges) > 1 && r.repeatedInVain(reply.Status) {
		return nil, &Trouble{Method: method, URL: address, Tries: len(reply.Exchanges), Err: ErrAnswerLost, Exchanges: reply.Exchanges, Sent: reply.Sent}
	}
	return reply, nil
}

// repeatedInVain reports a refusal that a request meets when it is sent again after it was
// carried out: who was deleted is not found, and a version that was changed is not current.
func (r Request) repeatedInVain(status int) bool {
	return r.Method == http.MethodDelete && status == http.StatusNotFound ||
		r.Header.Get("If-Match") != "" && status == http.StatusPreconditionFailed
}

func (c *Client) prepare(ctx context.Context, r Request) (*resty.Request, error) {
	request := c.rest.R().SetContext(ctx)
	raw := r.Raw
	if raw == nil && r.Body != nil {
		encoded, err := json.Marshal(r.Body)
		if err != nil {
			return nil, err
		}
		raw = encoded
	}
	if raw != nil {
		request.SetBody(raw).SetHeader("Content-Type", MediaType)
	}
	for name, values := range r.Header {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	return request, nil
}

// Base is the address of the SCIM service, without a slash at its end.
func (c *Client) Base() *url.URL { return c.base }

// trouble returns what a status of passing trouble comes to, nil for any other.
func (r *Reply) trouble(method, address string) error {
	if isTransient(r.Status) || r.Status >= 500 && r.Status != http.StatusNotImplemented {
		return &Trouble{Method: method, URL: address, Status: r.Status, Tries: len(r.Exchanges), Exchanges: r.Exchanges, Sent: r.Sent, Reply: r}
	}
	return nil
}

// isRedirect tells resty's refusal to follow a redirect, which is an answer,
// from a request that failed.
func isRedirect(resp *resty.Response) bool {
	return resp != nil && resp.RawResponse != nil && resp.StatusCode() >= 300 && resp.StatusCode() < 400
}

// transient decides on a retry. A POST is never repeated blindly, as the first
// one may have taken effect: see Create.
func transient(resp *resty.Response, err error) bool {
	if resp == nil || resp.Request == nil || resp.Request.Context().Err() != nil {
		return false
	}
	if resp.Request.Method == http.MethodPost && resp.StatusCode() != http.StatusTooManyRequests {
		return false
	}
	if err != nil {
		return !exchange.IsTLS(err) && !errors.Is(err, exchange.ErrBodyTooLarge) && !isRedirect(resp)
	}
	return isTransient(resp.StatusCode())
}

func isTransient(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retryAfter reads the header in seconds or as a date (RFC 9110 §10.2.3); 0 leaves
// the wait to the exponential schedule.
func retryAfter(_ *resty.Client, resp *resty.Response) (time.Duration, error) {
	value := strings.TrimSpace(resp.Header().Get("Retry-After"))
	if value == "" {
		return 0, nil
	}
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return min(time.Duration(min(seconds, 1<<20))*time.Second, longestWait), nil
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, time.Until(at)), longestWait), nil
	}
	return 0, nil
}

// silent keeps resty's own warnings off the terminal: each try is recorded.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}
