package junit_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	parser "github.com/joshdk/go-junit"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/junit"
	"github.com/scimproof/scimproof/reports/reporttest"
)

var update = flag.Bool("update", false, "write the golden file anew; then read it")

const golden = "testdata/fixture.xml"

func TestGolden(t *testing.T) {
	g := NewWithT(t)
	got := write(t, reporttest.Report())
	if *update {
		g.Expect(os.MkdirAll("testdata", 0o755)).To(Succeed())
		g.Expect(os.WriteFile(golden, []byte(got), 0o644)).To(Succeed())
	}
	want, err := os.ReadFile(golden)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got).To(Equal(string(want)), "the file has changed: run go test ./reports/junit -update, read it, and commit it")
}

func write(t *testing.T, r *reports.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := junit.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// read reads a file back with a parser that is not ours.
func read(t *testing.T, file string) map[string]parser.Suite {
	t.Helper()
	all, err := parser.Ingest([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	suites := map[string]parser.Suite{}
	for _, s := range all {
		suites[s.Name] = s
	}
	return suites
}

// named finds a case in any suite.
func named(t *testing.T, suites map[string]parser.Suite, name string) parser.Test {
	t.Helper()
	for _, s := range suites {
		for _, c := range s.Tests {
			if c.Name == name {
				return c
			}
		}
	}
	t.Fatalf("no case is named %q", name)
	return parser.Test{}
}

func TestTheFixtureIsReadBack(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	suites := read(t, write(t, r))
	g.Expect(suites).To(HaveLen(3))
	g.Expect(suites["survival"].Totals.Tests).To(Equal(35))
	tests := 0
	for _, s := range suites {
		tests += s.Totals.Tests
		g.Expect(s.Properties).To(And(
			HaveKeyWithValue("run", "20261123-091204-7f3a"), HaveKeyWithValue("target", "Northwind CRM"),
			HaveKeyWithValue("verdict", "fail"), HaveKeyWithValue("gateRule", "gaps"), HaveKeyWithValue("gate", "builtin:default")))
	}
	g.Expect(tests).To(Equal(len(r.Checks) + 1))
	verdict := named(t, suites, "verdict")
	g.Expect(verdict.Status).To(Equal(parser.StatusFailed))
	g.Expect(verdict.Message).To(Equal("fail (rule gaps): Open control gaps: 2 critical, 1 high, 1 medium."))
	survived := named(t, suites, "survival.deactivate.put.personal-token")
	g.Expect(survived.Status).To(Equal(parser.StatusFailed))
	g.Expect(survived.Classname).To(Equal("scimproof.survival"))
	g.Expect(survived.Duration.Seconds()).To(BeEquivalentTo(600))
	g.Expect(survived.Error.Error()).To(ContainSubstring("Control gap gap-3f9a21c407be (critical, open): A personal token outlives the deactivation\nAccountable: Ada Okafor\n"))
	accepted := named(t, suites, "survival.deactivate.put.web-session")
	g.Expect(accepted.Status).To(Equal(parser.StatusSkipped))
	g.Expect(accepted.Message).To(Equal("Accepted control gap gap-e2d94a37f150. EXC-17 accepts it until 2026-12-11. What was seen: delayed: Last allowed at 6 min and denied from 8 min on; 5 min are allowed."))
}

func TestOutcomes(t *testing.T) {
	for outcome, want := range map[reports.Outcome]parser.Status{
		reports.OutcomeConformant:     parser.StatusPassed,
		reports.OutcomeSuspended:      parser.StatusFailed,
		reports.OutcomeNonconformant:  parser.StatusFailed,
		reports.OutcomePartialSupport: parser.StatusFailed,
		reports.OutcomeRefused:        parser.StatusFailed,
		reports.OutcomeIgnored:        parser.StatusFailed,
		reports.OutcomeDelayed:        parser.StatusFailed,
		reports.OutcomeSurvived:       parser.StatusFailed,
		reports.OutcomeRevived:        parser.StatusFailed,
		reports.OutcomeOperational:    parser.StatusError,
		reports.OutcomeNoEvidence:     parser.StatusSkipped,
		reports.OutcomeNotApplicable:  parser.StatusSkipped,
		reports.OutcomeNotSelected:    parser.StatusSkipped,
		reports.OutcomeRecorded:       parser.StatusSkipped,
		reports.OutcomeNotTested:      parser.StatusSkipped,
		"unheard-of":                  parser.StatusFailed,
		"":                            parser.StatusFailed,
	} {
		t.Run(string(outcome), func(t *testing.T) {
			g := NewWithT(t)
			r := &reports.Report{Checks: []reports.Check{{Spec: reports.Spec{ID: "a.b"}, Outcome: outcome, Because: "So it was."}}}
			c := named(t, read(t, write(t, r)), "a.b")
			g.Expect(c.Status).To(Equal(want))
			if want == parser.StatusSkipped || want == parser.StatusFailed {
				g.Expect(c.Message).To(HaveSuffix("So it was."))
			}
			if want == parser.StatusFailed {
				g.Expect(write(t, r)).To(ContainSubstring(`type="` + string(outcome) + `"`))
			}
		})
	}
}

func TestExceptions(t *testing.T) {
	gap := func(id string, state reports.GapState) reports.Gap {
		return reports.Gap{ID: id, State: state, Checks: []string{"a.b"}, Outcome: reports.OutcomeSurvived, Exception: "EXC-1"}
	}
	for name, c := range map[string]struct {
		outcome reports.Outcome
		gaps    []reports.Gap
		want    parser.Status
	}{
		"accepted":                            {reports.OutcomeSurvived, []reports.Gap{gap("gap-1", reports.StateExcepted)}, parser.StatusSkipped},
		"expired":                             {reports.OutcomeSurvived, []reports.Gap{gap("gap-1", reports.StateExceptionExpired)}, parser.StatusFailed},
		"exceeded":                            {reports.OutcomeSurvived, []reports.Gap{gap("gap-1", reports.StateExceptionExceeded)}, parser.StatusFailed},
		"invalid":                             {reports.OutcomeSurvived, []reports.Gap{gap("gap-1", reports.StateExceptionInvalid)}, parser.StatusFailed},
		"claimed to be fixed":                 {reports.OutcomeSurvived, []reports.Gap{gap("gap-1", reports.StateClaimedFixed)}, parser.StatusFailed},
		"one of two accepted":                 {reports.OutcomeSurvived, []reports.Gap{gap("gap-1", reports.StateExcepted), gap("gap-2", reports.StateOpen)}, parser.StatusFailed},
		"two of two accepted":                 {reports.OutcomeSurvived, []reports.Gap{gap("gap-1", reports.StateExcepted), gap("gap-2", reports.StateExcepted)}, parser.StatusSkipped},
		"conformant, and in an open gap":      {reports.OutcomeConformant, []reports.Gap{gap("gap-1", reports.StateOpen)}, parser.StatusFailed},
		"conformant, and in an accepted gap":  {reports.OutcomeConformant, []reports.Gap{gap("gap-1", reports.StateExcepted)}, parser.StatusSkipped},
		"no evidence, and in an open gap":     {reports.OutcomeNoEvidence, []reports.Gap{gap("gap-1", reports.StateOpen)}, parser.StatusFailed},
		"no evidence, and in an accepted gap": {reports.OutcomeNoEvidence, []reports.Gap{gap("gap-1", reports.StateExcepted)}, parser.StatusSkipped},
		"trouble, and in an accepted gap":     {reports.OutcomeOperational, []reports.Gap{gap("gap-1", reports.StateExcepted)}, parser.StatusError},
	} {
		t.Run(name, func(t *testing.T) {
			r := &reports.Report{Gaps: c.gaps, Checks: []reports.Check{{Spec: reports.Spec{ID: "a.b"}, Outcome: c.outcome}}}
			NewWithT(t).Expect(named(t, read(t, write(t, r)), "a.b").Status).To(Equal(c.want))
		})
	}
}

func TestAGapThatOnlyTheCheckNames(t *testing.T) {
	r := &reports.Report{
		Gaps:   []reports.Gap{{ID: "gap-1", State: reports.StateExcepted, StateWhy: "EXC-1 accepts it.", Checks: []string{"other"}}},
		Checks: []reports.Check{{Spec: reports.Spec{ID: "a.b"}, Outcome: reports.OutcomeSurvived, Gap: "gap-1"}},
	}
	NewWithT(t).Expect(named(t, read(t, write(t, r)), "a.b").Status).To(Equal(parser.StatusSkipped))
}

func TestGapsWithoutACheckHaveACase(t *testing.T) {
	g := NewWithT(t)
	r := &reports.Report{Gaps: []reports.Gap{
		{ID: "gap-1", State: reports.StateOpen, Outcome: reports.OutcomeUnowned, Title: "Nobody is named as exception approver"},
		{ID: "gap-2", State: reports.StateExcepted, Exception: "EXC-1"},
	}}
	suites := read(t, write(t, r))
	g.Expect(named(t, suites, "gap-1").Status).To(Equal(parser.StatusFailed))
	g.Expect(named(t, suites, "gap-1").Message).To(Equal("Nobody is named as exception approver"))
	g.Expect(named(t, suites, "gap-2").Status).To(Equal(parser.StatusSkipped))
	g.Expect(named(t, suites, "gap-2").Message).To(Equal("Accepted control gap gap-2. Exception EXC-1 accepts it."))
}

func TestVerdicts(t *testing.T) {
	for word, want := range map[reports.Word]parser.Status{
		reports.VerdictPass: parser.StatusPassed, reports.VerdictWithExceptions: parser.StatusSkipped, reports.VerdictFail: parser.StatusFailed,
		reports.VerdictInconclusive: parser.StatusError, reports.VerdictError: parser.StatusError, "": parser.StatusError, "unheard-of": parser.StatusError,
	} {
		t.Run(string(word), func(t *testing.T) {
			r := &reports.Report{Verdict: reports.Verdict{Word: word, Reason: "So it is."}}
			NewWithT(t).Expect(named(t, read(t, write(t, r)), "verdict").Status).To(Equal(want))
		})
	}
}

func TestHostileTextIsOnlyText(t *testing.T) {
	g := NewWithT(t)
	file := write(t, reporttest.Poisoned("", reporttest.Attack))
	elements := map[string]bool{}
	decoder := xml.NewDecoder(strings.NewReader(file))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		g.Expect(err).NotTo(HaveOccurred())
		if start, is := token.(xml.StartElement); is {
			elements[start.Name.Local] = true
		}
	}
	for name := range elements {
		g.Expect(name).To(BeElementOf("testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped"))
	}
	for _, r := range "\x00\x1b\u202e\u200b\u0085\ufffe" {
		g.Expect(strings.ContainsRune(file, r)).To(BeFalse(), "the file holds U+%04X", r)
	}
	// No outcome and no verdict is one that we know any more: nothing is passed.
	for _, s := range read(t, file) {
		g.Expect(s.Totals.Passed).To(BeZero())
	}
}

func TestLongTextIsCut(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	for i := range 5 {
		r.Checks[i].Because, r.Gaps[i%4].Title = strings.Repeat("x", 10_000_000), strings.Repeat("y", 10_000_000)
	}
	g.Expect(len(write(t, r))).To(BeNumerically("<", 200_000))
}

func TestAWriteThatFailsIsSaid(t *testing.T) {
	NewWithT(t).Expect(junit.Write(full{}, reporttest.Report())).To(MatchError(ContainSubstring("disk full")))
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }
