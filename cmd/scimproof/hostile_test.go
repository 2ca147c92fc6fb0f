package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/reports"
)

// answering answers every request with a status, a content type and a body.
func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Location", "https://elsewhere.example.com/")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// A target that cannot be tested gets a clear message and never a gap.
func TestTargetsThatCannotBeTested(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		code    int
		says    string
	}{
		"wrong token":        {answering(401, "application/scim+json", `{"status":"401"}`), exitUsage, "does not accept the credential in scim.auth"},
		"forbidden":          {answering(403, "application/scim+json", `{}`), exitUsage, "does not accept the credential in scim.auth"},
		"no SCIM there":      {answering(404, "text/plain", "not found"), exitUsage, "Check scim.baseURL"},
		"a redirect":         {answering(302, "text/plain", ""), exitUsage, "which is not followed"},
		"HTML":               {answering(200, "text/html", "<html>Welcome</html>"), exitUsage, "text/html instead of SCIM's JSON"},
		"broken JSON":        {answering(200, "application/scim+json", `{"schemas":[`), exitUsage, "instead of SCIM's JSON"},
		"a storm of 503s":    {answering(503, "text/plain", ""), exitInconclusive, "503 Service Unavailable (tries: 4)"},
		"internal errors":    {answering(500, "text/plain", ""), exitInconclusive, "500 Internal Server Error"},
		"a body without end": {endless, exitInconclusive, "limits.maxBodyBytes"},
		"connections cut":    {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, exitInconclusive, "closed before the answer was complete"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			defer server.Close()
			mustNotBeTested(t, server.URL, c.code, c.says)
		})
	}
}

func TestATargetThatIsDown(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	url := "http://" + listener.Addr().String()
	NewWithT(t).Expect(listener.Close()).To(Succeed())
	mustNotBeTested(t, url, exitInconclusive, "connection refused")
}

func TestATargetWhoseCertificateIsNotTrusted(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	mustNotBeTested(t, server.URL, exitUsage, "unknown authority (set scim.tls.caFile")
}

func TestATargetThatSpeaksNoTLS(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	mustNotBeTested(t, strings.Replace(server.URL, "http:", "https:", 1), exitUsage, "not TLS")
}

func mustNotBeTested(t *testing.T, url string, code int, says string) {
	t.Helper()
	g := NewWithT(t)
	out := t.TempDir()
	got, stdout, stderr := scimproof(t, "run", "--target", profileFor(t, url), "--out", out)
	g.Expect(got).To(Equal(code), "%s", stdout+stderr)
	g.Expect(stdout + stderr).To(ContainSubstring(says))
	if code == exitUsage {
		g.Expect(filepath.Glob(filepath.Join(out, "*"))).To(BeEmpty())
		return
	}
	r := report(t, out)
	g.Expect(r.Verdict.Word).To(Equal(reports.VerdictInconclusive))
	g.Expect(r.Gaps).To(BeEmpty())
	g.Expect(r.Cleanup.Created).To(BeZero())
}

// A target that dies half-way is an outage and no finding.
func TestATargetThatDiesInTheMiddle(t *testing.T) {
	g := NewWithT(t)
	app := acme.New(acme.Config{SCIMToken: "scim-token-for-tests-1"})
	var served atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if served.Add(1) > 120 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		app.ServeHTTP(w, r)
	}))
	defer server.Close()
	out := t.TempDir()
	code, stdout, stderr := scimproof(t, "run", "--target", profileFor(t, server.URL), "--out", out)
	g.Expect(code).To(Equal(exitInconclusive), "%s", stdout+stderr)
	r := report(t, out)
	g.Expect(r.Gaps).To(BeEmpty())
	g.Expect(r.Cleanup.Left).NotTo(BeEmpty(), "users could not be removed, and the report says so")
	g.Expect(stdout).To(ContainSubstring("left behind"))

	// The application is back, and so is what the run left there.
	served.Store(-1 << 40)
	g.Expect(users(t, server.URL)).NotTo(BeZero())
}

// users counts what is in the application.
func users(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/scim/v2/Users?count=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer scim-token-for-tests-1")
	client := http.Client{Timeout: 10 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return total(t, body)
}
