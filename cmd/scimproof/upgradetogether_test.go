package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/subject"
)

func TestWhoIsTestedAtOnce(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("one processor: versions are tested one after the other")
	}
	profile := versionAt(t, "http://127.0.0.1:1")
	text, err := os.ReadFile(profile)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	at := func(address string) string {
		return written(t, "t.yaml", strings.Replace(string(text), `"127.0.0.1:0"`, `"`+address+`"`, 1))
	}
	for name, c := range map[string]struct {
		check    upgradeCheck
		together bool
	}{
		"any free port":      {upgradeCheck{from: profile, to: at("127.0.0.1:0")}, true},
		"the same port":      {upgradeCheck{from: at("127.0.0.1:8099"), to: at("127.0.0.1:8099")}, false},
		"different ports":    {upgradeCheck{from: at("127.0.0.1:8099"), to: at("127.0.0.1:8098")}, true},
		"a port of variable": {upgradeCheck{from: at("127.0.0.1:${PORT}"), to: at("127.0.0.1:8098")}, false},
		"as told":            {upgradeCheck{from: profile, to: at("127.0.0.1:0"), oneByOne: true}, false},
		"an image":           {upgradeCheck{profile: written(t, "c.yaml", "container: {image: a}\n"), from: "a:1", to: "a:2"}, true},
		"images and a port":  {upgradeCheck{profile: written(t, "c.yaml", "container: {image: a}\nlistener: {address: \"127.0.0.1:8099\"}\n"), from: "a:1", to: "a:2"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			c.check.files.out = "out"
			together, err := c.check.check()
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(together).To(Equal(c.together))
		})
	}
}

func TestBothAreTestedAtOnce(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("one processor: versions are tested one after the other")
	}
	g := NewWithT(t)
	t.Setenv(subject.StateDirVariable, t.TempDir())
	reached := make(chan struct{})
	reach := sync.OnceFunc(func() { close(reached) })
	// The one of today makes no user until somebody has asked for that of tomorrow.
	from := before(t, func(r *http.Request) {
		if r.Method == http.MethodPost {
			select {
			case <-reached:
			case <-r.Context().Done():
			}
		}
	})
	code, printed, _ := upgradeChecked(t, from, before(t, func(*http.Request) { reach() }))
	g.Expect(code).To(Equal(exitPass), printed)
}

func TestOneIsTestedAfterTheOther(t *testing.T) {
	g := NewWithT(t)
	t.Setenv(subject.StateDirVariable, t.TempDir())
	out := t.TempDir()
	to := before(t, func(*http.Request) {
		if _, err := os.Stat(filepath.Join(out, "from", "report.json")); err != nil {
			t.Error("the version of tomorrow is asked before that of today has its report")
		}
	})
	code, printed := upgradeCheckedInto(t, out, versionWith(t), to, "--one-by-one")
	g.Expect(code).To(Equal(exitPass), printed)
}

// before serves a version, calls a function before each request, and writes its profile.
func before(t *testing.T, what func(*http.Request)) string {
	t.Helper()
	address, _ := application(t)
	app, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(app)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		what(r)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return versionAt(t, server.URL)
}

func TestWhoeverStopsAnUpgradeCheckStopsBothRuns(t *testing.T) {
	for name, signal := range map[string]os.Signal{"Ctrl-C": os.Interrupt, "killed": os.Kill} {
		t.Run(name, func(t *testing.T) {
			if signal == os.Kill && runtime.GOOS != "linux" {
				t.Skip("only Linux tells a child that its parent was killed")
			}
			g := NewWithT(t)
			t.Setenv(subject.StateDirVariable, t.TempDir())
			out := t.TempDir()
			one, _ := application(t)
			two, _ := application(t)
			cmd, prints := processUntil(t, "  to │            watching access after", "upgrade-check", "--from", versionAt(t, one), "--to", versionAt(t, two),
				"--out", out, "--only", oneSession, "--subjects", "1", "--budget", "1h")
			<-prints.seen
			g.Expect(users(t, one)).NotTo(BeZero())
			g.Expect(cmd.Process.Signal(signal)).To(Succeed())
			_ = cmd.Wait()
			if signal == os.Interrupt {
				g.Expect(cmd.ProcessState.ExitCode()).To(Equal(exitInconclusive), prints.String())
				g.Expect(prints.String()).To(ContainSubstring("Inconclusive: stopped before both were tested."))
				g.Expect(users(t, one)+users(t, two)).To(BeZero(), "both have ended before it has")
			}
			for side, url := range map[string]string{"from": one, "to": two} {
				g.Eventually(func() error {
					_, err := os.Stat(filepath.Join(out, side, "report.json"))
					return err
				}, "30s").Should(Succeed())
				g.Expect(users(t, url)).To(BeZero())
				g.Expect(report(t, filepath.Join(out, side)).Run.Partial).To(BeTrue())
			}
		})
	}
}
