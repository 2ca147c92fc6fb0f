package reports

import "fmt"

// Issued is what came to the list of a leaver's credentials after the departure.
type Issued struct {
	Event string `json:"event"` // Event.ID
	// Subject is Event.Subject.
	Subject int `json:"subject"`
	// Before is how many there were just before the event.
	Before int `json:"before"`
	// New lists the ids of those that were not there then, once access was watched.
	New []string `json:"new"`
}

// issuedGap stands for the check in the key of a gap of what is issued to leavers: all
// forms of an event have one cause.
const issuedGap = "survival.issued"

// lookAtIssued judges what was issued after an event. What comes of access that lasts is
// the matter of other checks.
func (j *judge) lookAtIssued(f *finding, s Issued) {
	event, ok := j.carriedOut(f, s.Event, "nobody has left")
	if !ok {
		return
	}
	switch {
	case s.Before == 0:
		f.outcome = OutcomeNoEvidence
		f.because = "The list was empty just before the event, although credentials had been obtained: it does not show what a person holds."
	case len(s.New) == 0:
		f.outcome = OutcomeConformant
		f.because = fmt.Sprintf("Nothing came to the %s that the person held.", plural(s.Before, "credential"))
	case j.letIn(event):
		f.outcome = OutcomeConformant
		f.because = fmt.Sprintf("%s came to the list, by way of what still worked: other checks tell of that.", plural(len(s.New), "credential"))
	default:
		f.outcome = OutcomeNonconformant
		f.because = fmt.Sprintf("Issued to the person after the event, although every way in was refused: %s.", plural(len(s.New), "credential"))
	}
}

// letIn reports whether any way in let the leaver of an event in after it.
func (j *judge) letIn(event Event) bool {
	for _, o := range j.rec.Observations {
		if o.Access != nil && o.Access.Event == event.ID && survey(o.Access.Tries, PhaseLeft).lastAllowed != never {
			return true
		}
	}
	return false
}
