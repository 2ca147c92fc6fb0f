package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
)

// changed rewrites a profile, which must hold the text that goes.
func changed(t *testing.T, profile, from, to string) {
	t.Helper()
	g := NewWithT(t)
	text, err := os.ReadFile(profile)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(text)).To(ContainSubstring(from))
	g.Expect(os.WriteFile(profile, []byte(strings.Replace(string(text), from, to, 1)), 0o600)).To(Succeed())
}

func TestEachPathOfAGoodProfileWorks(t *testing.T) {
	g := NewWithT(t)
	url, secrets := application(t)
	code, stdout, stderr := scimproof(t, "try-access", "--target", profileFor(t, url))
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	g.Expect(stdout).To(ContainSubstring("web session (web-session): works"))
	g.Expect(stdout).To(ContainSubstring("with a made-up one: answered 401"))
	g.Expect(stdout).To(HaveSuffix("17 of 17 access paths work.\n"))
	g.Expect(secrets.Leaks([]byte(stdout))).To(BeEmpty())
	g.Expect(users(t, url)).To(BeZero(), "users that are left behind")
}

// What people get wrong when they write a profile, and what they are told.
func TestMistakesInAnAccessPath(t *testing.T) {
	for name, c := range map[string]struct {
		path, says string
		changes    []string // from, to, and so on
	}{
		"a marker that is not there": {
			path:    "web session",
			changes: []string{`marker: "{{user.marker}}"`, `marker: Welcome to your pages`},
			says:    `try.allowed asks for the status 200 and for the text "Welcome to your pages" in the body.`,
		},
		"a capture that finds nothing": {
			path: "access token", changes: []string{"json: access_token", "json: id_token"}, says: "Nothing was tried.",
		},
		"a client that is another one": {
			path: "refresh token", changes: []string{`clientID: cli, refreshToken`, `clientID: other, refreshToken`},
			says: "answered 400 Bad Request invalid_grant\n  its body begins: {\"error\":\"invalid_grant\"}\n  The credential should have been let in. What lets in is a token that is issued, or one that is active.",
		},
		"an issuer that is another one": {
			path: "access token", changes: []string{`"HOST", clientID: cli}`, `"HOST/other", clientID: cli}`},
			says: "and neither describes an authorization server; give endpoint instead of issuer",
		},
		"an address that is not captured": {
			path: "share link", changes: []string{`{json: url, match: "/s/(.+)$"}`, "{json: address}"},
			says: `"url":"/s/‹40 characters›"`,
		},
		"a page that is open to everybody": {
			path:    "web session",
			changes: []string{`/home"`, `/public"`, `marker: "{{user.marker}}"`, `marker: Welcome`},
			says:    "open to everybody, so it proves nothing",
		},
		"a command that says yes to everybody": {
			path: "web session",
			changes: []string{
				"\n      get: \"", "\n      exec: {argv: [echo, \"{{user.marker}}\", \"", `/home"`, `/home"], plain: true}`,
				`allowed: {status: [200], marker: "{{user.marker}}"}`, `allowed: {marker: "{{user.marker}}"}` + "\n      denied: {exit: [1], stderr: denied}",
			},
			says: "with the credential: exec echo answered exit code 0 with the marker\n  with a made-up one: answered exit code 0 with the marker\n  That should have been refused",
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			url := withPublicPage(t)
			profile := profileFor(t, url)
			for change := range slices.Chunk(c.changes, 2) {
				changed(t, profile, strings.ReplaceAll(change[0], "HOST", url), strings.ReplaceAll(change[1], "HOST", url))
			}
			code, stdout, stderr := scimproof(t, "try-access", "--target", profile, "--path", c.path)
			g.Expect(code).To(Equal(exitUsage), stdout+stderr)
			g.Expect(stdout).To(ContainSubstring("DOES NOT WORK"))
			g.Expect(stdout).To(ContainSubstring(c.says))
			g.Expect(stdout).To(HaveSuffix("0 of 1 access paths work.\n"))
			g.Expect(users(t, url)).To(BeZero(), "users that are left behind")
		})
	}
}

// What is seen in a browser, and what is not.
func TestAPathByBrowser(t *testing.T) {
	const path = `access:
  - name: app
    kind: web-session
    arm:
      - browser:
          open: HOST/app/login
          do:
            - fill: {selector: "#user", value: "{{user.userName}}"}
            - fill: {selector: "#password", value: "{{user.password}}"}
            - click: {selector: "button[type=submit]"}
            - waitFor: {selector: "#dashboard"}
          within: 20s
    try:
      browser: {open: HOST/app/, within: 20s}
      allowed: {marker: "{{user.marker}}"}
      denied: {selector: "#login"}
`
	for name, c := range map[string]struct {
		from, to, says string
		code           int
	}{
		"it works": {
			"", "", "with the credential: browser HOST/app/: the text \"{{user.marker}}\" was seen\n  with a made-up one: the element #login was seen\n1 of 1", exitPass,
		},
		"an element that is not there": {
			`{selector: "#dashboard"}` + "\n          within: 20s", `{selector: "#home"}` + "\n          within: 2s",
			"arm step 1: browser HOST/app/login, do[3]: the element #home was not seen within 2s; the page's title was \"Acme\" at HOST/app/\n  Nothing was tried. Compare the step's address, its selectors", exitUsage,
		},
		"a text that is not there": {
			"within: 20s}\n      allowed: {marker: \"{{user.marker}}\"}", "within: 2s}\n      allowed: {marker: Hello}",
			"the text \"Hello\" was not seen, nor was the element #login within 2s; the page's title was \"Acme\" at HOST/app/\n  That decides nothing. Compare what the page shows", exitInconclusive,
		},
		"no browser": {
			"access:", "browser: {executable: /no/such/chromium}\naccess:",
			"access path \"app\": the browser /no/such/chromium of browser.executable cannot be run (no such file or directory): correct the path, or leave the key out to have Chromium looked for in PATH\n  Nothing was tried.\n", exitUsage,
		},
	} {
		t.Run(name, func(t *testing.T) {
			needBrowser(t)
			g := NewWithT(t)
			url, secrets := application(t)
			profile := profileFor(t, url)
			text, err := os.ReadFile(profile)
			g.Expect(err).NotTo(HaveOccurred())
			head, _, _ := strings.Cut(string(text), "access:\n")
			whole := head + strings.ReplaceAll(strings.Replace(path, c.from, c.to, 1), "HOST", url)
			g.Expect(os.WriteFile(profile, []byte(whole), 0o600)).To(Succeed())
			code, stdout, stderr := scimproof(t, "try-access", "--target", profile)
			g.Expect(code).To(Equal(c.code), stdout+stderr)
			g.Expect(stdout).To(ContainSubstring(strings.ReplaceAll(c.says, "HOST", url)))
			g.Expect(secrets.Leaks([]byte(stdout))).To(BeEmpty())
			g.Expect(users(t, url)).To(BeZero(), "users that are left behind")
		})
	}
}

// withPublicPage serves Acme and beside it a page that needs no login.
func withPublicPage(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /public", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "Welcome") })
	mux.Handle("/", acme.New(acme.Config{SCIMToken: "scim-token-for-tests-1"}))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// failing serves Acme, whose SCIM answers some requests with a status.
func failing(t *testing.T, method string, status int) string {
	t.Helper()
	app := acme.New(acme.Config{SCIMToken: "scim-token-for-tests-1"})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == method && strings.HasPrefix(r.URL.Path, "/scim/v2/Users") {
			w.WriteHeader(status)
			return
		}
		app.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestATargetThatTakesNoTestUserOrKeepsThem(t *testing.T) {
	for name, c := range map[string]struct {
		method       string
		status, code int
		says         string
	}{
		"it refuses one":        {http.MethodPost, http.StatusBadRequest, exitUsage, "no test user can be made"},
		"it is in trouble":      {http.MethodPost, http.StatusInternalServerError, exitInconclusive, "no test user can be made"},
		"it does not remove it": {http.MethodDelete, http.StatusInternalServerError, exitInconclusive, "is left at the target; scimproof clean removes it"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, stdout, stderr := scimproof(t, "try-access", "--target", profileFor(t, failing(t, c.method, c.status)), "--path", "access token")
			g.Expect(code).To(Equal(c.code), stdout+stderr)
			g.Expect(stderr).To(ContainSubstring(c.says))
			if c.method == http.MethodDelete {
				g.Expect(stdout).To(ContainSubstring("1 of 1 access paths work."), "what was seen is still said")
			}
		})
	}
}

func TestAPathThatTheProfileDoesNotHave(t *testing.T) {
	g := NewWithT(t)
	code, _, stderr := scimproof(t, "try-access", "--target", profileFor(t, "http://127.0.0.1:9"), "--path", "ssh")
	g.Expect(code).To(Equal(exitUsage))
	g.Expect(stderr).To(ContainSubstring(`has no access path named "ssh"; it has "web session", "remember-me cookie"`))
}

func TestTryingPathsOfATargetThatIsDown(t *testing.T) {
	g := NewWithT(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	url := "http://" + listener.Addr().String()
	g.Expect(listener.Close()).To(Succeed())
	code, _, stderr := scimproof(t, "try-access", "--target", profileFor(t, url))
	g.Expect(code).To(Equal(exitInconclusive))
	g.Expect(stderr).To(ContainSubstring("connection refused"))
}
