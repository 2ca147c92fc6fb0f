package reports

import (
	"slices"
	"time"
)

// settle brings in what is known beside the run: who answers, earlier runs, the gate's times and
// the exceptions.
func (r *Report) settle(b Basis) {
	r.Judged = b.Now
	if r.Judged.IsZero() {
		r.Judged = r.Run.Finished
	}
	r.Judged = r.Judged.UTC()
	r.Policy = DefaultPolicy()
	if b.Policy != nil {
		r.Policy = *b.Policy
	}
	previous := r.basis(b.Previous)
	r.carryOver(previous)
	r.Gaps = append(r.Gaps, r.governance()...)
	r.raise()
	r.remember(previous)
	r.except(b.Exceptions, previous)
	for i := range r.Gaps {
		r.assign(&r.Gaps[i])
		r.schedule(&r.Gaps[i])
	}
	sortGaps(r.Gaps)
	r.hold(b)
	r.compareWith(previous)
}

// raise takes the owner's word that a gap is worse; none is lowered, which takes an exception.
func (r *Report) raise() {
	for _, up := range r.Policy.Raise {
		g := r.gap(up.Gap)
		if g == nil || rankOf(up.Severity) <= rankOf(g.Severity) {
			continue
		}
		g.SeverityWhy = append(slices.Clone(g.SeverityWhy), "Raised from "+string(g.Severity)+" by "+up.By+": "+sentence(up.Reason))
		g.Severity = up.Severity
	}
}

// mostPast is how many earlier runs a report remembers.
const mostPast = 20

// carryOver takes over what earlier reports knew: the runs before, and what was certified.
func (r *Report) carryOver(previous *Report) {
	if previous == nil {
		return
	}
	past := PastRun{Run: previous.Run.ID, Started: previous.Run.Started, Verdict: previous.Verdict.Word, Version: previous.Target.Version}
	r.History = append([]PastRun{past}, previous.History...)
	r.History = r.History[:min(len(r.History), mostPast)]
	r.Closures = slices.Clone(previous.Closures)
}

// remember finds out since when each gap is there, and which were closed before: these are graver
// by a step.
func (r *Report) remember(previous *Report) {
	for i := range r.Gaps {
		g := &r.Gaps[i]
		g.State, g.FirstSeen = StateOpen, r.Run.Started
		if closed := r.closure(g.ID); closed != nil {
			g.State, g.StateWhy = StateRegressed, sentence("It was certified as closed by "+closed.Certifier.Name+" on "+closed.On.UTC().Format(time.DateOnly))
			g.SeverityWhy = append(slices.Clone(g.SeverityWhy), "Regressed: it was closed before (+1 step)")
			g.Severity = shift(g.Severity, 1)
		}
		if was := previous.gap(g.ID); was != nil {
			g.FirstSeen = was.FirstSeen
			if was.State == StateClaimedFixed {
				g.State, g.StateWhy = StateClaimedFixed, was.StateWhy
			}
		}
	}
}

// closure is the last certified closure of a gap, nil if there is none.
func (r *Report) closure(gap string) *Closure {
	for i := len(r.Closures) - 1; i >= 0; i-- {
		if r.Closures[i].Gap == gap {
			return &r.Closures[i]
		}
	}
	return nil
}

// gap is the gap with an id; nil if there is none, or no report.
func (r *Report) gap(id string) *Gap {
	if r == nil {
		return nil
	}
	for i := range r.Gaps {
		if r.Gaps[i].ID == id {
			return &r.Gaps[i]
		}
	}
	return nil
}

// schedule sets by when a gap has to be closed, and who is told afterwards.
func (r *Report) schedule(g *Gap) {
	g.Escalation = []Escalation{}
	days, known := r.Policy.FixWithinDays[g.Severity]
	if !known {
		return
	}
	g.Deadline = DayOf(g.FirstSeen).After(days)
	for _, step := range r.Policy.Escalation {
		g.Escalation = append(g.Escalation, Escalation{On: g.Deadline.After(step.AfterDays), To: step.To})
	}
}
