package reports

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// The tests below write a watch as a row of tries: A allowed, D denied, I
// inconclusive; the control user's result follows each, as a second letter.
func tries(phase Phase, at []int64, results ...string) []Try {
	word := map[byte]Result{'A': TryAllowed, 'D': TryDenied, 'I': TryInconclusive}
	var out []Try
	for i, pair := range results {
		out = append(out,
			Try{Phase: phase, Who: WhoPolled, AtMs: at[i], Result: word[pair[0]]},
			Try{Phase: phase, Who: WhoControl, AtMs: at[i], Result: word[pair[1]]})
	}
	return out
}

func silentTwin(phase Phase, at int64, result Result) Try {
	return Try{Phase: phase, Who: WhoSilent, AtMs: at, Result: result}
}

var marks = []int64{0, 250, 500, 1000, 2000, 4000, 8000}

func acknowledged(phase Phase) EventStep {
	now := time.Unix(0, 0).UTC()
	return EventStep{Phase: phase, Sent: now, Answered: now, Status: 204, Exchange: "x1"}
}

// judged runs one access observation through the judge. revokeWithin is 2 s.
func judged(t *testing.T, event Event, a Access, path AccessPath) (Check, []Gap) {
	t.Helper()
	a.Event, a.Path, a.Kind = event.ID, path.Name, path.Kind
	if a.DenialsNeeded == 0 {
		a.DenialsNeeded = 5
	}
	r := judgedFor(Record{
		Target: Target{Name: "App", ID: "app", RevokeWithinMs: 2000, GiveUpAfterMs: 8000, AccessPaths: []AccessPath{path}},
		Specs:  []Spec{{ID: "c", State: SpecRan, Event: event.Kind, Shape: event.Shape, Credential: path.Kind}},
		Events: []Event{event},
		Observations: []Observation{
			{ID: "o1", Check: "c", Access: &a},
		},
	})
	return r.Checks[0], r.Gaps
}

func TestAccessAfterLeaving(t *testing.T) {
	session := AccessPath{Name: "web session", Kind: "web-session"}
	left := func(state UserState, steps ...EventStep) Event {
		return Event{ID: "e", Kind: EventDeactivate, Shape: "put", Steps: steps, States: []StateRead{{Phase: PhaseLeft, State: state}}}
	}
	deactivated := left(StateInactive, acknowledged(PhaseLeft))
	for name, c := range map[string]struct {
		event   Event
		access  Access
		outcome Outcome
		gap     bool
	}{
		"refused at once, five times, the control user let in": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "DA", "DA", "DA", "DA", "DA")}, OutcomeConformant, false,
		},
		"let in for less than revokeWithin": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "AA", "DA", "DA", "DA", "DA", "DA")}, OutcomeConformant, false,
		},
		"let in after revokeWithin, then refused": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, []int64{0, 2000, 2250, 2500, 3000, 4000, 6000}, "AA", "AA", "DA", "DA", "DA", "DA", "DA")}, OutcomeDelayed, true,
		},
		"let in to the end": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "AA", "AA", "AA", "AA", "AA", "AA")}, OutcomeSurvived, true,
		},
		"refused early, let in again: a cache that flaps": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "DA", "DA", "DA", "DA", "DA", "DA", "AA")}, OutcomeSurvived, true,
		},
		"the polled one refused, its silent twin let in": {
			deactivated, Access{Complete: true, Tries: append(tries(PhaseLeft, marks, "DA", "DA", "DA", "DA", "DA"), silentTwin(PhaseLeft, 4000, TryAllowed))}, OutcomeSurvived, true,
		},
		"the polled one let in, its silent twin refused": {
			deactivated, Access{Complete: true, Tries: append(tries(PhaseLeft, marks, "AA", "AA", "AA", "AA", "AA", "AA", "AA"), silentTwin(PhaseLeft, 8000, TryDenied))}, OutcomeSurvived, true,
		},
		"SCIM itself shows the user as before": {
			left(StateActive, acknowledged(PhaseLeft)), Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "AA", "AA", "AA", "AA", "AA", "AA")}, OutcomeIgnored, true,
		},
		"too few denials": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "DA", "DA")}, OutcomeNoEvidence, true,
		},
		"everybody refused: an outage": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "DD", "DD", "DD", "DD", "DD")}, OutcomeOperational, false,
		},
		"the control user lost half-way": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "DA", "DA", "DD", "DD", "DD")}, OutcomeOperational, false,
		},
		"no try decided anything": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "II", "IA", "IA")}, OutcomeOperational, false,
		},
		"errors between denials do not count": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "DA", "IA", "DA", "II", "DA", "DA", "DA")}, OutcomeConformant, false,
		},
		"the tries after the first ones were lost": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "AA", "IA", "II", "IA")}, OutcomeOperational, false,
		},
		"let in at first, then everybody refused: an outage": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "AA", "DD", "DD", "DD")}, OutcomeOperational, false,
		},
		"let in for too long, whatever was lost after that": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "AA", "AA", "AA", "AA", "IA", "IA")}, OutcomeSurvived, true,
		},
		"the denials could not be confirmed": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "DA", "DA", "IA", "II", "IA")}, OutcomeOperational, false,
		},
		"errors in the middle, and a watch that ends too early": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "IA", "AA")}, OutcomeNoEvidence, true,
		},
		"the watch was cut short while nothing was decided": {
			deactivated, Access{Tries: tries(PhaseLeft, marks, "AA", "IA")}, OutcomeNoEvidence, true,
		},
		"the watch was cut short": {
			deactivated, Access{Tries: tries(PhaseLeft, marks, "AA", "AA")}, OutcomeNoEvidence, true,
		},
		"the watch was shorter than revokeWithin": {
			deactivated, Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "AA", "AA", "AA")}, OutcomeNoEvidence, true,
		},
		"the event was refused": {
			left(StateActive, EventStep{Phase: PhaseLeft, Status: 400}), Access{}, OutcomeRefused, true,
		},
		"the event was not answered": {
			left(StateUnknown, EventStep{Phase: PhaseLeft, Error: "no answer"}), Access{}, OutcomeOperational, false,
		},
		"the event met a 503": {
			left(StateUnknown, EventStep{Phase: PhaseLeft, Status: 503}), Access{}, OutcomeOperational, false,
		},
		"nothing was tried": {deactivated, Access{Complete: true}, OutcomeOperational, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			check, gaps := judged(t, c.event, c.access, session)
			g.Expect(check.Outcome).To(Equal(c.outcome), check.Because)
			if c.gap {
				g.Expect(gaps).To(HaveLen(1))
				g.Expect(gaps[0].Checks).To(ConsistOf("c"))
				g.Expect(gaps[0].Evidence).NotTo(BeNil())
			} else {
				g.Expect(gaps).To(BeEmpty())
			}
		})
	}
}

func TestWhoseItIsThatGoesOn(t *testing.T) {
	job := AccessPath{Name: "job", Kind: "scheduled-job"}
	byDesign := AccessPath{Name: "job", Kind: "scheduled-job", MayBeHandedOver: true}
	event := Event{ID: "e", Kind: EventDeactivate, Shape: "put", Steps: []EventStep{acknowledged(PhaseLeft)}, States: []StateRead{{Phase: PhaseLeft, State: StateInactive}}}
	for name, c := range map[string]struct {
		path    AccessPath
		owner   *Owner
		outcome Outcome
		because string
	}{
		"nobody was asked":                {job, nil, OutcomeSurvived, "acknowledged the event."},
		"still the leaver's":              {byDesign, &Owner{Is: OwnerLeaver, Name: "ada"}, OutcomeSurvived, "It still belongs to the leaver."},
		"nobody's":                        {byDesign, &Owner{Is: OwnerNobody}, OutcomeSurvived, "It is orphaned: nobody answers for it."},
		"another's, by design":            {byDesign, &Owner{Is: OwnerAnother, Name: "bob"}, OutcomeConformant, "bob answers for it now, as the profile declares."},
		"another's, with the same secret": {job, &Owner{Is: OwnerAnother, Name: "bob"}, OutcomeSurvived, "It was handed over to bob, and the leaver's secret was not revoked."},
		"the question was not answered":   {byDesign, &Owner{Is: OwnerUnknown, Why: "GET / answered 503"}, OutcomeSurvived, "could not be seen: GET / answered 503."},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			alive := tries(PhaseLeft, marks, "AA", "AA", "AA", "AA", "AA", "AA", "AA")
			check, gaps := judged(t, event, Access{Complete: true, Tries: alive, Owner: c.owner}, c.path)
			g.Expect(check.Outcome).To(Equal(c.outcome))
			g.Expect(check.Because).To(HaveSuffix(c.because))
			g.Expect(gaps).To(HaveLen(map[bool]int{true: 0, false: 1}[c.outcome == OutcomeConformant]))
		})
	}
}

func TestAccessAfterTheReturn(t *testing.T) {
	token := AccessPath{Name: "token", Kind: "personal-token"}
	declared := AccessPath{Name: "token", Kind: "personal-token", RestoredOnReactivation: true}
	password := AccessPath{Name: "password", Kind: "local-password"}
	event := func(kind EventKind, steps ...EventStep) Event { return Event{ID: "e", Kind: kind, Steps: steps} }
	both := []EventStep{acknowledged(PhaseLeft), acknowledged(PhaseReturned)}
	pastSCIM := func(act string, shown UserState, what Act) Event {
		step := EventStep{Phase: PhaseReturned, Act: &what}
		return Event{
			ID: "e", Kind: EventOutOfBand, Shape: act, Steps: []EventStep{acknowledged(PhaseLeft), step},
			States: []StateRead{{Phase: PhaseLeft, State: StateInactive}, {Phase: PhaseReturned, State: shown}},
		}
	}
	gone := tries(PhaseLeft, marks, "DA", "DA", "DA", "DA", "DA")
	watched := func(returned ...string) []Try {
		return append(append([]Try{}, gone...), tries(PhaseReturned, marks, returned...)...)
	}
	for name, c := range map[string]struct {
		event    Event
		access   Access
		path     AccessPath
		outcome  Outcome
		severity Severity
		belongs  EventKind
	}{
		"dead before and after a new account of the name": {
			event(EventRecreate, both...), Access{Complete: true, Tries: watched("DA", "DA", "DA", "DA", "DA")}, token, OutcomeConformant, "", "",
		},
		"alive in the new account": {
			event(EventRecreate, both...), Access{Complete: true, Tries: watched("AA", "AA", "AA")}, token, OutcomeRevived, SeverityCritical, EventRecreate,
		},
		"never dead: belongs to the deletion": {
			event(EventRecreate, both...), Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "AA", "AA", "AA", "AA", "AA", "AA")}, token, OutcomeSurvived, SeverityCritical, EventDelete,
		},
		"the new account refused": {
			event(EventRecreate, acknowledged(PhaseLeft), EventStep{Phase: PhaseReturned, Status: 409}), Access{Complete: true, Tries: gone}, token, OutcomeRefused, SeverityLow, EventRecreate,
		},
		"back with the reactivated account": {
			event(EventReactivate, both...), Access{Complete: true, Tries: watched("AA")}, token, OutcomeSuspended, SeverityInfo, EventReactivate,
		},
		"back, as the profile declares": {
			event(EventReactivate, both...), Access{Complete: true, Tries: watched("AA")}, declared, OutcomeConformant, "", "",
		},
		"the silent twin is back": {
			event(EventReactivate, both...), Access{Complete: true, Tries: append(watched("DA", "DA", "DA", "DA", "DA"), silentTwin(PhaseReturned, 4000, TryAllowed))}, token, OutcomeSuspended, SeverityInfo, EventReactivate,
		},
		"the person signs in again": {
			event(EventReactivate, both...), Access{Complete: true, WantAllowed: true, Tries: watched("DA", "AA")}, password, OutcomeConformant, "", "",
		},
		"the person stays locked out": {
			event(EventReactivate, both...), Access{Complete: true, WantAllowed: true, Tries: watched("DA", "DA", "DA")}, password, OutcomeNonconformant, SeverityMedium, EventReactivate,
		},
		"back by an administrator's hand, unseen by SCIM": {
			pastSCIM(ActReEnable, StateInactive, Act{Done: true}), Access{Complete: true, Tries: watched("AA")}, password, OutcomeRevived, SeverityCritical, EventOutOfBand,
		},
		"back by an administrator's hand, as SCIM shows": {
			pastSCIM(ActReEnable, StateActive, Act{Done: true}), Access{Complete: true, Tries: watched("AA")}, password, OutcomeConformant, "", "",
		},
		"back by signing up, as SCIM shows": {
			pastSCIM("self-registration", StateActive, Act{Done: true}), Access{Complete: true, Tries: watched("AA")}, password, OutcomeRevived, SeverityCritical, EventOutOfBand,
		},
		"signing up is refused and leads to nothing": {
			pastSCIM("self-registration", StateInactive, Act{Refused: true}), Access{Complete: true, Tries: watched("DA", "DA", "DA", "DA", "DA")}, password, OutcomeConformant, "", "",
		},
		"signing up is refused and opens the door": {
			pastSCIM("self-registration", StateInactive, Act{Refused: true}), Access{Complete: true, Tries: watched("AA")}, password, OutcomeRevived, SeverityCritical, EventOutOfBand,
		},
		"signing up met passing trouble": {
			pastSCIM("self-registration", StateInactive, Act{}), Access{Complete: true, Tries: gone}, password, OutcomeOperational, "", "",
		},
		"the return could not be judged": {
			event(EventReactivate, both...), Access{Complete: true, Tries: watched("DD", "DD")}, token, OutcomeOperational, "", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			check, gaps := judged(t, c.event, c.access, c.path)
			g.Expect(check.Outcome).To(Equal(c.outcome), check.Because)
			if c.severity == "" {
				g.Expect(gaps).To(BeEmpty())
				return
			}
			g.Expect(gaps).To(HaveLen(1))
			g.Expect(gaps[0].Severity).To(Equal(c.severity))
			g.Expect(gaps[0].SeverityWhy).To(HaveLen(3))
			g.Expect(gaps[0].Event).To(Equal(c.belongs))
		})
	}
}
