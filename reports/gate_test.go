package reports

import (
	"testing"

	. "github.com/onsi/gomega"
)

// scene is a report with what the gate goes by.
type scene struct {
	r *Report
	b Basis
}

// passes is a report that passes: one check of two conforms, the other was not selected.
func passes() scene {
	policy := DefaultPolicy()
	return scene{
		r: &Report{
			Judged: judgingDay.Time(), Policy: policy, Target: Target{Name: "App", Environment: "production", Owners: ownersWithContacts},
			Run:    Run{Started: judgingDay.Time(), Finished: judgingDay.Time()},
			Checks: []Check{{Spec: Spec{ID: "users.a", State: SpecRan}, Outcome: OutcomeConformant}, {Spec: Spec{ID: "users.b", State: SpecNotSelected}, Outcome: OutcomeNotSelected}},
		},
		b: Basis{Policy: &policy},
	}
}

// gateSteps are the steps in their order, each with something that makes it decide.
var gateSteps = []struct {
	name   string
	trip   func(*scene)
	word   Word
	rule   GateRule
	reason string // a part of it
}{
	{"a mistake in the gate", func(s *scene) { s.b.Policy.Required = append(s.b.Policy.Required, "nothing.*") }, VerdictError, RuleConfiguration, `"nothing.*", and no check is called so`},
	{"a missing signature", func(s *scene) { s.b.Policy.RequireSignature = true }, VerdictFail, RuleTrust, "requires a signature"},
	{"a required check without evidence", func(s *scene) { s.b.Policy.Required = append(s.b.Policy.Required, "users.b") }, VerdictFail, RuleEvidence, "without evidence: users.b."},
	{"an outage", func(s *scene) { s.r.Health.Outage = "the target was down" }, VerdictInconclusive, RuleHealth, "The target was down."},
	{"an open gap", func(s *scene) { s.add(Gap{ID: "gap-1", Severity: SeverityHigh, State: StateOpen}) }, VerdictFail, RuleGaps, "Open control gaps: 1 high."},
	{"an empty role", func(s *scene) {
		s.b.Policy.RequireOwners, s.r.Target.Owners.IdentitySource.Name = true, " "
	}, VerdictFail, RuleGaps, "nobody is named as identity source"},
	{"a regression", func(s *scene) {
		s.b.Policy.FailFrom = SeverityHigh
		s.add(Gap{ID: "gap-2", Title: "Slow", Severity: SeverityLow, State: StateOpen})
		s.r.Comparison = &Comparison{Gaps: []GapChange{{Gap: "gap-2", Change: ChangeNew, After: SeverityLow}}}
	}, VerdictFail, RuleRegression, "Slow (new, low)"},
	{"a run that was cut short", func(s *scene) { s.r.Run.Partial = true }, VerdictInconclusive, RuleUnfinished, "cut short"},
	{"an exception", func(s *scene) {
		s.add(Gap{ID: "gap-3", Severity: SeverityCritical, State: StateExcepted, Exception: "EXC-17"})
		e := accepted()
		e.Gap = "gap-3"
		s.r.Exceptions = []ExceptionUse{{Exception: e, State: ExceptionActive}}
	}, VerdictWithExceptions, RuleExceptions, "accepted by exception until 2026-12-02"},
}

func (s *scene) add(g Gap) { s.r.Gaps = append(s.r.Gaps, g) }

// Each step decides by itself, and before all that come after it.
func TestTheGateGoesStepByStep(t *testing.T) {
	pass := passes()
	NewWithT(t).Expect(Decide(pass.r, pass.b)).To(Equal(Verdict{VerdictPass, "No open control gap in 1 check.", RulePass}))
	for i, step := range gateSteps {
		t.Run(step.name, func(t *testing.T) {
			g := NewWithT(t)
			alone := passes()
			step.trip(&alone)
			together := passes()
			for _, later := range gateSteps[i:] {
				later.trip(&together)
			}
			for _, s := range []scene{alone, together} {
				v := Decide(s.r, s.b)
				g.Expect(v.Word).To(Equal(step.word), v.Reason)
				g.Expect(v.Rule).To(Equal(step.rule), v.Reason)
				g.Expect(v.Reason).To(ContainSubstring(step.reason))
			}
		})
	}
}

// decided is the verdict of the passing report after a change.
func decided(change func(*scene)) Verdict {
	s := passes()
	change(&s)
	return Decide(s.r, s.b)
}

// A required check has to show something; what it shows, and passing trouble, are for the steps
// that follow.
func TestRequiredChecksShowSomething(t *testing.T) {
	for outcome, want := range map[Outcome]GateRule{
		OutcomeNoEvidence: RuleEvidence, OutcomeNotSelected: RuleEvidence, OutcomeNotTested: RuleEvidence,
		OutcomeOperational: RuleUnfinished, OutcomeNotApplicable: RulePass, OutcomeConformant: RulePass, OutcomeSurvived: RulePass,
	} {
		t.Run(string(outcome), func(t *testing.T) {
			v := decided(func(s *scene) {
				s.r.Checks[1].State, s.r.Checks[1].Outcome = SpecRan, outcome
				s.b.Policy.Required = []string{"users.*"}
			})
			NewWithT(t).Expect(v.Rule).To(Equal(want), v.Reason)
		})
	}
	v := decided(func(s *scene) {
		s.b.Policy.Required, s.b.Policy.NoEvidence = []string{"users.*"}, VerdictInconclusive
	})
	NewWithT(t).Expect(v).To(Equal(Verdict{VerdictInconclusive, "Required checks without evidence: users.b.", RuleEvidence}))
}

// Up to the share of the gate a run with failed requests still says something.
func TestTooManyFailedRequestsSayNothing(t *testing.T) {
	for errors, want := range map[int]GateRule{0: RulePass, 1: RulePass, 2: RuleHealth} {
		v := decided(func(s *scene) {
			s.b.Policy.MaxErrorShare = 0.25
			s.r.Health = Health{Requests: 8, Errors: errors, Throttled: 1}
		})
		NewWithT(t).Expect(v.Rule).To(Equal(want), v.Reason)
	}
}

// A gap fails from the severity of the gate on, and what is open below it is named.
func TestAGapFailsFromTheSeverityOfTheGate(t *testing.T) {
	for name, c := range map[string]struct {
		from, is Severity
		word     Word
		reason   string
	}{
		"as grave":                       {SeverityHigh, SeverityHigh, VerdictFail, "Open control gaps: 1 high."},
		"milder":                         {SeverityHigh, SeverityMedium, VerdictPass, "No open control gap that is high or graver in 1 check; open below that: 1 medium."},
		"for information":                {SeverityLow, SeverityInfo, VerdictPass, "No open control gap in 1 check."},
		"for information, which matters": {SeverityInfo, SeverityInfo, VerdictFail, "Open control gaps: 1 info."},
		"where the gate says nothing":    {"", SeverityLow, VerdictFail, "Open control gaps: 1 low."},
		"for information, unsaid":        {"", SeverityInfo, VerdictPass, "No open control gap in 1 check."},
	} {
		t.Run(name, func(t *testing.T) {
			v := decided(func(s *scene) {
				s.b.Policy.FailFrom = c.from
				s.add(Gap{ID: "gap-1", Severity: c.is, State: StateOpen})
			})
			NewWithT(t).Expect(v.Word).To(Equal(c.word))
			NewWithT(t).Expect(v.Reason).To(Equal(c.reason))
		})
	}
}

// A pass says of what it is one: the whole of the checks, or a selection.
func TestAPassNamesTheSelection(t *testing.T) {
	v := decided(func(s *scene) { s.r.Run.Selection = "survival" })
	NewWithT(t).Expect(v.Reason).To(Equal("No open control gap in 1 check of the selection survival."))
}

// Every state but an exception that holds is open.
func TestOnlyAnExceptionThatHoldsKeepsAGapFromFailing(t *testing.T) {
	for _, state := range []GapState{
		StateOpen, StateExceptionExpired, StateExceptionExceeded, StateExceptionInvalid, StateClaimedFixed, StateRegressed, "", "unheard-of",
	} {
		v := decided(func(s *scene) { s.add(Gap{ID: "gap-1", Severity: SeverityLow, State: state}) })
		NewWithT(t).Expect(v.Rule).To(Equal(RuleGaps), "%q", state)
		NewWithT(t).Expect(v.Word).To(Equal(VerdictFail), "%q", state)
	}
}

// What is worse than it was fails whatever its severity, unless it is accepted or for information.
func TestARegressionFailsBelowTheSeverityOfTheGate(t *testing.T) {
	for name, c := range map[string]struct {
		gap    Gap
		change Change
		rule   GateRule
	}{
		"new":                       {Gap{Severity: SeverityLow, State: StateOpen}, ChangeNew, RuleRegression},
		"graver":                    {Gap{Severity: SeverityMedium, State: StateOpen}, ChangeWorse, RuleRegression},
		"back":                      {Gap{Severity: SeverityLow, State: StateOpen}, ChangeRegressed, RuleRegression},
		"back, without a last run":  {Gap{Severity: SeverityLow, State: StateRegressed}, "", RuleRegression},
		"back, with the last run":   {Gap{Severity: SeverityLow, State: StateRegressed}, ChangeUnchanged, RuleRegression},
		"as it was":                 {Gap{Severity: SeverityLow, State: StateOpen}, ChangeUnchanged, RulePass},
		"better":                    {Gap{Severity: SeverityLow, State: StateOpen}, ChangeBetter, RulePass},
		"for information":           {Gap{Severity: SeverityInfo, State: StateOpen}, ChangeNew, RulePass},
		"new, for information only": {Gap{Severity: SeverityInfo, State: StateRegressed}, "", RulePass},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			trip := func(s *scene) {
				c.gap.ID = "gap-1"
				s.b.Policy.FailFrom = SeverityHigh
				s.add(c.gap)
				if c.change != "" {
					s.r.Comparison = &Comparison{Gaps: []GapChange{{Gap: "gap-1", Change: c.change, After: c.gap.Severity}, {Gap: "gap-gone", Change: ChangeFixed}}}
				}
			}
			v := decided(trip)
			g.Expect(v.Rule).To(Equal(c.rule), v.Reason)
			v = decided(func(s *scene) { trip(s); s.b.Policy.Regressions = false })
			g.Expect(v.Rule).To(Equal(RulePass), "where the gate does not ask for it")
		})
	}
	v := decided(func(s *scene) {
		s.b.Policy.FailFrom = SeverityHigh
		s.add(Gap{ID: "gap-1", Title: "Slow", Severity: SeverityLow, State: StateRegressed})
		s.r.Comparison = &Comparison{Gaps: []GapChange{{Gap: "gap-1", Change: ChangeRegressed, After: SeverityLow}}}
	})
	NewWithT(t).Expect(v.Reason).To(Equal("Worse than in the last run: Slow (regressed, low)."), "each is named once")
	v = decided(func(s *scene) {
		gateSteps[len(gateSteps)-1].trip(s)
		s.r.Comparison = &Comparison{Gaps: []GapChange{{Gap: "gap-3", Change: ChangeNew, After: SeverityCritical}}}
	})
	NewWithT(t).Expect(v.Rule).To(Equal(RuleExceptions), "a new gap that is accepted is no regression")
}

// A run passes only on something that was seen to work.
func TestSomethingHasToWork(t *testing.T) {
	for outcome, want := range map[Outcome]Word{
		OutcomeConformant: VerdictPass, OutcomeSuspended: VerdictPass,
		OutcomeRecorded: VerdictInconclusive, OutcomeNotApplicable: VerdictInconclusive, OutcomeNoEvidence: VerdictInconclusive,
		OutcomeNotTested: VerdictInconclusive, OutcomeNotSelected: VerdictInconclusive, OutcomeOperational: VerdictInconclusive, OutcomeNonconformant: VerdictInconclusive,
	} {
		v := decided(func(s *scene) { s.r.Checks[0].Outcome = outcome })
		NewWithT(t).Expect(v.Word).To(Equal(want), "%s: %s", outcome, v.Reason)
	}
}

// An exception that held by one gate and on one day has to hold by the gate and on the day at hand.
func TestAnotherGateAsksAgain(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*scene)
		word   Word
		reason string
	}{
		"the same":      {func(*scene) {}, VerdictWithExceptions, "accepted by exception until 2026-12-02"},
		"none passes":   {func(s *scene) { s.b.Policy.ExceptionsPass = false }, VerdictFail, "and the gate takes no exceptions (exceptionsPass)"},
		"a week later":  {func(s *scene) { s.b.Now = Day("2026-12-04").Time() }, VerdictFail, "EXC-17 expired 2 days ago."},
		"shorter times": {func(s *scene) { s.b.Policy.Exceptions.MaxDays = map[Severity]int{SeverityCritical: 7} }, VerdictFail, "the gate allows 7"},
		"others who approve": {func(s *scene) {
			s.b.Policy.Exceptions.Approvals = map[Severity][][]string{SeverityCritical: {{"board"}}}
		}, VerdictFail, "another person as board"},
		"never":            {func(s *scene) { s.b.Policy.Exceptions.NeverWaive = []string{"gap-3"} }, VerdictFail, "the gate lets nobody accept gap-3"},
		"an edited report": {func(s *scene) { s.r.Exceptions = nil }, VerdictFail, "does not list the exception EXC-17"},
		"fewer renewals": {func(s *scene) {
			s.b.Policy.Exceptions.MaxRenewals = 0
			old := s.r.Exceptions[0]
			old.ID = "EXC-1"
			s.r.Exceptions[0].Renews = "EXC-1"
			s.r.Exceptions = append(s.r.Exceptions, old)
		}, VerdictFail, "it is renewal 1, and the gate allows 0"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			s := passes()
			gateSteps[len(gateSteps)-1].trip(&s)
			c.change(&s)
			v := Decide(s.r, s.b)
			g.Expect(v.Word).To(Equal(c.word), v.Reason)
			g.Expect(v.Reason).To(ContainSubstring(c.reason))
			g.Expect(s.r.Gaps[0].State).To(Equal(StateExcepted), "the report itself stays as it is")
		})
	}
}
