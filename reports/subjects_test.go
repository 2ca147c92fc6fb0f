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
	return Judge(rec)
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
	g.Expect(r.Gaps[0].Parts).To(HaveLen(1))
	g.Expect(r.Gaps[0].Parts[0]).To(ContainSubstring("(leaver 2)"))
	g.Expect(playedFor(stays).Gaps[0].Parts[0]).NotTo(ContainSubstring("leaver"))
}
