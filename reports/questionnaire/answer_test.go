package questionnaire

import (
	"os"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

var sessions = question{ID: "IAM-SaaS-15", Framework: "CSA SSCF", Classes: []reports.GapClass{reports.ClassSurvivedSession, reports.ClassNoEvidence}, Checks: []string{"survival.*.web-session"}}

func check(id string, o reports.Outcome) reports.Check {
	return reports.Check{Spec: reports.Spec{ID: id}, Outcome: o}
}

func held(state reports.ControlState, gaps ...string) []reports.FrameworkView {
	return []reports.FrameworkView{{Framework: "CSA SSCF", Controls: []reports.ControlView{{ID: "IAM-SaaS-15", State: state, Gaps: gaps}}}}
}

func TestAnAnswerFollowsFromTheReport(t *testing.T) {
	good, late := check("survival.deactivate.put.web-session", reports.OutcomeConformant), "survival.delete.web-session"
	gap := reports.Gap{ID: "gap-1", Class: reports.ClassSurvivedSession, Severity: reports.SeverityHigh}
	with := func(change func(*reports.Gap)) []reports.Gap {
		g := gap
		change(&g)
		return []reports.Gap{g}
	}
	capped := sessions
	capped.AtMost = "Devices were not looked at."
	narrow := sessions
	narrow.Credentials = []string{"web-session"}
	for name, c := range map[string]struct {
		question question
		report   reports.Report
		word     word
		reason   string
	}{
		"nothing ran":                 {sessions, reports.Report{}, notShown, "No check of this run shows it."},
		"all conform":                 {sessions, reports.Report{Checks: []reports.Check{good}}, yes, "1 check conforms, and none found otherwise."},
		"the framework agrees":        {sessions, reports.Report{Checks: []reports.Check{good}, Frameworks: held(reports.ControlEffective)}, yes, "none found otherwise"},
		"the framework does not":      {sessions, reports.Report{Checks: []reports.Check{good}, Frameworks: held(reports.ControlNotDemonstrated)}, partial, "the view of the framework has it as not demonstrated"},
		"a part is not looked at":     {capped, reports.Report{Checks: []reports.Check{good}}, partial, "Devices were not looked at."},
		"one could not decide":        {sessions, reports.Report{Checks: []reports.Check{good, check(late, reports.OutcomeOperational)}}, partial, "1 check could not decide."},
		"one found otherwise":         {sessions, reports.Report{Checks: []reports.Check{good, check(late, reports.OutcomeSurvived)}}, partial, "1 check found otherwise."},
		"one was left out":            {sessions, reports.Report{Checks: []reports.Check{good, check(late, reports.OutcomeNotSelected)}}, partial, "1 check not selected for this run."},
		"only what says nothing":      {sessions, reports.Report{Checks: []reports.Check{check(late, reports.OutcomeNotApplicable), check("survival.x.web-session", reports.OutcomeNotTested)}}, notShown, "No check"},
		"another question's check":    {sessions, reports.Report{Checks: []reports.Check{check("survival.deactivate.put.ssh-key", reports.OutcomeConformant)}}, notShown, "No check"},
		"a gap and what conforms":     {sessions, reports.Report{Checks: []reports.Check{good}, Gaps: []reports.Gap{gap}}, partial, "1 control gap speaks against it, while 1 check conforms."},
		"a gap alone":                 {sessions, reports.Report{Checks: []reports.Check{check(late, reports.OutcomeSurvived)}, Gaps: []reports.Gap{gap}}, no, "no check conforms"},
		"a gap that is accepted":      {sessions, reports.Report{Gaps: with(func(g *reports.Gap) { g.State = reports.StateExcepted })}, no, "1 control gap speaks"},
		"a gap of the framework":      {sessions, reports.Report{Gaps: with(func(g *reports.Gap) { g.Class = reports.ClassDelayed }), Frameworks: held(reports.ControlNotEffective, "gap-1")}, no, "1 control gap speaks"},
		"a gap for information":       {sessions, reports.Report{Checks: []reports.Check{good}, Gaps: with(func(g *reports.Gap) { g.Severity = reports.SeverityInfo })}, yes, "none found otherwise"},
		"a gap of evidence":           {sessions, reports.Report{Gaps: with(func(g *reports.Gap) { g.Class = reports.ClassNoEvidence })}, notShown, "No check"},
		"a gap of another kind":       {narrow, reports.Report{Checks: []reports.Check{good}, Gaps: with(func(g *reports.Gap) { g.Credential = "access-token" })}, yes, "none found otherwise"},
		"a target that was not there": {sessions, reports.Report{Checks: []reports.Check{good}, Verdict: reports.Verdict{Rule: reports.RuleHealth}}, notShown, "could not be reached well enough"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a := answerTo(c.question, &c.report)
			g.Expect(a.word).To(Equal(c.word))
			g.Expect(strings.Join(a.reason, " ")).To(ContainSubstring(c.reason))
		})
	}
}

// The rules name what there is: classes, checks and identifiers.
func TestTheQuestionsAreWellFormed(t *testing.T) {
	g := NewWithT(t)
	golden, err := os.ReadFile("../../suites/runner/testdata/checks.golden")
	g.Expect(err).NotTo(HaveOccurred())
	known := strings.Fields(string(golden))
	list, err := questions()
	g.Expect(err).NotTo(HaveOccurred())
	ids := map[string]bool{}
	for _, q := range list {
		g.Expect(ids).NotTo(HaveKey(q.ID))
		ids[q.ID] = true
		g.Expect(q.ID).To(MatchRegexp(`^(IAM-SaaS-(0[1-9]|1\d|2[01])|LOG-SaaS-0[1-5]|IAM-07\.1)$`))
		g.Expect(q.Ask).To(MatchRegexp(`^[A-Z].*\?$`))
		g.Expect(about).To(HaveKey(q.Form))
		g.Expect(q.Classes).NotTo(BeEmpty(), q.ID)
		for _, class := range q.Classes {
			g.Expect(reports.GapClasses()).To(ContainElement(class), q.ID)
		}
		for _, sentence := range []string{q.AtMost, q.Limits} {
			g.Expect(sentence).To(Or(BeEmpty(), MatchRegexp(`^[A-Z].*\.$`)), q.ID)
		}
		for _, pattern := range q.Checks {
			fits := func(id string) bool { return question{Checks: []string{pattern}}.asks(id) }
			g.Expect(slices.ContainsFunc(known, fits)).To(BeTrue(), "%s: no check fits %s", q.ID, pattern)
		}
	}
	g.Expect(ids).To(HaveKey("IAM-07.1"))
}
