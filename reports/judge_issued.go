package reports

import "fmt"

// Issued is what came to the list of a leaver's credentials after the departure.
type Issued struct {
	Event string `json:"event"` // Event.ID
	// Subject is Event.Subject.
	Subject int `json:"subject"`
	// Before is how many there were just before the event.
	Before int `json:"before"`
	// New lists those that were not there then, and that one of the lists after the event had.
	New []IssuedItem `json:"new"`
}

// IssuedItem is a credential that came to the list. Times count from the acknowledgement of
// the event, and are negative before it.
type IssuedItem struct {
	ID      string `json:"id"`
	AfterMs int64  `json:"afterMs"` // a list that was asked for then did not have it
	AtMs    int64  `json:"atMs"`    // one that was asked for then did
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
	ended, open := j.accessOf(event)
	late := 0
	for _, item := range s.New {
		if item.AfterMs >= ended {
			late++
		}
	}
	switch {
	case s.Before == 0:
		f.outcome = OutcomeNoEvidence
		f.because = "The list was empty just before the event, although credentials had been obtained: it does not show what a person holds."
	case len(s.New) == 0:
		f.outcome = OutcomeConformant
		f.because = fmt.Sprintf("Nothing came to the %s that the person held.", plural(s.Before, "credential"))
	case open:
		f.outcome = OutcomeConformant
		f.because = fmt.Sprintf("New in the list: %s, by way of what still works; other checks tell of that.", plural(len(s.New), "credential"))
	case ended == never:
		f.outcome, f.because = OutcomeOperational, "No way in decided since when nothing lets the person in."
	case late == 0:
		f.outcome = OutcomeConformant
		f.because = fmt.Sprintf("New in the list: %s, from before every way in was refused (%s after the event).", plural(len(s.New), "credential"), seconds(ended))
	default:
		f.outcome = OutcomeNonconformant
		f.because = fmt.Sprintf("Issued to the person once every way in was refused (%s after the event): %s.", seconds(ended), plural(late, "credential"))
	}
}
