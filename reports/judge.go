package reports

import (
	"slices"
	"sort"
)

// Judge turns a record into a report by the program's own gate: outcomes, control gaps and a
// verdict. It is a pure function.
func Judge(rec Record) *Report { return JudgeOn(rec, Basis{}) }

// JudgeOn is Judge by another gate, with exceptions, and against an earlier report.
func JudgeOn(rec Record, basis Basis) *Report {
	basis = basis.of(rec.Run.Operator.Kind)
	j := newJudge(rec)
	gaps := j.fold()
	checks := j.checks(gaps)
	report := &Report{
		Schema: "urn:scimproof:schema:report:" + SchemaVersion,
		Checks: checks, Gaps: gaps, Matrix: j.matrix(gaps),
		Run: rec.Run, Target: rec.Target, Events: orEmpty(rec.Events), Observations: orEmpty(rec.Observations),
		Exchanges: orEmpty(rec.Exchanges), Health: rec.Health, Cleanup: rec.Cleanup, Redaction: rec.Redaction, LongWatch: rec.LongWatch,
	}
	report.Requirements, report.Coverage = j.coverage()
	report.Capabilities, report.Stories, report.Contradictions = j.capabilities(), j.stories(), j.contradictions()
	report.settle(basis)
	report.withoutNulls()
	report.Counts = count(checks, report.Gaps)
	report.Verdict = Decide(report, basis)
	if report.Comparison != nil {
		report.Comparison.Later.Verdict = report.Verdict.Word
	}
	report.Summary = summarise(report)
	return report
}

func newJudge(rec Record) *judge {
	j := &judge{rec: rec, events: map[string]Event{}, paths: map[string]AccessPath{}, specs: map[string]Spec{}, requirements: map[string]Requirement{}, claims: map[string]Declared{}, quoted: map[string]Exchange{}}
	for _, e := range rec.Events {
		j.events[e.ID] = e
		j.several = j.several || e.Subject > 1
	}
	for _, p := range rec.Target.AccessPaths {
		j.paths[p.Name] = p
	}
	for _, s := range rec.Specs {
		j.specs[s.ID] = s
	}
	for _, r := range rec.Requirements {
		j.requirements[r.ID] = r
	}
	for _, c := range rec.Capabilities {
		j.claims[c.Feature] = c.Declared
	}
	for _, e := range rec.Exchanges {
		j.quoted[e.ID] = e
	}
	for _, o := range rec.Observations {
		j.findings = append(j.findings, j.look(o))
	}
	return j
}

// Glance judges the checks of a record by themselves: no gaps, no gate, no verdict. It is for
// telling how a run goes, at each check.
func Glance(rec Record) []Check { return newJudge(rec).checks(nil) }

// judge holds a record with its parts at hand.
type judge struct {
	rec      Record
	events   map[string]Event
	paths    map[string]AccessPath
	specs    map[string]Spec
	findings []finding
	several  bool // an event was played for more than one leaver

	requirements map[string]Requirement
	claims       map[string]Declared // what the service says of each feature
	quoted       map[string]Exchange // by id
}

// finding is one observation with its meaning.
type finding struct {
	observation string
	check       string
	outcome     Outcome
	because     string
	// event is the lifecycle event that the finding belongs to. A session that
	// was never cut by the deactivation is found in the event "reactivate" too,
	// and still belongs to "deactivate".
	event      EventKind
	shape      string
	credential string
	path       string
	act        string // past SCIM, that nobody says how to do
	evidence   []string
	leaver     int // Event.Subject where an event has several leavers, otherwise 0
	// acknowledged and refused say what the target claimed.
	acknowledged, refused bool
	window                window
	later                 bool // a later mark has decided
	stake                 Stake
	mild                  bool     // for information
	gate                  []string // features without which the check does not look
	requirements          []string
}

// look judges one observation.
func (j *judge) look(o Observation) finding {
	spec := j.specs[o.Check]
	f := finding{
		observation: o.ID, check: o.Check, event: spec.Event, shape: spec.Shape,
		credential: spec.Credential, gate: spec.Gate, requirements: o.Requirements, evidence: orEmpty(o.Evidence), window: window{lastAllowed: never, firstDenied: never},
	}
	switch {
	case o.Fact != nil:
		j.lookAtFact(&f, *o.Fact)
	case o.Effect != nil:
		j.lookAtEffect(&f, *o.Effect)
	case o.Access != nil:
		j.lookAtAccess(&f, *o.Access)
		if j.several {
			f.leaver = o.Access.Subject
		}
	case o.Issued != nil:
		j.lookAtIssued(&f, *o.Issued)
		if j.several {
			f.leaver = o.Issued.Subject
		}
	case o.State != nil:
		j.lookAtState(&f, *o.State)
		if j.several {
			f.leaver = o.State.Subject
		}
	case o.Behaviour != nil:
		f.outcome, f.because = OutcomeRecorded, sentence(o.Behaviour.About+": "+o.Behaviour.Seen)
	case o.Trouble != nil:
		lookAtTrouble(&f, *o.Trouble)
	default:
		f.outcome, f.because = OutcomeNoEvidence, "The check noted nothing."
	}
	return f
}

func lookAtTrouble(f *finding, t Trouble) {
	f.because = sentence(t.Message)
	switch t.Kind {
	case TroubleOperational:
		f.outcome = OutcomeOperational
	case TroubleAsserted:
		f.outcome = OutcomeNotApplicable
	case TroubleNotTested:
		f.outcome = OutcomeNotTested
	default:
		f.outcome = OutcomeNoEvidence
	}
	f.path, f.act = t.Path, t.Act
}

// checks gives each spec the worst of its findings.
func (j *judge) checks(gaps []Gap) []Check {
	gapOf := map[string]string{}
	for _, g := range gaps {
		for _, id := range g.Checks {
			if gapOf[id] == "" {
				gapOf[id] = g.ID
			}
		}
	}
	found := map[string][]finding{}
	for _, f := range j.findings {
		found[f.check] = append(found[f.check], f)
	}
	checks := make([]Check, 0, len(j.rec.Specs))
	for _, s := range j.rec.Specs {
		c := Check{Spec: s, Observations: []string{}, Gap: gapOf[s.ID]}
		c.Requirements = orEmpty(c.Requirements)
		c.Outcome, c.Because = withoutFinding(s)
		worst := -1
		for _, f := range found[s.ID] {
			c.Observations = append(c.Observations, f.observation)
			if w := weight(f.outcome); w > worst {
				worst, c.Outcome, c.Because = w, f.outcome, f.because
			}
		}
		// A check that broke after it had seen something decided only in part.
		if s.State == SpecBroken && weight(OutcomeNoEvidence) > worst {
			c.Outcome, c.Because = withoutFinding(s)
		}
		checks = append(checks, c)
	}
	return checks
}

// withoutFinding is the outcome of a check that noted nothing: never a pass.
func withoutFinding(s Spec) (Outcome, string) {
	switch s.State {
	case SpecNotSelected:
		return OutcomeNotSelected, "Not selected for this run."
	case SpecInterrupted:
		return OutcomeNoEvidence, "The run ended before this check."
	case SpecBroken:
		return OutcomeNoEvidence, sentence(s.Why)
	}
	return OutcomeNoEvidence, "The check ended without deciding anything."
}

// weight orders outcomes from harmless to grave; the worst one speaks for a check.
func weight(o Outcome) int {
	order := []Outcome{
		OutcomeNotSelected, OutcomeNotTested, OutcomeNotApplicable, OutcomeRecorded, OutcomeConformant, OutcomeSuspended, OutcomeOperational, OutcomeNoEvidence,
		OutcomeRefused, OutcomePartialSupport, OutcomeNonconformant, OutcomeDelayed, OutcomeIgnored, OutcomeSurvived, OutcomeRevived,
	}
	for i, known := range order {
		if o == known {
			return i
		}
	}
	return len(order)
}

func count(checks []Check, gaps []Gap) Counts {
	c := Counts{Checks: map[Outcome]int{}, BySeverity: map[Severity]int{}, ByState: map[GapState]int{}}
	for _, check := range checks {
		c.Checks[check.Outcome]++
	}
	for _, g := range gaps {
		c.BySeverity[g.Severity]++
		c.ByState[g.State]++
	}
	return c
}

// withoutNulls makes every list a list: a reader of report.json need not tell an
// empty one from none.
func (r *Report) withoutNulls() {
	r.Target.AccessPaths = orEmpty(r.Target.AccessPaths)
	r.Target.NotApplicable = orEmpty(r.Target.NotApplicable)
	r.Cleanup.Left = orEmpty(r.Cleanup.Left)
	r.Requirements, r.Capabilities = orEmpty(r.Requirements), orEmpty(r.Capabilities)
	r.Stories, r.Contradictions = orEmpty(r.Stories), orEmpty(r.Contradictions)
	r.Exceptions, r.Closures, r.History = orEmpty(r.Exceptions), orEmpty(r.Closures), orEmpty(r.History)
	r.Frameworks, r.IPSIE.Levels, r.IPSIE.Reached = orEmpty(r.Frameworks), orEmpty(r.IPSIE.Levels), orEmpty(r.IPSIE.Reached)
	if r.LongWatch != nil {
		watch := *r.LongWatch
		watch.Marks, watch.Notes = orEmpty(watch.Marks), orEmpty(watch.Notes)
		r.LongWatch = &watch
	}
	r.Events = slices.Clone(r.Events)
	for i := range r.Events {
		r.Events[i].Steps = orEmpty(r.Events[i].Steps)
		r.Events[i].States = orEmpty(r.Events[i].States)
	}
	r.Observations = slices.Clone(r.Observations)
	for i := range r.Observations {
		o := &r.Observations[i]
		o.Requirements, o.Evidence = orEmpty(o.Requirements), orEmpty(o.Evidence)
		if o.Access != nil {
			access := *o.Access
			access.Tries = orEmpty(access.Tries)
			o.Access = &access
		}
	}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// unique sorts and drops repeats.
func unique(list []string) []string {
	sort.Strings(list)
	out := list[:0]
	for i, s := range list {
		if i == 0 || s != list[i-1] {
			out = append(out, s)
		}
	}
	return orEmpty(out)
}
