package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/runner"
)

const stateKey = "tests know this key: 4711"

func TestMistakesAboutLaterMarks(t *testing.T) {
	profile := profileFor(t, "http://127.0.0.1:1")
	out, state := t.TempDir(), filepath.Join(t.TempDir(), "watch.age")
	taken := filepath.Join(t.TempDir(), "taken.age")
	weak := filepath.Join(t.TempDir(), "weak.key")
	g := NewWithT(t)
	g.Expect(os.WriteFile(taken, []byte("x"), 0o600)).To(Succeed())
	g.Expect(os.WriteFile(weak, []byte("letmein\n"), 0o600)).To(Succeed())
	run := func(more ...string) []string {
		return append([]string{"run", "--target", profile, "--out", out}, more...)
	}
	resume := func(more ...string) []string {
		return append([]string{"resume", "--target", profile, "--out", out}, more...)
	}
	for name, c := range map[string]struct {
		args []string
		key  string
		says string
	}{
		"no duration":              {run("--marks", "tomorrow", "--state", state), stateKey, `"tomorrow"`},
		"marks without a state":    {run("--marks", "1h"), stateKey, "--marks needs --state FILE"},
		"a state without marks":    {run("--state", state), stateKey, "--marks 15m,24h"},
		"a key file without marks": {run("--state-key-file", weak), stateKey, "--marks 15m,24h"},
		"within the watch":         {run("--marks", "1s", "--state", state), stateKey, "--marks: the mark 1s is no later than the watch itself"},
		"within another budget":    {run("--marks", "1h", "--budget", "2h", "--state", state), stateKey, "which lasts up to 2h0m0s"},
		"out of order":             {run("--marks", "24h,1h", "--state", state), stateKey, "does not come after"},
		"too late":                 {run("--marks", "1000h", "--state", state), stateKey, "later than 720h"},
		"no key":                   {run("--marks", "1h", "--state", state), "", "set SCIMPROOF_STATE_KEY"},
		"a weak key":               {run("--marks", "1h", "--state", state), "letmein", "at least 16"},
		"a weak key file":          {run("--marks", "1h", "--state", state, "--state-key-file", weak), stateKey, weak},
		"no such key file":         {run("--marks", "1h", "--state", state, "--state-key-file", "/nowhere/key"), stateKey, "/nowhere/key"},
		"a state that is there":    {run("--marks", "1h", "--state", taken), stateKey, "it is there already"},
		"no such folder":           {run("--marks", "1h", "--state", "/nowhere/watch.age"), stateKey, "/nowhere/watch.age: it cannot be written"},
		"resume without a state":   {resume(), stateKey, `required flag(s) "state" not set`},
		"resume without a key":     {resume("--state", taken), "", "set SCIMPROOF_STATE_KEY"},
		"resume nothing":           {resume("--state", state), stateKey, "scimproof run --state"},
		"resume nonsense":          {resume("--state", taken), stateKey, "no state file at all"},
		"resume and abandon":       {resume("--state", taken, "--wait", "--abandon"), stateKey, "exclude each other"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			t.Setenv(later.KeyVariable, c.key)
			code, stdout, stderr := scimproof(t, c.args...)
			g.Expect(code).To(Equal(exitUsage), "%s", stdout+stderr)
			g.Expect(stderr).To(And(HavePrefix("scimproof: "), ContainSubstring(c.says)))
			g.Expect(stderr).NotTo(ContainSubstring("letmein"))
		})
	}
	g.Expect(filepath.Glob(filepath.Join(out, "*"))).To(BeEmpty(), "a mistake must write nothing")
	g.Expect(state).NotTo(BeAnExistingFile())
}

// A long watch as users have it: two processes, and nothing between them but the file.
func TestALongWatchInTwoProcesses(t *testing.T) {
	g := NewWithT(t)
	url, secrets := application(t, "sessions-survive-deactivate")
	path, err := built()
	g.Expect(err).NotTo(HaveOccurred())
	profile, out := profileFor(t, url), t.TempDir()
	state, key := filepath.Join(t.TempDir(), "watch.age"), filepath.Join(t.TempDir(), "key")
	g.Expect(os.WriteFile(key, []byte(stateKey+"\n"), 0o600)).To(Succeed())
	secrets.Learn("key", stateKey)
	command := func(args ...string) (int, string) {
		cmd := exec.Command(path, append(args, "--target", profile, "--out", out, "--state", state, "--state-key-file", key)...)
		said, _ := cmd.CombinedOutput() // the exit code tells
		g.Expect(secrets.Leaks(said)).To(BeEmpty())
		return cmd.ProcessState.ExitCode(), string(said)
	}

	code, said := command("run", "--marks", "5s,24h", "--only", "check: containsAny {survival.deactivate.put.web-session, survival.deactivate.put.access-token, survival.delete.personal-token}")
	g.Expect(code).To(Equal(exitFail), "%s", said)
	g.Expect(said).To(ContainSubstring("scimproof resume --state " + state))
	info, err := os.Stat(state)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))
	sealed, err := os.ReadFile(state)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(secrets.Count()).To(BeNumerically(">", 10))
	g.Expect(secrets.Leaks(sealed)).To(BeEmpty())
	g.Expect(users(t, url)).To(Equal(3), "the leaver of the deletion is gone")

	code, said = command("resume", "--wait")
	g.Expect(code).To(Equal(exitFail), "%s", said)
	g.Expect(said).To(ContainSubstring("The next mark, 24h0m0s, is due "))
	mustFitTheSchema(t, filepath.Join(out, "report.json"))
	r := report(t, out)
	g.Expect(r.LongWatch.Marks).To(HaveExactElements(HaveField("State", reports.MarkTaken), HaveField("State", reports.MarkPending)))
	g.Expect(r.Gaps).To(HaveLen(1))
	g.Expect(r.Gaps[0].SeverityWhy).To(ContainElement(ContainSubstring("after the event, and no end was seen")))
	page, err := os.ReadFile(filepath.Join(out, "report.html"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(page)).To(ContainSubstring("Later marks are pending"))
	raw, err := json.Marshal(r)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(secrets.Leaks(append(page, raw...))).To(BeEmpty())

	code, said = command("resume")
	g.Expect(code).To(Equal(exitPass), "%s", said)
	g.Expect(said).To(HavePrefix("No mark is due yet. The next mark, 24h0m0s, is due "))

	whole, err := os.ReadFile(profile)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.WriteFile(profile, append(whole, "# changed\n"...), 0o600)).To(Succeed())
	code, said = command("resume")
	g.Expect(code).To(Equal(exitUsage), "%s", said)
	g.Expect(said).To(ContainSubstring("was changed since the long watch began"))
	g.Expect(os.WriteFile(profile, whole, 0o600)).To(Succeed())

	code, said = command("resume", "--abandon")
	g.Expect(code).To(Equal(exitFail), "%s", said)
	g.Expect(said).To(ContainSubstring("The long watch is over"))
	g.Expect(users(t, url)).To(BeZero())
	g.Expect(state).NotTo(BeAnExistingFile())
	mustFitTheSchema(t, filepath.Join(out, "report.json"))
}

func TestCleanSaysWhichLongWatchItEnds(t *testing.T) {
	g := NewWithT(t)
	url, _ := application(t)
	profile, state := profileFor(t, url), filepath.Join(t.TempDir(), "watch.age")
	t.Setenv(later.KeyVariable, stateKey)
	code, stdout, stderr := scimproof(t, "run", "--target", profile, "--out", t.TempDir(), "--marks", "1h", "--state", state, "--only", "check:survival.delete.personal-token")
	g.Expect(code).To(Equal(exitPass), "%s", stdout+stderr)
	g.Expect(stdout).To(ContainSubstring("Later marks pending: 60 min, due"))
	code, stdout, stderr = scimproof(t, "clean", "--target", profile)
	g.Expect(code).To(Equal(exitPass), "%s", stdout+stderr)
	g.Expect(stdout).To(ContainSubstring("ended    the long watch " + state))
	g.Expect(users(t, url)).To(BeZero())
}

func TestHelpTellsOfTheKey(t *testing.T) {
	for _, command := range []string{"run", "resume"} {
		g := NewWithT(t)
		code, stdout, _ := scimproof(t, command, "--help")
		g.Expect(code).To(Equal(exitPass))
		g.Expect(stdout).To(And(ContainSubstring("$"+later.KeyVariable), ContainSubstring("--state-key-file")))
		g.Expect(strings.ToLower(stdout)).NotTo(ContainSubstring("--state-key "), "a key never stands on the command line")
	}
}

// What cannot be gone on with for now is no mistake of the user's.
func TestExitCodesOfResume(t *testing.T) {
	NewWithT(t).Expect(exitCode(&later.FileError{})).To(Equal(exitUsage))
	NewWithT(t).Expect(exitCode(&runner.OutageError{})).To(Equal(exitInconclusive))
}

func TestCtrlCWhileResumeWaitsLeavesAllAsItWas(t *testing.T) {
	g := NewWithT(t)
	url, _ := application(t)
	profile, state, out := profileFor(t, url), filepath.Join(t.TempDir(), "watch.age"), t.TempDir()
	t.Setenv(later.KeyVariable, stateKey)
	code, stdout, stderr := scimproof(t, "run", "--target", profile, "--out", out, "--marks", "1h", "--state", state, "--only", "check:survival.delete.personal-token")
	g.Expect(code).To(Equal(exitPass), "%s", stdout+stderr)
	before, err := os.ReadFile(state)
	g.Expect(err).NotTo(HaveOccurred())
	left := users(t, url)

	cmd, prints := processUntil(t, "Waiting for the mark of 1h", "resume", "--target", profile, "--out", out, "--state", state, "--wait")
	<-prints.seen
	code, stdout, stderr = scimproof(t, "resume", "--target", profile, "--out", out, "--state", state)
	g.Expect(code).To(Equal(exitInconclusive), "%s", stdout+stderr)
	g.Expect(stderr).To(ContainSubstring("another run holds it"), "one at a time")
	g.Expect(cmd.Process.Signal(os.Interrupt)).To(Succeed())
	_ = cmd.Wait()
	g.Expect(cmd.ProcessState.ExitCode()).To(Equal(exitInconclusive), "%s", prints.String())
	g.Expect(prints.String()).To(ContainSubstring("interrupted: nothing was lost"))
	g.Expect(os.ReadFile(state)).To(Equal(before))
	g.Expect(users(t, url)).To(Equal(left))
}
