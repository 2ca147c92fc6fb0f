package access

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

func newDriver(t *testing.T) (*Driver, *exchange.Recorder) {
	t.Helper()
	base, err := exchange.NewBase(target.TLS{}, true)
	if err != nil {
		t.Fatal(err)
	}
	vault := redact.New()
	recorder := exchange.NewRecorder(vault, "scimproof-")
	return &Driver{Vault: vault, Transport: &exchange.Transport{
		Base: base, Recorder: recorder, Agent: "scimproof/test (run=r", MaxBody: 1 << 20, Timeout: 5 * time.Second,
	}}, recorder
}

// application is a small one: a log-in form with a CSRF field and a cookie, and a
// page behind it. gate decides what the page answers.
func application(t *testing.T, gate func(http.ResponseWriter) bool) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "pre", Value: "pre-session-1"})
		_, _ = io.WriteString(w, `<form><input name="csrf" value="csrf-value-77"></form>`)
	})
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		pre, err := r.Cookie("pre")
		if err != nil || pre.Value != "pre-session-1" || r.FormValue("csrf") != "csrf-value-77" || r.FormValue("password") != "right-password" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "session-abc-123", HttpOnly: true})
		http.Redirect(w, r, "/home?code=code-5512345&state=x", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /home", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("sid"); err != nil || c.Value != "session-abc-123" {
			http.Redirect(w, r, "/login", http.StatusSeeOther)
			return
		}
		if gate(w) {
			_, _ = io.WriteString(w, "<h1>Hello mark-of-ada</h1>")
		}
	})
	mux.HandleFunc("GET /json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Token", "header-token-1")
		_, _ = io.WriteString(w, `{"data":{"items":[{"token":"json-token-1"}]}}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func webSession(url string) target.AccessPath {
	return target.AccessPath{
		Name: "web session", Kind: target.WebSession,
		Arm: []target.Step{
			{Method: "GET", URL: url + "/login", Capture: map[string]target.Capture{"csrf": {Form: "csrf"}}},
			{
				Method: "POST", URL: url + "/login", Expect: []int{303},
				Form:    map[string]string{"user": "{{user.userName}}", "password": "{{user.password}}", "csrf": "{{csrf}}"},
				Capture: map[string]target.Capture{"code": {Query: "code"}, "sid": {Cookie: "sid"}},
			},
		},
		Try: target.Try{Step: target.Step{Method: "GET", URL: url + "/home"}, Allowed: target.Allowed{Marker: "{{user.marker}}"}},
	}
}

var ada = map[string]string{"user.userName": "ada", "user.password": "right-password", "user.marker": "mark-of-ada"}

func TestAWebSessionIsArmedAndTried(t *testing.T) {
	g := NewWithT(t)
	d, recorder := newDriver(t)
	c, err := d.Arm(t.Context(), webSession(application(t, func(http.ResponseWriter) bool { return true })), "polled", ada)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.values).To(HaveKeyWithValue("code", "code-5512345"))
	attempt := d.Try(t.Context(), c)
	g.Expect(attempt.Result).To(Equal(reports.TryAllowed), attempt.Reason)
	g.Expect(attempt.Exchange).NotTo(BeEmpty())
	d.Vault.Learn("password", "right-password")
	all := fmt.Sprint(recorder.Exchanges())
	for _, secret := range []string{"right-password", "session-abc-123", "csrf-value-77", "code-5512345", "pre-session-1"} {
		g.Expect(all).NotTo(ContainSubstring(secret))
	}
}

func TestArmSaysWhichStepFailed(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*target.AccessPath, string)
		problem string
		step    int
	}{
		"a wrong status": {func(p *target.AccessPath, _ string) { p.Arm[1].Expect = []int{200, 201} }, "answered 303; expected 200 or 201", 2},
		"no such field": {func(p *target.AccessPath, _ string) {
			p.Arm[0].Capture = map[string]target.Capture{"csrf": {Form: "other"}}
		}, "no form field other", 1},
		"no such cookie": {func(p *target.AccessPath, _ string) {
			p.Arm[1].Capture = map[string]target.Capture{"x": {Cookie: "other"}}
		}, "no cookie other", 2},
		"no such header": {func(p *target.AccessPath, _ string) {
			p.Arm[0].Capture = map[string]target.Capture{"x": {Header: "X-Other"}}
		}, "no header X-Other", 1},
		"no such query": {func(p *target.AccessPath, _ string) {
			p.Arm[1].Capture = map[string]target.Capture{"x": {Query: "other"}}
		}, "no parameter other", 2},
		"not JSON": {func(p *target.AccessPath, _ string) { p.Arm[0].Capture = map[string]target.Capture{"x": {JSON: "a"}} }, "not JSON", 1},
		"no such JSON": {func(p *target.AccessPath, u string) {
			p.Arm[0] = target.Step{Method: "GET", URL: u + "/json", Capture: map[string]target.Capture{"x": {JSON: "data.none"}}}
		}, "nothing at data.none", 1},
		"a wrong password": {func(p *target.AccessPath, _ string) { p.Arm[1].Form["password"] = "wrong" }, "answered 403", 2},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			d, _ := newDriver(t)
			url := application(t, func(http.ResponseWriter) bool { return true })
			path := webSession(url)
			c.change(&path, url)
			_, err := d.Arm(t.Context(), path, "polled", ada)
			var arm *ArmError
			g.Expect(err).To(BeAssignableToTypeOf(arm))
			g.Expect(err.Error()).To(SatisfyAll(ContainSubstring("web session"), ContainSubstring(c.problem), ContainSubstring(fmt.Sprintf("step %d", c.step))))
		})
	}
}

func TestWhatAReplySays(t *testing.T) {
	status := func(code int) func(http.ResponseWriter) bool {
		return func(w http.ResponseWriter) bool {
			w.Header().Set("Location", "/login")
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "mark-of-ada")
			return false
		}
	}
	for name, c := range map[string]struct {
		gate func(http.ResponseWriter) bool
		want reports.Result
	}{
		"the marker":                {func(http.ResponseWriter) bool { return true }, reports.TryAllowed},
		"a log-in page with 200":    {func(w http.ResponseWriter) bool { _, _ = io.WriteString(w, "please log in"); return false }, reports.TryDenied},
		"redirected to the log-in":  {status(303), reports.TryDenied},
		"401, whatever the body":    {status(401), reports.TryDenied},
		"403":                       {status(403), reports.TryDenied},
		"404":                       {status(404), reports.TryDenied},
		"400":                       {status(400), reports.TryDenied},
		"429 decides nothing":       {status(429), reports.TryInconclusive},
		"500 decides nothing":       {status(500), reports.TryInconclusive},
		"503 decides nothing":       {status(503), reports.TryInconclusive},
		"a 2xx that was not agreed": {status(204), reports.TryInconclusive},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			d, _ := newDriver(t)
			credential, err := d.Arm(t.Context(), webSession(application(t, c.gate)), "polled", ada)
			g.Expect(err).NotTo(HaveOccurred())
			attempt := d.Try(t.Context(), credential)
			g.Expect(attempt.Result).To(Equal(c.want), attempt.Reason)
		})
	}
}

func TestCookiesStayWithASessionAndNotWithAPassword(t *testing.T) {
	for kind, want := range map[target.Kind]string{target.WebSession: "2", target.LocalPassword: "1"} {
		t.Run(string(kind), func(t *testing.T) {
			g := NewWithT(t)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				seen := "1"
				if _, err := r.Cookie("slid"); err == nil {
					seen = "2"
				}
				http.SetCookie(w, &http.Cookie{Name: "slid", Value: "yes"})
				_, _ = io.WriteString(w, "time "+seen)
			}))
			defer server.Close()
			d, _ := newDriver(t)
			path := target.AccessPath{Name: "p", Kind: kind, Try: target.Try{Step: target.Step{Method: "GET", URL: server.URL}, Allowed: target.Allowed{Marker: "time " + want}}}
			c, err := d.Arm(t.Context(), path, "polled", nil)
			g.Expect(err).NotTo(HaveOccurred())
			d.Try(t.Context(), c)
			g.Expect(d.Try(t.Context(), c).Result).To(Equal(reports.TryAllowed))
		})
	}
}

func TestNoAnswerDecidesNothing(t *testing.T) {
	g := NewWithT(t)
	d, _ := newDriver(t)
	server := httptest.NewServer(http.NotFoundHandler())
	path := target.AccessPath{Name: "p", Try: target.Try{Step: target.Step{Method: "GET", URL: server.URL}, Allowed: target.Allowed{Marker: "m"}}}
	c, err := d.Arm(t.Context(), path, "polled", nil)
	g.Expect(err).NotTo(HaveOccurred())
	server.Close()
	attempt := d.Try(t.Context(), c)
	g.Expect(attempt.Result).To(Equal(reports.TryInconclusive))
	g.Expect(attempt.Reason).To(ContainSubstring("connection refused"))
}

func TestValuesCannotLeaveTheirPlaceInAnAddress(t *testing.T) {
	g := NewWithT(t)
	got, err := expandURL("https://app.example.com/u/{{user.id}}?q={{user.id}}", map[string]string{"user.id": "a/../b?x=1&y=2"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got).To(Equal("https://app.example.com/u/a%2F..%2Fb%3Fx=1&y=2?q=a%2F..%2Fb%3Fx%3D1%26y%3D2"))
}

// watched arms a path whose page is open to both users until a time, and to the
// control user for ever, and watches it.
func watched(t *testing.T, path func(url string) target.AccessPath, open func(user string) bool, plan Plan, rule Rule) (*Canary, bool) {
	t.Helper()
	mux := http.NewServeMux()
	var minted atomic.Int64
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"token":"tok-%06d-%s"}`, minted.Add(1), r.FormValue("user"))
	})
	used := map[string]bool{}
	var mu = make(chan struct{}, 1)
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		mu <- struct{}{}
		defer func() { <-mu }()
		tok := r.Header.Get("X-Token")
		user := tok[len("tok-000000-"):]
		if r.URL.Query().Has("once") && used[tok] {
			http.Error(w, "spent", http.StatusTeapot)
			return
		}
		used[tok] = true
		if !open(user) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, "marker of "+user)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	d, _ := newDriver(t)
	canary, err := d.ArmCanary(t.Context(), path(server.URL), plan, 1, map[string]string{"user": "leaver"}, map[string]string{"user": "control"})
	if err != nil {
		t.Fatal(err)
	}
	return canary, canary.Watch(t.Context(), plan, rule, reports.PhaseLeft, time.Now(), func(time.Time) func() { return func() {} })
}

func tokenPath(query string, oneShot bool) func(string) target.AccessPath {
	return func(url string) target.AccessPath {
		return target.AccessPath{
			Name: "token", OneShot: oneShot,
			Arm: []target.Step{{Method: "POST", URL: url + "/token", Form: map[string]string{"user": "{{user}}"}, Capture: map[string]target.Capture{"tok": {JSON: "token"}}}},
			Try: target.Try{Step: target.Step{Method: "GET", URL: url + "/me" + query, Headers: map[string]string{"X-Token": "{{tok}}"}}, Allowed: target.Allowed{Marker: "marker of {{user}}"}},
		}
	}
}

func results(c *Canary, who reports.Who) []reports.Result {
	var out []reports.Result
	for _, t := range c.Tries {
		if t.Who == who {
			out = append(out, t.Result)
		}
	}
	return out
}

func TestWatchSeesTheControlUserAtEachMarkAndTheTwinAtTheEnd(t *testing.T) {
	g := NewWithT(t)
	plan := Plan{RevokeWithin: 100 * time.Millisecond, GiveUpAfter: 300 * time.Millisecond}
	c, complete := watched(t, tokenPath("", false), func(user string) bool { return user == "control" }, plan, Rule{Need: 2, Last: true})
	g.Expect(complete).To(BeTrue())
	polled := results(c, reports.WhoPolled)
	g.Expect(polled).To(HaveEach(reports.TryDenied))
	g.Expect(len(polled)).To(BeNumerically(">=", 2))
	g.Expect(results(c, reports.WhoControl)).To(HaveLen(len(polled)))
	g.Expect(results(c, reports.WhoControl)).To(HaveEach(reports.TryAllowed))
	g.Expect(results(c, reports.WhoSilent)).To(Equal([]reports.Result{reports.TryDenied}))
}

func TestAOneShotCredentialIsNeverUsedTwice(t *testing.T) {
	g := NewWithT(t)
	plan := Plan{RevokeWithin: 100 * time.Millisecond, GiveUpAfter: 600 * time.Millisecond}
	c, complete := watched(t, tokenPath("?once", true), func(string) bool { return true }, plan, Rule{Need: 5, Last: true})
	g.Expect(complete).To(BeTrue())
	for _, try := range c.Tries {
		g.Expect(try.Status).To(Equal(200), "%s: %s", try.Who, try.Reason)
	}
	g.Expect(len(results(c, reports.WhoPolled))).To(BeNumerically(">=", 3))
}

func TestAnInterruptedWatchIsNotComplete(t *testing.T) {
	g := NewWithT(t)
	d, _ := newDriver(t)
	url := application(t, func(http.ResponseWriter) bool { return true })
	plan := Plan{RevokeWithin: time.Hour, GiveUpAfter: time.Hour}
	c, err := d.ArmCanary(t.Context(), webSession(url), plan, 1, ada, ada)
	g.Expect(err).NotTo(HaveOccurred())
	ctx, cancel := context.WithCancel(t.Context())
	complete := c.Watch(ctx, plan, Rule{Need: 5}, reports.PhaseLeft, time.Now(), func(time.Time) func() {
		cancel()
		return func() {}
	})
	g.Expect(complete).To(BeFalse())
}

func FuzzCapture(f *testing.F) {
	f.Add([]byte(`<input name="csrf" value="x">`), "csrf")
	f.Add([]byte(`{"a":[{"b":"c"}]}`), "a.0.b")
	f.Fuzz(func(_ *testing.T, body []byte, path string) {
		r := &reply{header: http.Header{"Location": {string(body)}}, body: body}
		for _, c := range []target.Capture{{JSON: path}, {Form: path}, {Header: path}, {Query: path}} {
			_, _ = capture(c, r, nil)
		}
	})
}
