package reports

import "fmt"

// State is what SCIM said all through the watch of an event: its States.
type State struct {
	Event string `json:"event"` // Event.ID
	// Subject is Event.Subject.
	Subject int `json:"subject"`
}

// stateGap stands for the check in the key of a gap between what SCIM shows and what is:
// all forms of an event have one cause.
const stateGap = "survival.state"

// reads are what SCIM said of a change after it was acknowledged.
type reads struct {
	known int        // reads that said anything
	last  *StateRead // of those; nil for none
	late  *StateRead // the last one that denies the change when it must be shown
	shown *StateRead // the first one that shows it
}

// readsOf sorts the reads of an event. A change must be shown once the longer of
// revokeWithin and the declared lag of reads has passed.
func (j *judge) readsOf(event Event) reads {
	var r reads
	due := max(j.rec.Target.RevokeWithinMs, j.rec.Target.ReadLagMs)
	for i := range event.States {
		s := &event.States[i]
		if s.Phase != PhaseLeft || s.State == StateUnknown {
			continue
		}
		r.known++
		r.last = s
		switch {
		case !unchanged(s.State) && r.shown == nil:
			r.shown = s
		case unchanged(s.State) && s.AtMs >= due:
			r.late = s
		}
	}
	return r
}

// unchanged tells the states in which SCIM shows what the event should have changed.
func unchanged(s UserState) bool { return s == StateActive || s == StateHeld }

// lookAtState holds what SCIM shows after an event against what became of access. Access
// that lasts is the matter of other checks: as long as SCIM shows it too, it says what is.
func (j *judge) lookAtState(f *finding, s State) {
	event, ok := j.carriedOut(f, s.Event, "there is no change to show")
	if !ok {
		return
	}
	r := j.readsOf(event)
	ended, open := j.accessOf(event)
	switch {
	case r.known == 0:
		f.outcome, f.because = OutcomeOperational, "No read said anything of the change."
	case r.late == nil && unchanged(r.last.State):
		f.outcome = OutcomeOperational
		f.because = fmt.Sprintf("The reads ended %s after the event, when SCIM need not show it yet.", seconds(r.last.AtMs))
	case r.late == nil:
		f.outcome = OutcomeConformant
		f.because = fmt.Sprintf("SCIM shows it from %s after the event on (%s).", seconds(r.shown.AtMs), plural(r.known, "read"))
	case open:
		f.outcome = OutcomeConformant
		f.because = fmt.Sprintf("SCIM still shows it as before %s after the event, and so it is: access lasts too.", seconds(r.late.AtMs))
	case ended == never:
		f.outcome, f.because = OutcomeOperational, "No way in decided what SCIM should show."
	default:
		f.outcome, f.because = OutcomeNonconformant, contradiction(r)
	}
	for _, id := range []string{event.Steps[0].Exchange, exchangeOf(r.shown), exchangeOf(r.late)} {
		if id != "" {
			f.evidence = append(f.evidence, id)
		}
	}
}

// carriedOut finds an event that was acknowledged. Of one that was not it says why it
// decides nothing; refused is what that means for the finding.
func (j *judge) carriedOut(f *finding, id, refused string) (Event, bool) {
	event, known := j.events[id]
	if !known || len(event.Steps) == 0 {
		f.outcome, f.because = OutcomeOperational, "The event was not fired."
		return event, false
	}
	leaving := event.Steps[0]
	f.acknowledged, f.refused = leaving.Acknowledged(), leaving.Refused()
	switch {
	case leaving.Refused():
		f.outcome = OutcomeNotApplicable
		f.because = fmt.Sprintf("The target refused the event with %d: %s.", leaving.Status, refused)
	case !leaving.Acknowledged():
		f.outcome, f.because = OutcomeOperational, sentence("the event was not acknowledged: "+leaving.Error)
	}
	return event, leaving.Acknowledged()
}

// contradiction says how what SCIM shows differs from what is.
func contradiction(r reads) string {
	what := fmt.Sprintf("Access has ended, and SCIM shows %s %s after the event", stateWord(r.late.State), seconds(r.late.AtMs))
	if r.shown != nil && r.shown.AtMs < r.late.AtMs {
		return fmt.Sprintf("%s, having shown the change at %s.", what, seconds(r.shown.AtMs))
	}
	return what + ", as if nothing had happened."
}

// stateWord puts into words what SCIM shows of the user or of what was taken away.
func stateWord(s UserState) string {
	if s == StateHeld {
		return "what was taken away"
	}
	return "the user as active"
}

// accessOf tells when the last of an event's ways in was seen to end, in ms since the
// acknowledgement, never if none was, and whether any was still open at the end of its watch.
func (j *judge) accessOf(event Event) (ended int64, open bool) {
	ended = never
	for _, o := range j.rec.Observations {
		if o.Access == nil || o.Access.Event != event.ID {
			continue
		}
		watched, _ := apart(*o.Access)
		s := survey(watched.Tries, PhaseLeft)
		open = open || s.endsAllowed
		if s.denials > 0 {
			ended = max(ended, s.end())
		}
	}
	return ended, open
}

func exchangeOf(s *StateRead) string {
	if s == nil {
		return ""
	}
	return s.Exchange
}
