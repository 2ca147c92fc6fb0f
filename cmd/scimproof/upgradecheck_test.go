package main

import (
	"os"
	"path/filepath"
	"strings"
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
