package reports

import (
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// broken is an exception that breaks a rule, with what the report then says.
type broken struct {
	change func(*Exception)
	state  GapState
	why    string // a part of it
}

func expectBroken(t *testing.T, cases map[string]broken) {
	t.Helper()
	states := map[GapState]ExceptionState{
		StateExcepted: ExceptionActive, StateExceptionInvalid: ExceptionInvalid, StateExceptionExceeded: ExceptionExceeded,
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := accepted()
			c.change(&e)
			r := judgeWith(onlyDeaf(), nil, e)
			g.Expect(r.Gaps[0].State).To(Equal(c.state), r.Gaps[0].StateWhy)
			g.Expect(r.Gaps[0].StateWhy).To(And(HavePrefix("EXC-17 "), ContainSubstring(c.why), HaveSuffix(".")))
			g.Expect(r.Exceptions[0].State).To(Equal(states[c.state]))
			want := VerdictFail
			if c.state == StateExcepted {
				want = VerdictWithExceptions
			}
			g.Expect(r.Verdict.Word).To(Equal(want))
			g.Expect(r.Gaps[0].State.Open()).To(Equal(c.state != StateExcepted))
		})
	}
}

// None is open-ended: from the first approval on it lasts as long as the gate lets a gap of its
// severity, 14 days for a critical one.
func TestAnExceptionLastsNoLongerThanTheGateAllows(t *testing.T) {
	expectBroken(t, map[string]broken{
		"the longest":       {func(e *Exception) { e.Expires = "2026-12-04" }, StateExcepted, "until 2026-12-04"},
		"a day more":        {func(e *Exception) { e.Expires = "2026-12-05" }, StateExceptionInvalid, "lasts 15 days from its first approval, and the gate allows 14"},
		"without an end":    {func(e *Exception) { e.Expires = "" }, StateExceptionInvalid, "no last day (expires)"},
		"on no day at all":  {func(e *Exception) { e.Expires = "2026-02-30" }, StateExceptionInvalid, "no last day (expires)"},
		"in a distant year": {func(e *Exception) { e.Expires = "9999-12-31" }, StateExceptionInvalid, "the gate allows 14"},
		"by later word": {func(e *Exception) {
			e.Approvals[0].On, e.Approvals[1].On, e.Expires = "2026-11-27", "2026-11-27", "2026-12-11"
		},
			StateExcepted, "until 2026-12-11"},
	})
	g := NewWithT(t)
	policy := DefaultPolicy()
	policy.Exceptions.MaxDays = map[Severity]int{SeverityLow: 180}
	r := JudgeOn(onlyDeaf(), Basis{Now: judgingDay.Time(), Policy: &policy, Exceptions: &Exceptions{List: []Exception{accepted()}}})
	g.Expect(r.Gaps[0].StateWhy).To(ContainSubstring("no longest time (maxDays)"), "no number is no permission")
}

// An exception covers what was approved: the severity, and the version if one is named.
func TestAGapThatIsWorseThanWhatWasApprovedIsNotCovered(t *testing.T) {
	expectBroken(t, map[string]broken{
		"a milder gap was approved": {func(e *Exception) { e.ApprovedSeverity = SeverityHigh }, StateExceptionExceeded, "high was approved, and the gap is critical"},
		"no severity was":           {func(e *Exception) { e.ApprovedSeverity = "" }, StateExceptionInvalid, "which severity was approved"},
		"for this version":          {func(e *Exception) { e.TargetVersion = "4.2" }, StateExcepted, "accepts it"},
		"for another version":       {func(e *Exception) { e.TargetVersion = "4.1" }, StateExceptionExceeded, "approved for version 4.1, and this is 4.2"},
	})
	g := NewWithT(t)
	unversioned := onlyDeaf()
	unversioned.Target.Version = ""
	e := accepted()
	e.TargetVersion = "4.1"
	g.Expect(judgeWith(unversioned, nil, e).Gaps[0].StateWhy).To(ContainSubstring("a version that nobody states"))
}

// sessions is a run with three leavers whose session outlives the deactivation or does not.
func sessions(leavers ...[]string) Record {
	r := playedFor(leavers...)
	rec := Record{Run: Run{Started: judgingDay.Time(), Finished: judgingDay.Time()}, Target: r.Target, Events: r.Events, Observations: r.Observations}
	rec.Target.Owners = ownersWithContacts
	for _, c := range r.Checks {
		rec.Specs = append(rec.Specs, c.Spec)
	}
	return rec
}

// What was approved as something that happens now and then is not approved as what always happens;
// nor in the runs that follow, until somebody approves it anew.
func TestAGapThatSpreadIsNotCovered(t *testing.T) {
	g := NewWithT(t)
	rare, always := sessions(stays, outAtOnce, outAtOnce), sessions(stays, stays, outAtOnce)
	e := accepted()
	e.Gap = judgedFor(rare).Gaps[0].ID
	e.Approvals = slices.Clone(e.Approvals)
	e.Approvals[1].Role = "risk office" // which signs for high and for critical gaps
	first := judgeWith(rare, nil, e)
	g.Expect(first.Gaps[0].State).To(Equal(StateExcepted), first.Gaps[0].StateWhy)
	second := judgeWith(always, first, e)
	g.Expect(second.Gaps[0].State).To(Equal(StateExceptionExceeded))
	g.Expect(second.Gaps[0].StateWhy).To(ContainSubstring("is now seen for most of them"))
	third := judgeWith(always, second, e)
	g.Expect(third.Gaps[0].State).To(Equal(StateExceptionExceeded), "a second run makes it no better")
	e.Approvals = slices.Clone(e.Approvals)
	e.Approvals[1].On = "2026-11-27"
	g.Expect(judgeWith(always, second, e).Gaps[0].State).To(Equal(StateExcepted), "approved anew")
	g.Expect(judgeWith(rare, first, e).Gaps[0].State).To(Equal(StateExcepted))
	seen := judgeWith(always, nil, e)
	g.Expect(judgeWith(always, seen, e).Gaps[0].State).To(Equal(StateExcepted), "approved as what always happens")
	before := always
	before.Run.Started = Day("2026-11-26").Time()
	e.Approvals[0].On = "2026-11-27"
	g.Expect(judgeWith(before, first, e).Gaps[0].State).To(Equal(StateExcepted), "approved after the run that shows it")
}

// A control that stands in and names a check is tested: it has to conform in the same run.
func TestACompensatingControlIsShownByItsCheck(t *testing.T) {
	shownBy := func(check string) func(*Exception) {
		return func(e *Exception) {
			e.Compensating = []CompensatingControl{{Description: "by hand"}, {Description: "by a job", VerifiedBy: check}}
		}
	}
	expectBroken(t, map[string]broken{
		"that conforms":         {shownBy("c"), StateExcepted, "accepts it"},
		"that does not conform": {shownBy("a"), StateExceptionInvalid, "the check of its compensating control, a, came to ignored-silently in this run"},
		"that nobody knows":     {shownBy("z"), StateExceptionInvalid, "no check is called z"},
	})
	g := NewWithT(t)
	left := onlyDeaf()
	left.Specs = append(left.Specs, Spec{ID: "d", State: SpecNotSelected})
	e := accepted()
	shownBy("d")(&e)
	g.Expect(judgeWith(left, nil, e).Gaps[0].StateWhy).To(ContainSubstring("came to not-selected in this run"))
}

// The gate names gaps, classes, and classes with an event, that nobody may accept.
func TestSomeGapsAreNeverWaived(t *testing.T) {
	for name, c := range map[string]struct {
		never string
		state GapState
	}{
		"the gap":                  {deafGap(), StateExceptionInvalid},
		"its class":                {"ignored-silently", StateExceptionInvalid},
		"its class with its event": {"ignored-silently.delete", StateExceptionInvalid},
		"with another event":       {"ignored-silently.deactivate", StateExcepted},
		"another class":            {"delayed", StateExcepted},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			policy := DefaultPolicy()
			policy.Exceptions.NeverWaive = []string{c.never}
			r := JudgeOn(onlyDeaf(), Basis{Now: judgingDay.Time(), Policy: &policy, Exceptions: &Exceptions{List: []Exception{accepted()}}})
			g.Expect(r.Gaps[0].State).To(Equal(c.state))
			if c.state == StateExceptionInvalid {
				g.Expect(r.Gaps[0].StateWhy).To(ContainSubstring("the gate lets nobody accept " + c.never))
			}
		})
	}
	g := NewWithT(t)
	rec := onlyDeaf()
	rec.Specs[0].Event, rec.Observations[0].Effect.Action = EventDeactivate, "deactivate"
	e := accepted()
	e.Gap = judgedFor(rec).Gaps[0].ID
	g.Expect(judgeWith(rec, nil, e).Gaps[0].State).To(Equal(StateExceptionInvalid), "the gate of the program: a deactivation that is ignored")
}

// No exception stands in for the evidence of a check that the gate requires.
func TestMissingEvidenceOfARequiredCheckIsNotAccepted(t *testing.T) {
	rec := onlyDeaf()
	rec.Observations = []Observation{rec.Observations[1]}
	rec.Specs[0] = Spec{ID: "a.b", State: SpecBroken, Why: "it broke"}
	gap := judgedFor(rec).Gaps[0]
	e := accepted()
	e.Gap = gap.ID
	e.Approvals = append(e.Approvals, Approval{Role: "risk office", By: "rob@buyer.example", On: "2026-11-20"})
	for name, c := range map[string]struct {
		required []string
		state    GapState
	}{
		"not required":       {[]string{"c"}, StateExcepted},
		"required":           {[]string{"a.b"}, StateExceptionInvalid},
		"required by a star": {[]string{"a.*"}, StateExceptionInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			policy := DefaultPolicy()
			policy.Required = c.required
			r := JudgeOn(rec, Basis{Now: judgingDay.Time(), Policy: &policy, Exceptions: &Exceptions{List: []Exception{e}}})
			g.Expect(r.Gaps[0].Class).To(Equal(ClassNoEvidence))
			g.Expect(r.Gaps[0].State).To(Equal(c.state), r.Gaps[0].StateWhy)
		})
	}
}

// What is wrong with an exception itself keeps it from holding.
func TestAnExceptionIsComplete(t *testing.T) {
	expectBroken(t, map[string]broken{
		"19 characters of reason": {func(e *Exception) { e.Reason = strings.Repeat("ü", 19) + "  " }, StateExceptionInvalid, "fewer than 20 characters"},
		"20 characters of reason": {func(e *Exception) { e.Reason = strings.Repeat("ü", 20) }, StateExcepted, "accepts it"},
	})
	g := NewWithT(t)
	r := judgeWith(onlyDeaf(), nil, accepted(), accepted())
	g.Expect(r.Gaps[0].State).To(Equal(StateExceptionInvalid))
	g.Expect(r.Gaps[0].StateWhy).To(ContainSubstring("2 exceptions have this id"))
	nameless := accepted()
	nameless.ID = " "
	g.Expect(judgeWith(onlyDeaf(), nil, nameless).Gaps[0].StateWhy).To(Equal("An exception without an id does not hold."))
}
