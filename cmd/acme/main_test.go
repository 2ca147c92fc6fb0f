package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
)

// asAcme has the test's own program run as acme.
const asAcme = "ACME_TEST_AS_ACME"

func TestMain(m *testing.M) {
	if os.Getenv(asAcme) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// environment is a getenv of the given variables alone.
func environment(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

// started is an acme in the background.
type started struct {
	url    string
	stdout *gbytes.Buffer
	code   chan int
	stop   func()
}

var listens = regexp.MustCompile(`Acme listens on (http://\S+) \((.+)\)`)

// start serves on a free port until the test ends or stop is called.
func start(t *testing.T, vars map[string]string, args ...string) started {
	t.Helper()
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(context.Background())
	a := started{stdout: gbytes.NewBuffer(), code: make(chan int, 1), stop: cancel}
	t.Cleanup(cancel)
	go func() { a.code <- run(ctx, args, environment(vars), a.stdout, io.Discard) }()
	g.Eventually(func() string { return string(a.stdout.Contents()) }, "30s", "5ms").Should(MatchRegexp(listens.String()))
	a.url = listens.FindStringSubmatch(string(a.stdout.Contents()))[1]
	return a
}

// status is that of a GET with the bearer token.
func status(t *testing.T, url, token string) int {
	t.Helper()
	g := NewWithT(t)
	request, err := http.NewRequest(http.MethodGet, url, nil)
	g.Expect(err).NotTo(HaveOccurred())
	request.Header.Set("Authorization", "Bearer "+token)
	reply, err := http.DefaultClient.Do(request)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(reply.Body.Close()).To(Succeed())
	return reply.StatusCode
}

func TestPrintsTheTokenThatItMade(t *testing.T) {
	g := NewWithT(t)
	a := start(t, map[string]string{listenVariable: "127.0.0.1:0", defectsVariable: "delete-ignored, sessions-survive-deactivate,"})
	lines := strings.Split(strings.TrimSpace(string(a.stdout.Contents())), "\n")
	g.Expect(lines).To(HaveLen(2))
	token, found := strings.CutPrefix(lines[0], "SCIM token: ")
	g.Expect(found).To(BeTrue(), lines[0])
	g.Expect(lines[1]).To(HaveSuffix("(delete-ignored, sessions-survive-deactivate)"))
	g.Expect(status(t, a.url+"/scim/v2/Users", token)).To(Equal(http.StatusOK))
	g.Expect(status(t, a.url+"/scim/v2/Users", "another")).To(Equal(http.StatusUnauthorized))
	g.Expect(status(t, a.url+healthPath, "")).To(Equal(http.StatusOK))
	a.stop()
	g.Eventually(a.code, "30s").Should(Receive(Equal(exitDone)))
}

func TestKeepsATokenThatItWasGiven(t *testing.T) {
	g := NewWithT(t)
	a := start(t, map[string]string{scimVariable: "given-to-it", listenVariable: "nowhere.invalid:1"}, "--listen", "127.0.0.1:0")
	g.Expect(string(a.stdout.Contents())).NotTo(Or(ContainSubstring("token"), ContainSubstring("given-to-it")))
	g.Expect(status(t, a.url+"/scim/v2/Users", "given-to-it")).To(Equal(http.StatusOK))
}

// Whatever the application makes of unusual paths, the health path changes nothing of it.
func TestOtherPathsAreTheApplications(t *testing.T) {
	g := NewWithT(t)
	seen := ""
	handler := withHealth(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.URL.Path }))
	for _, path := range []string{"//", "/scim/v2/Users/../Groups", "/health/", "/healthz"} {
		request, err := http.NewRequest(http.MethodGet, "http://127.0.0.1"+path, nil)
		g.Expect(err).NotTo(HaveOccurred())
		handler.ServeHTTP(nil, request)
		g.Expect(seen).To(Equal(path))
	}
}

func TestMistakes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for name, tt := range map[string]struct {
		vars map[string]string
		args []string
		want []string
	}{
		"unknown defect": {
			vars: map[string]string{listenVariable: "127.0.0.1:0", defectsVariable: "sessions-survive"},
			want: []string{`"sessions-survive"`, "sessions-survive-delete"},
		},
		"port taken":     {vars: map[string]string{listenVariable: taken.Addr().String()}, want: []string{taken.Addr().String(), "in use"}},
		"no port":        {args: []string{"--listen", "127.0.0.1"}, want: []string{"127.0.0.1", "missing port"}},
		"unknown flag":   {args: []string{"--port", "80"}, want: []string{"-port", "acme --help"}},
		"stray argument": {args: []string{"serve"}, want: []string{`"serve"`, "acme --help"}},
		"token with a line": {
			vars: map[string]string{listenVariable: "127.0.0.1:0", scimVariable: "very-secret\n"},
			want: []string{scimVariable},
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var stdout, stderr bytes.Buffer
			g.Expect(run(t.Context(), tt.args, environment(tt.vars), &stdout, &stderr)).To(Equal(exitUsage))
			g.Expect(stdout.String()).To(BeEmpty())
			g.Expect(strings.Count(stderr.String(), "\n")).To(Equal(1), "one sentence: %s", stderr.String())
			g.Expect(stderr.String()).NotTo(ContainSubstring("very-secret"))
			for _, text := range tt.want {
				g.Expect(stderr.String()).To(ContainSubstring(text))
			}
		})
	}
}

func TestHelp(t *testing.T) {
	g := NewWithT(t)
	var stderr bytes.Buffer
	g.Expect(run(t.Context(), []string{"--help"}, environment(nil), io.Discard, &stderr)).To(Equal(exitDone))
	g.Expect(stderr.String()).To(And(ContainSubstring(listenVariable), ContainSubstring(defectsVariable), ContainSubstring(scimVariable), ContainSubstring("-healthcheck")))
}

func TestHealthcheck(t *testing.T) {
	g := NewWithT(t)
	a := start(t, map[string]string{listenVariable: "127.0.0.1:0"})
	_, port, err := net.SplitHostPort(strings.TrimPrefix(a.url, "http://"))
	g.Expect(err).NotTo(HaveOccurred())
	ask := func(listen string) (int, string) {
		var stderr bytes.Buffer
		code := run(t.Context(), []string{"--healthcheck"}, environment(map[string]string{listenVariable: listen}), io.Discard, &stderr)
		return code, stderr.String()
	}
	for _, listen := range []string{"127.0.0.1:" + port, "0.0.0.0:" + port, ":" + port, "[::]:" + port} {
		code, said := ask(listen)
		g.Expect(code).To(Equal(exitDone), said)
	}
	a.stop()
	g.Eventually(a.code, "30s").Should(Receive())
	code, said := ask("127.0.0.1:" + port)
	g.Expect(code).To(Equal(exitUnhealthy))
	g.Expect(said).To(And(ContainSubstring(port), ContainSubstring(healthPath)))
	code, said = ask("nonsense")
	g.Expect(code).To(Equal(exitUnhealthy))
	g.Expect(said).To(ContainSubstring("host:port"))
}

// A container that is stopped gets SIGTERM, and is not killed for a connection that is open.
func TestEndsOnSIGTERMWithAConnectionOpen(t *testing.T) {
	g := NewWithT(t)
	stdout := gbytes.NewBuffer()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asAcme+"=1", listenVariable+"=127.0.0.1:0", defectsVariable+"=", scimVariable+"=given-to-it")
	cmd.Stdout = stdout
	g.Expect(cmd.Start()).To(Succeed())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	g.Eventually(stdout, "30s").Should(gbytes.Say("Acme listens on"))
	url := listens.FindStringSubmatch(string(stdout.Contents()))[1]
	idle, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = idle.Close() }()

	g.Expect(cmd.Process.Signal(syscall.SIGTERM)).To(Succeed())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	g.Eventually(ended, "30s").Should(Receive(BeNil()), "exit code 0")
}

// The image holds the application, and nothing of what tests it.
func TestKnowsNothingOfItsTester(t *testing.T) {
	g := NewWithT(t)
	list, err := exec.Command("go", "list", "-deps", ".").Output()
	g.Expect(err).NotTo(HaveOccurred())
	const module = "github.com/scimproof/scimproof/"
	for pkg := range strings.SplitSeq(strings.TrimSpace(string(list)), "\n") {
		if own, is := strings.CutPrefix(pkg, module); is {
			g.Expect(own).To(Or(HavePrefix("mocks/"), Equal("cmd/acme")))
		}
	}
	g.Expect(string(list)).To(ContainSubstring(module + "mocks/acme"))
}
