package reports

import (
	"encoding/json"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// asJSON is a report in full, to see whether it has changed.
func asJSON(t *testing.T, r *Report) string {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// For each change of gate and exceptions the report comes to what its record would come to.
func TestAReportUnderAnotherGateIsAsItsRecordIs(t *testing.T) {
	now := judgingDay.Time().Add(9 * time.Hour)
	strict, lax, raising := DefaultPolicy(), DefaultPolicy(), DefaultPolicy()
	strict.Name, strict.Exceptions.NeverWaive = "strict", []string{deafGap()}
	lax.Name, lax.FailFrom, lax.FixWithinDays, lax.Exceptions.NeverWaive = "lax", SeverityCritical, map[Severity]int{SeverityCritical: 1}, nil
	raising.Name, raising.Raise = "raising", []Raise{{Gap: judgedFor(deafAndWrong()).Gaps[1].ID, Severity: SeverityHigh, By: "Ada", Reason: "Worse here"}}
	none, one, two := (*Exceptions)(nil), &Exceptions{Digest: "d1", List: []Exception{accepted()}}, &Exceptions{Digest: "d2", List: []Exception{accepted()}}
	two.List[0].ID, two.List[0].Expires = "EXC-2", "2026-11-01"
	bases := map[string]Basis{
		"default":             {},
		"with an exception":   {Exceptions: one},
		"one that has ended":  {Exceptions: two},
		"strict":              {Policy: &strict, Exceptions: one},
		"lax":                 {Policy: &lax, Exceptions: one},
		"raising":             {Policy: &raising, Exceptions: &Exceptions{Digest: "d3"}},
		"raising, an excuse":  {Policy: &raising, Exceptions: one},
		"later, it has ended": {Now: now.AddDate(0, 1, 0), Exceptions: one},
	}
	for from, before := range bases {
		for to, after := range bases {
			if after.Exceptions == none || before.Policy == &raising && after.Policy != &raising {
				continue // what the report has goes on: see the tests below
			}
			t.Run(from+" to "+to, func(t *testing.T) {
				g := NewWithT(t)
				for _, b := range []*Basis{&before, &after} {
					if b.Now.IsZero() {
						b.Now = now
					}
					if b.Policy == nil {
						p := DefaultPolicy()
						b.Policy = &p
					}
				}
				r := JudgeOn(deafAndWrong(), before)
				was := asJSON(t, r)
				g.Expect(asJSON(t, Regate(r, after))).To(MatchJSON(asJSON(t, JudgeOn(deafAndWrong(), after))))
				g.Expect(asJSON(t, r)).To(Equal(was), "the report itself stays as it is")
			})
		}
	}
}

func TestWithoutAGateOrExceptionsThoseOfTheReportGoOn(t *testing.T) {
	g := NewWithT(t)
	r := judgeWith(onlyDeaf(), nil, accepted())
	g.Expect(asJSON(t, Regate(r, Basis{}))).To(MatchJSON(asJSON(t, r)))
	later := Regate(r, Basis{Now: judgingDay.Time().AddDate(0, 1, 0)})
	g.Expect(later.Verdict.Word).To(Equal(VerdictFail), "the exception has ended since")
	g.Expect(later.Judged).To(Equal(judgingDay.Time().AddDate(0, 1, 0)))
}

func TestAnotherFileOfExceptionsLeavesWhatWasKnownOfAGap(t *testing.T) {
	g := NewWithT(t)
	empty := &Exceptions{Digest: "d2"}
	ended := accepted()
	ended.Expires = "2026-11-22"

	previous := judgedFor(onlyDeaf())
	previous.Closures = []Closure{{Gap: deafGap(), Certifier: Party{Name: "Cy"}, On: judgingDay.Time().AddDate(0, 0, -1)}}
	back := judgeWith(onlyDeaf(), previous, ended)
	bare := judgeWith(onlyDeaf(), previous)
	g.Expect(back.Gaps[0].Exception).To(Equal("EXC-17"))
	again := Regate(back, Basis{Exceptions: empty})
	g.Expect(again.Gaps).To(Equal(bare.Gaps), "it is back after it was closed, and says so as before")

	previous = judgedFor(onlyDeaf())
	previous.Gaps[0].State, previous.Gaps[0].StateWhy = StateClaimedFixed, "Acme says so (TICKET-1)."
	claimed := judgeWith(onlyDeaf(), previous, accepted())
	g.Expect(claimed.Gaps[0].State).To(Equal(StateExcepted))
	g.Expect(Regate(claimed, Basis{Exceptions: empty}).Gaps[0].State).To(Equal(StateClaimedFixed))
	g.Expect(Regate(claimed, Basis{Exceptions: empty}).Gaps[0].StateWhy).To(Equal("Acme says so (TICKET-1)."))
}

func TestAnExceptionThatTheReportDoesNotListCoversNothing(t *testing.T) {
	g := NewWithT(t)
	r := judgeWith(onlyDeaf(), nil, accepted())
	r.Exceptions = []ExceptionUse{}
	g.Expect(Regate(r, Basis{}).Verdict.Word).To(Equal(VerdictFail))
	g.Expect(Regate(r, Basis{Exceptions: &Exceptions{}}).Gaps[0].State).To(Equal(StateOpen))
}

func TestAStrangerAmongTheExceptionsIsAnError(t *testing.T) {
	g := NewWithT(t)
	stranger := accepted()
	stranger.Gap = "gap-000000000000"
	r := Regate(judgedFor(onlyDeaf()), Basis{Exceptions: &Exceptions{List: []Exception{stranger}}})
	g.Expect(r.Verdict.Word).To(Equal(VerdictError))
	g.Expect(r.Verdict.Reason).To(ContainSubstring("gap-000000000000"))
}
