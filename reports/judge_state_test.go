package reports

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestStateIsHeldAgainstAccess(t *testing.T) {
	at := func(ms int64, s UserState) StateRead {
		return StateRead{Phase: PhaseLeft, AtMs: ms, State: s, Exchange: "x-" + string(s)}
	}
	step := func(status int) []EventStep {
		return []EventStep{{Phase: PhaseLeft, Status: status, Exchange: "x-write"}}
	}
	tries := func(results ...Result) []Try {
		var list []Try
		for i, r := range results {
			ms := int64(i) * 1_000
			list = append(list, Try{Phase: PhaseLeft, Who: WhoPolled, AtMs: ms, Result: r}, Try{Phase: PhaseLeft, Who: WhoControl, AtMs: ms, Result: TryAllowed})
		}
		return list
	}
	const yes, no, unclear = TryAllowed, TryDenied, TryInconclusive
	ended := tries(no, no, no, no, no)
	for name, c := range map[string]struct {
		steps  []EventStep
		states []StateRead
		tries  []Try
		lag    int64
		want   Outcome
	}{
		"shown at once":                    {step(200), []StateRead{at(0, StateInactive), at(4_000, StateInactive)}, ended, 0, OutcomeConformant},
		"shown late, within the limit":     {step(200), []StateRead{at(0, StateActive), at(1_999, StateActive), at(4_000, StateInactive)}, ended, 0, OutcomeConformant},
		"never shown":                      {step(200), []StateRead{at(0, StateActive), at(2_000, StateActive)}, ended, 0, OutcomeNonconformant},
		"shown, and then no longer":        {step(200), []StateRead{at(0, StateInactive), at(2_500, StateActive)}, ended, 0, OutcomeNonconformant},
		"flapped after the limit":          {step(200), []StateRead{at(0, StateInactive), at(2_500, StateActive), at(4_000, StateInactive)}, ended, 0, OutcomeNonconformant},
		"flapped within the limit":         {step(200), []StateRead{at(0, StateInactive), at(1_500, StateActive), at(4_000, StateInactive)}, ended, 0, OutcomeConformant},
		"within the declared lag":          {step(200), []StateRead{at(0, StateInactive), at(2_500, StateActive), at(4_000, StateInactive)}, ended, 3_000, OutcomeConformant},
		"beyond the declared lag":          {step(200), []StateRead{at(0, StateInactive), at(3_000, StateActive)}, ended, 3_000, OutcomeNonconformant},
		"a membership that is still there": {step(200), []StateRead{at(2_000, StateHeld)}, ended, 0, OutcomeNonconformant},
		"a membership that is gone":        {step(200), []StateRead{at(0, StateTaken), at(2_000, StateTaken)}, ended, 0, OutcomeConformant},
		"gone":                             {step(204), []StateRead{at(0, StateAbsent)}, ended, 0, OutcomeConformant},
		"as open as it is shown":           {step(200), []StateRead{at(3_000, StateActive)}, tries(yes, yes, yes, yes), 0, OutcomeConformant},
		"inactive and yet open":            {step(200), []StateRead{at(3_000, StateInactive)}, tries(yes, yes, yes, yes), 0, OutcomeConformant},
		"no try decided":                   {step(200), []StateRead{at(3_000, StateActive)}, tries(unclear), 0, OutcomeOperational},
		"no read decided":                  {step(200), []StateRead{at(3_000, StateUnknown)}, ended, 0, OutcomeOperational},
		"read for too short a time":        {step(200), []StateRead{at(1_000, StateActive)}, ended, 0, OutcomeOperational},
		"refused":                          {step(403), nil, nil, 0, OutcomeNotApplicable},
		"not acknowledged":                 {step(503), nil, nil, 0, OutcomeOperational},
		"not fired":                        {nil, nil, nil, 0, OutcomeOperational},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := judgedFor(Record{
				Target: Target{RevokeWithinMs: 2_000, GiveUpAfterMs: 4_000, ReadLagMs: c.lag},
				Specs: []Spec{
					{ID: "survival.state.deactivate", Event: EventDeactivate, State: SpecRan},
					{ID: "survival.deactivate.web-session", Event: EventDeactivate, Credential: "web-session", State: SpecRan},
				},
				Events: []Event{{ID: "e", Kind: EventDeactivate, Steps: c.steps, States: c.states}},
				Observations: []Observation{
					{ID: "o1", Check: "survival.state.deactivate", State: &State{Event: "e"}},
					{ID: "o2", Check: "survival.deactivate.web-session", Access: &Access{Event: "e", Kind: "web-session", DenialsNeeded: 5, Complete: true, Tries: c.tries}},
				},
			})
			g.Expect(r.Checks[0].Outcome).To(Equal(c.want), r.Checks[0].Because)
			for _, gap := range r.Gaps {
				if c.want != OutcomeNonconformant {
					g.Expect(gap.Checks).NotTo(ContainElement("survival.state.deactivate"))
					continue
				}
				g.Expect(gap.Outcome).To(Equal(OutcomeNonconformant))
				g.Expect(gap.Severity).To(Equal(SeverityLow))
				g.Expect(gap.Evidence).To(ContainElement("x-write"))
			}
			if c.want == OutcomeNonconformant {
				g.Expect(r.Gaps).To(HaveLen(1))
			}
		})
	}
}

// All forms of an event share a cause, and so a gap.
func TestStatesOfAllFormsAreOneGap(t *testing.T) {
	g := NewWithT(t)
	rec := Record{Target: Target{RevokeWithinMs: 1}}
	for _, shape := range []string{"put", "bulk"} {
		check := "survival.state.deactivate." + shape
		rec.Specs = append(rec.Specs, Spec{ID: check, Event: EventDeactivate, Shape: shape, State: SpecRan})
		rec.Events = append(rec.Events, Event{
			ID: shape, Kind: EventDeactivate, Shape: shape, Steps: []EventStep{{Status: 200}},
			States: []StateRead{{Phase: PhaseLeft, AtMs: 5, State: StateActive}},
		})
		rec.Observations = append(rec.Observations, Observation{Check: check, State: &State{Event: shape}}, Observation{Access: &Access{
			Event: shape, Tries: []Try{{Phase: PhaseLeft, Who: WhoPolled, Result: TryDenied}, {Phase: PhaseLeft, Who: WhoControl, Result: TryAllowed}},
		}})
	}
	var checks [][]string
	for _, gap := range judgedFor(rec).Gaps {
		if gap.Outcome == OutcomeNonconformant {
			checks = append(checks, gap.Checks)
		}
	}
	g.Expect(checks).To(Equal([][]string{{"survival.state.deactivate.bulk", "survival.state.deactivate.put"}}))
}
