package html

import (
	"bytes"
	"fmt"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

// twoWays is a report of one event with two ways in, of which the second has a gap, and
// of what SCIM showed beside them.
func twoWays() *reports.Report {
	cell := func(o reports.Outcome, ms int64, gap string) []reports.Cell {
		return []reports.Cell{{Event: reports.EventDeactivate, Shape: "put", Outcome: o, LastAllowedMs: ms, FirstDeniedMs: -1, Gap: gap}}
	}
	return &reports.Report{
		Matrix: []reports.MatrixRow{
			{Credential: "web-session", Path: "session", Cells: cell(reports.OutcomeConformant, -1, "")},
			{Credential: "personal-token", Path: "token", Cells: cell(reports.OutcomeSurvived, 6_000, "gap-token")},
		},
		Gaps: []reports.Gap{
			{ID: "gap-token", Severity: reports.SeverityHigh, Closes: "Revoke it."},
			{ID: "gap-state", Severity: reports.SeverityLow, Closes: "Show what is."},
		},
		Events: []reports.Event{{ID: "e", Kind: reports.EventDeactivate, Shape: "put"}},
		Checks: []reports.Check{{Spec: reports.Spec{ID: "survival.state.deactivate.put"}, Gap: "gap-state"}},
	}
}

func tell(r *reports.Report) story { return newStories(r, newWatched(r), newAnchors()).Grave[0] }

func TestWorstLaneIsOnTopAndInTheHeadline(t *testing.T) {
	g := NewWithT(t)
	s := tell(twoWays())
	g.Expect(s.Board.Lanes[0].Name).To(Equal("Token"))
	g.Expect(s.Headline).To(Equal("Worst: Token, still open 6 s later. 1 of 2 ways in conform."))
	g.Expect(s.Closers).To(Equal([]closer{{Names: []link{{Text: "Token"}}, Advice: "Revoke it."}}))
}

func TestHowManyLeaversItWas(t *testing.T) {
	r := twoWays()
	r.Matrix[1].Cells[0].Seen, r.Matrix[1].Cells[0].Decided = 2, 3
	NewWithT(t).Expect(tell(r).Headline).To(HavePrefix("Worst: Token, still open 6 s later for 2 of 3 leavers."))
}

// What would close several gaps alike is said once.
func TestAdviceIsSaidOnce(t *testing.T) {
	g := NewWithT(t)
	r := twoWays()
	r.Matrix[0].Cells[0] = r.Matrix[1].Cells[0]
	r.Matrix[0].Cells[0].Gap, r.Gaps[1].Closes = "gap-state", "Revoke it."
	s := tell(r)
	g.Expect(s.Closers).To(Equal([]closer{{Names: []link{{Text: "Session"}, {Text: "Token"}}, Advice: "Revoke it."}}))
	g.Expect(s.Headline).To(HaveSuffix("None of 2 ways in conforms."))
}

func TestStoryOfWhatSCIMShows(t *testing.T) {
	g := NewWithT(t)
	r := twoWays()
	r.Matrix = r.Matrix[:1]
	g.Expect(newStories(r, newWatched(r), newAnchors()).Calm).To(HaveLen(1))
	r.Observations = []reports.Observation{{Check: "survival.state.deactivate.put", State: &reports.State{Event: "e"}}}
	s := tell(r)
	g.Expect(s.Headline).To(Equal("The way in conforms. What SCIM shows is not so."))
	g.Expect(s.Closers).To(Equal([]closer{{Names: []link{{Text: "What SCIM shows"}}, Advice: "Show what is."}}))
}

// Stories with the gravest gap come first, and of those the ones with most.
func TestGravestStoryComesFirst(t *testing.T) {
	g := NewWithT(t)
	r := twoWays()
	low := reports.Cell{Event: reports.EventDelete, Outcome: reports.OutcomeNonconformant, Gap: "gap-state"}
	r.Matrix[0].Cells = append([]reports.Cell{low}, r.Matrix[0].Cells...)
	all := newStories(r, newWatched(r), newAnchors())
	g.Expect(all.Grave).To(HaveLen(2))
	g.Expect(all.Grave[0].Title).To(HavePrefix("Deactivate"))
	g.Expect(all.Grave[1].Title).To(Equal("Delete"))
}

func TestWhenALaneEnded(t *testing.T) {
	for want, c := range map[string]reports.Cell{
		"≤ 31 ms":             {Label: "≤ 31 ms"},
		"≤ 31 ms · 3/3":       {Label: "≤ 31 ms (3 of 3)", Seen: 3, Decided: 3},
		"1/3":                 {Label: "(1 of 3)", Seen: 1, Decided: 3},
		"6 min – 8 min · 1/2": {Label: "6 min – 8 min (1 of 2)", Seen: 1, Decided: 2},
	} {
		NewWithT(t).Expect(ended(c)).To(Equal(want))
	}
}

// Hundreds of lanes are on a page: what is drawn of one must cost little.
func TestALaneCostsLittle(t *testing.T) {
	const ways, tries = 100, 12
	r := &reports.Report{Events: []reports.Event{{ID: "e", Kind: reports.EventDelete}}}
	for i := range ways {
		path := fmt.Sprintf("way %d", i)
		r.Matrix = append(r.Matrix, reports.MatrixRow{Credential: "web-session", Path: path, Cells: []reports.Cell{{Event: reports.EventDelete, Outcome: reports.OutcomeConformant}}})
		a := &reports.Access{Event: "e", Path: path}
		for k := range tries {
			for _, who := range []reports.Who{reports.WhoPolled, reports.WhoControl} {
				a.Tries = append(a.Tries, reports.Try{Phase: reports.PhaseLeft, Who: who, AtMs: 1 << k, Result: reports.TryDenied})
			}
		}
		r.Observations = append(r.Observations, reports.Observation{Access: a})
	}
	size := func() int {
		var out bytes.Buffer
		if err := Write(&out, r); err != nil {
			t.Fatal(err)
		}
		return out.Len()
	}
	full := size()
	r.Observations = nil
	NewWithT(t).Expect((full-size())/ways).To(BeNumerically("<", 700), "bytes for the drawing of a lane and its words")
}
