// Package access is one way in: how a credential is obtained, tried and given
// back, and how it is watched until it works no longer. It knows nothing of SCIM.
package access

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/access/chromium"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// maxRedirects bounds a chain that a step is told to follow.
const maxRedirects = 10

// Driver carries out the declarative steps of access paths. It is safe for
// concurrent use; a Credential is not.
type Driver struct {
	// Transport carries the requests. Its Base opens a new connection for each,
	// as a kept one may stay attached to what a fresh one is refused.
	Transport *exchange.Transport
	Vault     *redact.Vault
	// Secrets are the placeholders of the profile's secrets.
	Secrets map[string]string
	// Assertions are what a test identity provider says, by name.
	Assertions map[string]target.SignedClaims

	// Connections is over how many new connections a mark tries a credential; 0 is one.
	Connections int
	addresses   addresses
	// issuers are what authorization servers say of themselves.
	issuers issuers

	// Listener is where deliveries are taken, as the profile has it; nil for nowhere.
	Listener *target.Listener
	hooks    listener

	// Logs returns the lines that a container has written so far, the latest last; service
	// is a companion's name, empty for the application. Only Play needs it.
	Logs func(ctx context.Context, service string) ([]string, error)

	// Browser says which browser is used; it is started by the first step that needs one.
	Browser chromium.Options
	pages   chromium.Browser

	// mailRoots are the authorities that a mail server is trusted by; nil for the
	// system's.
	mailRoots *x509.CertPool
}

// Credential is an armed access path: what one user holds.
type Credential struct {
	Path target.AccessPath
	// Holder tells evidence apart: "polled", "silent" or "control".
	Holder string

	jar     *keptJar
	stored  map[string]chromium.Stored // by pages, by origin
	browsed int                        // tries by browser
	values  map[string]string
	given   map[string]string // the values that it was armed with
	forged  bool              // made up
	// mailboxes are those of the mail steps, in order; open while it is armed.
	mailboxes []mailbox
	// control is what the control user holds, who acts in tries of this credential; nil
	// for the control user's own. It is set before the first try.
	control *Credential
	// inbox is where something arrives for the credential, over its stream or at its
	// address of the listener; nil for a credential that only asks.
	inbox   *inbox
	stream  *stream
	address string // the key of the address
	// pollEvery is the least time between two polls of its device; 0 if none was named.
	pollEvery time.Duration
}

// close ends what listens for the credential. It may be called more than once.
func (d *Driver) close(c *Credential) {
	if c == nil {
		return
	}
	if c.stream != nil {
		c.stream.close()
	}
	if c.address != "" {
		d.hooks.forget(c.address)
	}
}

// Close ends the listener and the browser. Streams end with their credentials.
func (d *Driver) Close() {
	d.hooks.close()
	d.pages.Close()
}

// Attempt is one use of a credential and what it came to.
type Attempt struct {
	Result   reports.Result
	Reason   string
	Status   int // 0 when no answer came
	Exchange string
	Sent     time.Time
	// Connections is over how many the credential was tried at once, 0 for one, and
	// ConnectionsAllowed over how many of them it was let in.
	Connections, ConnectionsAllowed int
	// Address is the one that was asked, where the host has several.
	Address string
}

// Try uses the credential once.
func (d *Driver) Try(ctx context.Context, c *Credential) Attempt {
	ctx, trail := exchange.WithTrail(ctx)
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: fmt.Sprintf("try %s (%s)", c.Path.Name, c.Holder), Whole: c.Holder != string(reports.WhoControl)})
	asked := time.Now()
	if c.Path.Fresh {
		trail.Steps = true
		fresh, err := d.Arm(ctx, c.Path, c.Holder, c.given)
		if err != nil {
			return refusedAnew(err, trail, asked)
		}
		defer d.close(fresh)
		fresh.control = c.control
		c = fresh
	}
	if c.forged {
		defer d.close(c)
		if err := d.listenForged(ctx, c); err != nil {
			return refusedAnew(err, trail, asked)
		}
	}
	attempt := Attempt{Sent: asked}
	switch try := c.Path.Try; {
	case try.Provoke != nil:
		trail.Steps = true
		attempt.Result, attempt.Reason = d.tryHearing(ctx, c)
	case try.Allowed.Changes != "":
		trail.Steps = true
		attempt.Result, attempt.Reason, attempt.Status = d.tryChanges(ctx, c, trail)
	case try.Step.Exec != nil:
		attempt.Result, attempt.Reason = d.tryExec(ctx, c)
	case try.Step.OAuth != nil:
		trail.Steps = true
		attempt.Result, attempt.Reason, attempt.Status = d.tryOAuth(ctx, c)
	case try.Step.Browser != nil:
		attempt.Result, attempt.Reason, attempt.Status = d.tryBrowser(ctx, c, trail)
	default:
		attempt.Result, attempt.Reason, attempt.Status = d.tryRequest(ctx, c)
	}
	if len(trail.IDs) > 0 {
		attempt.Exchange, attempt.Sent = trail.IDs[len(trail.IDs)-1], trail.Sent
	}
	return attempt
}

// refusedAnew is the attempt that ended while the credential was to be obtained: a step
// that was answered otherwise than for the control user refuses it.
func refusedAnew(err error, trail *exchange.Trail, asked time.Time) Attempt {
	attempt := Attempt{Result: reports.TryDenied, Reason: err.Error(), Sent: asked, Exchange: exchange.LastID(trail.IDs)}
	var arm *ArmError
	if !errors.As(err, &arm) || arm.Passing || arm.Unclear {
		attempt.Result = reports.TryInconclusive
	}
	return attempt
}

func (d *Driver) tryRequest(ctx context.Context, c *Credential) (result reports.Result, reason string, status int) {
	by, jar := c.tries()
	reply, err := d.send(ctx, by, jar, c.Path.Try.Step)
	if err != nil {
		return reports.TryInconclusive, err.Error(), 0
	}
	if by != c {
		if result, reason, refused := refusedLook(c.Path.Try, reply.status); refused {
			return result, reason, reply.status
		}
	}
	result, reason = classify(by, reply)
	return result, reason, reply.status
}

// Disarm ends what listens for the credential, and gives it back as far as the
// application lets it. Refusals are expected, as the credential is often dead by then.
func (d *Driver) Disarm(ctx context.Context, c *Credential) {
	d.close(c)
	purpose := fmt.Sprintf("disarm %s (%s)", c.Path.Name, c.Holder)
	if c.Holder == "" {
		purpose = "past SCIM: take back " + c.Path.Name
	}
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: purpose})
	for _, step := range c.Path.Disarm {
		if err := d.disarmStep(ctx, c, step); err != nil {
			return
		}
	}
}

func (d *Driver) disarmStep(ctx context.Context, c *Credential, step target.Step) error {
	switch {
	case step.Exec != nil:
		_, err := d.runStep(ctx, c, stepDisarm, step.Exec)
		return err
	case step.OAuth != nil:
		_, said := d.askOAuth(ctx, c, step)
		return said.err
	}
	_, err := d.send(ctx, c, c.jar, step)
	return err
}

// reply is an answer to a step; url is the address that it came from.
type reply struct {
	status int
	header http.Header
	body   []byte
	url    *url.URL
	// stored and elements are those of a page: what it stored, and the texts of elements by
	// their selectors.
	stored   chromium.Stored
	elements map[string]string
}

// tries returns who sends the request of a try, and with which cookies.
func (c *Credential) tries() (by *Credential, jar http.CookieJar) {
	if c.Path.Try.AsControl {
		by = acting(c)
		return by, by.jar
	}
	return c, c.tryJar()
}

// tryJar holds the cookies of a try. A browser keeps what a page sets, so a session
// that slides goes on sliding. A password is tried by somebody who is not signed
// in: what an earlier try was given must not go along. Where each try begins anew there
// is none, and the page that a sign-in leads to may be looked at.
func (c *Credential) tryJar() http.CookieJar {
	if c.Path.Kind == target.LocalPassword && !c.Path.Fresh {
		return frozen{c.jar}
	}
	return c.jar
}

// frozen is a jar that takes no more cookies.
type frozen struct{ http.CookieJar }

// SetCookies implements http.CookieJar.
func (frozen) SetCookies(*url.URL, []*http.Cookie) {}

// only is a jar that hands out some of its cookies.
type only struct {
	http.CookieJar
	names []string
}

// Cookies implements http.CookieJar.
func (o only) Cookies(u *url.URL) []*http.Cookie {
	return slices.DeleteFunc(o.CookieJar.Cookies(u), func(c *http.Cookie) bool { return !slices.Contains(o.names, c.Name) })
}

func (d *Driver) send(ctx context.Context, c *Credential, jar http.CookieJar, step target.Step) (*reply, error) {
	values, err := d.withAssertions(c, step)
	if err != nil {
		return nil, err
	}
	req, err := request(ctx, step, values)
	if err != nil {
		return nil, err
	}
	if step.Cookies != nil {
		jar = only{jar, step.Cookies}
	}
	return d.do(req, jar, step)
}

// do sends the request of a step and reads the reply.
func (d *Driver) do(req *http.Request, jar http.CookieJar, step target.Step) (*reply, error) {
	origin := req.URL
	client := &http.Client{Transport: d.Transport, Jar: jar, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if !step.FollowRedirects || len(via) >= maxRedirects || next.URL.Host != origin.Host || next.URL.Scheme != origin.Scheme {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %s", step.Method, step.URL, exchange.Explain(err))
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %s", step.Method, step.URL, exchange.Explain(err))
	}
	return &reply{status: resp.StatusCode, header: resp.Header, body: body, url: resp.Request.URL}, nil
}

// passing tells statuses that say nothing about the credential.
func passing(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500
}
