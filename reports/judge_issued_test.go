package reports

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestWhatIsIssuedAfterADeparture(t *testing.T) {
	left := []EventStep{acknowledged(PhaseLeft)}
	endsAt500 := tries(PhaseLeft, marks, "AA", "AA", "DA", "DA", "DA", "DA", "DA")
	refused := tries(PhaseLeft, marks, "DA", "DA", "DA", "DA", "DA")
	for name, c := range map[string]struct {
		steps   []EventStep
		tries   []Try
		issued  Issued
		outcome Outcome
		gap     string
	}{
		"nothing": {left, refused, Issued{Before: 3}, OutcomeConformant, ""},
		"something, once all was refused": {
			left, refused, Issued{Before: 3, New: []IssuedItem{{ID: "a", AfterMs: 250, AtMs: 500}}}, OutcomeNonconformant, "Something is issued to people who have left, after deactivation",
		},
		"something, just when all was refused for the first time": {
			left, endsAt500, Issued{Before: 3, New: []IssuedItem{{ID: "a", AfterMs: 500, AtMs: 1000}}}, OutcomeNonconformant, "Something is issued to people who have left, after deactivation",
		},
		"something, while a way in still worked": {
			left, endsAt500, Issued{Before: 3, New: []IssuedItem{{ID: "a", AfterMs: 250, AtMs: 500}}}, OutcomeConformant, "",
		},
		"something, between the list before the event and the event": {
			left, refused, Issued{Before: 3, New: []IssuedItem{{ID: "a", AfterMs: -20, AtMs: 250}}}, OutcomeConformant, "",
		},
		"something early and something late": {
			left, endsAt500, Issued{Before: 3, New: []IssuedItem{{ID: "a", AfterMs: -20, AtMs: 250}, {ID: "b", AfterMs: 2000, AtMs: 4000}}},
			OutcomeNonconformant, "Something is issued to people who have left, after deactivation",
		},
		"something, by what still works": {
			left, tries(PhaseLeft, marks, "AA", "AA", "AA", "AA", "AA", "AA", "AA"), Issued{Before: 3, New: []IssuedItem{{ID: "a", AfterMs: 4000, AtMs: 8000}}}, OutcomeConformant, "",
		},
		"something, and nobody knows since when all is refused": {
			left, tries(PhaseLeft, marks, "II", "II"), Issued{Before: 3, New: []IssuedItem{{ID: "a", AfterMs: 250, AtMs: 500}}}, OutcomeOperational, "",
		},
		"the list was empty before":  {left, refused, Issued{New: []IssuedItem{{ID: "a", AfterMs: 250, AtMs: 500}}}, OutcomeNoEvidence, "No evidence for what is issued to people who have left"},
		"the event was refused":      {[]EventStep{{Phase: PhaseLeft, Status: 400}}, nil, Issued{Before: 3}, OutcomeNotApplicable, ""},
		"the event was not answered": {[]EventStep{{Phase: PhaseLeft, Error: "no answer"}}, nil, Issued{Before: 3}, OutcomeOperational, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			c.issued.Event = "e"
			check := "survival.issued.deactivate.put"
			r := judgedFor(Record{
				Target: Target{Name: "App", ID: "app", RevokeWithinMs: 2000, GiveUpAfterMs: 8000, AccessPaths: []AccessPath{{Name: "web session", Kind: "web-session"}}},
				Specs: []Spec{
					{ID: check, State: SpecRan, Event: EventDeactivate, Shape: "put"},
					{ID: "survival.deactivate.put.web-session", State: SpecRan, Event: EventDeactivate, Shape: "put", Credential: "web-session"},
				},
				Events: []Event{{ID: "e", Kind: EventDeactivate, Shape: "put", Steps: c.steps}},
				Observations: []Observation{
					{ID: "o1", Check: check, Issued: &c.issued},
					{ID: "o2", Check: "survival.deactivate.put.web-session", Access: &Access{Event: "e", Path: "web session", Kind: "web-session", DenialsNeeded: 5, Complete: true, Tries: c.tries}},
				},
			})
			g.Expect(r.Checks[0].Outcome).To(Equal(c.outcome), r.Checks[0].Because)
			var titles []string
			for _, gap := range r.Gaps {
				if gap.Checks[0] == check {
					titles = append(titles, gap.Title)
					g.Expect(gap.Closes).NotTo(BeEmpty())
				}
			}
			if c.gap == "" {
				g.Expect(titles).To(BeEmpty())
			} else {
				g.Expect(titles).To(ConsistOf(c.gap))
			}
		})
	}
}
