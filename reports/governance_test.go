package reports

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// fine is a record in which all is as it should be.
func fine() Record {
	rec := record([]Observation{effect("o1", "a", "deactivate", "put", 200, true)}, Spec{ID: "a", State: SpecRan, Event: EventDeactivate, Shape: "put"})
	rec.Target.Owners = somebody
	rec.Run.Started = time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC)
	rec.Run.Finished = rec.Run.Started.Add(time.Hour)
	return rec
}

// A gap that nobody owns, approves, investigates or certifies is a gap of its own.
func TestARoleThatNobodyHoldsIsAGap(t *testing.T) {
	for role, leave := range map[string]func(*Owners){
		RoleIdentitySource:       func(o *Owners) { o.IdentitySource = Party{} },
		RoleApplicationOwner:     func(o *Owners) { o.ApplicationOwner.Name = "  " },
		RoleExceptionApprover:    func(o *Owners) { o.ExceptionApprover = Party{} },
		RoleFailureInvestigator:  func(o *Owners) { o.FailureInvestigator = Party{} },
		RoleRemediationCertifier: func(o *Owners) { o.RemediationCertifier = Party{} },
	} {
		t.Run(role, func(t *testing.T) {
			g := NewWithT(t)
			rec := fine()
			leave(&rec.Target.Owners)
			r := Judge(rec)
			g.Expect(r.Gaps).To(HaveLen(1))
			gap := r.Gaps[0]
			g.Expect(gap.Class).To(Equal(ClassGovernance))
			g.Expect(gap.Severity).To(Equal(SeverityHigh))
			g.Expect(gap.SeverityWhy).To(HaveLen(3))
			g.Expect(gap.Title).To(Equal("Nobody is named as " + role))
			g.Expect(gap.Accountable.Name).NotTo(BeEmpty(), "somebody else answers then")
			g.Expect(gap.Controls).To(ContainElement(Control{Framework: "CSF 2.0", ID: "GV.RR-02"}))
			g.Expect(r.Verdict.Word).To(Equal(VerdictFail))
			g.Expect(Judge(rec).Gaps[0].ID).To(Equal(gap.ID), "the id is stable")
		})
	}
	NewWithT(t).Expect(Judge(fine()).Gaps).To(BeEmpty())
}

// An outage passes; one run after another that cannot decide is a matter of ownership.
func TestAPathThatIsDownAgainAndAgainIsAGap(t *testing.T) {
	const ok, down = VerdictPass, VerdictInconclusive
	for name, c := range map[string]struct {
		now     bool // this run is in an outage
		earlier []Word
		gap     string
	}{
		"an outage":                       {true, nil, ""},
		"two in a row":                    {true, []Word{down, ok}, ""},
		"three in a row":                  {true, []Word{down, down, ok}, "The last 3 runs, with this one, could not decide."},
		"four in a row":                   {true, []Word{down, down, down}, "The last 4 runs, with this one, could not decide."},
		"three of the last five":          {true, []Word{ok, down, ok, down}, "3 of the last 5 runs could not decide."},
		"two of the last five":            {true, []Word{ok, down, ok, ok}, ""},
		"three of six, two of them early": {true, []Word{ok, ok, ok, down, down}, ""},
		"well again after three":          {false, []Word{down, down, down}, ""},
		"well again, three of five":       {false, []Word{down, ok, down, down}, "3 of the last 5 runs could not decide."},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			rec := fine()
			if c.now {
				rec.Health.Outage = "the target answered nothing"
			}
			previous := Judge(fine())
			previous.Run.ID, previous.Run.Started = "before", rec.Run.Started.AddDate(0, 0, -1)
			if len(c.earlier) == 0 {
				previous = nil
			} else {
				previous.Verdict.Word = c.earlier[0]
				for _, word := range c.earlier[1:] {
					previous.History = append(previous.History, PastRun{Run: "r", Verdict: word})
				}
			}
			r := JudgeOn(rec, Basis{Previous: previous})
			if c.gap == "" {
				g.Expect(r.Gaps).To(BeEmpty())
				return
			}
			g.Expect(r.Gaps).To(HaveLen(1))
			g.Expect(r.Gaps[0].Class).To(Equal(ClassUnreliablePath))
			g.Expect(r.Gaps[0].Parts).To(Equal([]string{c.gap}))
			g.Expect(r.Gaps[0].Accountable.Role).To(Equal(RoleApplicationOwner))
		})
	}
}
