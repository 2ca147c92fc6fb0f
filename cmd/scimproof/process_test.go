package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/reports/schema"
)

// built is the command as users get it, without the race detector. It is built as make
// build does it, so that nothing is compiled twice.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "scimproof-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "scimproof")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err != nil {
		return "", &buildError{string(out), err}
	}
	return path, nil
})

type buildError struct {
	output string
	err    error
}

func (e *buildError) Error() string { return e.err.Error() + "\n" + e.output }

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// process starts the command in a process of its own.
func process(t *testing.T, args ...string) (*exec.Cmd, *printed) {
	t.Helper()
	return processUntil(t, "watching access after", args...)
}

// processUntil starts the command; what it prints is seen once it holds a text.
func processUntil(t *testing.T, moment string, args ...string) (*exec.Cmd, *printed) {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	out := &printed{moment: moment, seen: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

// printed keeps what a process prints and says when a moment has come.
type printed struct {
	moment string
	mu     sync.Mutex
	text   bytes.Buffer
	once   sync.Once
	seen   chan struct{}
}

func (o *printed) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(p)
	if strings.Contains(o.text.String(), o.moment) {
		o.once.Do(func() { close(o.seen) })
	}
	return len(p), nil
}

func (o *printed) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// application serves Acme with defects and learns every secret that passes.
func application(t *testing.T, names ...string) (url string, secrets *redact.Vault) {
	t.Helper()
	config := acme.Config{SCIMToken: "scim-token-for-tests-1"}
	if err := defects.Install(&config, names...); err != nil {
		t.Fatal(err)
	}
	secrets = redact.New()
	secrets.Learn("token", "scim-token-for-tests-1")
	app := acme.New(config)
	t.Cleanup(app.Close)
	return watched(t, app, secrets), secrets
}

// watched serves an application and learns every secret that passes.
func watched(t *testing.T, app http.Handler, secrets *redact.Vault) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/events" || r.URL.Path == "/api/socket" {
			app.ServeHTTP(w, r) // which goes on, and holds no secret
			return
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		app.ServeHTTP(answer, r)
		learn(secrets, body, answer)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// learn takes the secrets out of an exchange by knowing the application, not by
// guessing as the command does.
func learn(secrets *redact.Vault, body []byte, answer *httptest.ResponseRecorder) {
	var sent, got map[string]any
	_ = json.Unmarshal(body, &sent)
	_ = json.Unmarshal(answer.Body.Bytes(), &got)
	for _, doc := range []map[string]any{sent, got} {
		for _, key := range []string{"password", "access_token", "refresh_token", "token", "session", "secret", "client_secret", "device_code", "user_code"} {
			if text, ok := doc[key].(string); ok {
				secrets.Learn(key, text)
			}
		}
	}
	for _, cookie := range answer.Result().Cookies() {
		secrets.Learn("cookie", cookie.Value)
	}
}

func TestNoSecretInAnyOutputAndLittleMemory(t *testing.T) {
	g := NewWithT(t)
	url, secrets := application(t, "sessions-survive-deactivate", "recreate-inherits-tokens", "put-active-ignored")
	out := t.TempDir()
	cmd, prints := process(t, "run", "--target", profileFor(t, url), "--out", out)
	peak := peakMemory(cmd)
	g.Expect(cmd.ProcessState.ExitCode()).To(Equal(exitFail), "%s", prints.String())

	g.Expect(secrets.Count()).To(BeNumerically(">", 100), "the test must have seen passwords, cookies and tokens")
	g.Expect(secrets.Leaks([]byte(prints.String()))).To(BeEmpty())
	for _, name := range []string{"report.json", "report.html", "run.json"} {
		data, err := os.ReadFile(filepath.Join(out, name))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(secrets.Leaks(data)).To(BeEmpty(), name)
	}
	g.Expect(peak).To(And(BeNumerically(">", 0), BeNumerically("<", 150<<10)), "peak memory in KiB")
	r := report(t, out)
	g.Expect(r.Redaction.SecretsSeen).To(BeNumerically(">", 100))
	t.Logf("peak memory %d MiB; %d ms of %d ms were watching; user and system time %v",
		peak>>10, r.Health.WatchMs, r.Health.WallMs, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
}

// peakMemory waits for the process and returns the most memory that it held, in
// KiB. The process's own usage would not do: Linux counts in it what the parent
// held when it forked.
func peakMemory(cmd *exec.Cmd) int64 {
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	var peak int64
	for {
		select {
		case <-ended:
			return peak
		case <-ticker.C:
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			if err != nil {
				continue
			}
			if _, after, ok := strings.Cut(string(status), "VmHWM:"); ok {
				var kib int64
				if _, err := fmt.Sscan(after, &kib); err == nil {
					peak = max(peak, kib)
				}
			}
		}
	}
}

func TestCtrlCRemovesTheTestUsersAndStillWritesAReport(t *testing.T) {
	for moment, signal := range map[string]os.Signal{
		"Running ":                         os.Interrupt,
		"arming credentials before delete": os.Interrupt,
		"lifecycle.create ":                os.Interrupt,
		"lifecycle.recreate ":              syscall.SIGTERM,
		"watching access after":            os.Interrupt,
		"watching access after reactivate": syscall.SIGTERM,
		"watching access after recreate":   syscall.SIGHUP, // the terminal is gone
	} {
		t.Run(signal.String()+" at "+moment, func(t *testing.T) {
			g := NewWithT(t)
			url, _ := application(t, "sessions-survive-deactivate")
			out := t.TempDir()
			cmd, prints := processUntil(t, moment, "run", "--target", profileFor(t, url), "--out", out, "--budget", "1h")
			<-prints.seen
			g.Expect(cmd.Process.Signal(signal)).To(Succeed())
			_ = cmd.Wait()

			g.Expect(cmd.ProcessState.ExitCode()).To(Equal(exitInconclusive), "%s", prints.String())
			g.Expect(users(t, url)).To(BeZero(), "%s", prints.String())
			r := report(t, out)
			g.Expect(r.Run.Partial).To(BeTrue())
			g.Expect(filepath.Join(out, "report.html")).To(BeARegularFile())
			g.Expect(prints.String()).To(ContainSubstring("Verdict: inconclusive"))
		})
	}
}

func TestWhatAKilledRunLeavesIsFoundAndRemoved(t *testing.T) {
	for name, next := range map[string]func(profile, out string) []string{
		"by clean": func(profile, _ string) []string { return []string{"clean", "--target", profile} },
		"by the next run": func(profile, out string) []string {
			return []string{"run", "--target", profile, "--out", out, "--only", "check:lifecycle.create"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			url, _ := application(t)
			profile, out := profileFor(t, url), t.TempDir()
			cmd, prints := process(t, "run", "--target", profile, "--out", out, "--budget", "1h")
			<-prints.seen
			g.Expect(cmd.Process.Kill()).To(Succeed())
			_ = cmd.Wait()
			left := users(t, url)
			g.Expect(left).NotTo(BeZero())
			g.Expect(filepath.Glob(filepath.Join(out, "*"))).To(BeEmpty(), "a killed run writes no half a report")

			code, stdout, stderr := scimproof(t, next(profile, out)...)
			g.Expect(code).To(Equal(exitPass), "%s", stdout+stderr)
			g.Expect(stdout).To(ContainSubstring("removed"))
			g.Expect(users(t, url)).To(BeZero())
		})
	}
}

func TestDemoShowsItsDefects(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("SCIMPROOF_STATE_DIR", t.TempDir())
	out := t.TempDir()
	code, stdout, stderr := scimproof(t, "demo", "--out", out)
	g.Expect(code).To(Equal(exitFail), "%s", stdout+stderr)
	mustFitTheSchema(t, filepath.Join(out, "report.json"))
	var titles []string
	for _, gap := range report(t, out).Gaps {
		titles = append(titles, gap.Title)
	}
	g.Expect(titles).To(ConsistOf(
		"Web session still works after deactivation",
		"Deactivation is acknowledged and ignored (PUT)",
		"Access token of a deleted user opens the new account of that name",
		"Personal access token of a deleted user opens the new account of that name",
		"Refresh token of a deleted user opens the new account of that name",
	))
}

// mustFitTheSchema holds a real report against the published schema.
func mustFitTheSchema(t *testing.T, path string) {
	t.Helper()
	g := NewWithT(t)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.Report()))
	g.Expect(err).NotTo(HaveOccurred())
	compiler := jsonschema.NewCompiler()
	g.Expect(compiler.AddResource(schema.ID, doc)).To(Succeed())
	file, err := os.Open(path)
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = file.Close() }()
	report, err := jsonschema.UnmarshalJSON(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(compiler.MustCompile(schema.ID).Validate(report)).To(Succeed())
}

func total(t *testing.T, body []byte) int {
	t.Helper()
	var list struct{ TotalResults int }
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return list.TotalResults
}
