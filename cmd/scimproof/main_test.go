package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/subject"
)

// scimproof carries out a command line in this process.
func scimproof(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// profileFor writes a target profile for an address, with a token.
func profileFor(t *testing.T, url string) string {
	t.Helper()
	t.Setenv(subject.StateDirVariable, t.TempDir())
	path := filepath.Join(t.TempDir(), "target.yaml")
	err := acme.WriteTargetProfile(path, acme.Profile{BaseURL: url, SCIMToken: "scim-token-for-tests-1", RevokeWithin: 5e8, GiveUpAfter: 15e8, Subjects: 1})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMistakesInTheCommandLine(t *testing.T) {
	profile := profileFor(t, "http://127.0.0.1:1")
	out := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"unknown command":    {[]string{"rnu"}, "unknown command"},
		"unknown flag":       {[]string{"run", "--tagret", "x"}, "see scimproof run --help"},
		"missing flag":       {[]string{"run", "--out", out}, `required flag(s) "target" not set`},
		"superfluous word":   {[]string{"run", "--target", profile, "--out", out, "x"}, "accepts 0 arg"},
		"no such profile":    {[]string{"run", "--target", "/nowhere/t.yaml", "--out", out}, "/nowhere/t.yaml"},
		"bad filter":         {[]string{"run", "--target", profile, "--out", out, "--only", "(("}, "Syntax Error"},
		"nothing selected":   {[]string{"run", "--target", profile, "--out", out, "--only", "nonsense"}, "see scimproof list"},
		"nobody leaves":      {[]string{"run", "--target", profile, "--out", out, "--subjects", "0"}, "--subjects 0: give a number from 1 to 10"},
		"too many leavers":   {[]string{"run", "--target", profile, "--out", out, "--subjects", "11"}, "--subjects 11"},
		"no time to watch":   {[]string{"run", "--target", profile, "--out", out, "--budget", "0s"}, "--budget"},
		"unknown defect":     {[]string{"mock", "--defect", "sessions-survive"}, "sessions-survive-delete"},
		"unknown check":      {[]string{"explain", "lifecycle.creat"}, "did you mean lifecycle.create?"},
		"explain needs one":  {[]string{"explain"}, "accepts 1 arg"},
		"address not usable": {[]string{"mock", "--listen", "256.0.0.1:x"}, "256.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, stdout, stderr := scimproof(t, c.args...)
			g.Expect(code).To(Equal(exitUsage), "%s", stdout+stderr)
			g.Expect(stderr).To(ContainSubstring(c.says))
			g.Expect(stderr).To(HavePrefix("scimproof: "))
		})
	}
	NewWithT(t).Expect(filepath.Glob(filepath.Join(out, "*"))).To(BeEmpty(), "a mistake must write nothing")
}

func TestFaultsOfAProfileAreAllReported(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "bad.yaml")
	g.Expect(os.WriteFile(path, []byte("version: 1\nnaem: x\nscim:\n  baseURL: ftp://x\n  auth: {bearer: {token: \"${NOT_SET_ANYWHERE}\"}}\n"), 0o600)).To(Succeed())
	code, _, stderr := scimproof(t, "run", "--target", path, "--out", t.TempDir())
	g.Expect(code).To(Equal(exitUsage))
	g.Expect(stderr).To(ContainSubstring(path + ":2:1: naem: unknown key (did you mean name?)"))
	g.Expect(stderr).To(ContainSubstring("the key name is missing"))
	g.Expect(stderr).To(ContainSubstring("export NOT_SET_ANYWHERE="))
}

func TestListNamesEachCheckWithItsRequirements(t *testing.T) {
	g := NewWithT(t)
	code, stdout, _ := scimproof(t, "list", "--json")
	g.Expect(code).To(Equal(exitPass))
	var checks []listed
	g.Expect(json.Unmarshal([]byte(stdout), &checks)).To(Succeed())
	all, err := runner.List("")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(checks).To(HaveLen(len(all)))
	for _, c := range checks {
		g.Expect(c.Requirements).NotTo(BeEmpty(), c.ID)
		if strings.HasPrefix(c.Requirements[0], "RFC") {
			g.Expect([]reports.Class{"A", "B", "C", "I", "D"}).To(ContainElement(c.Class), c.ID)
		}
		g.Expect(c.Gate).NotTo(BeNil())
		g.Expect(c.Clients).NotTo(BeNil())
	}
	_, text, _ := scimproof(t, "list", "--only", "credential:web-session && event:delete")
	g.Expect(strings.TrimSpace(text)).To(HavePrefix("survival.delete.web-session"))
}

func TestDefectsAreListed(t *testing.T) {
	g := NewWithT(t)
	code, stdout, _ := scimproof(t, "defects", "--json")
	g.Expect(code).To(Equal(exitPass))
	var list []listedDefect
	g.Expect(json.Unmarshal([]byte(stdout), &list)).To(Succeed())
	g.Expect(len(list)).To(BeNumerically(">", 30))
	for _, d := range list {
		g.Expect(d.Noticed).To(Equal(len(d.Checks) > 0), d.Name)
		g.Expect(d.Harmless && d.Noticed).To(BeFalse(), d.Name)
	}
	_, text, _ := scimproof(t, "defects")
	g.Expect(text).To(MatchRegexp(`(?m)^  put-active-ignored +\S`))
}

func TestExplainAnswersTheFourQuestions(t *testing.T) {
	for _, id := range []string{"survival.recreate.personal-token", "lifecycle.deactivate.put", "AS-24", "RFC7644-3.6-02"} {
		t.Run(id, func(t *testing.T) {
			g := NewWithT(t)
			code, stdout, _ := scimproof(t, "explain", id)
			g.Expect(code).To(Equal(exitPass))
			for _, heading := range []string{"What must happen", "What is sent", "Why it matters", "Source"} {
				g.Expect(stdout).To(ContainSubstring(heading))
			}
		})
	}
}

func TestVersionAndHelp(t *testing.T) {
	g := NewWithT(t)
	code, stdout, _ := scimproof(t, "version")
	g.Expect(code).To(Equal(exitPass))
	g.Expect(stdout).To(HavePrefix("scimproof "))
	code, stdout, _ = scimproof(t)
	g.Expect(code).To(Equal(exitPass))
	for _, command := range []string{"init", "run", "upgrade-check", "judge", "gate", "demo", "mock", "defects", "list", "explain", "clean", "version"} {
		g.Expect(stdout).To(MatchRegexp(`(?m)^  ` + command + ` `))
	}
}

// report reads report.json from a folder.
func report(t *testing.T, dir string) *reports.Report {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r reports.Report
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	return &r
}
