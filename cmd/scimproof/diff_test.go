package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

// twoRuns writes the reports of a run with gaps and of a later one, in which one of them is
// fixed. It returns that gap.
func twoRuns(t *testing.T, change func(earlier, later *reports.Report)) (older, newer string, fixed reports.Gap) {
	t.Helper()
	earlier, later := reporttest.Report(), reporttest.Report()
	for i, r := range []*reports.Report{earlier, later} {
		r.Schema = "urn:scimproof:schema:report:" + reports.SchemaVersion
		// In the past of any clock that runs this test.
		r.Run.Started = time.Date(2025, 1, 1+i, 9, 0, 0, 0, time.UTC)
		r.Run.Finished = r.Run.Started.Add(time.Minute)
		r.Run.ID = r.Run.Started.Format(time.DateOnly)
		r.Closures = []reports.Closure{}
		r.Health = reports.Health{Requests: 100}
	}
	i := slices.IndexFunc(later.Gaps, func(g reports.Gap) bool { return g.Class == reports.ClassSurvivedAccess && len(g.Checks) > 0 })
	if i < 0 {
		t.Fatal("the fixture has no gap of a credential that survives")
	}
	fixed = later.Gaps[i]
	later.Gaps = slices.Delete(slices.Clone(later.Gaps), i, i+1)
	for i := range later.Checks {
		if slices.Contains(fixed.Checks, later.Checks[i].ID) {
			later.Checks[i].Outcome, later.Checks[i].Gap = reports.OutcomeConformant, ""
		}
	}
	change(earlier, later)
	dir := t.TempDir()
	older, newer = filepath.Join(dir, "old.json"), filepath.Join(dir, "new.json")
	save(t, older, earlier)
	save(t, newer, later)
	return older, newer, fixed
}

func save(t *testing.T, path string, r *reports.Report) {
	t.Helper()
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}

func asIs(_, _ *reports.Report) {}

func TestDiffShowsWhatChanged(t *testing.T) {
	older, newer, fixed := twoRuns(t, asIs)
	for format, says := range map[string]string{"text": "Fixed (1)", "markdown": "### Fixed (1)", "html": `<h2 class="ok">Fixed`} {
		t.Run(format, func(t *testing.T) {
			g := NewWithT(t)
			code, stdout, stderr := scimproof(t, "diff", older, newer, "--format", format)
			g.Expect(code).To(Equal(exitPass), stderr)
			g.Expect(stdout).To(And(ContainSubstring(says), ContainSubstring(fixed.ID)))

			out := filepath.Join(t.TempDir(), "new", "changes")
			code, quiet, _ := scimproof(t, "diff", older, newer, "--format", format, "--out", out)
			g.Expect(code).To(Equal(exitPass))
			g.Expect(quiet).To(BeEmpty())
			g.Expect(os.ReadFile(out)).To(BeEquivalentTo(stdout))
		})
	}
}

func TestARegressionExitsWithOne(t *testing.T) {
	g := NewWithT(t)
	older, newer, fixed := twoRuns(t, func(earlier, later *reports.Report) {
		earlier.Gaps, later.Gaps = later.Gaps, earlier.Gaps
		earlier.Checks, later.Checks = later.Checks, earlier.Checks
	})
	code, stdout, stderr := scimproof(t, "diff", older, newer)
	g.Expect(code).To(Equal(exitFail), stderr)
	g.Expect(stdout).To(And(ContainSubstring("New (1)"), ContainSubstring(fixed.ID), ContainSubstring("Worse than before")))
	g.Expect(stderr).To(BeEmpty())
}

func TestWhatCannotBeComparedOrCertified(t *testing.T) {
	older, newer, _ := twoRuns(t, asIs)
	other, _, _ := twoRuns(t, func(earlier, _ *reports.Report) { earlier.Target.ID = "another-app" })
	bad := func(content string) string {
		path := filepath.Join(t.TempDir(), "bad.json")
		NewWithT(t).Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
		return path
	}
	data, err := os.ReadFile(newer)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	wider := bad(strings.Replace(string(data), "{", `{"moon": 1,`, 1))
	certify := func(more ...string) []string {
		return append([]string{"certify", "--gap", "gap-1", "--by", "x@example.com"}, more...)
	}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no such file":          {[]string{"diff", older, "/nowhere/r.json"}, "/nowhere/r.json"},
		"one report":            {[]string{"diff", older}, "accepts 2 arg"},
		"another target":        {[]string{"diff", other, newer}, `"another-app"`},
		"the wrong order":       {[]string{"diff", newer, older}, "wrong order"},
		"an unknown form":       {[]string{"diff", older, newer, "--format", "pdf"}, "text, markdown or html"},
		"no JSON":               {[]string{"diff", older, bad("{\n\n  nonsense")}, "bad.json: this is not the JSON of a report: line 3"},
		"another kind of value": {[]string{"diff", older, bad(strings.Replace(string(data), `"gaps": [`, `"gaps": 7, "more": [`, 1))}, "bad.json"},
		"two reports in one":    {[]string{"diff", older, bad(string(data) + "{}")}, "more after its end"},
		"another document":      {[]string{"diff", older, bad("{}")}, `schema is ""`},
		"a report of nothing":   {[]string{"diff", older, bad(`{"schema": "urn:scimproof:schema:report:2.0"}`)}, "missing properties"},
		"a key that would go":   {certify(wider), `"moon"`},
		"no gap":                {[]string{"certify", "--by", "x@example.com", newer}, `"gap" not set`},
		"nobody":                {[]string{"certify", "--gap", "gap-1", newer}, `"by" not set`},
		"a bad earlier report":  {certify("--previous", bad("[]"), newer), "bad.json"},
		"a claim on nothing":    {certify("--claimed", newer), "--reference"},
		"a ticket that closes":  {certify("--reference", "SEC-1", newer), "--claimed"},
		"a claim with a run":    {certify("--claimed", "--reference", "SEC-1", "--previous", older, newer), "--previous does not go with --claimed"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, stdout, stderr := scimproof(t, c.args...)
			g.Expect(code).To(Equal(exitUsage), stdout+stderr)
			g.Expect(stderr).To(ContainSubstring(c.says))
		})
	}
}

func TestCertifyWritesTheClosureIntoTheReport(t *testing.T) {
	g := NewWithT(t)
	older, newer, fixed := twoRuns(t, asIs)
	before, err := os.ReadFile(newer)
	g.Expect(err).NotTo(HaveOccurred())
	code, stdout, stderr := scimproof(t, "certify", "--gap", fixed.ID, "--by", "Jonas.Weber@example.com", "--previous", older, "--fixed-in", "4.2.1", newer)
	g.Expect(code).To(Equal(exitPass), stderr)
	g.Expect(stdout).To(And(ContainSubstring("Closed: "+fixed.ID), ContainSubstring("signature")))

	written, err := readReport(newer)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(written.report.Closures).To(HaveLen(1))
	sum := sha256.Sum256(before)
	g.Expect(written.report.Closures[0]).To(And(HaveField("Gap", fixed.ID), HaveField("Certifier.Name", "Jonas Weber, Internal Audit"),
		HaveField("Severity", fixed.Severity), HaveField("Evidence", hex.EncodeToString(sum[:]))))
	// Nothing else has changed: without the closure the file is what its digest says.
	written.report.Closures = []reports.Closure{}
	save(t, newer, written.report)
	g.Expect(os.ReadFile(newer)).To(Equal(before))
}

func TestARefusalLeavesTheReportAsItWas(t *testing.T) {
	older, newer, fixed := twoRuns(t, func(_, later *reports.Report) {
		later.Target.Version = "1\x1b[31m\n::error::"
		later.Comparison = nil
	})
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"somebody else":         {[]string{"--by", "ada.okafor@example.com", "--previous", older}, "is not the remediation certifier"},
		"an older version":      {[]string{"--by", "jonas.weber@example.com", "--previous", older, "--fixed-in", "9"}, "cannot be ordered"},
		"their own fix":         {[]string{"--by", "jonas.weber@example.com", "--previous", older, "--remediated-by", "jonas.weber@example.com"}, "made the fix"},
		"their own request":     {[]string{"--by", "jonas.weber@example.com", "--previous", older, "--requested-by", "jonas.weber@example.com"}, "asked for"},
		"nothing to go by":      {[]string{"--by", "jonas.weber@example.com"}, "--previous"},
		"a claim of what is no": {[]string{"--by", "jonas.weber@example.com", "--claimed", "--reference", "SEC-1"}, "does not have it"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			before, err := os.ReadFile(newer)
			g.Expect(err).NotTo(HaveOccurred())
			code, _, stderr := scimproof(t, append([]string{"certify", newer, "--gap", fixed.ID}, c.args...)...)
			g.Expect(code).To(Equal(exitFail))
			g.Expect(stderr).To(And(ContainSubstring(c.says), ContainSubstring(newer), ContainSubstring(fixed.ID)))
			g.Expect(strings.Count(stderr, "\n")).To(Equal(1))
			g.Expect(stderr).NotTo(ContainSubstring("\x1b"))
			g.Expect(os.ReadFile(newer)).To(Equal(before))
		})
	}
}

func TestAClaimIsWrittenAndClosesNothing(t *testing.T) {
	g := NewWithT(t)
	older, _, fixed := twoRuns(t, asIs)
	code, stdout, stderr := scimproof(t, "certify", "--gap", fixed.ID, "--claimed", "--by", "security@northwind.example", "--reference", "SEC-481", older)
	g.Expect(code).To(Equal(exitPass), stderr)
	g.Expect(stdout).To(ContainSubstring("Claimed, and still open: " + fixed.ID + " by Northwind Software (SEC-481)."))
	written, err := readReport(older)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(written.report.Closures).To(BeEmpty())
	i := slices.IndexFunc(written.report.Gaps, func(g reports.Gap) bool { return g.ID == fixed.ID })
	g.Expect(written.report.Gaps[i]).To(And(HaveField("State", reports.StateClaimedFixed), HaveField("StateWhy", ContainSubstring("SEC-481"))))
}
