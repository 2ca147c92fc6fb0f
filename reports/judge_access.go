package reports

import "fmt"

// ActReEnable is the act that may let a person in again, if SCIM shows it.
const ActReEnable = "re-enable"

// never stands for a moment that was not seen.
const never = -1

// window bounds the moment at which access ended, in milliseconds since the
// acknowledgement.
type window struct{ lastAllowed, firstDenied int64 }

// end is the latest that is known of the end of access.
func (w window) end() int64 { return max(w.lastAllowed, w.firstDenied) }

// stretch is what the tries of one phase amount to.
type stretch struct {
	window
	denials     int  // in a row at the end, each beside an allowed control user
	decisive    int  // tries that were allowed or counted as denied
	endsAllowed bool // the last decisive try was allowed
	uncounted   int  // denials beside a control user who was not allowed either
	open        int  // tries of the leaver at the end that decided nothing
	silent      bool // the silent twin got in where the polled one was refused
	flapped     int  // marks at which connections disagreed
}

// survey reads the tries of one phase. A denial counts only while the control
// user is allowed at the same mark; otherwise it may be an outage.
func survey(tries []Try, phase Phase) stretch {
	s := stretch{window: window{never, never}}
	for i, t := range tries {
		if t.Phase != phase || t.Who == WhoControl {
			continue
		}
		if t.Flapped() {
			s.flapped++
		}
		switch {
		case t.Result == TryAllowed:
			s.decisive++
			s.open = 0
			s.silent = t.Who == WhoSilent && s.denials > 0
			s.endsAllowed, s.denials, s.firstDenied = true, 0, never
			s.lastAllowed = max(s.lastAllowed, t.AtMs)
		case t.Result == TryDenied && controlAllowed(tries, i):
			s.decisive++
			s.open = 0
			// The silent twin's denial does not undo what the polled one still gets.
			if t.Who == WhoSilent && s.endsAllowed {
				continue
			}
			s.endsAllowed = false
			s.denials++
			if s.firstDenied == never {
				s.firstDenied = t.AtMs
			}
		case t.Result == TryDenied:
			s.uncounted++
			s.open++
		default:
			s.open++
		}
	}
	return s
}

// controlAllowed finds the control user's try at the mark of tries[i]: the next
// one, or for the silent twin, who speaks last, the one before.
func controlAllowed(tries []Try, i int) bool {
	if tries[i].Who == WhoPolled {
		return i+1 < len(tries) && tries[i+1].Who == WhoControl && tries[i+1].Result == TryAllowed
	}
	for k := i - 1; k >= 0; k-- {
		if tries[k].Who == WhoControl {
			return tries[k].Result == TryAllowed
		}
	}
	return false
}

// lookAtAccess judges one credential through one event.
func (j *judge) lookAtAccess(f *finding, a Access) {
	f.path, f.credential = a.Path, a.Kind
	event, known := j.events[a.Event]
	if !known || len(event.Steps) == 0 {
		f.outcome, f.because = OutcomeNoEvidence, "The event was not fired."
		return
	}
	f.evidence = append(f.evidence, citations(a, event)...)
	watched, later := apart(a)
	decided := j.lookAtLeaving(f, watched, event)
	if len(later) > 0 && event.Steps[0].Acknowledged() {
		j.lookAtLater(f, watched, later, event)
	}
	if decided || len(event.Steps) == 1 {
		return
	}
	j.lookAtReturn(f, a, event)
}

// lookAtLeaving judges the phase after the deactivation or deletion. For events
// with a return it only decides when access had not ended before that.
func (j *judge) lookAtLeaving(f *finding, a Access, event Event) (decided bool) {
	leaving := event.Steps[0]
	kind := leavingKind(event.Kind)
	f.acknowledged, f.refused = leaving.Acknowledged(), leaving.Refused()
	switch {
	case leaving.Refused() && event.Optional:
		f.event, f.outcome = kind, OutcomeNotApplicable
		f.because = fmt.Sprintf("The target refuses this form openly (%d), and no identity provider that was chosen sends it.", leaving.Status)
		return true
	case leaving.Refused():
		f.event, f.outcome = kind, OutcomeRefused
		f.because = fmt.Sprintf("The target refused the event with %d, so nothing ended.", leaving.Status)
		if leaving.Act != nil {
			f.because = "The target refused it, so nothing ended: " + leaving.Error + "."
		}
		return true
	case !leaving.Acknowledged():
		f.outcome, f.because = OutcomeOperational, sentence("the event was not acknowledged: "+leaving.Error)
		return true
	}
	s := survey(a.Tries, PhaseLeft)
	f.window = s.window
	hasReturn := returns(event.Kind)
	switch {
	case s.endsAllowed && event.Kind == EventChangePassword && j.paths[a.Path].KeptOnPasswordChange:
		f.outcome, f.because = OutcomeConformant, "It outlives a new password, as the profile declares."
		return true
	case s.endsAllowed:
		f.event = kind
		j.stillAllowed(f, a, event, s)
		return true
	case s.decisive == 0 || s.denials == 0:
		f.outcome, f.because = undecided(s, a)
		return true
	case hasReturn:
		return false
	case s.denials < a.DenialsNeeded:
		f.outcome, f.because = undecided(s, a)
		return true
	}
	j.ended(f, s)
	return true
}

// stillAllowed judges access that the watch did not see end.
func (j *judge) stillAllowed(f *finding, a Access, event Event, s stretch) {
	within := j.rec.Target.RevokeWithinMs
	at := seconds(s.lastAllowed)
	switch {
	case s.lastAllowed < within && !a.Complete:
		f.outcome = OutcomeNoEvidence
		f.because = fmt.Sprintf("The watch was cut short: access still worked %s after the event.", at)
	case s.lastAllowed < within && s.open > 0:
		f.outcome = OutcomeOperational
		f.because = fmt.Sprintf("Access still worked %s after the event, and no later try decided anything: time-outs, 429 or 5xx, or the control user was refused as well.", at)
	case s.lastAllowed < within:
		f.outcome = OutcomeNoEvidence
		f.because = fmt.Sprintf("Access still worked when the watch ended %s after the event, but revokeWithin is %s: watch for longer.", at, seconds(within))
	case ignored(event):
		f.outcome = OutcomeIgnored
		f.because = fmt.Sprintf("The target acknowledged the event, still shows the user as before, and access still worked %s later.", at)
	case a.Owner != nil && a.Owner.Is == OwnerAnother && j.paths[a.Path].MayBeHandedOver:
		f.outcome = OutcomeConformant
		f.because = fmt.Sprintf("It goes on, and was handed over: %s answers for it now, as the profile declares.", a.Owner.Name)
	default:
		f.outcome = OutcomeSurvived
		f.because = fmt.Sprintf("Access still worked %s after the target acknowledged the event.", at) + belonging(a.Owner)
		if s.silent {
			f.because += " The credential that was tried all along was refused; its unused twin got in."
		}
		f.because += flapping(s)
	}
}

// belonging says who answers for what still works.
func belonging(o *Owner) string {
	if o == nil {
		return ""
	}
	switch o.Is {
	case OwnerLeaver:
		return " It still belongs to the leaver."
	case OwnerNobody:
		return " It is orphaned: nobody answers for it."
	case OwnerAnother:
		return fmt.Sprintf(" It was handed over to %s, and the leaver's secret was not revoked.", o.Name)
	}
	return " Whose it is now could not be seen: " + o.Why + "."
}

// flapping says that the target's machines were not of one mind.
func flapping(s stretch) string {
	if s.flapped == 0 {
		return ""
	}
	return fmt.Sprintf(" At %s the connections that were tried side by side disagreed: replicas or caches decide apart.", plural(s.flapped, "mark"))
}

// ended judges access that was seen to end for good.
func (j *judge) ended(f *finding, s stretch) {
	if s.lastAllowed >= j.rec.Target.RevokeWithinMs {
		f.outcome = OutcomeDelayed
		f.because = fmt.Sprintf("Access still worked %s after the event and was refused from %s on; revokeWithin is %s.",
			seconds(s.lastAllowed), seconds(s.firstDenied), seconds(j.rec.Target.RevokeWithinMs)) + flapping(s)
		return
	}
	f.outcome = OutcomeConformant
	f.because = fmt.Sprintf("Refused from %s after the event on, while the control user was let in (%d denials in a row).", seconds(s.firstDenied), s.denials)
}

// lookAtReturn judges the phase after the reactivation or re-creation.
func (j *judge) lookAtReturn(f *finding, a Access, event Event) {
	back := event.Steps[1]
	f.event = event.Kind
	f.acknowledged, f.refused = back.Acknowledged(), back.Refused()
	switch {
	// A routine write about somebody inactive may be refused: what counts is that it lets
	// nobody in.
	case back.Refused() && event.Kind != EventSync && event.Kind != EventOutOfBand:
		f.outcome = OutcomeRefused
		f.because = fmt.Sprintf("The target refused the return with %d.", back.Status)
		return
	case !back.Acknowledged() && !back.Refused():
		f.outcome, f.because = OutcomeOperational, sentence("the return was not acknowledged: "+back.Error)
		return
	}
	s := survey(a.Tries, PhaseReturned)
	switch {
	case a.WantAllowed:
		f.window = window{never, never}
		lookAtWelcome(f, event, s)
	case s.lastAllowed != never:
		f.window = s.window
		j.revived(f, a, event, s)
	case s.denials >= a.DenialsNeeded:
		f.outcome = OutcomeConformant
		f.because = fmt.Sprintf("Refused after the person left, and still refused after %s (%d denials in a row).", secondWrite(event), s.denials)
	default:
		f.outcome, f.because = undecided(s, a)
	}
}

// lookAtWelcome judges a credential that has to work again.
func lookAtWelcome(f *finding, event Event, s stretch) {
	switch {
	case s.lastAllowed != never:
		f.outcome, f.because = OutcomeConformant, "Refused while the person was away, and works again after the return."
	case s.denials > 0 && lastState(event, PhaseReturned) == StateInactive:
		f.outcome, f.because = OutcomeIgnored, "The target acknowledged the return, still shows the user as inactive, and the person cannot sign in."
	case s.denials > 0:
		f.outcome, f.because = OutcomeNonconformant, "The target acknowledged the return, but the person still cannot sign in."
	default:
		f.outcome, f.because = OutcomeOperational, "No try after the return decided anything."
	}
}

// revived judges an old credential that came back to life.
func (j *judge) revived(f *finding, a Access, event Event, s stretch) {
	at := seconds(s.lastAllowed)
	switch {
	case event.Kind == EventRecreate:
		f.outcome = OutcomeRevived
		f.because = fmt.Sprintf("The credential of the deleted account was refused, and opened the new account of the same name (seen up to %s after it was created).", at)
	case event.Kind == EventSync:
		f.outcome = OutcomeRevived
		f.because = fmt.Sprintf("Refused while inactive, and working again after a routine write that said nothing of active (seen up to %s after it).", at)
	case event.Kind == EventOutOfBand && event.Shape == ActReEnable && lastState(event, PhaseReturned) == StateActive:
		f.outcome = OutcomeConformant
		f.because = "Working again, as an administrator switched the person on; SCIM shows active: true, so that the identity source can see it and end it."
	case event.Kind == EventOutOfBand:
		f.outcome = OutcomeRevived
		f.because = fmt.Sprintf("Refused while inactive, and working again after %s (seen up to %s after it); SCIM says: %s.",
			secondWrite(event), at, lastState(event, PhaseReturned))
	case event.Kind == EventDeleteInactive:
		f.outcome = OutcomeRevived
		f.because = fmt.Sprintf("Refused while inactive, and working again once the inactive user was deleted (seen up to %s after it).", at)
	case j.paths[a.Path].RestoredOnReactivation:
		f.outcome = OutcomeConformant
		f.because = "Refused while inactive, and back with the account, as the profile declares."
	default:
		f.outcome = OutcomeSuspended
		f.because = fmt.Sprintf("Refused while inactive, and working again after the reactivation (seen up to %s after it): suspended, not revoked.", at)
	}
}

// undecided tells passing trouble from a watch that was too short.
func undecided(s stretch, a Access) (Outcome, string) {
	switch {
	case s.uncounted > 0:
		return OutcomeOperational, "The control user was refused as well, so nothing can be said: an outage, or everybody was cut off."
	case s.decisive == 0:
		return OutcomeOperational, "No try decided anything: time-outs, 429 or 5xx."
	case s.open > 0 && a.Complete:
		return OutcomeOperational, fmt.Sprintf("After %d denials in a row, of the %d that count as stable, no try decided anything: time-outs, 429 or 5xx.", s.denials, a.DenialsNeeded)
	}
	return OutcomeNoEvidence, fmt.Sprintf("Only %d of the %d denials in a row that count as stable were seen.", s.denials, a.DenialsNeeded)
}

// ignored reports whether SCIM itself still shows what was to change as if nothing had
// happened.
func ignored(event Event) bool {
	switch lastState(event, PhaseLeft) {
	case StateActive:
		return leavingKind(event.Kind) == EventDeactivate || leavingKind(event.Kind) == EventDelete
	case StateHeld:
		return true
	}
	return false
}

// returns reports whether an event has a second write.
func returns(kind EventKind) bool {
	switch kind {
	case EventRecreate, EventReactivate, EventSync, EventDeleteInactive, EventOutOfBand:
		return true
	}
	return false
}

// secondWrite names what came second in an event.
func secondWrite(event Event) string {
	switch event.Kind {
	case EventSync:
		return "the routine write"
	case EventDeleteInactive:
		return "the deletion"
	case EventOutOfBand:
		if event.Steps[1].Refused() {
			return ShapeTitle(event.Shape) + ", which was refused"
		}
		return ShapeTitle(event.Shape)
	}
	return "the return"
}

// lastState is what SCIM last said of the user in a phase.
func lastState(event Event, phase Phase) UserState {
	last := StateUnknown
	for _, s := range event.States {
		if s.Phase == phase && s.State != StateUnknown {
			last = s.State
		}
	}
	return last
}

func leavingKind(kind EventKind) EventKind {
	switch kind {
	case EventReactivate, EventSync, EventDeleteInactive, EventOutOfBand:
		return EventDeactivate
	case EventRecreate:
		return EventDelete
	}
	return kind
}

// citations picks the exchanges that prove a finding: the event, the positive
// control, the last try that got in, and the first that did not.
func citations(a Access, event Event) []string {
	var out []string
	for _, t := range a.Tries {
		if t.Phase == PhaseBefore && t.Who == WhoPolled && t.Exchange != "" {
			out = append(out, t.Exchange)
		}
	}
	for _, s := range event.Steps {
		if s.Exchange != "" {
			out = append(out, s.Exchange)
		}
	}
	var lastAllowed, firstDenied string
	for _, t := range a.Tries {
		switch {
		case t.Phase == PhaseBefore || t.Who == WhoControl:
		case t.Result == TryAllowed:
			lastAllowed, firstDenied = t.Exchange, ""
		case t.Result == TryDenied && firstDenied == "":
			firstDenied = t.Exchange
		}
	}
	for _, id := range []string{lastAllowed, firstDenied} {
		if id != "" {
			out = append(out, id)
		}
	}
	return out
}
