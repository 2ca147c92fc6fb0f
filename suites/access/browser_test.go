package access

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/time/rate"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/acmetest"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access/chromium"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

const pagePassword = "a-password-for-pages-1"

// pages is the reference application, with people who sign in on a page that a script
// builds, and a driver with a browser.
type pages struct {
	*Driver
	*WithT
	app      *acmetest.Client
	URL      string
	recorder *exchange.Recorder
	ids      map[string]string
}

func startPages(t *testing.T) *pages {
	t.Helper()
	if _, err := chromium.Find(""); err != nil {
		t.Skip(err)
	}
	client := acmetest.New(t, acme.Config{})
	server := httptest.NewServer(client.App)
	t.Cleanup(server.Close)
	d, recorder := newDriver(t)
	t.Cleanup(d.Close)
	p := &pages{Driver: d, WithT: NewWithT(t), app: client, URL: server.URL, recorder: recorder, ids: map[string]string{}}
	for _, name := range []string{"leaver", "control"} {
		p.ids[name] = client.NewUser(name, pagePassword)
	}
	return p
}

// values are the placeholders of a person.
func (p *pages) values(name string) map[string]string {
	p.Vault.Learn("user.password", pagePassword)
	return map[string]string{"user.userName": name, "user.password": pagePassword, "user.marker": "Display of " + name}
}

func (p *pages) armed(t *testing.T, path target.AccessPath, name string) *Credential {
	t.Helper()
	c, err := p.Arm(t.Context(), path, name, p.values(name))
	p.Expect(err).NotTo(HaveOccurred())
	return c
}

// signIn is the step that signs somebody in on the page.
func (p *pages) signIn() target.Step {
	return target.Step{Browser: &target.Browser{Open: p.URL + "/app/login", Within: 20 * time.Second, Do: []target.Action{
		{Fill: &target.Fill{Selector: "#user", Value: "{{user.userName}}"}},
		{Fill: &target.Fill{Selector: "#password", Value: "{{user.password}}"}},
		{Click: &target.Click{Selector: "button[type=submit]"}},
		{WaitFor: &target.Sight{Selector: "#dashboard", Text: "{{user.marker}}", URL: "/app/$"}},
	}}}
}

// byHTTP tries the session by a request.
func (p *pages) byHTTP() target.Try {
	return target.Try{Step: target.Step{Method: http.MethodGet, URL: p.URL + "/home"}, Allowed: target.Allowed{Marker: "{{user.marker}}"}}
}

// byBrowser tries the session on the page.
func (p *pages) byBrowser() target.Try {
	return target.Try{
		Step:    target.Step{Browser: &target.Browser{Open: p.URL + "/app/", Within: 20 * time.Second}},
		Allowed: target.Allowed{Marker: "{{user.marker}}", Selector: "#dashboard", URL: "/app/$"},
		Denied:  &target.Denied{URL: "/app/login$", Selector: "#login"},
	}
}

// byPassword signs in anew at each try.
func (p *pages) byPassword() target.Try {
	try := p.byBrowser()
	try.Step = p.signIn()
	try.Step.Cookies, try.Step.Browser.Do = []string{}, try.Step.Browser.Do[:3]
	try.Denied = &target.Denied{Selector: "#problem", Text: "wrong"}
	return try
}

func TestABrowserArmsAndTries(t *testing.T) {
	form := []target.Step{
		{Method: http.MethodGet, Capture: map[string]target.Capture{"csrf": {Form: "csrf"}}},
		{Method: http.MethodPost, Form: map[string]string{"username": "{{user.userName}}", "password": "{{user.password}}", "csrf": "{{csrf}}"}},
	}
	for name, c := range map[string]struct {
		kind           target.Kind
		byForm         bool
		try            func(*pages) target.Try
		allowed, after string
	}{
		"armed by the browser, tried by a request":  {target.WebSession, false, (*pages).byHTTP, "200 with the marker", "303, redirected away"},
		"armed by requests, tried by the browser":   {target.WebSession, true, (*pages).byBrowser, `the element #dashboard and the text "{{user.marker}}" and an address that matches /app/$ was seen`, "the element #login and an address that matches /app/login$ was seen"},
		"armed and tried by the browser":            {target.WebSession, false, (*pages).byBrowser, "was seen", "the element #login"},
		"a password is tried by the browser, alone": {target.LocalPassword, false, (*pages).byPassword, "was seen", `the element #problem and the text "wrong" was seen`},
	} {
		t.Run(name, func(t *testing.T) {
			p := startPages(t)
			path := target.AccessPath{Name: "app", Kind: c.kind, Arm: []target.Step{p.signIn()}, Try: c.try(p)}
			if c.byForm {
				form[0].URL, form[1].URL = p.URL+"/login", p.URL+"/login"
				path.Arm = form
			}
			leaver, control := p.armed(t, path, "leaver"), p.armed(t, path, "control")
			for range 2 { // a try leaves the credential as it was
				got := p.Try(t.Context(), leaver)
				p.Expect(got).To(SatisfyAll(HaveField("Result", reports.TryAllowed), HaveField("Reason", ContainSubstring(c.allowed)), HaveField("Exchange", Not(BeEmpty()))))
			}
			p.Expect(p.Try(t.Context(), Forge(leaver)).Result).To(Equal(reports.TryDenied), "nobody")
			p.app.SetActive(p.ids["leaver"], false)
			got := p.Try(t.Context(), leaver)
			p.Expect(got).To(SatisfyAll(HaveField("Result", reports.TryDenied), HaveField("Reason", ContainSubstring(c.after))))
			got = p.Try(t.Context(), control)
			p.Expect(got.Result).To(Equal(reports.TryAllowed), got.Reason)
		})
	}
}

func TestWhatABrowserLeavesIsCapturedAndNoSecretIsRecorded(t *testing.T) {
	p := startPages(t)
	step := p.signIn()
	step.Browser.Open += "?token=secret-of-the-address"
	step.Capture = map[string]target.Capture{
		"session": {Cookie: "acme_session"}, "last": {Storage: "lastUser"}, "heading": {Selector: "h1", Match: "Welcome, (.+)"}, "text": {Body: true, Match: "(Wel)come"},
	}
	c := p.armed(t, target.AccessPath{Name: "app", Arm: []target.Step{step}, Try: p.byBrowser()}, "leaver")
	p.Expect(c.values).To(SatisfyAll(HaveKeyWithValue("last", "leaver"), HaveKeyWithValue("heading", "Display of leaver"), HaveKeyWithValue("text", "Wel")))
	p.Expect(c.values["session"]).To(HaveLen(40))
	p.Expect(p.Try(t.Context(), c).Result).To(Equal(reports.TryAllowed))

	seen := p.recorder.Exchanges()
	p.Expect(seen).To(HaveLen(2))
	p.Expect(seen[0].Method).To(Equal("BROWSE"))
	p.Expect(seen[0].Purpose).To(Equal("arm app (leaver)"))
	p.Expect(strings.Split(seen[0].ResponseBody, "\n")).To(HaveExactElements(
		MatchRegexp(`^GET http://127[^ ]+/app/login[?]token=\S+ 200$`), MatchRegexp(`^GET http://127[^ ]+/app/ 200$`)))
	p.Expect(seen[0].ResponseHeaders).To(HaveKeyWithValue("Seen", "all that was waited for was seen"))
	raw, err := json.Marshal(seen)
	p.Expect(err).NotTo(HaveOccurred())
	for _, secret := range []string{pagePassword, c.values["session"], "secret-of-the-address"} {
		p.Expect(string(raw)).NotTo(ContainSubstring(secret))
	}
}

func TestWhatABrowserDoesNotFind(t *testing.T) {
	p := startPages(t)
	for name, c := range map[string]struct {
		change  func(*target.Browser)
		want    string
		passing bool
	}{
		"the element": {func(b *target.Browser) {
			b.Do = []target.Action{{WaitFor: &target.Sight{Selector: "#dashboard", URL: "login"}}}
		}, `do[0]: the element #dashboard was not seen within 1s; the page's title was "Acme: sign in" at http://127.0.0.1:`, false},
		"the field":  {func(b *target.Browser) { b.Do[0].Fill.Selector = "#nobody" }, "do[0]: the field #nobody was not seen, or could not be filled in, within 1s", false},
		"the button": {func(b *target.Browser) { b.Do[2].Click.Selector = "#go" }, "do[2]: the element #go was not seen, or could not be clicked, within 1s", false},
		"the text": {func(b *target.Browser) {
			b.Do = []target.Action{{WaitFor: &target.Sight{Text: "of {{user.userName}}"}}}
		}, `the text "of {{user.userName}}" was not seen`, false},
		"no selector":  {func(b *target.Browser) { b.Do[0].Fill.Selector = "#(" }, `do[0]: "#(" is not a CSS selector`, false},
		"no page":      {func(b *target.Browser) { b.Open = strings.Replace(b.Open, "/app/login", "/nowhere", 1) }, ", answered 404", false},
		"no server":    {func(b *target.Browser) { b.Open = "http://127.0.0.1:9/" }, "browser http://127.0.0.1:9/: the ", true},
		"no such host": {func(b *target.Browser) { b.Open = "http://nobody.invalid/" }, "browser http://nobody.invalid/: the ", true},
	} {
		t.Run(name, func(t *testing.T) {
			p.WithT = NewWithT(t)
			step := p.signIn()
			step.Browser.Within = time.Second
			c.change(step.Browser)
			_, err := p.Arm(t.Context(), target.AccessPath{Name: "app", Arm: []target.Step{step}, Try: p.byHTTP()}, "leaver", p.values("leaver"))
			var arm *ArmError
			p.Expect(errors.As(err, &arm)).To(BeTrue())
			p.Expect(err).To(MatchError(SatisfyAll(HavePrefix(`access path "app", arm step 1: browser http`), ContainSubstring(c.want))))
			p.Expect(arm.Passing).To(Equal(c.passing))
		})
	}
}

func TestAPageThatDecidesNothing(t *testing.T) {
	p := startPages(t)
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request)
		want   reports.Result
		reason string
	}{
		"it never comes": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, reports.TryInconclusive, "the page did not answer within 1s"},
		"it shows neither": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<title>\x1b[31mhello\u202e</title>"))
		}, reports.TryInconclusive, `the element #in was not seen, nor was the text "sign in" within 1s; the page's title was "`},
		"it is in trouble": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, reports.TryInconclusive, "503 Service Unavailable"},
		"it is forbidden":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, reports.TryDenied, "403 Forbidden"},
		"it never comes whole": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("<p id=in>in"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, reports.TryAllowed, "the element #in was seen"},
		"it denies at first": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<p id=a>sign in<script>setTimeout(() => { document.querySelector('p').id = 'in' }, 100)</script>"))
		}, reports.TryAllowed, "#in was seen"},
		"it lets in at first": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<p id=in>sign in<script>setTimeout(() => { document.querySelector('p').id = 'a' }, 100)</script>"))
		}, reports.TryDenied, `the text "sign in" was seen`},
		"it goes on asking": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/poll" {
				<-r.Context().Done()
			}
			_, _ = w.Write([]byte("sign in<script>fetch('/poll')</script>"))
		}, reports.TryDenied, `the text "sign in" was seen`},
	} {
		t.Run(name, func(t *testing.T) {
			p.WithT = NewWithT(t)
			url := serving(t, c.answer)
			credential := p.armed(t, target.AccessPath{Name: "page", Try: target.Try{
				Step:    target.Step{Browser: &target.Browser{Open: url, Within: time.Second}},
				Allowed: target.Allowed{Selector: "#in"}, Denied: &target.Denied{Text: "sign in"},
			}}, "leaver")
			got := p.Try(t.Context(), credential)
			p.Expect(got).To(SatisfyAll(HaveField("Result", c.want), HaveField("Reason", ContainSubstring(c.reason))))
			p.Expect(got.Reason).NotTo(ContainSubstring("\x1b"))
		})
	}
}

func TestTriesByBrowserAreBounded(t *testing.T) {
	g := NewWithT(t)
	d, _ := newDriver(t)
	c := &Credential{browsed: maxBrowserTries}
	c.Path.Try.Step.Browser = &target.Browser{}
	got := d.Try(t.Context(), c)
	g.Expect(got).To(SatisfyAll(HaveField("Result", reports.TryInconclusive), HaveField("Reason", ContainSubstring("which is all"))))
}

func TestWithoutABrowserAPathIsNotArmed(t *testing.T) {
	page := target.Step{Browser: &target.Browser{Open: "http://127.0.0.1:9/"}}
	for name, path := range map[string]target.AccessPath{"in arm": {Arm: []target.Step{page}}, "in try": {Try: target.Try{Step: page}}} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			t.Setenv("PATH", t.TempDir())
			d, recorder := newDriver(t)
			path.Name = "app"
			_, err := d.Arm(t.Context(), path, "polled", ada)
			g.Expect(err).To(MatchError(HavePrefix(`access path "app": no Chromium was found: none of chromium,`)))
			var arm *ArmError
			g.Expect(errors.As(err, &arm)).To(BeTrue())
			g.Expect(arm.Passing).To(BeFalse(), "it is no evidence")
			g.Expect(recorder.Exchanges()).To(BeEmpty())
		})
	}
}

func TestAnInterruptEndsTheBrowser(t *testing.T) {
	p := startPages(t)
	dir, err := os.MkdirTemp("/tmp", "t")
	p.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = os.RemoveAll(dir) }()
	t.Setenv("TMPDIR", dir)
	ctx, cancel := context.WithCancel(t.Context())
	url := serving(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	step := p.signIn()
	step.Browser.Open = url
	_, err = p.Arm(ctx, target.AccessPath{Name: "app", Arm: []target.Step{step}}, "leaver", p.values("leaver"))
	p.Expect(err).To(MatchError(ContainSubstring("interrupted")))
	p.Expect(os.ReadDir(dir)).To(BeEmpty())
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	p.Expect(err).NotTo(HaveOccurred())
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil {
			p.Expect(string(raw)).NotTo(ContainSubstring(dir))
		}
	}
}

func TestDocumentsCountAmongTheLimits(t *testing.T) {
	p := startPages(t)
	limiter := rate.NewLimiter(rate.Every(time.Hour), 10)
	p.Transport.Rate, p.Transport.Slots = limiter, make(chan struct{}, 1)
	c := p.armed(t, target.AccessPath{Name: "app", Arm: []target.Step{p.signIn()}, Try: p.byBrowser()}, "leaver")
	p.Expect(limiter.Tokens()).To(BeNumerically("~", 8, 0.1), "the page of the form, and the one behind it")
	p.Expect(p.Try(t.Context(), c).Result).To(Equal(reports.TryAllowed))
	p.Expect(limiter.Tokens()).To(BeNumerically("~", 7, 0.1))
	p.Expect(p.Transport.Slots).To(BeEmpty(), "each turn was given back")
}
