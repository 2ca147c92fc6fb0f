package sarif_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
	"github.com/scimproof/scimproof/reports/sarif"
)

func TestTheFixtureIsReadBack(t *testing.T) {
	g := NewWithT(t)
	run := read(t, write(t, reporttest.Report()))
	g.Expect(*run.Tool.Driver.Name).To(Equal("scimproof"))
	g.Expect(*run.Tool.Driver.Version).To(Equal("0.1.0"))
	g.Expect(*run.AutomationDetails.ID).To(Equal("scimproof/northwind-crm-staging/20261123-091204-7f3a"))
	g.Expect(run.Results).To(HaveLen(4))
	var rules []string
	for _, rule := range run.Tool.Driver.Rules {
		rules = append(rules, *rule.ID)
	}
	g.Expect(rules).To(Equal([]string{"survived-access.credential", "ignored-silently", "delayed", "revived-access"}))

	first := run.Results[0]
	g.Expect(*first.RuleID).To(Equal("survived-access.credential"))
	g.Expect(first.Level).To(Equal("error"))
	g.Expect(*first.Message.Text).To(Equal("A personal token outlives the deactivation. Somebody who has left can go on reading and writing CRM data through any personal API token they ever made, for as long as this run watched. Nothing in the product lists these tokens for an administrator. Accountable: Ada Okafor. To be closed by 2026-11-30. What closes it: Revoke every personal token in the transaction that sets active to false, or check the owner's state at each use of a token."))
	g.Expect(first.PartialFingerprints).To(HaveKeyWithValue("controlGap/v1", "gap-3f9a21c407be"))
	g.Expect(*first.Locations[0].PhysicalLocation.ArtifactLocation.URI).To(Equal("scimproof-target.yaml"))
	g.Expect(*first.Locations[0].PhysicalLocation.Region.StartLine).To(Equal(1))
	g.Expect(first.Suppressions).To(BeEmpty())

	accepted := run.Results[3]
	g.Expect(accepted.Level).To(Equal("warning"))
	g.Expect(accepted.Suppressions).To(HaveLen(1))
	g.Expect(*accepted.Suppressions[0].Kind).To(Equal("external"))
	g.Expect(*accepted.Suppressions[0].Status).To(Equal("accepted"))
	g.Expect(*accepted.Suppressions[0].Justification).To(Equal("EXC-17, until 2026-12-11: The session store is replaced with version 5; until then sessions are cut within ten minutes."))
}

func TestReferencesLead(t *testing.T) {
	for name, r := range map[string]*reports.Report{"fixture": reporttest.Report(), "hostile": reporttest.Poisoned(reporttest.Attack, reporttest.Attack)} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			run := decode(t, write(t, r)).Runs[0]
			for _, result := range run.Results {
				g.Expect(run.Tool.Driver.Rules[result.RuleIndex].ID).To(Equal(result.RuleID))
				g.Expect(result.Taxa).NotTo(BeEmpty())
				for _, taxon := range result.Taxa {
					g.Expect(run.Taxonomies[taxon.ToolComponent.Index].Name).To(Equal(taxon.ToolComponent.Name))
					g.Expect(run.Taxonomies[taxon.ToolComponent.Index].Taxa[taxon.Index].ID).To(Equal(taxon.ID))
				}
			}
		})
	}
}

func TestTaxonomiesHaveTheFrameworksWords(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Frameworks = []reports.FrameworkView{{Framework: "CIS v8", Version: "2026-11", Controls: []reports.ControlView{{ID: "6.2", Words: "Take access away when somebody leaves."}}}}
	for _, taxonomy := range decode(t, write(t, r)).Runs[0].Taxonomies {
		if taxonomy.Name == "CIS v8" {
			g.Expect(taxonomy.Version).To(Equal("2026-11"))
			g.Expect(taxonomy.Taxa).To(HaveLen(1))
			g.Expect(taxonomy.Taxa[0].ShortDescription.Text).To(Equal("Take access away when somebody leaves."))
			return
		}
	}
	t.Error("CIS v8 is no taxonomy")
}

func TestSeverities(t *testing.T) {
	for severity, want := range map[reports.Severity][2]string{
		reports.SeverityCritical: {"error", "9.5"}, reports.SeverityHigh: {"error", "8.0"}, reports.SeverityMedium: {"warning", "5.5"},
		reports.SeverityLow: {"note", "3.0"}, reports.SeverityInfo: {"note", "0.0"}, "unheard-of": {"error", "9.5"},
	} {
		t.Run(string(severity), func(t *testing.T) {
			g := NewWithT(t)
			r := &reports.Report{Gaps: []reports.Gap{{Class: reports.ClassDelayed, Severity: severity}, {Class: reports.ClassDelayed, Severity: reports.SeverityInfo}}}
			run := decode(t, write(t, r)).Runs[0]
			g.Expect(run.Results[0].Level).To(Equal(want[0]))
			g.Expect(run.Results[0].Properties["security-severity"]).To(Equal(want[1]))
			g.Expect(run.Tool.Driver.Rules[0].Properties.SecuritySeverity).To(Equal(want[1]), "a rule is as grave as its gravest gap")
		})
	}
}

func TestOnlyAnExceptedGapIsSuppressed(t *testing.T) {
	for state, suppressed := range map[reports.GapState]bool{
		reports.StateExcepted: true, reports.StateOpen: false, reports.StateExceptionExpired: false, reports.StateExceptionExceeded: false,
		reports.StateExceptionInvalid: false, reports.StateClaimedFixed: false, reports.StateRegressed: false, "": false,
	} {
		t.Run(string(state), func(t *testing.T) {
			g := NewWithT(t)
			result := decode(t, write(t, &reports.Report{Gaps: []reports.Gap{{State: state, Exception: "EXC-1"}}})).Runs[0].Results[0]
			if !suppressed {
				g.Expect(result.Suppressions).To(BeEmpty())
				return
			}
			g.Expect(result.Suppressions).To(HaveLen(1))
			g.Expect(result.Suppressions[0].Status).To(Equal("accepted"))
			g.Expect(result.Suppressions[0].Justification).To(Equal("Exception EXC-1"))
		})
	}
}

func TestEveryClassHasWords(t *testing.T) {
	r := &reports.Report{}
	for _, class := range reports.GapClasses() {
		r.Gaps = append(r.Gaps, reports.Gap{Class: class})
	}
	run := read(t, write(t, r))
	g := NewWithT(t)
	g.Expect(run.Tool.Driver.Rules).To(HaveLen(len(reports.GapClasses())))
	for i, rule := range run.Tool.Driver.Rules {
		g.Expect(*rule.ID).To(Equal(string(reports.GapClasses()[i])))
		g.Expect(*rule.ShortDescription.Text).NotTo(HavePrefix("Control gap of the class"))
	}
}

func TestNoMoreThanGitHubTakes(t *testing.T) {
	g := NewWithT(t)
	r := &reports.Report{Gaps: make([]reports.Gap, 25_003)}
	for i := range 60 {
		r.Gaps[0].Controls = append(r.Gaps[0].Controls, reports.Control{Framework: "F", ID: fmt.Sprint(i)})
	}
	run := decode(t, write(t, r)).Runs[0]
	g.Expect(run.Tool.Driver.Rules[0].Properties.Tags).To(HaveLen(20))
	g.Expect(run.Results).To(HaveLen(25_000))
	g.Expect(run.Results[0].Taxa).To(HaveLen(60))
	notes := run.Invocations[0].ToolExecutionNotifications
	g.Expect(notes[len(notes)-1].Message.Text).To(HavePrefix("3 control gaps are left out, the mildest"))
}

func TestARunThatCouldNotDecideSaysSo(t *testing.T) {
	for name, c := range map[string]struct {
		change     func(r *reports.Report)
		successful bool
		notes      int
	}{
		"decided":      {func(*reports.Report) {}, true, 0},
		"cut short":    {func(r *reports.Report) { r.Run.Partial = true }, false, 0},
		"outage":       {func(r *reports.Report) { r.Health.Outage = "No answer." }, false, 0},
		"inconclusive": {func(r *reports.Report) { r.Verdict.Word = reports.VerdictInconclusive }, true, 1},
		"no verdict":   {func(r *reports.Report) { r.Verdict.Word = "" }, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := reporttest.Report()
			c.change(r)
			invocation := decode(t, write(t, r)).Runs[0].Invocations[0]
			g.Expect(invocation.ExecutionSuccessful).To(Equal(c.successful))
			g.Expect(invocation.ToolExecutionNotifications).To(HaveLen(c.notes))
		})
	}
}

func TestTheProfilesPathIsAReference(t *testing.T) {
	for path, want := range map[string]string{
		"": "scimproof-target.yaml", "target.yaml": "target.yaml", "deploy/my target.yaml": "deploy/my%20target.yaml",
		"javascript:alert(1)": "./javascript:alert%281%29", "a\xff\"<": "a%EF%BF%BD%22%3C",
	} {
		t.Run(path, func(t *testing.T) {
			g := NewWithT(t)
			r := reporttest.Report()
			r.Target.ProfileFile = path
			g.Expect(*read(t, write(t, r)).Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI).To(Equal(want))
		})
	}
}

func TestHostileTextIsOnlyText(t *testing.T) {
	g := NewWithT(t)
	file := write(t, reporttest.Poisoned(reporttest.Attack, reporttest.Attack))
	run := read(t, file)
	g.Expect(run.Results).To(HaveLen(4))
	g.Expect(file).NotTo(ContainSubstring("<script"))
	g.Expect(file).NotTo(ContainSubstring("]("), "a link of the target's making")
	for _, r := range "\x00\x1b\u202e\u200b\u0085\ufffe" {
		g.Expect(strings.ContainsRune(file, r)).To(BeFalse(), "the file holds U+%04X", r)
	}
	g.Expect(file).NotTo(MatchRegexp(`\\u(00[01]|202e|200b|0085|fffe)`))
}

func TestAnEmptyReport(t *testing.T) {
	g := NewWithT(t)
	file := write(t, &reports.Report{})
	g.Expect(read(t, file).Results).To(BeEmpty())
	g.Expect(file).To(ContainSubstring(`"results": []`), "a run without the list says that nobody looked")
}

func TestLongTextIsCut(t *testing.T) {
	r := reporttest.Report()
	long := strings.Repeat("x", 10_000_000)
	r.Gaps[0].Title, r.Gaps[0].Statement, r.Gaps[0].ID, r.Gaps[0].Controls[0].ID = long, long, long, long
	NewWithT(t).Expect(len(write(t, r))).To(BeNumerically("<", 60_000))
}

func TestAWriteThatFailsIsSaid(t *testing.T) {
	NewWithT(t).Expect(sarif.Write(full{}, reporttest.Report())).To(MatchError(ContainSubstring("disk full")))
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }
