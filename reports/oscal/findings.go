package oscal

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// failure gathers the gaps that fail one objective.
type failure struct {
	controls []string // as NIST writes them
	gaps     []*reports.Gap
}

// failed adds one finding for each objective that a gap fails.
func (b *builder) failed() {
	failures := map[string]*failure{}
	for i := range b.r.Gaps {
		g := &b.r.Gaps[i]
		for _, control := range g.Controls {
			if !nist(control.Framework) {
				continue
			}
			objective, _ := objectiveOf(control.ID, g.Event)
			if objective == "" {
				continue
			}
			if failures[objective] == nil {
				failures[objective] = &failure{}
			}
			f := failures[objective]
			f.controls = append(f.controls, control.ID)
			if len(f.gaps) == 0 || f.gaps[len(f.gaps)-1] != g {
				f.gaps = append(f.gaps, g)
			}
		}
	}
	for _, objective := range slices.Sorted(maps.Keys(failures)) {
		b.findings = append(b.findings, b.finding(objective, failures[objective]))
	}
}

// mostNamed is how many gaps a finding names; it refers to all of them.
const mostNamed = 10

func (b *builder) finding(objective string, f *failure) finding {
	controls := unique(f.controls)
	joins := finding{
		UUID:    b.uuid("finding", b.r.Target.ID, b.r.Run.ID, objective),
		Title:   markup(strings.Join(controls, " and ")) + ": not effective",
		Origins: b.origins(),
		Target:  findingTarget{Type: "objective-id", ID: objective, Status: state{State: "not-satisfied", Reason: reason(f.gaps)}},
	}
	texts := []string{b.words(controls)}
	for _, control := range controls {
		joins.Props = append(joins.Props, props("control", control)...)
	}
	var others []prop
	for i, g := range f.gaps {
		refs := b.of[g.ID]
		joins.Observations = append(joins.Observations, relatedObservation{UUID: refs.observation})
		joins.Risks = append(joins.Risks, relatedRisk{UUID: refs.risk})
		others = append(others, append(props("outcome", string(g.Outcome)), otherControls(g)...)...)
		switch {
		case i < mostNamed:
			texts = append(texts, g.Title)
		case i == mostNamed:
			texts = append(texts, fmt.Sprintf("and %d more control gaps", len(f.gaps)-mostNamed))
		}
	}
	joins.Props = append(joins.Props, distinct(others)...)
	joins.Description = paragraphs("Control gaps show that the objective is not met.", texts...)
	return joins
}

// reason is fail, unless every gap is of something done in part or not to be seen: OSCAL has no
// word for these.
func reason(gaps []*reports.Gap) string {
	for _, g := range gaps {
		if g.Outcome != reports.OutcomePartialSupport && g.Outcome != reports.OutcomeNoEvidence {
			return "fail"
		}
	}
	return "other"
}

// words says what controls ask for, in the words of the report's mapping.
func (b *builder) words(controls []string) string {
	for _, id := range controls {
		if text := b.views[id].Words; text != "" {
			return text
		}
	}
	return ""
}

// satisfied adds a finding for each control that the report has as effective within the run. One
// that is only part of its objective is left out: a part that is met does not meet the whole.
func (b *builder) satisfied() {
	taken := map[string]bool{}
	for _, f := range b.findings {
		taken[f.Target.ID] = true
	}
	for _, id := range slices.Sorted(maps.Keys(b.views)) {
		view := b.views[id]
		objective, own := objectiveOf(id, "")
		if view.State != reports.ControlEffective || len(view.Gaps) > 0 || !own || taken[objective] {
			continue
		}
		taken[objective] = true
		seen := b.effective(id, view)
		b.observed = append(b.observed, seen)
		b.findings = append(b.findings, finding{
			UUID:         b.uuid("finding", b.r.Target.ID, b.r.Run.ID, objective),
			Title:        markup(id) + ": effective within this run",
			Description:  paragraphs("The run shows no gap of the control.", view.Words),
			Props:        props("control", id),
			Origins:      b.origins(),
			Target:       findingTarget{Type: "objective-id", ID: objective, Status: state{State: "satisfied", Reason: "pass"}},
			Observations: []relatedObservation{{UUID: seen.UUID}},
			Remarks:      markup(view.Limits),
		})
	}
}

// effective is what was seen of a control that the report has as effective.
func (b *builder) effective(id string, view reports.ControlView) observation {
	seen := observation{
		UUID:        b.uuid("effective", b.r.Target.ID, b.r.Run.ID, id),
		Title:       "Checks that speak for " + markup(id),
		Description: "The checks named here came to what the control asks for.",
		Methods:     []string{"TEST"},
		Types:       []string{"control-objective"},
		Origins:     b.origins(),
		Subjects:    []subject{{UUID: b.target, Type: "component"}},
	}
	for _, check := range view.Checks {
		seen.Props = append(seen.Props, props("check", check)...)
	}
	_, seen.Collected = b.evidence(nil)
	return seen
}

// distinct drops the props that are there already.
func distinct(list []prop) []prop {
	seen := map[prop]bool{}
	return slices.DeleteFunc(list, func(p prop) bool {
		was := seen[p]
		seen[p] = true
		return was
	})
}
