package html_test

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

// everyState is the fixture with a gap in each state and an exception in each.
func everyState() *reports.Report {
	r := reporttest.Report()
	states := []reports.GapState{
		reports.StateOpen, reports.StateExcepted, reports.StateExceptionExpired, reports.StateExceptionExceeded,
		reports.StateExceptionInvalid, reports.StateClaimedFixed, reports.StateRegressed,
	}
	first := r.Gaps[0]
	r.Gaps, r.Counts.ByState = nil, map[reports.GapState]int{}
	for i, state := range states {
		g := first
		g.ID, g.State, g.Severity = "gap-"+string(state), state, reports.Severities()[i%5]
		g.StateWhy, g.Exception = "It is "+string(state)+".", "EXC-"+string(state)
		g.Title = "A gap that is " + string(state)
		r.Gaps = append(r.Gaps, g)
		r.Counts.ByState[state] = 1
	}
	r.Gaps[3].Declared = reports.DeclaredSupported
	r.Gaps[4].Deadline = "2026-11-20"
	use := r.Exceptions[0]
	r.Exceptions = nil
	for id, state := range map[string]reports.ExceptionState{
		"EXC-excepted": reports.ExceptionActive, "EXC-exception-expired": reports.ExceptionExpired,
		"EXC-exception-exceeded": reports.ExceptionExceeded, "EXC-exception-invalid": reports.ExceptionInvalid,
	} {
		u := use
		u.ID, u.Gap, u.State, u.Warning = id, "gap-"+strings.TrimPrefix(id, "EXC-"), state, ""
		r.Exceptions = append(r.Exceptions, u)
	}
	r.Exceptions = append(r.Exceptions, use)
	r.Exceptions[4].Compensating = []reports.CompensatingControl{
		{Description: "Sessions are read each hour.", VerifiedBy: "lifecycle.delete"}, {Description: "Nobody tries.", VerifiedBy: "no.such.check"},
	}
	r.Comparison.Gaps = nil
	for _, c := range []reports.Change{
		reports.ChangeUnchanged, reports.ChangeFixed, reports.ChangeRegressed, reports.ChangeWorse, reports.ChangeBetter,
		reports.ChangeNew, reports.ChangeNoLongerTested,
	} {
		r.Comparison.Gaps = append(r.Comparison.Gaps, reports.GapChange{Gap: "gap-" + string(c), Title: "It is " + string(c), Change: c, Before: reports.SeverityLow, After: reports.SeverityHigh, Why: "As seen."})
	}
	r.Verdict = reports.Verdict{Word: reports.VerdictWithExceptions, Reason: "Every open gap is accepted.", Rule: reports.RuleExceptions}
	r.IPSIE.Reached, r.IPSIE.Levels[0].Reached = []string{"AL1"}, true
	r.Policy.MaxAgeDays = 90
	return r
}

func TestPageSaysWhereAGapStands(t *testing.T) {
	g := NewWithT(t)
	words := visible(t, write(t, reporttest.Report()))
	for _, want := range []string{
		"Decided by the rule on open control gaps", "Identity Assurance, for the buyer", "n-5d1c7a90", "23 November 2026, 09:23 UTC, by builtin:default", "no level reached",
		"2 open 1 regressed 1 excepted", "Ada Okafor answers for the application ; 1 of 5 roles is empty",
		"First seen 11 September 2026", "Close by 10 December 2026 17 days left", "EXC-17 accepts it until 2026-12-11.",
		"6 January 2027 Exception approver", "Claimed by the service nothing", "Survived access, by a stored credential",
		"ada.okafor@example.com Application owner, 14 September 2026, CHG-2211", "procedure, asserted, not tested", "until 11 December 2026 · 18 days left",
		"Something is worse than it was.", "fixed, verified", "lifecycle.update.patch ran again and conforms.", "target version 4.1.0 4.2.1",
		"9 not effective, 1 not demonstrated, 1 effective within this run", "No check fires the departure of a person who is a high risk.",
		"AL1 not reached", "Levels by ipsie-al-scim@2026-09.", "Jonas Weber, Internal Audit 12 September 2026", "20260911-070000-11aa 11 September 2026, 07:00 UTC 4.1.0 Fail",
	} {
		g.Expect(words).To(ContainSubstring(want))
	}
}

func TestPageTellsEveryStateApart(t *testing.T) {
	g := NewWithT(t)
	words := visible(t, write(t, everyState()))
	for _, want := range []string{
		"Pass with exceptions", "Decided by the rule on exceptions", "AL1 reached", "counts until", "21 February 2027 (90 days left)",
		"exception expired", "exception exceeded", "exception invalid", "claimed fixed, not verified", "It is exception-exceeded.",
		"over by 3 days", "supported, and not delivered",
		"tested by lifecycle.delete : conformant", "tested by no.such.check: did not run",
		"no longer tested", "reached within this run",
	} {
		g.Expect(strings.ToLower(words)).To(ContainSubstring(strings.ToLower(want)))
	}
	// What covers nothing comes first.
	at := -1
	for _, want := range []string{"expired until", "exceeded until", "invalid until", "expiring until", "active until"} {
		next := strings.Index(words, want)
		g.Expect(next).To(BeNumerically(">", at), want)
		at = next
	}
}

func TestWhatIsNotThereIsSaidOrLeftOut(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Exceptions, r.Comparison, r.Closures, r.History, r.Frameworks = nil, nil, nil, nil, nil
	r.IPSIE = reports.LevelView{}
	r.Judged, r.Run.Operator, r.Run.Nonce = time.Time{}, reports.Operator{}, ""
	page := write(t, r)
	words := visible(t, page)
	g.Expect(words).To(ContainSubstring("No exception was given: every gap counts."))
	for _, gone := range []string{"Earlier runs", "Frameworks", "IPSIE", "Judged", "Run by", "Nonce", "days left"} {
		g.Expect(strings.Contains(strings.ReplaceAll(words, "IPSIE AL1", ""), gone)).To(BeFalse(), gone)
	}
	r.Target.Owners = reports.Owners{}
	g.Expect(visible(t, write(t, r))).To(ContainSubstring("Nobody is named who answers for the application ; 5 of 5 roles are empty"))
}

func TestManyGapsOfAControlAreCut(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	c := reports.ControlView{ID: "AC-2", State: reports.ControlNotEffective}
	for range 300 {
		c.Gaps = append(c.Gaps, r.Gaps[0].ID)
	}
	r.Frameworks = []reports.FrameworkView{{Framework: "NIST 800-53r5", Controls: []reports.ControlView{c}}}
	r.IPSIE.Levels[0].Gaps = c.Gaps[:9]
	words := visible(t, write(t, r))
	g.Expect(words).To(ContainSubstring("and 292 more"))
	g.Expect(words).To(ContainSubstring("and 1 more"))
}

// Each filter leaves gaps by a class that they have and that the style sheet knows.
func TestFiltersWorkWithoutScript(t *testing.T) {
	g := NewWithT(t)
	page := write(t, everyState())
	classes := map[string]int{}
	var offered []string
	for n := range parse(t, page).Descendants() {
		if n.Type == html.ElementNode && n.Data == "article" {
			for _, class := range strings.Fields(attr(n, "class")) {
				classes[class]++
			}
		}
		if token, ok := strings.CutPrefix(attr(n, "id"), "only-"); ok && token != "all" {
			offered = append(offered, token)
		}
	}
	g.Expect(offered).To(HaveLen(5 + 7))
	for _, token := range offered {
		g.Expect(classes[token]).To(BeNumerically(">", 0), token)
		g.Expect(page).To(ContainSubstring("#gaps:has(#only-" + token + ":checked) .sifted:not(." + token + ", :target)"))
	}
	alone := reporttest.Report()
	alone.Gaps = alone.Gaps[:1]
	g.Expect(write(t, alone)).NotTo(ContainSubstring(`id="only-`), "there is nothing to choose")
}
