package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports/controls"
)

// hold holds the run against the frameworks and the IPSIE levels.
func (r *Report) hold(b Basis) {
	mapping := b.Controls
	if mapping == nil {
		mapping = controls.Embedded()
	}
	for i := range r.Gaps {
		g := &r.Gaps[i]
		g.Controls = []Control{}
		for _, c := range mapping.For(controls.Subject{Class: string(g.Class), Outcome: string(g.Outcome), Credential: g.Credential}) {
			g.Controls = append(g.Controls, Control{Framework: c.Framework, ID: c.ID})
		}
	}
	r.IPSIE = r.levels()
	r.Frameworks = r.frameworks(mapping)
}

// maxNamed is how many checks a control names; the sentence on its limits counts the others.
const maxNamed = 25

// thisRun is what holds of every control.
const thisRun = "One run, test users only."

// evidence is what the checks of a run say of one control.
type evidence struct {
	gaps     []Gap
	met      []string          // checks that conform
	unmet    []string          // that ran, and do not show it
	skipped  int               // that the selection left out
	lookedAt map[GapClass]bool // by a check that conforms
	last     int               // index of the check that was taken in last
}

// frameworks is the view of each framework of a mapping, in its order.
func (r *Report) frameworks(m *controls.Mapping) []FrameworkView {
	seen := r.evidence(m)
	views := []FrameworkView{}
	for _, f := range m.Frameworks() {
		view := FrameworkView{Framework: f.Name, Version: m.Version(), Controls: []ControlView{}}
		for _, c := range f.Controls {
			e := seen[Control{c.Framework, c.ID}]
			if e == nil {
				e = &evidence{}
			}
			v := r.control(c, e, m)
			r.asLevel(&v, f.Name)
			view.Controls = append(view.Controls, v)
		}
		views = append(views, view)
	}
	return views
}

// evidence sorts gaps and checks by the controls that they speak for or against.
func (r *Report) evidence(m *controls.Mapping) map[Control]*evidence {
	seen := map[Control]*evidence{}
	of := func(c Control) *evidence {
		if seen[c] == nil {
			seen[c] = &evidence{lookedAt: map[GapClass]bool{}, last: -1}
		}
		return seen[c]
	}
	for _, g := range r.Gaps {
		for _, c := range g.Controls {
			of(c).gaps = append(of(c).gaps, g)
		}
	}
	// One class is asked for by thousands of checks.
	mapped := map[controls.Subject][]*evidence{}
	conforms := map[controls.Subject]bool{}
	writes := r.writes()
	for i := range r.Checks {
		check := &r.Checks[i]
		for _, s := range r.wouldBe(check.Spec, writes[check.ID]) {
			if _, known := mapped[s]; !known {
				for _, c := range m.For(s) {
					mapped[s] = append(mapped[s], of(Control{c.Framework, c.ID}))
				}
			}
			for _, e := range mapped[s] {
				e.add(i, check)
			}
			if check.Outcome == OutcomeConformant {
				conforms[s] = true
			}
		}
	}
	for s := range conforms {
		for _, e := range mapped[s] {
			e.lookedAt[GapClass(s.Class)] = true
		}
	}
	return seen
}

// add takes in what a check says, once for each control.
func (e *evidence) add(i int, c *Check) {
	if e.last == i {
		return
	}
	e.last = i
	switch c.Outcome {
	case OutcomeNotApplicable, OutcomeRecorded, OutcomeNotTested, OutcomeSuspended:
		// says nothing of it, or is a gap for information
	case OutcomeNotSelected:
		e.skipped++
	case OutcomeConformant:
		e.met = append(e.met, c.ID)
	default:
		e.unmet = append(e.unmet, c.ID)
	}
}

// control says what the run shows of one control. That it works takes that everything which would
// have shown otherwise was looked at and conforms; nothing seen is no evidence.
func (r *Report) control(c controls.Control, e *evidence, m *controls.Mapping) ControlView {
	v := ControlView{ID: c.ID, Words: c.Words, State: ControlNotDemonstrated, Gaps: []string{}}
	checks := slices.Concat(e.met, e.unmet)
	limits := []string{thisRun}
	mild := 0
	for _, g := range e.gaps {
		v.Gaps = append(v.Gaps, g.ID)
		if g.Severity == SeverityInfo {
			mild++
		}
	}
	switch {
	case len(e.gaps) > mild:
		v.State = ControlNotEffective
		checks = checksOfGaps(e.gaps)
	case mild > 0:
		limits = append(limits, "A gap for information is about it: it is too mild to speak against the control, and no evidence for it.")
	case len(e.met) == 0:
		limits = append(limits, "No check of this run shows it.")
	case len(e.unmet) > 0 || e.skipped > 0:
	case !r.sound():
		limits = append(limits, "Too many requests failed for this run to show it.")
	default:
		v.State = ControlEffective
	}
	if v.State != ControlNotEffective && len(e.unmet) > 0 {
		limits = append(limits, plural(len(e.unmet), "check")+" of it could not decide or found otherwise.")
	}
	if e.skipped > 0 {
		limits = append(limits, plural(e.skipped, "check")+" of it not selected.")
	}
	if blind := e.blind(m.ClassesOf(c.Framework, c.ID)); v.State == ControlEffective && len(blind) > 0 {
		limits = append(limits, "Not looked at: "+strings.Join(blind, ", ")+".")
	}
	if more := len(checks) - maxNamed; more > 0 {
		checks = checks[:maxNamed]
		limits = append(limits, fmt.Sprintf("%s of it not named here.", plural(more, "more check")))
	}
	v.Checks, v.Limits = orEmpty(slices.Clone(checks)), strings.Join(limits, " ")
	return v
}

// blind lists the classes that speak against a control and that no check of the run looked for.
// What only a run as a whole shows is left out.
func (e *evidence) blind(classes []string) []string {
	var out []string
	for _, class := range classes {
		switch c := GapClass(class); {
		case c == ClassNoEvidence, c == ClassGovernance, c == ClassUnreliablePath, e.lookedAt[c]:
		case c == ClassRefusedExplicitly && e.lookedAt[ClassPartialSupport]:
		default:
			out = append(out, class)
		}
	}
	return out
}

// sound says whether the target could be reached well enough for what conforms to count.
func (r *Report) sound() bool {
	return r.Health.Outage == "" && errorShare(r.Health) <= r.Policy.MaxErrorShare
}

// asLevel gives a level of IPSIE among the controls the state that the report's own view of the
// level has: one report does not say two things.
func (r *Report) asLevel(v *ControlView, framework string) {
	if framework != levelFramework {
		return
	}
	for _, l := range r.IPSIE.Levels {
		if l.ID != v.ID {
			continue
		}
		v.Limits = strings.Join(append([]string{thisRun}, l.Missing...), " ")
		switch {
		case l.Reached:
			v.State = ControlEffective
		case len(l.Gaps) == 0:
			v.State = ControlNotDemonstrated
		default:
			v.State, v.Gaps = ControlNotEffective, slices.Clone(l.Gaps)
		}
	}
}

func checksOfGaps(gaps []Gap) []string {
	var out []string
	for _, g := range gaps {
		out = append(out, g.Checks...)
	}
	return unique(out)
}
