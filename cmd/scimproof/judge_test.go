package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
	"github.com/scimproof/scimproof/reports/saved"
)

// savedReport writes the believable report, changed, into a folder.
func savedReport(t *testing.T, change func(*reports.Report)) string {
	t.Helper()
	r := reporttest.Report()
	change(r)
	var text bytes.Buffer
	if err := saved.WriteReport(&text, r); err != nil {
		t.Fatal(err)
	}
	return written(t, "report.json", text.String())
}

// written writes a file into a folder of its own.
func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestMistakesAboutGateAndExceptions(t *testing.T) {
	profile, out := profileFor(t, "http://127.0.0.1:1"), t.TempDir()
	good := savedReport(t, func(*reports.Report) {})
	exceptions := written(t, "e.yaml", "version: 1\nexceptions:\n  - id: A\n    gap: gap-0123456789ab\n    reason: too short\n    expires: 2027-02-30\n")
	gate := written(t, "g.yaml", "version: 1\nfailFrm: low\n")
	broken := written(t, "broken.json", "{")
	run := func(more ...string) []string {
		return append([]string{"run", "--target", profile, "--out", out}, more...)
	}
	judge := func(more ...string) []string { return append([]string{"judge", "--out", out}, more...) }
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"run: no such gate":          {run("--gate", "builtin:onbording"), "builtin:onbording: the program has no such gate (did you mean builtin:onboarding?)"},
		"run: a wrong gate":          {run("--gate", gate), gate + ":2:1: failFrm: unknown key (did you mean failFrom?)"},
		"run: no such exceptions":    {run("--exceptions", "/nowhere/e.yaml"), "/nowhere/e.yaml: the file cannot be read: no such file or directory (name an exceptions.yaml that is there)"},
		"run: wrong exceptions":      {run("--exceptions", exceptions), exceptions + ":5:5: exceptions[0].reason: 9 characters"},
		"run: a broken report":       {run("--previous", broken), broken + ": this is not the JSON of a report: it ends in the middle"},
		"judge: no run":              {judge(), "accepts 1 arg"},
		"judge: no folder":           {[]string{"judge", "run.json"}, `required flag(s) "out" not set`},
		"judge: no such run":         {judge("/nowhere/run.json"), "/nowhere/run.json: it cannot be read: no such file or directory; name an existing file"},
		"judge: a report":            {judge(good), "name the run.json that stands beside it"},
		"judge: a broken run":        {judge(broken), broken + ": this is not the JSON of a run"},
		"judge: no moment":           {judge(good, "--at", "yesterday"), `--at "yesterday": write a moment such as 2026-11-24T09:00:00Z`},
		"gate: no policy":            {[]string{"gate", good}, `required flag(s) "policy" not set`},
		"gate: no report":            {[]string{"gate", "--policy", "builtin:default"}, "accepts 1 arg"},
		"gate: a broken report":      {[]string{"gate", broken, "--policy", "builtin:default"}, "it ends in the middle"},
		"gate: a later version":      {[]string{"gate", savedReport(t, func(r *reports.Report) { r.Schema = "urn:scimproof:schema:report:9.0" }), "--policy", "builtin:default"}, "it has version 9.0 of its form"},
		"gate: an unknown word":      {[]string{"gate", savedReport(t, func(r *reports.Report) { r.Gaps[0].Severity = "none" }), "--policy", "builtin:default"}, "/gaps/0/severity"},
		"gate: no such policy":       {[]string{"gate", good, "--policy", "/nowhere/g.yaml"}, "/nowhere/g.yaml: the file cannot be read"},
		"gate: wrong exceptions":     {[]string{"gate", good, "--policy", "builtin:default", "--exceptions", exceptions}, "2027-02-30 is not in the calendar"},
		"init: what":                 {[]string{"init"}, "accepts 1 arg"},
		"init: unknown":              {[]string{"init", "gates"}, `init knows no "gates"; write one of exceptions, gate, target`},
		"init: a file that is there": {[]string{"init", "gate", "--out", gate}, gate + " is there already and stays as it is; name another file with --out"},
		"init: no such folder":       {[]string{"init", "gate", "--out", "/nowhere/gate.yaml"}, "the folder /nowhere does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, stdout, stderr := scimproof(t, c.args...)
			g.Expect(code).To(Equal(exitUsage), "%s", stdout+stderr)
			g.Expect(stderr).To(And(HavePrefix("scimproof: "), ContainSubstring(c.says)))
		})
	}
	g := NewWithT(t)
	g.Expect(filepath.Glob(filepath.Join(out, "*"))).To(BeEmpty(), "a mistake must write nothing")
	g.Expect(os.ReadFile(gate)).To(BeEquivalentTo("version: 1\nfailFrm: low\n"))
}

func TestGateExitsByTheVerdict(t *testing.T) {
	clean := func(r *reports.Report) { // of gaps, and of what exceptions say of them
		r.Gaps, r.Exceptions, r.Comparison = []reports.Gap{}, []reports.ExceptionUse{}, nil
		kept := r.Checks[:0]
		for _, c := range r.Checks {
			if c.Outcome == reports.OutcomeConformant {
				kept = append(kept, c)
			}
		}
		r.Checks, r.Health.Outage, r.Health.Errors, r.Health.Throttled, r.Run.Partial = kept, "", 0, 0, false
	}
	for name, c := range map[string]struct {
		report func(*reports.Report)
		gate   string
		code   int
		word   reports.Word
		rule   reports.GateRule
	}{
		"open gaps": {func(*reports.Report) {}, "version: 1\n", exitFail, reports.VerdictFail, reports.RuleGaps},
		"clean":     {clean, "version: 1\n", exitPass, reports.VerdictPass, reports.RulePass},
		"an outage": {func(r *reports.Report) { clean(r); r.Health.Outage = "The target is down" }, "version: 1\n", exitInconclusive, reports.VerdictInconclusive, reports.RuleHealth},
		"a gate that asks for a check that is not there": {clean, "version: 1\nrequired: [nobody.knows]\n", exitUsage, reports.VerdictError, reports.RuleConfiguration},
		"an old run": {clean, "version: 1\nmaxAgeDays: 3\n", exitFail, reports.VerdictFail, reports.RuleTrust},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			file := savedReport(t, c.report)
			before, err := os.ReadFile(file)
			g.Expect(err).NotTo(HaveOccurred())
			code, stdout, stderr := scimproof(t, "gate", file, "--policy", written(t, "g.yaml", c.gate), "--at", "2026-12-01T00:00:00Z")
			g.Expect(code).To(Equal(c.code), "%s", stdout+stderr)
			g.Expect(stderr).To(BeEmpty())
			g.Expect(stdout).To(MatchRegexp(`^Verdict: ` + string(c.word) + `\nGate:    g.yaml\nRule:    ` + string(c.rule) + `\nReason:  \S.*\n$`))
			g.Expect(os.ReadFile(file)).To(Equal(before), "the report stays as it is")
		})
	}
}

func TestStartersAreWrittenOnce(t *testing.T) {
	for kind, next := range map[string]string{"target": "scimproof run --target ", "gate": "scimproof gate out/report.json --policy ", "exceptions": "scimproof judge out/run.json --exceptions "} {
		t.Run(kind, func(t *testing.T) {
			g := NewWithT(t)
			t.Chdir(t.TempDir())
			code, stdout, _ := scimproof(t, "init", kind)
			g.Expect(code).To(Equal(exitPass))
			g.Expect(stdout).To(ContainSubstring(next + kind + ".yaml"))
			g.Expect(kind + ".yaml").To(BeARegularFile())
			code, _, _ = scimproof(t, "init", kind)
			g.Expect(code).To(Equal(exitUsage))
		})
	}
}

func TestTheTargetStarterAsksForItsVariable(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "target.yaml")
	code, _, _ := scimproof(t, "init", "target", "--out", file)
	g.Expect(code).To(Equal(exitPass))
	code, _, stderr := scimproof(t, "run", "--target", file, "--out", t.TempDir())
	g.Expect(code).To(Equal(exitUsage))
	g.Expect(strings.TrimSpace(stderr)).To(MatchRegexp(`^scimproof: .*target\.yaml:\d+:\d+: scim\.auth\.bearer\.token: .*export SCIM_TOKEN=…\)$`), "one fault, and what to do")
}

// A run, judged again: by the same gate it is the same report, byte for byte; with an exception
// its one gap is accepted.
func TestARunIsJudgedAgainWithoutItsTarget(t *testing.T) {
	g := NewWithT(t)
	url, secrets := application(t, "sessions-survive-deactivate")
	profile, out := profileFor(t, url), t.TempDir()
	gate := written(t, "gate.yaml", "version: 1\nexceptions: {approvals: {critical: [[application owner], [ciso]]}}\n")
	code, stdout, stderr := scimproof(t, "run", "--target", profile, "--out", out, "--gate", gate, "--only", "check: containsAny {survival.deactivate.put.web-session, survival.delete.personal-token}")
	g.Expect(code).To(Equal(exitFail), "%s", stdout+stderr)
	first := report(t, out)
	g.Expect(first.Policy.Name).To(Equal("gate.yaml"))
	g.Expect(first.Policy.Digest).To(HaveLen(64))
	g.Expect(first.Gaps).To(HaveLen(1))
	gap := first.Gaps[0]
	run := filepath.Join(out, "run.json")
	seen, err := os.ReadFile(run)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(secrets.Count()).To(BeNumerically(">", 3))
	g.Expect(secrets.Leaks(seen)).To(BeEmpty())

	again := t.TempDir()
	code, _, _ = scimproof(t, "judge", run, "--gate", gate, "--at", first.Judged.Format("2006-01-02T15:04:05.999999999Z07:00"), "--out", again)
	g.Expect(code).To(Equal(exitFail))
	for _, name := range []string{"report.json", "report.html"} {
		want, err := os.ReadFile(filepath.Join(out, name))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(os.ReadFile(filepath.Join(again, name))).To(Equal(want), name)
	}

	day := reports.DayOf(first.Judged)
	text := `version: 1
exceptions:
  - id: EXC-1
    gap: ` + gap.ID + `
    reason: The session store is replaced with version 5.
    requestedBy: product@acme.example
    accountable: {role: application-owner, name: Ada Okafor}
    approvals:
      - {role: application-owner, by: ` + first.Target.Owners.ApplicationOwner.Contact + `, on: ` + string(day) + `}
      - {role: CISO, by: ciso@acme.example, on: ` + string(day) + `}
    approvedSeverity: critical
    expires: ` + string(day.After(7)) + `
    remediation: {plan: Version 5., by: ` + string(day.After(5)) + `, party: Acme Inc.}
`
	exceptions := written(t, "e.yaml", text)
	code, stdout, _ = scimproof(t, "judge", run, "--gate", gate, "--exceptions", exceptions, "--out", again)
	accepted := report(t, again)
	g.Expect(accepted.Gaps[0].State).To(Equal(reports.StateExcepted), "%s", accepted.Gaps[0].StateWhy)
	g.Expect(accepted.ExceptionsDigest).To(HaveLen(64))
	g.Expect(code).To(Equal(exitPass), "%s", stdout)
	g.Expect(stdout).To(ContainSubstring("Verdict: pass-with-exceptions."))
	mustFitTheSchema(t, filepath.Join(again, "report.json"))

	// The gate comes to the same by the report alone, and to another verdict where it is stricter.
	code, stdout, _ = scimproof(t, "gate", filepath.Join(out, "report.json"), "--policy", gate, "--exceptions", exceptions)
	g.Expect(code).To(Equal(exitPass), "%s", stdout)
	g.Expect(stdout).To(HavePrefix("Verdict: pass-with-exceptions\n"))
	code, stdout, _ = scimproof(t, "gate", filepath.Join(again, "report.json"), "--policy", written(t, "no.yaml", "version: 1\nexceptionsPass: false\n"))
	g.Expect(code).To(Equal(exitFail), "%s", stdout)
	stranger := written(t, "s.yaml", strings.ReplaceAll(text, gap.ID, "gap-000000000000"))
	code, stdout, _ = scimproof(t, "judge", run, "--gate", gate, "--exceptions", stranger, "--out", again)
	g.Expect(code).To(Equal(exitUsage), "an exception for a gap that nobody knows is a mistake in the file: %s", stdout)
	g.Expect(stdout).To(ContainSubstring("gap-000000000000"))

	code, _, stderr = scimproof(t, "judge", run, "--previous", filepath.Join(out, "report.json"), "--out", again)
	g.Expect(code).To(Equal(exitUsage))
	g.Expect(stderr).To(ContainSubstring("is the report of this very run; name that of the run before"))
	code, _, stderr = scimproof(t, "judge", run, "--previous", savedReport(t, func(r *reports.Report) { r.Run.Started = first.Run.Started.AddDate(1, 0, 0) }), "--out", again)
	g.Expect(code).To(Equal(exitUsage))
	g.Expect(stderr).To(ContainSubstring("after this run began"))

	earlier := savedReport(t, func(r *reports.Report) {
		r.Target.ID, r.Gaps[0] = first.Target.ID, first.Gaps[0]
		r.Gaps[0].FirstSeen = first.Run.Started.AddDate(0, 0, -9)
	})
	code, _, stderr = scimproof(t, "judge", run, "--previous", earlier, "--out", again)
	g.Expect(code).To(Equal(exitFail), "%s", stderr)
	g.Expect(report(t, again).Gaps[0].FirstSeen).To(BeTemporally("==", first.Run.Started.AddDate(0, 0, -9)), "the gap has its age")
}
