package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/subject"
)

// stored reads what the application itself has on each user before they are removed.
type stored struct {
	app   http.Handler
	mu    sync.Mutex
	names map[string]string // displayName by userName
}

func (s *stored) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodDelete && strings.HasPrefix(r.URL.Path, "/scim/v2/Users/") {
		look := httptest.NewRequest(http.MethodGet, r.URL.Path, nil)
		look.Header = r.Header.Clone()
		answer := httptest.NewRecorder()
		s.app.ServeHTTP(answer, look)
		var user struct{ UserName, DisplayName string }
		if json.Unmarshal(answer.Body.Bytes(), &user) == nil && user.UserName != "" {
			s.mu.Lock()
			s.names[user.UserName] = user.DisplayName
			s.mu.Unlock()
		}
	}
	s.app.ServeHTTP(w, r)
}

// From a buyer's nonce to their look at what the vendor hands over.
func TestABuyersNonceReachesTheApplicationAndTheBundle(t *testing.T) {
	g := NewWithT(t)
	app := acme.New(acme.Config{SCIMToken: "scim-token-for-tests-1"})
	t.Cleanup(app.Close)
	store := &stored{app: app, names: map[string]string{}}
	profile, dir := profileFor(t, watched(t, store, redact.New())), t.TempDir()
	out, key, archive := filepath.Join(dir, "out"), filepath.Join(dir, "key.pem"), filepath.Join(dir, "bundle.zip")

	code, stdout, stderr := scimproof(t, "run", "--target", profile, "--out", out, "--only", "check: containsAny {lifecycle.create, lifecycle.delete}",
		"--nonce", "rfp-2026.42", "--operator", "vendor:Acme Ltd")
	g.Expect(code).To(Equal(exitPass), "%s", stdout+stderr)
	var carriers []string
	for user, name := range store.names {
		if strings.Contains(name, "scimproof nonce rfp-2026.42") {
			carriers = append(carriers, user)
		}
	}
	g.Expect(carriers).To(HaveLen(1), "%v", store.names)
	g.Expect(len(store.names)).To(BeNumerically(">", 1))
	g.Expect(carriers[0]).To(HavePrefix(subject.Prefix))
	r := report(t, out)
	g.Expect(r.Run.Nonce).To(Equal("rfp-2026.42"))
	g.Expect(r.Run.Operator).To(Equal(reports.Operator{Kind: reports.OperatorVendor, Name: "Acme Ltd"}))
	g.Expect(r.Run.Tool.Digest).To(HaveLen(64))

	code, stdout, stderr = scimproof(t, "keygen", "--out", key)
	g.Expect(code).To(Equal(exitPass), stderr)
	pem, err := os.ReadFile(key)
	g.Expect(err).NotTo(HaveOccurred())
	secret := strings.Split(string(pem), "\n")[1]
	g.Expect(stdout + stderr).NotTo(ContainSubstring(secret))
	info, err := os.Stat(key)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))

	code, stdout, stderr = scimproof(t, "bundle", out, "--key", key, "--nonce", "rfp-2026.42", "--out", archive)
	g.Expect(code).To(Equal(exitPass), stderr)
	g.Expect(stdout).NotTo(ContainSubstring(secret))
	files, err := filepath.Glob(filepath.Join(out, "*"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(files).To(HaveLen(9))
	for _, file := range append(files, archive) {
		data, err := os.ReadFile(file)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(data)).NotTo(ContainSubstring(secret), file)
	}

	public := filepath.Join(dir, "key.pub.pem")
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"the folder":       {[]string{out, "--key", public, "--nonce", "rfp-2026.42"}, exitPass, `: valid; 6 files as listed; nonce: matches; event log: whole; verdict: pass (pass); run by vendor "Acme Ltd" on `},
		"the archive":      {[]string{archive, "--key", public, "--nonce", "rfp-2026.42"}, exitPass, ": valid; 6 files as listed; nonce: matches; event log: whole"},
		"without a key":    {[]string{archive}, exitPass, "not checked, the signer is not known (give --key)"},
		"another nonce":    {[]string{archive, "--key", public, "--nonce", "rfp-43"}, exitFail, "nonce: does not match, it is rfp-2026.42"},
		"a private key":    {[]string{archive, "--key", key}, exitUsage, "belongs to the signer alone"},
		"no bundle there":  {[]string{filepath.Join(dir, "nowhere.zip")}, exitUsage, "nowhere.zip"},
		"no archive":       {[]string{key}, exitFail, "not a zip archive"},
		"an empty nonce":   {[]string{archive, "--nonce", ""}, exitUsage, "--nonce"},
		"an empty key":     {[]string{archive, "--key", ""}, exitUsage, "--key"},
		"too many bundles": {[]string{archive, out}, exitUsage, "accepts 1 arg"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, stdout, stderr := scimproof(t, append([]string{"verify"}, c.args...)...)
			g.Expect(code).To(Equal(c.code), stdout+stderr)
			g.Expect(stdout + stderr).To(ContainSubstring(c.says))
			g.Expect(strings.Count(stdout+stderr, "\n")).To(Equal(1), "one line")
			g.Expect(stdout + stderr).NotTo(ContainSubstring(secret))
		})
	}
}

func TestMistakesWithBundles(t *testing.T) {
	dir := t.TempDir()
	key := filepath.Join(dir, "key.pem")
	if code, _, stderr := scimproof(t, "keygen", "--out", key); code != exitPass {
		t.Fatal(stderr)
	}
	profile := profileFor(t, "http://127.0.0.1:1")
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"a key that is there": {[]string{"keygen", "--out", key}, "is there already and stays as it is"},
		"no folder for it":    {[]string{"keygen", "--out", filepath.Join(dir, "no", "key.pem")}, "make it first"},
		"no key":              {[]string{"bundle", dir}, `required flag(s) "key" not set`},
		"a key that is not":   {[]string{"bundle", dir, "--key", filepath.Join(dir, "other.pem")}, "cannot be read"},
		"the public key":      {[]string{"bundle", dir, "--key", filepath.Join(dir, "key.pub.pem")}, "signing takes the private one"},
		"a folder with a key": {[]string{"bundle", dir, "--key", key}, "holds a private key"},
		"an empty folder":     {[]string{"bundle", t.TempDir(), "--key", key}, "holds no report.json"},
		"a zip in the folder": {[]string{"bundle", dir, "--key", key, "--out", filepath.Join(dir, "b.zip")}, "write it elsewhere"},
		"a long nonce":        {[]string{"run", "--target", profile, "--out", dir, "--nonce", strings.Repeat("x", 65)}, "a nonce has 1 to 64"},
		"an empty nonce":      {[]string{"demo", "--out", dir, "--nonce", ""}, "a nonce has 1 to 64"},
		"an odd nonce":        {[]string{"bundle", dir, "--key", key, "--nonce", "a b"}, "a nonce has 1 to 64"},
		"another report":      {[]string{"gate", filepath.Join(dir, "other.json"), "--policy", "builtin:vendor-acceptance", "--key", filepath.Join(dir, "key.pub.pem")}, "name that file of the bundle"},
		"another operator":    {[]string{"run", "--target", profile, "--out", dir, "--operator", "me"}, "give buyer, vendor or third-party"},
		"an operator's name":  {[]string{"demo", "--out", dir, "--operator", "vendor:a\x1bb"}, "without control characters"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, stdout, stderr := scimproof(t, c.args...)
			g.Expect(code).To(Equal(exitUsage), stdout+stderr)
			g.Expect(stderr).To(ContainSubstring(c.says))
			g.Expect(stderr).NotTo(ContainSubstring("\x1b"))
		})
	}
}
