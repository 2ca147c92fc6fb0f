package reports

import "fmt"

// lookAtEffect judges a write by its two halves. A 2xx proves nothing: only the
// read-back shows the effect (RFC 7644 §3.5, §3.6).
func (j *judge) lookAtEffect(f *finding, e Effect) {
	f.acknowledged = e.Status >= 200 && e.Status < 300
	f.refused = EventStep{Status: e.Status}.Refused()
	// A check on the return may meet a leaving that failed: the write counts.
	f.event, f.shape = EventKind(e.Action), e.Shape
	half := fmt.Sprintf("the target answered %d, and a read shows %s (wanted: %s)", e.Status, e.Seen, e.Wanted)
	f.because = sentence(half)
	switch {
	// Whether a routine write is taken is not the point: a refused one lets nobody in.
	case f.event == EventSync && e.Achieved && !f.acknowledged:
		f.outcome = OutcomeConformant
	case f.event == EventSync && !e.Achieved:
		f.outcome = OutcomeRevived
	case e.Moot != "":
		f.outcome, f.because = OutcomeRecorded, sentence(e.Moot)
	case e.Achieved && e.Partial != "":
		// What is amiss beside it is the matter of a check of its own.
		f.outcome, f.because = OutcomeRecorded, sentence(half+"; "+e.Partial)
	case f.acknowledged && e.Achieved:
		f.outcome = OutcomeConformant
		if e.LagMs > 0 {
			f.because = sentence(half + "; the read-back showed it after " + seconds(e.LagMs))
		}
	case f.acknowledged:
		f.outcome = OutcomeIgnored
	case f.refused && e.Optional && e.Achieved == e.Unchanged: // and so nothing was changed
		f.outcome = OutcomeConformant
		f.because = sentence(half + "; no identity provider that was chosen sends this form, and refusing it openly misleads nobody")
	case f.refused && !e.Achieved && !e.Unchanged:
		f.outcome = OutcomeRefused
	default:
		// Refused and yet done or undone, or an answer that is neither.
		f.outcome = OutcomeNonconformant
	}
}
