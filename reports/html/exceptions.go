package html

import (
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// exception is one with what became of it.
type exception struct {
	reports.ExceptionUse
	Anchor    string
	Face      face
	About     link
	Severity  face
	Until     deadline
	Signers   []signer
	StandIns  []standIn
	PlannedBy string
}

// signer is an approver with the day of the approval.
type signer struct{ Role, By, On, Reference string }

// standIn is a compensating control with what the check of it came to.
type standIn struct {
	Description, Kind string
	Check             link
	Outcome           face // without a word where no check is named
}

// exceptionOrder is how much of a reader's time an exception wants, the most first.
var exceptionOrder = []string{"expired", "exceeded", "invalid", "expiring", "active", "no longer needed"}

// newExceptions lays the exceptions out, those first that cover nothing.
func newExceptions(r *reports.Report, refs *anchors) []exception {
	judged := reports.DayOf(r.Judged)
	list := make([]exception, 0, len(r.Exceptions))
	for _, u := range r.Exceptions {
		e := exception{
			ExceptionUse: u, Anchor: refs.add(toException, u.ID), Face: exceptionFace(u), Severity: severityFace(u.ApprovedSeverity),
			About: gapLink(r, u.Gap, refs), Until: newDeadline(u.Expires, judged), PlannedBy: dayWords(u.Remediation.By),
		}
		for _, a := range u.Approvals {
			e.Signers = append(e.Signers, signer{capital(a.Role), a.By, dayWords(a.On), a.Reference})
		}
		for _, c := range u.Compensating {
			e.StandIns = append(e.StandIns, newStandIn(r, c, refs))
		}
		list = append(list, e)
	}
	slices.SortStableFunc(list, func(a, b exception) int {
		return slices.Index(exceptionOrder, a.Face.Word) - slices.Index(exceptionOrder, b.Face.Word)
	})
	return list
}

func newStandIn(r *reports.Report, c reports.CompensatingControl, refs *anchors) standIn {
	s := standIn{Description: c.Description, Kind: c.Kind}
	if c.VerifiedBy == "" {
		return s
	}
	s.Check, s.Outcome = link{c.VerifiedBy, refs.find(toCheck, c.VerifiedBy)}, face{Word: "did not run", Glyph: "question", Tone: "warn"}
	for _, check := range r.Checks {
		if check.ID == c.VerifiedBy {
			s.Outcome = outcomeFace(check.Outcome)
		}
	}
	return s
}

// gapLink leads to a gap by its title. Of a gap that is not in the report the comparison may
// know the title; otherwise its id has to do.
func gapLink(r *reports.Report, id string, refs *anchors) link {
	for _, g := range r.Gaps {
		if g.ID == id {
			return link{g.Title, refs.find(toGap, id)}
		}
	}
	if r.Comparison != nil {
		for _, g := range r.Comparison.Gaps {
			if g.Gap == id && g.Title != "" {
				return link{Text: g.Title + " (" + id + ")"}
			}
		}
	}
	return link{Text: id}
}
