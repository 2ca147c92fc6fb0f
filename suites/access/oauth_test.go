package access

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// grant is a step that asks for a token.
func grant(url, kind string, more ...string) target.Step {
	o := &target.OAuth{Name: "grant " + kind, Endpoint: target.TokenEndpoint, URL: url, Parameters: map[string]string{"grant_type": kind}}
	for i := 0; i+1 < len(more); i += 2 {
		o.Parameters[more[i]] = more[i+1]
	}
	return target.Step{OAuth: o}
}

// trying is an access path of one try.
func trying(step target.Step) target.AccessPath {
	return target.AccessPath{Name: "token", Try: target.Try{Step: step}}
}

// Each row is an answer of a token endpoint and what it says of the credential.
func TestWhatATokenEndpointMayAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   reports.Result
		reason string
	}{
		"a token":                {200, `{"access_token":"at-93F2kk01","token_type":"Bearer"}`, reports.TryAllowed, "200 OK with an access token"},
		"invalid_grant":          {400, `{"error":"invalid_grant","error_description":"User is disabled"}`, reports.TryDenied, "400 Bad Request invalid_grant (User is disabled)"},
		"invalid_client":         {401, `{"error":"invalid_client"}`, reports.TryDenied, "401 Unauthorized invalid_client"},
		"unauthorized_client":    {400, `{"error":"unauthorized_client"}`, reports.TryDenied, "unauthorized_client"},
		"a word of its own":      {400, `{"error":"inactive_user"}`, reports.TryDenied, "400 Bad Request inactive_user"},
		"401 without a word":     {401, ``, reports.TryDenied, "401 Unauthorized"},
		"400 as a page":          {400, `<h1>no</h1>`, reports.TryDenied, "400 Bad Request"},
		"403 with a refusal":     {403, `{"error":"access_denied"}`, reports.TryDenied, "403 Forbidden access_denied"},
		"200 with a refusal":     {200, `{"error":"bad_refresh_token"}`, reports.TryDenied, "200 OK bad_refresh_token"},
		"403 of something else":  {403, `{"error":"Forbidden"}`, reports.TryInconclusive, "403 Forbidden Forbidden, which is no answer of a token endpoint"},
		"a mistake in the step":  {400, `{"error":"unsupported_grant_type"}`, reports.TryInconclusive, "says nothing of the credential; compare the step's keys"},
		"an unknown scope":       {400, `{"error":"invalid_scope"}`, reports.TryInconclusive, "says nothing of the credential"},
		"trouble in words":       {400, `{"error":"temporarily_unavailable"}`, reports.TryInconclusive, "temporarily_unavailable"},
		"trouble":                {503, `{"error":"invalid_grant"}`, reports.TryInconclusive, "503 Service Unavailable"},
		"too many":               {429, ``, reports.TryInconclusive, "429 Too Many Requests"},
		"a page":                 {200, `<h1>sign in</h1>`, reports.TryInconclusive, "200 OK, which is no answer of a token endpoint"},
		"nothing in it":          {200, `{"token_type":"Bearer"}`, reports.TryInconclusive, "RFC 6749 section 5"},
		"an empty token":         {200, `{"access_token":""}`, reports.TryInconclusive, "no answer of a token endpoint"},
		"a token that is number": {200, `{"access_token":7}`, reports.TryInconclusive, "no answer of a token endpoint"},
		"no such address":        {404, `{"error":"Not Found"}`, reports.TryInconclusive, "404 Not Found"},
		"elsewhere":              {302, ``, reports.TryInconclusive, "302 Found"},
		"a list":                 {200, `[1]`, reports.TryInconclusive, "no answer of a token endpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			url := serving(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			d, _ := newDriver(t)
			step := grant(url, "refresh_token", "refresh_token", "x")
			credential, err := d.Arm(t.Context(), trying(step), "polled", nil)
			g.Expect(err).NotTo(HaveOccurred())
			attempt := d.Try(t.Context(), credential)
			g.Expect(attempt.Result).To(Equal(c.want), attempt.Reason)
			g.Expect(attempt.Reason).To(ContainSubstring(c.reason))
			g.Expect(attempt.Status).To(Equal(c.status))
			g.Expect(attempt.Exchange).NotTo(BeEmpty())

			// In arm and in a fresh try the same answers mean the same.
			path := trying(step)
			path.Arm, path.Fresh = []target.Step{step}, true
			_, err = d.Arm(t.Context(), path, "polled", nil)
			g.Expect(err == nil).To(Equal(c.want == reports.TryAllowed))
			if err != nil {
				g.Expect(err).To(MatchError(And(ContainSubstring(`access path "token", arm step 1: POST `+url+" answered "), ContainSubstring(c.reason))))
				g.Expect(d.Try(t.Context(), &Credential{Path: path, jar: newJar()}).Result).To(Equal(c.want))
			}
		})
	}
}

func TestWhatAnIntrospectionEndpointMayAnswer(t *testing.T) {
	for body, want := range map[string]reports.Result{
		`200 {"active":true,"sub":"1"}`:    reports.TryAllowed,
		`200 {"active":false}`:             reports.TryDenied,
		`200 {"active":"false"}`:           reports.TryInconclusive,
		`200 {}`:                           reports.TryInconclusive,
		`401 {"error":"invalid_client"}`:   reports.TryInconclusive, // of the client that asks
		`400 {"error":"invalid_grant"}`:    reports.TryInconclusive,
		`403 {"error":"access_denied"}`:    reports.TryInconclusive,
		`500 {"active":false}`:             reports.TryInconclusive,
		`404 {"active":false}`:             reports.TryInconclusive,
		`200 {"access_token":"abcdef123"}`: reports.TryInconclusive,
	} {
		t.Run(body, func(t *testing.T) {
			g := NewWithT(t)
			url := serving(t, func(w http.ResponseWriter, r *http.Request) {
				status := 0
				_, _ = fmt.Sscan(body[:3], &status)
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body[4:])
			})
			d, _ := newDriver(t)
			d.Connections = 3
			credential, err := d.Arm(t.Context(), trying(target.Step{OAuth: &target.OAuth{
				Name: "introspect", Endpoint: target.IntrospectionEndpoint, URL: url, Parameters: map[string]string{"token": "x"},
			}}), "polled", nil)
			g.Expect(err).NotTo(HaveOccurred())
			attempt := d.TryEverywhere(t.Context(), credential)
			g.Expect(attempt.Result).To(Equal(want), attempt.Reason)
			g.Expect(attempt.Connections).To(Equal(3), "to ask about a token is to read")
		})
	}
}

func TestNobodyAnswersAClient(t *testing.T) {
	g := NewWithT(t)
	d, _ := newDriver(t)
	step := grant("http://127.0.0.1:1/token", "password")
	_, err := d.Arm(t.Context(), target.AccessPath{Name: "token", Arm: []target.Step{step}}, "polled", nil)
	g.Expect(err).To(MatchError(ContainSubstring("POST http://127.0.0.1:1/token: connection refused")))
	g.Expect(err).To(HaveField("Passing", true))
	attempt := d.Try(t.Context(), &Credential{Path: trying(step), jar: newJar()})
	g.Expect(attempt).To(And(HaveField("Result", reports.TryInconclusive), HaveField("Status", 0)))
}

// received is what a token endpoint was sent.
type received struct {
	user, password, cookie, accept string
	basic                          bool
	form                           url.Values
}

func tokenEndpoint(t *testing.T, body string) (string, *received) {
	got := &received{}
	return serving(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: "session-abc-123"})
			return
		}
		_ = r.ParseForm()
		got.user, got.password, got.basic = r.BasicAuth()
		got.cookie, got.accept, got.form = r.Header.Get("Cookie"), r.Header.Get("Accept"), r.PostForm
		_, _ = io.WriteString(w, body)
	}), got
}

// RFC 6749 section 2.3.1: the two are escaped as in a form before they go by HTTP Basic.
func TestHowAClientProvesItself(t *testing.T) {
	for name, c := range map[string]struct {
		id, secret string
		inBody     bool
		want       received
	}{
		"public":  {"cli", "", false, received{form: url.Values{"client_id": {"cli"}, "grant_type": {"password"}}}},
		"nobody":  {"", "", false, received{form: url.Values{"grant_type": {"password"}}}},
		"basic":   {"a:b", "s e%c:ret", false, received{basic: true, user: "a%3Ab", password: "s+e%25c%3Aret", form: url.Values{"grant_type": {"password"}}}},
		"in body": {"a:b", "s e%c:ret", true, received{form: url.Values{"grant_type": {"password"}, "client_id": {"a:b"}, "client_secret": {"s e%c:ret"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			url, got := tokenEndpoint(t, `{"access_token":"at-93F2kk01","refresh_token":"only-small-letters"}`)
			d, recorder := newDriver(t)
			d.Secrets = map[string]string{"secret.client": c.secret}
			step := grant(url, "password")
			step.OAuth.ClientID, step.OAuth.SecretInBody = c.id, c.inBody
			if c.secret != "" {
				step.OAuth.ClientSecret = "{{secret.client}}"
			}
			step.Capture = map[string]target.Capture{"access": {JSON: "access_token"}}
			credential, err := d.Arm(t.Context(), target.AccessPath{Name: "token", Arm: []target.Step{{Method: "GET", URL: url + "/login"}, step}}, "polled", nil)
			g.Expect(err).NotTo(HaveOccurred())
			c.want.accept = "application/json"
			g.Expect(*got).To(Equal(c.want), "and no cookie of the browser")
			g.Expect(credential.values).To(HaveKeyWithValue("access", "at-93F2kk01"))
			written := fmt.Sprint(recorder.Exchanges())
			for _, secret := range []string{"at-93F2kk01", "only-small-letters", "s e%c:ret", "s+e%25c%3Aret", "session-abc-123"} {
				g.Expect(written).NotTo(ContainSubstring(secret))
			}
		})
	}
}

func TestAnAnswerThatRepeatsASecretDoesNotGiveItAway(t *testing.T) {
	g := NewWithT(t)
	url := serving(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"no such token %s\u0007"}`, r.FormValue("refresh_token"))
	})
	d, _ := newDriver(t)
	d.Vault.Learn("refresh", "refresh-token-778")
	step := grant(url, "refresh_token", "refresh_token", "{{refresh}}")
	_, err := d.Arm(t.Context(), target.AccessPath{Name: "token", Arm: []target.Step{step}}, "polled", map[string]string{"refresh": "refresh-token-778"})
	attempt := d.Try(t.Context(), &Credential{Path: trying(step), jar: newJar(), values: map[string]string{"refresh": "refresh-token-778"}})
	for _, said := range []string{err.Error(), attempt.Reason} {
		g.Expect(said).To(And(ContainSubstring("no such token ‹refresh#1"), Not(ContainSubstring("refresh-token-778")), Not(ContainSubstring("\a"))))
	}
}

// The authorization endpoint is shown to the browser, which is signed in.
func TestAPageOfConsentIsAskedFor(t *testing.T) {
	g := NewWithT(t)
	var got url.Values
	address := serving(t, func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("sid")
		switch {
		case r.URL.Path == "/login":
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: "session-abc-123"})
		case err != nil || cookie.Value != "session-abc-123":
			http.Redirect(w, r, "/login", http.StatusSeeOther)
		default:
			got = r.URL.Query()
			_, _ = io.WriteString(w, `<input name="csrf" value="csrf-value-77">`)
		}
	})
	d, _ := newDriver(t)
	credential, err := d.Arm(t.Context(), target.AccessPath{Name: "code", Arm: []target.Step{{Method: "GET", URL: address + "/login"}, {
		OAuth: &target.OAuth{
			Name: "authorize code", Endpoint: target.AuthorizationEndpoint, URL: address + "/authorize?tenant=t", ClientID: "cli",
			Parameters: map[string]string{"response_type": "code", "redirect_uri": "http://127.0.0.1/a?b=c&d", "state": "{{unique}}"},
		},
		Capture: map[string]target.Capture{"csrf": {Form: "csrf"}},
	}}}, "polled", nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got).To(Equal(url.Values{
		"tenant": {"t"}, "client_id": {"cli"}, "response_type": {"code"}, "redirect_uri": {"http://127.0.0.1/a?b=c&d"}, "state": {credential.values["unique"]},
	}))
	g.Expect(credential.values).To(HaveKeyWithValue("csrf", "csrf-value-77"))
}

func TestATokenIsGivenBack(t *testing.T) {
	g := NewWithT(t)
	address, got := tokenEndpoint(t, "")
	d, _ := newDriver(t)
	path := target.AccessPath{Name: "token", Disarm: []target.Step{{OAuth: &target.OAuth{
		Name: "revoke", Endpoint: target.RevocationEndpoint, URL: address, ClientID: "cli", Parameters: map[string]string{"token": "{{refresh}}"},
	}}}}
	d.Disarm(t.Context(), &Credential{Path: path, jar: newJar(), values: map[string]string{"refresh": "refresh-token-778"}})
	g.Expect(got.form).To(Equal(url.Values{"token": {"refresh-token-778"}, "client_id": {"cli"}}))
}

func TestAMadeUpTokenIsRefused(t *testing.T) {
	g := NewWithT(t)
	address := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("grant_type") == "password" || r.FormValue("refresh_token") == "refresh-token-778" {
			_, _ = io.WriteString(w, `{"access_token":"at-93F2kk01","refresh_token":"refresh-token-778"}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"invalid_grant"}`)
	})
	d, _ := newDriver(t)
	path := trying(grant(address, "refresh_token", "refresh_token", "{{refresh}}"))
	path.Arm = []target.Step{grant(address, "password")}
	path.Arm[0].Capture = map[string]target.Capture{"refresh": {JSON: "refresh_token"}}
	credential, err := d.Arm(t.Context(), path, "polled", ada)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(d.Try(t.Context(), credential).Result).To(Equal(reports.TryAllowed))
	g.Expect(d.Try(t.Context(), Forge(credential)).Result).To(Equal(reports.TryDenied))
}

// Whatever is answered: nothing panics, what was not granted is no access, and trouble is
// no denial.
func FuzzReadOAuth(f *testing.F) {
	endpoints := []target.OAuthEndpoint{target.TokenEndpoint, target.DeviceAuthorizationEndpoint, target.IntrospectionEndpoint, target.RevocationEndpoint}
	for _, body := range []string{`{"access_token":"a"}`, `{"active":false}`, `{"error":"invalid_grant"}`, `{"error":{"a":1}}`, `{"device_code":"d","interval":1e300}`, `[]`, `null`, "\xff"} {
		for i, status := range []int{200, 400, 401, 503} {
			f.Add(i, status, body)
		}
	}
	f.Fuzz(func(t *testing.T, which, status int, body string) {
		endpoint := endpoints[uint(which)%uint(len(endpoints))]
		said := readOAuth(endpoint, status, []byte(body), func(said string) string { return said })
		switch {
		case said.result == "" || said.reason == "":
			t.Fatalf("%d %q of %s comes to nothing", status, body, endpoint)
		case said.result == reports.TryAllowed && status != http.StatusOK:
			t.Fatalf("%d %q of %s is access", status, body, endpoint)
		case said.result == reports.TryDenied && (status == http.StatusTooManyRequests || status >= 500):
			t.Fatalf("%d %q of %s is a denial", status, body, endpoint)
		case endpoint == target.TokenEndpoint && said.result == reports.TryAllowed && !strings.Contains(strings.ToLower(body), "access_token") && !strings.Contains(body, `\u`):
			t.Fatalf("%q is access without a token", body)
		}
		if every := pollEvery([]byte(body)); every < 0 || every > longestPollEvery {
			t.Fatalf("%q polls every %s", body, every)
		}
	})
}
