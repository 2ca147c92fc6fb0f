package html

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

// hatched are the outcomes of cells about which nothing was learnt.
var hatched = []reports.Outcome{reports.OutcomeNoEvidence, reports.OutcomeOperational, reports.OutcomeNotSelected}

// outcomesOfCells is a report whose one way in comes to each outcome, in one event each.
func outcomesOfCells(kind string, list []reports.Outcome) *reports.Report {
	row := reports.MatrixRow{Credential: kind}
	for _, o := range list {
		row.Cells = append(row.Cells, reports.Cell{Event: reports.EventKind("event of " + o), Outcome: o, Why: "Because of " + string(o) + "."})
	}
	return &reports.Report{Matrix: []reports.MatrixRow{row}}
}

func TestCellsWithoutEvidenceAreHatchedNamedAndExplained(t *testing.T) {
	var all []reports.Outcome
	for _, o := range outcomes {
		all = append(all, o.outcome)
	}
	m := newMatrix(outcomesOfCells("web-session", all), newAnchors())
	explained := map[string]bool{}
	for _, f := range m.Legend {
		explained[f.Word] = true
	}
	for i, c := range m.Rows[0].Cells {
		o := all[i]
		g := NewWithT(t)
		g.Expect(c.Word).NotTo(BeEmpty())
		g.Expect(explained).To(HaveKey(c.Word), "the legend does not explain %s", c.Word)
		isHatched := false
		for _, h := range hatched {
			isHatched = isHatched || h == o
		}
		g.Expect(c.Tone == "blank").To(Equal(isHatched), string(o)) //nolint:ginkgolinter // isHatched is the expectation
		if withoutAnswer(o) {
			g.Expect(m.Notes[c.Note-1].Text).To(Equal("Because of " + string(o) + "."))
		}
	}
}

func TestCellWithoutACheckIsHatchedAndExplained(t *testing.T) {
	g := NewWithT(t)
	r := outcomesOfCells("web-session", []reports.Outcome{reports.OutcomeConformant})
	r.Matrix = append(r.Matrix, outcomesOfCells("ssh-key", []reports.Outcome{reports.OutcomeSurvived}).Matrix...)
	m := newMatrix(r, newAnchors())
	g.Expect(m.Rows[0].Cells[1].face).To(Equal(untried))
	g.Expect(untried.Tone).To(Equal("blank"))
	g.Expect(m.Legend).To(ContainElement(untried))
}

func TestWhoSaysThatACellDoesNotApply(t *testing.T) {
	said := []reports.NotApplicable{{Kind: "group-access", AssertedBy: "Ada Okafor", Reason: "There are no groups."}}
	for name, c := range map[string]struct {
		kind     string
		others   []reports.Outcome // of the row, beside the cell that does not apply
		event    reports.EventKind
		asserted bool // the whole row is the person's word
		label    string
	}{
		"a whole row":            {kind: "group-access", event: reports.EventDelete, asserted: true},
		"a cell of a grid":       {kind: "group-access", event: reports.EventRemoveMember, label: "says Ada Okafor"},
		"a cell among others":    {kind: "group-access", others: []reports.Outcome{reports.OutcomeConformant}, event: reports.EventDelete, label: "says Ada Okafor"},
		"what nobody has said":   {kind: "web-session", event: reports.EventDelete},
		"an event of two halves": {kind: "web-session", others: []reports.Outcome{reports.OutcomeConformant}, event: reports.EventRecreate},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := outcomesOfCells(c.kind, c.others)
			r.Target.NotApplicable = said
			r.Matrix[0].Cells = append([]reports.Cell{{Event: c.event, Outcome: reports.OutcomeNotApplicable, Why: "Why not."}}, r.Matrix[0].Cells...)
			m := newMatrix(r, newAnchors())
			if c.asserted {
				g.Expect(m.Rows[0].Asserted).To(Equal(&said[0]))
				g.Expect(m.Legend).To(ContainElement(outcomeFace(reports.OutcomeNotApplicable)))
				return
			}
			var cells []cell
			if len(m.Grids) > 0 {
				cells = m.Grids[0].Rows[0].Cells
			} else {
				for _, one := range m.Rows[0].Cells {
					if one.Word == "not applicable" {
						cells = append(cells, one)
					}
				}
			}
			g.Expect(cells).To(HaveLen(1))
			g.Expect(cells[0].Label).To(Equal(c.label))
			g.Expect(m.Notes[cells[0].Note-1].Text).To(Equal("Why not."))
		})
	}
}

// One reason for a whole way in is one note, and not one for each cell.
func TestNotesOfOneReasonAreOne(t *testing.T) {
	g := NewWithT(t)
	r := outcomesOfCells("web-session", []reports.Outcome{reports.OutcomeOperational, reports.OutcomeNoEvidence, reports.OutcomeConformant})
	r.Matrix[0].Cells[0].Why, r.Matrix[0].Cells[1].Why = "An outage.", "An outage."
	m := newMatrix(r, newAnchors())
	g.Expect(m.Notes).To(HaveLen(1))
	g.Expect(m.Notes[0].Title).To(Equal("Web session"))
	g.Expect(m.Rows[0].Cells[0].NoteAnchor).To(Equal(m.Rows[0].Cells[1].NoteAnchor))
}

func TestWhoSaysThatAnActCannotBeDone(t *testing.T) {
	r := &reports.Report{Target: reports.Target{NotApplicable: []reports.NotApplicable{{Act: "invitation", AssertedBy: "Ada Okafor"}}}}
	for at, want := range map[column]string{
		{reports.EventOutOfBand, "invitation"}: "says Ada Okafor",
		{reports.EventOutOfBand, "re-enable"}:  "",
		{reports.EventSync, "invitation"}:      "",
		{reports.EventDelete, ""}:              "",
	} {
		NewWithT(t).Expect(assertedBy(r, "web-session", at)).To(Equal(want))
	}
}

func TestWhatCameOfAStep(t *testing.T) {
	sent := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	for want, s := range map[string]reports.EventStep{
		"answered 200 after 148 ms":         {Status: 200, Sent: sent, Answered: sent.Add(148 * time.Millisecond)},
		"answered 204 after less than 1 ms": {Status: 204, Sent: sent, Answered: sent.Add(time.Microsecond)},
		"answered 403":                      {Status: 403},
		"no answer":                         {Sent: sent},
		"done after 2 s":                    {Act: &reports.Act{Done: true}, Sent: sent, Answered: sent.Add(2 * time.Second)},
		"refused":                           {Act: &reports.Act{Refused: true}},
	} {
		NewWithT(t).Expect(answered(s)).To(Equal(want))
	}
}
