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
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/subject"
)

const oneSession = "check:survival.deactivate.put.web-session"

// versionAt writes the profile of a version of the application at an address.
func versionAt(t *testing.T, url string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "target.yaml")
	err := acme.WriteTargetProfile(path, acme.Profile{BaseURL: url, SCIMToken: "scim-token-for-tests-1", RevokeWithin: 3e8, GiveUpAfter: 1e9, Subjects: 1})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// versionWith serves a version with defects and writes its profile.
func versionWith(t *testing.T, defects ...string) string {
	t.Helper()
	url, _ := application(t, defects...)
	return versionAt(t, url)
}

// upgradeChecked carries the command out in a process of its own.
func upgradeChecked(t *testing.T, from, to string, more ...string) (code int, printed, out string) {
	t.Helper()
	out = t.TempDir()
	code, printed = upgradeCheckedInto(t, out, from, to, more...)
	return code, printed, out
}

func upgradeCheckedInto(t *testing.T, out, from, to string, more ...string) (code int, printed string) {
	t.Helper()
	args := []string{"upgrade-check", "--from", from, "--to", to, "--out", out, "--only", oneSession, "--subjects", "1", "--budget", "1s"}
	cmd, prints := process(t, append(args, more...)...)
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), prints.String()
}

func TestWhatAnUpgradeChanges(t *testing.T) {
	t.Setenv(subject.StateDirVariable, t.TempDir())
	good, worse := versionWith(t), versionWith(t, "sessions-survive-deactivate")
	dead := versionAt(t, "http://127.0.0.1:1")
	for name, c := range map[string]struct {
		from, to string
		more     []string
		code     int
		says     []string
		never    string
	}{
		"worse":              {good, worse, []string{"--seed", "7", "--format", "markdown"}, exitFail, []string{"New (1)", "Regression: Web session still works after deactivation."}, "Fixed ("},
		"better":             {worse, good, nil, exitPass, []string{"Fixed (1)", "No regression."}, "New ("},
		"as bad as it was":   {worse, worse, []string{"--one-by-one"}, exitPass, []string{"Unchanged (1)", "No regression."}, "New ("},
		"to is out of reach": {worse, dead, nil, exitInconclusive, []string{"No longer tested (1)", "Inconclusive: to: The target could not be reached"}, "Fixed ("},
		"from was":           {dead, worse, nil, exitInconclusive, []string{"Inconclusive: from: The target could not be reached", "What from could not look for may be as old: Web session"}, "Regression:"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			from, to := c.from, c.to
			if from == to { // two files of one application
				to = copied(t, from)
			}
			code, printed, out := upgradeChecked(t, from, to, c.more...)
			g.Expect(code).To(Equal(c.code), printed)
			for _, text := range append(c.says, "from │ Verdict: ", "  to │ Verdict: ") {
				g.Expect(printed).To(ContainSubstring(text))
			}
			g.Expect(printed).NotTo(ContainSubstring(c.never))
			g.Expect(printed).NotTo(ContainSubstring("\r"), "two live lines would write over each other")
			was, is := report(t, filepath.Join(out, "from")), report(t, filepath.Join(out, "to"))
			g.Expect(is.Comparison).To(HaveField("Earlier.Run", was.Run.ID), "the later one is judged with the earlier one")
			g.Expect(was.Run.Started).To(BeTemporally("<=", is.Run.Started))
			for _, file := range []string{"changes.md", "changes.html"} {
				g.Expect(filepath.Join(out, file)).To(BeARegularFile())
			}
			if len(c.more) > 1 {
				g.Expect(filepath.Join(out, "to", "report.md")).To(BeARegularFile())
				g.Expect(filepath.Join(out, "from", "report.md")).To(BeARegularFile())
			}
		})
	}
}

// copied is another file with the same profile, beside its secrets.
func copied(t *testing.T, profile string) string {
	t.Helper()
	text, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(filepath.Dir(profile), "copy.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMistakesAboutAnUpgrade(t *testing.T) {
	t.Setenv(subject.StateDirVariable, t.TempDir())
	profile, other := versionAt(t, "http://127.0.0.1:1"), versionAt(t, "http://127.0.0.1:2")
	text, err := os.ReadFile(other)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	changed := func(old, new string) string {
		return written(t, "changed.yaml", strings.Replace(string(text), old, new, 1))
	}
	out := t.TempDir()
	pair := func(from, to string, more ...string) []string {
		return append([]string{"upgrade-check", "--from", from, "--to", to, "--out", out}, more...)
	}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"nothing":               {[]string{"upgrade-check"}, `required flag(s) "from", "out", "to" not set`},
		"a word":                {pair(profile, other, "x"), "accepts 0 arg"},
		"an empty version":      {pair("", other), "must not be empty"},
		"one version":           {pair(profile, profile), "name two versions"},
		"images and no target":  {pair("app:1", "app:2"), "app:1: the file cannot be read: no such file or directory (name two target files, or give --target beside two images)"},
		"a second that is none": {pair(profile, "app:2"), "app:2: the file cannot be read"},
		"no container":          {pair("app:1", "app:2", "--target", profile), "names no container, so that --from app:1 and --to app:2 cannot be started"},
		"no such target":        {pair("app:1", "app:2", "--target", "/nowhere/t.yaml"), "/nowhere/t.yaml: the file cannot be read"},
		"no YAML":               {pair(profile, written(t, "t.yaml", "a: [")), "t.yaml:1"},
		"another application":   {pair(profile, changed("id: acme-embedded", "id: globex")), `the target "globex": set id: to the same text in both`},
		"addresses as ids":      {pair(profile, changed("id: acme-embedded\n", "")), `the target "http://127.0.0.1:2/scim/v2"`},
		"a wrong gate":          {pair(profile, other, "--gate", "/nowhere/g.yaml"), "/nowhere/g.yaml: the file cannot be read"},
		"an unknown format":     {pair(profile, other, "--format", "pdf"), "--format"},
		"no time":               {pair(profile, other, "--budget", "x"), "see scimproof upgrade-check --help"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, stdout, stderr := scimproof(t, c.args...)
			g.Expect(code).To(Equal(exitUsage), stdout+stderr)
			g.Expect(stderr).To(And(HavePrefix("scimproof: "), ContainSubstring(c.says)))
		})
	}
	NewWithT(t).Expect(os.ReadDir(out)).To(BeEmpty(), "a mistake must write nothing")
}

func TestAMistakeThatARunFindsIsToldOnce(t *testing.T) {
	g := NewWithT(t)
	t.Setenv(subject.StateDirVariable, t.TempDir())
	code, printed, _ := upgradeChecked(t, versionWith(t), versionWith(t), "--subjects", "11")
	g.Expect(code).To(Equal(exitUsage), printed)
	g.Expect(printed).To(ContainSubstring("scimproof: from could not be tested: --subjects 11"))
	g.Expect(printed).NotTo(ContainSubstring("to │"), "the other would say the same")
}

func TestAnOlderReportIsNotTakenForThisOnes(t *testing.T) {
	g := NewWithT(t)
	t.Setenv(subject.StateDirVariable, t.TempDir())
	good, worse, out := versionWith(t), versionWith(t, "sessions-survive-deactivate"), t.TempDir()
	code, printed := upgradeCheckedInto(t, out, good, worse)
	g.Expect(code).To(Equal(exitFail), printed)
	// The next check, whose runs end without a report.
	u := &upgrade{upgradeCheck: &upgradeCheck{files: reportFiles{out: out}}, begun: time.Now()}
	u.First.Started, u.Second.Started = true, true
	was, is, err := u.read()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect([]*reports.Report{was, is}).To(HaveEach(BeNil()))
	cmd := upgradeCheckCommand()
	cmd.SetOut(&strings.Builder{})
	g.Expect(exitCode(u.nothingToCompare(cmd, was, is))).To(Equal(exitInconclusive))
	g.Expect(filepath.Glob(filepath.Join(out, "changes.*"))).To(BeEmpty())
}

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
				}, "20s").Should(Succeed())
				g.Expect(users(t, url)).To(BeZero())
				g.Expect(report(t, filepath.Join(out, side)).Run.Partial).To(BeTrue())
			}
		})
	}
}
