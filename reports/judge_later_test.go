package reports

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

const minute = 60_000

// laterMark writes the tries of a later mark as tries does.
func laterMark(mark, at int64, results ...string) []Try {
	times := make([]int64, len(results))
	for i := range times {
		times[i] = at + int64(i)*250
	}
	list := tries(PhaseLeft, times, results...)
	for i := range list {
		list[i].MarkMs = mark
	}
	return list
}

func TestLaterMarks(t *testing.T) {
	session := AccessPath{Name: "web session", Kind: "web-session"}
	declared := AccessPath{Name: "token", Kind: "access-token", DeclaredLifetimeMs: hour}
	deactivated := Event{ID: "e", Kind: EventDeactivate, Shape: "put", Steps: []EventStep{acknowledged(PhaseLeft)}, States: []StateRead{{Phase: PhaseLeft, State: StateInactive}}}
	ended := tries(PhaseLeft, marks, "DA", "DA", "DA", "DA", "DA")
	open := tries(PhaseLeft, marks, "AA", "AA", "AA", "AA", "AA", "AA", "AA")
	nothing := tries(PhaseLeft, marks, "IA", "IA", "IA", "IA")
	refused := []string{"DA", "DA", "DA", "DA", "DA"}
	day := int64(24 * hour)
	for name, c := range map[string]struct {
		watched []Try
		later   [][]Try
		path    AccessPath
		outcome Outcome
		// severity of the gap; empty for none
		severity Severity
		says     string // in because
		exposure string // in the gap's second reason
	}{
		"refused then, and refused later": {
			ended, [][]Try{laterMark(15*minute, 15*minute, refused...), laterMark(day, day, refused...)}, session, OutcomeConformant, "", "Refused at 15 min, 24 h, too.", "",
		},
		"refused then, and back a day later": {
			ended, [][]Try{laterMark(15*minute, 15*minute, refused...), laterMark(day, day+hour, "AA", "AA")}, session, OutcomeRevived, SeverityCritical, "let in again 25 h after it", "no end was seen",
		},
		"back, and gone again: still a gap": {
			ended, [][]Try{laterMark(15*minute, 15*minute, "AA"), laterMark(day, day, refused...)}, session, OutcomeRevived, SeverityCritical, "Refused again at 24 h.", "",
		},
		"open then, and open later": {
			open, [][]Try{laterMark(day, day, "AA", "AA", "AA")}, session, OutcomeSurvived, SeverityCritical, "Access still worked 24 h after", "still open 24 h after the event",
		},
		"open then, gone by the mark": {
			open, [][]Try{laterMark(15*minute, 16*minute, refused...)}, session, OutcomeDelayed, SeverityMedium, "refused from 16 min on", "up to 16 min",
		},
		"open then, gone, and back": {
			open, [][]Try{laterMark(15*minute, 15*minute, refused...), laterMark(day, day, "AA")}, session, OutcomeRevived, SeverityCritical, "let in again 24 h", "",
		},
		"a token outlives its declared lifetime": {
			open, [][]Try{laterMark(day, day, "AA")}, declared, OutcomeSurvived, SeverityHigh, "24 h", "still open 24 h after the event",
		},
		"a token within its declared lifetime": {
			open, [][]Try{laterMark(15*minute, 15*minute, "AA")}, declared, OutcomeSurvived, SeverityLow, "15 min", "until it expires",
		},
		"everybody's session has grown old: no gap": {
			ended, [][]Try{laterMark(day, day, "DD", "DD", "DD", "DD", "DD")}, session, OutcomeConformant, "", "At 24 h nothing can be said: the control user was refused as well", "",
		},
		"everybody's session has grown old: no pass": {
			open, [][]Try{laterMark(day, day, "DD", "DD", "DD", "DD", "DD")}, session, OutcomeSurvived, SeverityCritical, "nothing can be said", "no end was seen",
		},
		"too few denials at the mark": {
			open, [][]Try{laterMark(day, day, "DA", "DA", "IA", "IA")}, session, OutcomeSurvived, SeverityCritical, "no tries decided", "",
		},
		"the target was out of reach at the mark": {
			ended, [][]Try{laterMark(day, day, "II", "II")}, session, OutcomeConformant, "", "no tries decided", "",
		},
		"nothing seen in the watch, refused later: no pass": {
			nothing, [][]Try{laterMark(day, day, refused...)}, session, OutcomeOperational, "", "", "",
		},
		"nothing seen in the watch, open later": {
			nothing, [][]Try{laterMark(day, day, "AA")}, session, OutcomeSurvived, SeverityCritical, "24 h", "still open 24 h",
		},
		"the silent twin alone is back": {
			ended, [][]Try{append(laterMark(day, day, refused...), Try{Phase: PhaseLeft, Who: WhoSilent, AtMs: day + 3000, MarkMs: day, Result: TryAllowed})}, session, OutcomeRevived, SeverityCritical, "let in again 24 h", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a := Access{Complete: true, Tries: append([]Try{}, c.watched...)}
			for _, m := range c.later {
				a.Tries = append(a.Tries, m...)
			}
			check, gaps := judged(t, deactivated, a, c.path)
			g.Expect(check.Outcome).To(Equal(c.outcome), check.Because)
			g.Expect(check.Because).To(ContainSubstring(c.says))
			if c.severity == "" {
				g.Expect(gaps).To(BeEmpty())
				return
			}
			g.Expect(gaps).To(HaveLen(1))
			g.Expect(gaps[0].Severity).To(Equal(c.severity), "%v", gaps[0].SeverityWhy)
			g.Expect(gaps[0].SeverityWhy[1]).To(ContainSubstring(c.exposure))
			g.Expect(gaps[0].Event).To(Equal(EventDeactivate))
		})
	}
}

func TestPendingMarksAreSaid(t *testing.T) {
	g := NewWithT(t)
	due := time.Date(2026, time.November, 28, 15, 4, 0, 0, time.UTC)
	r := judgedFor(Record{
		Specs:        []Spec{{ID: "c", State: SpecRan}},
		Observations: []Observation{{ID: "o1", Check: "c", Fact: &Fact{Met: true, Expected: "x"}}},
		LongWatch: &LongWatch{Kept: 2, Marks: []LaterMark{
			{AfterMs: 15 * minute, State: MarkTaken}, {AfterMs: 24 * hour, State: MarkPending, Due: due},
		}},
	})
	const says = "Later marks pending: 24 h, due 28 November 2026, 15:04 UTC."
	g.Expect(r.Verdict.Word).To(Equal(VerdictPass))
	g.Expect(r.Verdict.Reason).To(ContainSubstring(says))
	g.Expect(r.Summary).To(ContainSubstring(says))
	g.Expect(r.LongWatch.Notes).NotTo(BeNil())
	g.Expect((*LongWatch)(nil).Pending()).To(BeEmpty())
}

func TestMarksThatDecidedNothingAreCounted(t *testing.T) {
	g := NewWithT(t)
	access := func(results ...string) Observation {
		return Observation{Access: &Access{DenialsNeeded: 2, Tries: append(tries(PhaseLeft, marks, "DA", "DA"), laterMark(hour, hour, results...)...)}}
	}
	r := &Report{
		LongWatch:    &LongWatch{Marks: []LaterMark{{AfterMs: hour}, {AfterMs: 24 * hour}}},
		Observations: []Observation{access("DA", "DA"), access("DD", "DD"), access("AA"), access("IA"), {Fact: &Fact{}}},
	}
	g.Expect(unclearSentence(r)).To(HaveSuffix("at 60 min of 2 of 4 kept credentials."))
	r.Observations = r.Observations[:1]
	g.Expect(unclearSentence(r)).To(BeEmpty())
	g.Expect(unclearSentence(&Report{})).To(BeEmpty())
}

func TestComingBackByItselfIsSaid(t *testing.T) {
	g := NewWithT(t)
	r := &Report{Gaps: []Gap{
		{Outcome: OutcomeRevived, Event: EventDelete, Path: "web session", Credential: "web-session"},
		{Outcome: OutcomeRevived, Event: EventRecreate, Path: "token", Credential: "personal-token"},
		{Outcome: OutcomeRevived, Event: EventOutOfBand, Path: "password", Credential: "local-password"},
		{Outcome: OutcomeRevived, Event: EventSync},
		{Outcome: OutcomeRevived, Event: EventReactivate, Path: "key", Credential: "ssh-key"},
		{Outcome: OutcomeSurvived, Event: EventDelete, Path: "link", Credential: "share-link"},
	}}
	g.Expect(backSentences(r)).To(Equal([]string{
		"While they are away, this lets them in again: a routine write to the account, password.",
		"Old credentials of a deleted user open the next account of that name: personal access token.",
		"Access that had ended was open again later, by itself: web session.",
	}))
	for _, event := range []EventKind{EventDeactivate, EventDelete} {
		k := key{class: OutcomeRevived, event: event, path: "web session"}
		g.Expect((&judge{}).title(k, nil)).To(ContainSubstring("comes back by itself"))
		g.Expect(closes(k)).To(ContainSubstring("revoke it for good"))
	}
}
