package reports

import (
	"fmt"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// withGrave is fine with a gap: a deletion that is answered with success and not carried out.
func withGrave() Record {
	rec := fine()
	rec.Observations = append(rec.Observations, effect("o2", "b", "delete", "", 204, false))
	rec.Specs = append(rec.Specs, Spec{ID: "b", State: SpecRan, Event: EventDelete})
	return rec
}

// withMild is fine with a mild gap: somebody who returns is refused openly.
func withMild() Record {
	rec := fine()
	rec.Observations = append(rec.Observations, effect("o2", "b", "recreate", "", 409, false))
	rec.Specs = append(rec.Specs, Spec{ID: "b", State: SpecRan, Event: EventRecreate})
	return rec
}

// An owner may say that a gap is worse, and never that it is milder.
func TestASeverityIsRaisedAndNeverLowered(t *testing.T) {
	gap := Judge(withMild()).Gaps[0]
	NewWithT(t).Expect(gap.Severity).To(Equal(SeverityLow))
	for to, want := range map[Severity]Severity{SeverityHigh: SeverityHigh, SeverityLow: SeverityLow, SeverityInfo: SeverityLow} {
		t.Run(string(to), func(t *testing.T) {
			g := NewWithT(t)
			policy := DefaultPolicy()
			policy.Raise = []Raise{{Gap: gap.ID, Severity: to, By: "Ada", Reason: "the helpdesk is small"}, {Gap: "gap-of-another", Severity: SeverityCritical}}
			raised := JudgeOn(withMild(), Basis{Policy: &policy}).Gaps[0]
			g.Expect(raised.Severity).To(Equal(want))
			if want == SeverityHigh {
				g.Expect(raised.SeverityWhy[3:]).To(Equal([]string{"Raised from low by Ada: The helpdesk is small."}))
			} else {
				g.Expect(raised.SeverityWhy).To(Equal(gap.SeverityWhy))
			}
		})
	}
}

// A gap is as old as the first run that saw it, and its time runs from then on.
func TestAGapKeepsItsFirstDay(t *testing.T) {
	g := NewWithT(t)
	first := Judge(withGrave())
	gap := first.Gaps[0]
	g.Expect(gap.FirstSeen).To(Equal(first.Run.Started))
	g.Expect(gap.State).To(Equal(StateOpen))
	g.Expect(gap.Severity).To(Equal(SeverityCritical))
	g.Expect(gap.Deadline).To(Equal(Day("2026-11-09")), "seven days for a critical one")
	g.Expect(gap.Escalation).To(Equal([]Escalation{{"2026-11-09", RoleApplicationOwner}, {"2026-11-23", RoleExceptionApprover}}))

	again := withGrave()
	again.Run.ID, again.Run.Started, again.Run.Finished = "later", again.Run.Started.AddDate(0, 1, 0), again.Run.Finished.AddDate(0, 1, 0)
	later := JudgeOn(again, Basis{Previous: first})
	g.Expect(later.Gaps[0].FirstSeen).To(Equal(gap.FirstSeen))
	g.Expect(later.Gaps[0].Deadline).To(Equal(gap.Deadline))
	g.Expect(later.History).To(HaveLen(1))
	g.Expect(later.History[0].Verdict).To(Equal(VerdictFail))
}

// What comes back after somebody certified that it is closed is graver by a step.
func TestAGapThatComesBackIsGraver(t *testing.T) {
	g := NewWithT(t)
	gap := Judge(withMild()).Gaps[0]
	before := Judge(fine())
	before.Run.ID, before.Run.Started = "before", before.Run.Started.AddDate(0, 0, -1)
	before.Closures = []Closure{{Gap: gap.ID, Certifier: Party{Name: "Mei"}, On: time.Date(2026, time.October, 1, 9, 0, 0, 0, time.UTC)}}
	back := JudgeOn(withMild(), Basis{Previous: before}).Gaps[0]
	g.Expect(back.State).To(Equal(StateRegressed))
	g.Expect(back.StateWhy).To(Equal("It was certified as closed by Mei on 2026-10-01."))
	g.Expect(back.Severity).To(Equal(SeverityMedium))
	g.Expect(back.SeverityWhy[3:]).To(Equal([]string{"Regressed: it was closed before (+1 step)"}))
}

// A word that it is fixed stays a word, from report to report.
func TestAClaimStaysAClaim(t *testing.T) {
	g := NewWithT(t)
	before := Judge(withMild())
	before.Run.ID, before.Run.Started = "before", before.Run.Started.AddDate(0, 0, -1)
	before.Gaps[0].State, before.Gaps[0].StateWhy = StateClaimedFixed, "The vendor says so."
	r := JudgeOn(withMild(), Basis{Previous: before})
	g.Expect(r.Gaps[0].State).To(Equal(StateClaimedFixed))
	g.Expect(r.Gaps[0].StateWhy).To(Equal("The vendor says so."))
	g.Expect(r.Verdict.Word).To(Equal(VerdictFail), "it is open")
}

func TestAReportRemembersTheLastRuns(t *testing.T) {
	g := NewWithT(t)
	before := Judge(fine())
	before.Run.ID, before.Run.Started = "before", before.Run.Started.AddDate(0, 0, -1)
	for i := range 30 {
		before.History = append(before.History, PastRun{Run: fmt.Sprint(i), Verdict: VerdictPass})
	}
	r := JudgeOn(fine(), Basis{Previous: before})
	g.Expect(r.History).To(HaveLen(20))
	g.Expect(r.History[0].Run).To(Equal("before"))
	g.Expect(r.History[19].Run).To(Equal("18"))
}

// The moment of judging is given, or the end of the run; no clock is read.
func TestTheMomentOfJudging(t *testing.T) {
	g := NewWithT(t)
	g.Expect(Judge(fine()).Judged).To(Equal(fine().Run.Finished))
	at := time.Date(2027, time.January, 1, 1, 0, 0, 0, time.FixedZone("CET", 3600))
	g.Expect(JudgeOn(fine(), Basis{Now: at}).Judged).To(Equal(at.UTC()))
}

func TestDays(t *testing.T) {
	g := NewWithT(t)
	day, err := ParseDay("2027-01-31")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(day.After(1)).To(Equal(Day("2027-02-01")))
	g.Expect(day.After(-31)).To(Equal(Day("2026-12-31")))
	g.Expect(Day("2027-03-01").Since(day)).To(Equal(29))
	g.Expect(day.Since("2027-03-01")).To(Equal(-29))
	g.Expect(DayOf(time.Date(2027, time.January, 1, 0, 30, 0, 0, time.FixedZone("CET", 3600)))).To(Equal(Day("2026-12-31")), "days are UTC's")
	g.Expect(Day("").Time().IsZero()).To(BeTrue())
	for _, wrong := range []string{"2027-02-30", "31.1.2027", "2027-1-31", "soon"} {
		_, err := ParseDay(wrong)
		g.Expect(err).To(MatchError(ContainSubstring("2027-01-22")), wrong)
	}
}
