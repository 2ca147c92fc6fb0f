package reports

import (
	"testing"

	. "github.com/onsi/gomega"
)

// playedFor judges one event that was played for several leavers, one letter pair
// for each mark of each of them.
func playedFor(leavers ...[]string) *Report {
	path := AccessPath{Name: "web session", Kind: "web-session"}
	rec := Record{
		Target: Target{Name: "App", ID: "app", RevokeWithinMs: 2000, GiveUpAfterMs: 8000, AccessPaths: []AccessPath{path}},
		Specs:  []Spec{{ID: "c", State: SpecRan, Event: EventDeactivate, Shape: "put", Credential: path.Kind}},
	}
	for i, letters := range leavers {
		id := string(rune('a' + i))
		rec.Events = append(rec.Events, Event{
			ID: id, Kind: EventDeactivate, Shape: "put", Subject: i + 1, Steps: []EventStep{acknowledged(PhaseLeft)},
			States: []StateRead{{Phase: PhaseLeft, State: StateInactive}},
		})
		rec.Observations = append(rec.Observations, Observation{ID: id, Check: "c", Access: &Access{
			Event: id, Subject: i + 1, Path: path.Name, Kind: path.Kind, DenialsNeeded: 5, Complete: true,
			Tries: tries(PhaseLeft, marks, letters...),
		}})
	}
	return judgedFor(rec)
}

var (
	outAtOnce = []string{"DA", "DA", "DA", "DA", "DA"}
	outSoon   = []string{"AA", "AA", "DA", "DA", "DA", "DA", "DA"}
	stays     = []string{"AA", "AA", "AA", "AA", "AA", "AA", "AA"}
)

func TestTheCellShowsTheLeaverWhoKeptAccessLongest(t *testing.T) {
	for name, leavers := range map[string][][]string{
		"last":  {outAtOnce, outAtOnce, outSoon},
		"first": {outSoon, outAtOnce, outAtOnce},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			cell := playedFor(leavers...).Matrix[0].Cells[0]
			g.Expect(cell.Outcome).To(Equal(OutcomeConformant))
			g.Expect(cell.LastAllowedMs).To(Equal(int64(250)))
			g.Expect(cell.FirstDeniedMs).To(Equal(int64(500)))
		})
	}
}

func TestOneLeaverOfSeveralWhoStaysIsAGapThatNamesThem(t *testing.T) {
	g := NewWithT(t)
	r := playedFor(outAtOnce, stays, outAtOnce)
	g.Expect(r.Matrix[0].Cells[0].Outcome).To(Equal(OutcomeSurvived))
	g.Expect(r.Gaps).To(HaveLen(1))
	g.Expect(r.Gaps[0].Parts).To(HaveLen(2))
	g.Expect(r.Gaps[0].Parts[0]).To(ContainSubstring("(leaver 2)"))
	g.Expect(playedFor(stays).Gaps[0].Parts[0]).NotTo(ContainSubstring("leaver"))
}

func TestAGapSaysForHowManyLeaversItWasSeen(t *testing.T) {
	outage := []string{"II", "II", "II"}
	for name, c := range map[string]struct {
		leavers  [][]string
		want     Reproduced
		sentence string
		severity Severity // of a session, high, that was to end by a write which was acknowledged
	}{
		"one of three":         {[][]string{outAtOnce, stays, outAtOnce}, Reproduced{1, 3, "intermittent"}, "1 of the 3", SeverityHigh},
		"two of three":         {[][]string{stays, stays, outAtOnce}, Reproduced{2, 3, "systemic"}, "2 of the 3", SeverityCritical},
		"all three":            {[][]string{stays, stays, stays}, Reproduced{3, 3, "systemic"}, "at least 37 % of leavers", SeverityCritical},
		"an outage beside two": {[][]string{stays, outage, outAtOnce}, Reproduced{1, 2, "intermittent"}, "1 of the 2", SeverityHigh},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			gaps := playedFor(c.leavers...).Gaps
			g.Expect(gaps).To(HaveLen(1))
			g.Expect(gaps[0].Reproduced).To(HaveValue(Equal(c.want)))
			g.Expect(gaps[0].Parts).To(ContainElement(ContainSubstring(c.sentence)))
			g.Expect(gaps[0].Occurrence).To(Equal(c.want.Class))
			g.Expect(gaps[0].Severity).To(Equal(c.severity), "%s", gaps[0].SeverityWhy)
		})
	}
	g := NewWithT(t)
	once := playedFor(stays).Gaps[0]
	g.Expect(once.Reproduced).To(BeNil())
	g.Expect(once.Occurrence).To(Equal(OccurrenceOneOff))
	g.Expect(once.Severity).To(Equal(SeverityCritical), "it may be so for everybody")
}
