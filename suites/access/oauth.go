package access

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// armOAuth carries out a step that asks an authorization server for something.
func (d *Driver) armOAuth(ctx context.Context, c *Credential, step target.Step) *ArmError {
	if step.OAuth.Endpoint == target.AuthorizationEndpoint {
		return d.armAuthorization(ctx, c, step)
	}
	r, said := d.askOAuth(ctx, c, step)
	if said.result != reports.TryAllowed {
		return said.asArmError(d)
	}
	if step.OAuth.Endpoint == target.DeviceAuthorizationEndpoint {
		c.pollEvery = pollEvery(r.body)
	}
	return d.keep(c, step, r, said.at+" answered "+said.reason)
}

// tryOAuth asks an authorization server for a token, or about one.
func (d *Driver) tryOAuth(ctx context.Context, c *Credential) (reports.Result, string, int) {
	r, said := d.askOAuth(ctx, c, c.Path.Try.Step)
	status := 0
	if r != nil {
		status = r.status
	}
	return said.result, said.reason, status
}

// armAuthorization shows the page of the authorization endpoint to the user's browser
// (RFC 6749 section 4.1.1). How consent is given there is for further steps to say.
func (d *Driver) armAuthorization(ctx context.Context, c *Credential, step target.Step) *ArmError {
	req, plain, err := d.oauthRequest(ctx, c, step)
	if err != nil {
		return unclear(err).asArmError(d)
	}
	r, err := d.do(req, c.jar, plain)
	if err != nil {
		return &ArmError{Passing: true, Problem: err.Error()}
	}
	done := fmt.Sprintf("%s answered %d", plain, r.status)
	if !expected(nil, r.status) {
		return &ArmError{Passing: passing(r.status), Problem: done + "; expected " + statusList(nil)}
	}
	return d.keep(c, step, r, done)
}

// askOAuth sends the request of a step, again and again if it polls, and reads the
// answer. The reply is nil where none came.
func (d *Driver) askOAuth(ctx context.Context, c *Credential, step target.Step) (*reply, oauthSaid) {
	until, apart := time.Now().Add(step.WaitUpTo), c.pollEvery
	if apart == 0 {
		apart = defaultPollEvery
	}
	for {
		r, said := d.askOAuthOnce(ctx, c, step)
		if said.code == slowDown {
			apart += slowerBy
		}
		if !step.OAuth.Polls() || said.code != slowDown && said.code != authorizationPending {
			return r, said
		}
		if time.Until(until) < apart {
			said.reason += fmt.Sprintf(": nobody has let the device in within %s, and the next poll is due in %s", step.WaitUpTo, apart)
			return r, said
		}
		if wait(ctx, nil, apart); ctx.Err() != nil {
			return r, oauthSaid{result: reports.TryInconclusive, passing: true, reason: "interrupted", err: ctx.Err()}
		}
	}
}

func (d *Driver) askOAuthOnce(ctx context.Context, c *Credential, step target.Step) (*reply, oauthSaid) {
	req, plain, err := d.oauthRequest(ctx, c, step)
	if err != nil {
		return nil, unclear(err)
	}
	// It is the client that asks, and not the browser: no cookie may let anybody in.
	r, err := d.do(req, newJar(), plain)
	if err != nil {
		return nil, oauthSaid{result: reports.TryInconclusive, passing: true, reason: err.Error(), err: err}
	}
	for _, name := range []string{"access_token", "refresh_token", "id_token", "device_code", "user_code"} {
		d.Vault.Learn(name, gjson.GetBytes(r.body, name).String())
	}
	said := readOAuth(step.OAuth.Endpoint, r.status, r.body, d.quote)
	said.at = plain.String()
	return r, said
}

// oauthRequest makes the request of a step, and the step that it comes down to, for
// people.
func (d *Driver) oauthRequest(ctx context.Context, c *Credential, step target.Step) (*http.Request, target.Step, error) {
	o := step.OAuth
	plain := target.Step{Method: http.MethodPost, URL: o.URL}
	if o.Endpoint == target.AuthorizationEndpoint {
		plain.Method = http.MethodGet
	}
	if o.URL == "" {
		var err error
		if plain.URL, err = d.discover(ctx, o.Issuer, o.Endpoint); err != nil {
			return nil, plain, err
		}
	}
	values, err := d.withAssertions(c, step)
	if err != nil {
		return nil, plain, err
	}
	form, by, err := filledIn(o, values)
	if err != nil {
		return nil, plain, fmt.Errorf("%s: %w", step, err)
	}
	req, err := d.clientRequest(ctx, plain, form, by)
	return req, plain, err
}

// filledIn fills the placeholders of a request in: its parameters, and who asks.
func filledIn(o *target.OAuth, values map[string]string) (url.Values, oauthClient, error) {
	form, by := url.Values{}, oauthClient{secretInBody: o.SecretInBody}
	for name, template := range o.Parameters {
		value, err := target.Expand(template, values)
		if err != nil {
			return nil, by, err
		}
		form.Set(name, value)
	}
	var err error
	if by.id, err = target.Expand(o.ClientID, values); err != nil {
		return nil, by, err
	}
	by.secret, err = target.Expand(o.ClientSecret, values)
	return form, by, err
}

// oauthClient is who asks.
type oauthClient struct {
	id, secret   string
	secretInBody bool
}

// clientRequest makes a request that says which client asks, and proves it (RFC 6749
// section 2.3.1).
func (d *Driver) clientRequest(ctx context.Context, plain target.Step, form url.Values, by oauthClient) (*http.Request, error) {
	basic := by.secret != "" && !by.secretInBody
	if by.id != "" && !basic {
		form.Set("client_id", by.id)
	}
	if by.secretInBody {
		form.Set("client_secret", by.secret)
	}
	d.Vault.Learn("client secret", by.secret)
	if plain.Method == http.MethodGet {
		separator := "?"
		if strings.Contains(plain.URL, "?") { // which is to be kept (section 3.1)
			separator = "&"
		}
		return newOAuthRequest(ctx, plain, plain.URL+separator+form.Encode(), "")
	}
	req, err := newOAuthRequest(ctx, plain, plain.URL, form.Encode())
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json") // else some answer with a form
	if basic {
		req.SetBasicAuth(url.QueryEscape(by.id), url.QueryEscape(by.secret))
	}
	return req, nil
}

func newOAuthRequest(ctx context.Context, plain target.Step, address, body string) (*http.Request, error) {
	var reader io.Reader = http.NoBody
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, plain.Method, address, reader)
	if err != nil {
		return nil, fmt.Errorf("%s: not an address", plain)
	}
	return req, nil
}

// asArmError is what an answer comes to that arms nothing.
func (s oauthSaid) asArmError(d *Driver) *ArmError {
	undecided, problem := s.result == reports.TryInconclusive, s.reason
	if s.at != "" {
		problem = s.at + " answered " + problem
	}
	return &ArmError{Passing: undecided && s.passing, Unclear: undecided && !s.passing, Problem: d.Vault.Text(problem)}
}

// unclear is the answer of an authorization server that cannot be asked.
func unclear(err error) oauthSaid {
	var trouble *discoveryError
	return oauthSaid{
		result: reports.TryInconclusive, passing: errors.As(err, &trouble) && trouble.passing, err: err,
		reason: exchange.Printable(err.Error(), 2*maxReason),
	}
}
