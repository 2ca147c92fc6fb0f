package reports

import (
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// ran is a check that ran and came to an outcome.
func ran(id string, outcome Outcome) Check {
	return Check{Spec: Spec{ID: id, State: SpecRan}, Outcome: outcome, Because: "So it was seen."}
}

// pair is an earlier report with one gap that one check shows, and a later one without it, whose
// check conforms.
func pair() (earlier, later *Report) {
	gap := Gap{
		ID: "gap-1", Title: "Tokens survive", Class: ClassSurvivedAccess, Outcome: OutcomeSurvived, Event: EventDeactivate, Severity: SeverityHigh,
		Checks: []string{"a"}, State: StateOpen,
	}
	earlier = &Report{
		Run: Run{ID: "run-1", Started: monday, Finished: monday.Add(time.Minute)}, Target: Target{ID: "app", Name: "App", Version: "1.0.0"},
		Checks: []Check{ran("a", OutcomeSurvived)}, Gaps: []Gap{gap},
	}
	later = &Report{
		Run: Run{ID: "run-2", Started: monday.Add(time.Hour), Finished: monday.Add(2 * time.Hour)}, Target: Target{ID: "app", Name: "App", Version: "1.1.0"},
		Checks: []Check{ran("a", OutcomeConformant)}, Gaps: []Gap{},
	}
	return earlier, later
}

func TestAGapThatIsGone(t *testing.T) {
	for name, c := range map[string]struct {
		change func(earlier, later *Report)
		want   Change
		says   string
	}{
		"its check conforms":               {func(_, _ *Report) {}, ChangeFixed, "1 check"},
		"its check records":                {func(_, l *Report) { l.Checks[0].Outcome = OutcomeRecorded }, ChangeNoLongerTested, "came to recorded"},
		"access is suspended":              {func(_, l *Report) { l.Checks[0].Outcome = OutcomeSuspended }, ChangeFixed, ""},
		"not selected":                     {func(_, l *Report) { l.Checks[0] = ran("a", OutcomeNotSelected) }, ChangeNoLongerTested, "a was not selected"},
		"not tested":                       {func(_, l *Report) { l.Checks[0].Outcome = OutcomeNotTested }, ChangeNoLongerTested, "was not tested"},
		"passing trouble":                  {func(_, l *Report) { l.Checks[0].Outcome = OutcomeOperational }, ChangeNoLongerTested, "operational"},
		"no evidence":                      {func(_, l *Report) { l.Checks[0].Outcome = OutcomeNoEvidence }, ChangeNoLongerTested, "no-evidence"},
		"somebody's word":                  {func(_, l *Report) { l.Checks[0].Outcome = OutcomeNotApplicable }, ChangeNoLongerTested, "somebody's word"},
		"the check is gone":                {func(_, l *Report) { l.Checks = nil }, ChangeNoLongerTested, "no check a"},
		"the check was cut short":          {func(_, l *Report) { l.Checks[0].State = SpecInterrupted }, ChangeNoLongerTested, "interrupted"},
		"the check broke":                  {func(_, l *Report) { l.Checks[0].State = SpecBroken }, ChangeNoLongerTested, "broken"},
		"another gap is there":             {func(_, l *Report) { l.Checks[0].Outcome, l.Checks[0].Gap = OutcomeDelayed, "gap-2" }, ChangeNoLongerTested, "came to delayed: See gap-2."},
		"an outage":                        {func(_, l *Report) { l.Health.Outage = "nobody answers" }, ChangeNoLongerTested, "Nobody answers."},
		"one of two checks was left out":   {func(e, _ *Report) { e.Gaps[0].Checks = []string{"a", "b"} }, ChangeNoLongerTested, "no check b"},
		"no check at all":                  {func(e, _ *Report) { e.Gaps[0].Checks = nil }, ChangeNoLongerTested, "names no check"},
		"its path is no longer tried":      {func(e, _ *Report) { e.Gaps[0].Path = "token" }, ChangeNoLongerTested, `access path "token"`},
		"its path was tried":               {func(e, l *Report) { e.Gaps[0].Path = "token"; l.Observations = watched("token", 0) }, ChangeFixed, ""},
		"seen at a later mark alone":       {func(e, l *Report) { late(e); l.Observations = watched("token", 0) }, ChangeNoLongerTested, "60 min after the event"},
		"refused at an earlier mark alone": {func(e, l *Report) { late(e); l.Observations = watched("token", hour/2) }, ChangeNoLongerTested, "not looked for as long"},
		"refused at the same mark":         {func(e, l *Report) { late(e); l.Observations = watched("token", hour) }, ChangeFixed, ""},
		"a longer time is allowed": {func(_, l *Report) { l.Target.RevokeWithinMs = 600_000; l.Observations = lasting(400_000) }, ChangeNoLongerTested,
			"allows 10 min in place of 0 ms, and access lasted 7 min"},
		"a longer time is not taken": {func(e, l *Report) {
			e.Target.RevokeWithinMs, l.Target.RevokeWithinMs, l.Observations = 300_000, 600_000, lasting(200_000)
		}, ChangeFixed, ""},
		"no longer time is allowed": {func(e, l *Report) {
			e.Target.RevokeWithinMs, l.Target.RevokeWithinMs, l.Observations = 300_000, 300_000, lasting(400_000)
		}, ChangeFixed, ""},
		"a role is named":       {func(e, _ *Report) { e.Gaps[0].Class, e.Gaps[0].Checks = ClassGovernance, nil }, ChangeFixed, "names somebody"},
		"no run is remembered":  {func(e, _ *Report) { e.Gaps[0].Class = ClassUnreliablePath }, ChangeNoLongerTested, "knows no run"},
		"the runs decide again": {func(e, l *Report) { e.Gaps[0].Class = ClassUnreliablePath; l.History = []PastRun{{Run: "run-1"}} }, ChangeFixed, "decide again"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			earlier, later := pair()
			c.change(earlier, later)
			got, err := Compare(earlier, later)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(got.Gaps).To(HaveLen(1))
			g.Expect(got.Gaps[0].Change).To(Equal(c.want), got.Gaps[0].Why)
			g.Expect(got.Gaps[0].Why).To(ContainSubstring(c.says))
			g.Expect(got.Gaps[0].Before).To(Equal(SeverityHigh))
			g.Expect(got.Gaps[0].After).To(BeEmpty())
			g.Expect(got.Regression()).To(BeFalse())
		})
	}
}

// watched is a watch of a path by the check "a", refused at a later mark; 0 for none.
func watched(path string, markMs int64) []Observation {
	tries := []Try{{Who: WhoPolled, Result: TryDenied}}
	if markMs > 0 {
		tries = append(tries, Try{Who: WhoPolled, Result: TryDenied, MarkMs: markMs}, Try{Who: WhoControl, Result: TryAllowed, MarkMs: markMs})
	}
	return []Observation{{Check: "a", Access: &Access{Path: path, Tries: tries}}}
}

// lasting is a watch by the check "a" in which the leaver was let in for so long.
func lasting(ms int64) []Observation {
	return []Observation{{Check: "a", Access: &Access{Path: "token", Tries: []Try{
		{Phase: PhaseLeft, Who: WhoPolled, Result: TryAllowed, AtMs: ms}, {Phase: PhaseLeft, Who: WhoPolled, Result: TryDenied, AtMs: ms + 1},
		{Phase: PhaseLeft, Who: WhoControl, Result: TryAllowed, AtMs: 2 * ms},
	}}}}
}

// late makes the gap one that came back by itself, first seen an hour after the event.
func late(r *Report) {
	r.Gaps[0].Outcome, r.Gaps[0].Path = OutcomeRevived, "token"
	r.Observations = watched("token", hour/4)
	r.Observations[0].Access.Tries = append(r.Observations[0].Access.Tries, Try{Who: WhoSilent, Result: TryAllowed, MarkMs: hour})
}

func TestAGapThatIsThere(t *testing.T) {
	closed := func(at time.Time) []Closure {
		return []Closure{{Gap: "gap-1", Certifier: Party{Name: "Mei"}, On: at}}
	}
	often, seldom := &Reproduced{Seen: 3, Decided: 3, Class: OccurrenceSystemic}, &Reproduced{Seen: 1, Decided: 3, Class: OccurrenceIntermittent}
	for name, c := range map[string]struct {
		change     func(earlier, later *Report)
		want       Change
		says       string
		regression bool
	}{
		"as before": {func(_, _ *Report) {}, ChangeUnchanged, "what they were", false},
		"graver":    {func(_, l *Report) { l.Gaps[0].Severity = SeverityCritical }, ChangeWorse, "Severity critical, before high.", true},
		"milder":    {func(_, l *Report) { l.Gaps[0].Severity = SeverityLow }, ChangeBetter, "Severity low, before high.", false},
		"for more leavers": {func(e, l *Report) { e.Gaps[0].Reproduced, l.Gaps[0].Reproduced = seldom, often }, ChangeWorse,
			"3 of 3 leavers (systemic), before for 1 of 3 (intermittent)", true},
		"for fewer leavers": {func(e, l *Report) { e.Gaps[0].Reproduced, l.Gaps[0].Reproduced = often, seldom }, ChangeBetter, "1 of 3", false},
		"milder, and for more leavers": {func(e, l *Report) {
			e.Gaps[0].Reproduced, l.Gaps[0].Reproduced, l.Gaps[0].Severity = seldom, often, SeverityLow
		}, ChangeWorse, "Severity low", true},
		"one leaver before":          {func(_, l *Report) { l.Gaps[0].Reproduced = often }, ChangeUnchanged, "", false},
		"new, and looked for before": {func(e, _ *Report) { e.Gaps, e.Checks[0].Outcome = nil, OutcomeConformant }, ChangeNew, "did not see it", true},
		"new, and never looked for":  {func(e, _ *Report) { e.Gaps, e.Checks = nil, nil }, ChangeNew, "did not look", true},
		"new, and for information":   {func(e, l *Report) { e.Gaps, l.Gaps[0].Severity = nil, SeverityInfo }, ChangeNew, "", false},
		"new, without a check":       {func(e, l *Report) { e.Gaps, l.Gaps[0].Checks = nil, nil }, ChangeNew, "did not have it", true},
		"closed before":              {func(e, l *Report) { e.Gaps, l.Closures = nil, closed(monday.AddDate(0, 0, -1)) }, ChangeRegressed, "by Mei on 2026-11-22", true},
		"closed by the earlier report": {func(e, _ *Report) { e.Gaps, e.Closures = nil, closed(monday.Add(time.Minute)) },
			ChangeRegressed, "by Mei", true},
		"closed between two runs that see it": {func(_, l *Report) { l.Closures = closed(monday.Add(time.Minute)) }, ChangeRegressed, "by Mei", true},
		"back since before the earlier run":   {func(_, l *Report) { l.Closures = closed(monday.AddDate(0, 0, -1)) }, ChangeUnchanged, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			earlier, later := pair()
			later.Gaps, later.Checks = slices.Clone(earlier.Gaps), slices.Clone(earlier.Checks)
			c.change(earlier, later)
			got, err := Compare(earlier, later)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(got.Gaps).To(HaveLen(1))
			g.Expect(got.Gaps[0].Change).To(Equal(c.want), got.Gaps[0].Why)
			g.Expect(got.Gaps[0].Why).To(ContainSubstring(c.says))
			g.Expect(got.Regression()).To(Equal(c.regression))
		})
	}
}

func TestReportsThatCannotBeCompared(t *testing.T) {
	g := NewWithT(t)
	earlier, later := pair()
	_, err := Compare(nil, later)
	g.Expect(err).To(MatchError(ContainSubstring("missing")))
	_, err = Compare(later, earlier)
	g.Expect(err).To(MatchError(And(ContainSubstring("wrong order"), ContainSubstring(`"run-2"`), ContainSubstring(`"run-1"`))))
	earlier.Target.ID = "other"
	_, err = Compare(earlier, later)
	g.Expect(err).To(MatchError(And(ContainSubstring(`"other"`), ContainSubstring(`"app"`), ContainSubstring("target.id"))))
}

func TestWhatIsLost(t *testing.T) {
	g := NewWithT(t)
	earlier, later := pair()
	earlier.Checks = []Check{
		ran("conformed", OutcomeConformant), ran("refused", OutcomeRefused), ran("gone", OutcomeSurvived), ran("kept", OutcomeConformant),
		ran("never decided", OutcomeNoEvidence), ran("recorded", OutcomeRecorded),
	}
	later.Checks = []Check{ran("conformed", OutcomeOperational), ran("refused", OutcomeNotSelected), ran("kept", OutcomeIgnored)}
	got, err := Compare(earlier, later)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got.Lost).To(Equal([]CheckChange{
		{Check: "gone", Was: OutcomeSurvived, Is: OutcomeNoEvidence, Why: "The later run has no check of this id."},
		{Check: "refused", Was: OutcomeRefused, Is: OutcomeNotSelected, Why: "So it was seen."},
		{Check: "conformed", Was: OutcomeConformant, Is: OutcomeOperational, Why: "So it was seen."},
	}))
}

func TestSettingsThatChanged(t *testing.T) {
	g := NewWithT(t)
	earlier, later := pair()
	later.Target.Environment, later.Target.ProfileDigest, later.Target.RevokeWithinMs = "staging", "aa", 5000
	later.Run.Tool = Tool{Version: "2", Commit: "c0ffee"}
	later.Run.Selection, later.Policy, later.ExceptionsDigest = "event:delete", Policy{Name: "ours", Digest: "bb"}, "cc"
	got, err := Compare(earlier, later)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got.Settings).To(Equal([]SettingChange{
		{"target version", "1.0.0", "1.1.0"}, {"environment", "not stated", "staging"}, {"profile", "not stated", "aa"}, {"time allowed for a revocation", "0 ms", "5.0 s"},
		{"tool version", "not stated", "2 (c0ffee)"}, {"selection", "all checks", "event:delete"},
		{"policy", "not stated", "ours (bb)"}, {"exceptions", "none", "cc"},
	}))
	same, err := Compare(later, later)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(same.Settings).To(BeEmpty())
}

// The worst change comes first, and of equal ones the gravest, however the reports list them.
func TestTheOrderIsStable(t *testing.T) {
	g := NewWithT(t)
	earlier, later := pair()
	gap := func(id string, s Severity) Gap { return Gap{ID: id, Title: id, Severity: s} }
	earlier.Gaps = []Gap{gap("gone", SeverityCritical), gap("same", SeverityLow), gap("grown", SeverityLow), gap("shrunk", SeverityHigh)}
	later.Gaps = []Gap{gap("shrunk", SeverityLow), gap("new-b", SeverityLow), gap("grown", SeverityHigh), gap("same", SeverityLow), gap("new-c", SeverityHigh), gap("new-a", SeverityLow), gap("back", SeverityLow)}
	later.Closures = []Closure{{Gap: "back", On: monday}}
	first, err := Compare(earlier, later)
	g.Expect(err).NotTo(HaveOccurred())
	var order []string
	for _, c := range first.Gaps {
		order = append(order, c.Gap)
	}
	g.Expect(order).To(Equal([]string{"back", "new-c", "new-a", "new-b", "grown", "gone", "same", "shrunk"}))
	slices.Reverse(earlier.Gaps)
	slices.Reverse(later.Gaps)
	for range 20 {
		g.Expect(Compare(earlier, later)).To(Equal(first))
	}
}

func TestJudgingComparesWithThePreviousReport(t *testing.T) {
	g := NewWithT(t)
	rec := record([]Observation{effect("o1", "a", "deactivate", "put", 200, false)}, Spec{ID: "a", State: SpecRan, Event: EventDeactivate, Shape: "put"})
	rec.Run = Run{ID: "run-1", Started: monday}
	previous := Judge(rec)
	g.Expect(previous.Comparison).To(BeNil())
	rec.Run = Run{ID: "run-2", Started: monday.Add(time.Hour)}
	rec.Observations = []Observation{effect("o1", "a", "deactivate", "put", 200, true)}
	r := JudgeOn(rec, Basis{Previous: previous})
	g.Expect(r.Comparison.Earlier.Run).To(Equal("run-1"))
	g.Expect(r.Comparison.Later.Verdict).To(Equal(r.Verdict.Word))
	i := slices.IndexFunc(r.Comparison.Gaps, func(c GapChange) bool { return c.Change == ChangeFixed })
	g.Expect(i).To(BeNumerically(">=", 0))
	g.Expect(r.Comparison.Gaps[i].Class).To(Equal(ClassIgnoredSilently))
	g.Expect(r.Faults).To(BeEmpty())
}

// A report of another target says nothing of this one: neither its runs nor its closures count.
func TestAPreviousReportOfAnotherTargetIsLeftOut(t *testing.T) {
	g := NewWithT(t)
	rec := record(nil, Spec{ID: "a", State: SpecRan})
	previous := Judge(rec)
	previous.Target.ID, previous.Closures = "other", []Closure{{Gap: "gap-1"}}
	r := JudgeOn(rec, Basis{Previous: previous})
	g.Expect(r.Comparison).To(BeNil())
	g.Expect(r.History).To(BeEmpty())
	g.Expect(r.Closures).To(BeEmpty())
	g.Expect(r.Faults).To(ConsistOf(And(ContainSubstring(`"other"`), ContainSubstring(`"app"`))))
	g.Expect(r.Verdict.Word).To(Equal(VerdictError), "nothing is decided against the wrong report")
}
