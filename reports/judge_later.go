package reports

import (
	"fmt"
	"slices"
	"strings"
)

// laterTries are the tries of one later mark.
type laterTries []Try

// apart splits the tries of the watch itself from those of each later mark.
func apart(a Access) (watched Access, later []laterTries) {
	watched = a
	watched.Tries = nil
	var marks []int64
	of := map[int64]laterTries{}
	for _, t := range a.Tries {
		if t.MarkMs == 0 {
			watched.Tries = append(watched.Tries, t)
			continue
		}
		if !slices.Contains(marks, t.MarkMs) {
			marks = append(marks, t.MarkMs)
		}
		of[t.MarkMs] = append(of[t.MarkMs], t)
	}
	slices.Sort(marks)
	for _, m := range marks {
		later = append(later, of[m])
	}
	return watched, later
}

// lookAtLater goes on with a finding of the watch: what each later mark adds to it. A mark
// that decides nothing changes nothing, neither to the good nor to the bad.
func (j *judge) lookAtLater(f *finding, a Access, later []laterTries, event Event) {
	var still []string
	var unclear string
	for _, tries := range later {
		s := survey(tries, PhaseLeft)
		switch {
		case tries.unclear(a.DenialsNeeded):
			unclear += unclearLater(s, tries)
		case s.endsAllowed:
			still = nil
			j.openLater(f, a, event, s)
		default:
			if said := j.shutLater(f, s); !said {
				still = append(still, seconds(s.firstDenied))
			}
		}
	}
	if len(still) > 0 {
		f.because += " Refused at " + strings.Join(still, ", ") + ", too."
	}
	f.because += unclear
}

// unclear reports that a mark decided nothing.
func (tries laterTries) unclear(need int) bool {
	s := survey(tries, PhaseLeft)
	return !s.endsAllowed && (s.denials == 0 || s.denials < need)
}

// unclearSentence says of how many credentials nothing could be learnt at which later mark;
// empty for none.
func unclearSentence(r *Report) string {
	if r.LongWatch == nil {
		return ""
	}
	var words []string
	for _, m := range r.LongWatch.Marks {
		unclear, all := 0, 0
		for _, o := range r.Observations {
			if o.Access == nil {
				continue
			}
			_, later := apart(*o.Access)
			for _, tries := range later {
				if tries[0].MarkMs != m.AfterMs {
					continue
				}
				all++
				if tries.unclear(o.Access.DenialsNeeded) {
					unclear++
				}
			}
		}
		if unclear > 0 {
			words = append(words, fmt.Sprintf("at %s of %d of %s", seconds(m.AfterMs), unclear, plural(all, "kept credential")))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return "At later marks nothing could be said, as the control user was refused as well or the target was in trouble: " + strings.Join(words, ", ") + "."
}

// openLater takes it that a later mark was let in.
func (j *judge) openLater(f *finding, a Access, event Event, s stretch) {
	f.later, f.acknowledged = true, event.Steps[0].Acknowledged()
	at := seconds(s.lastAllowed)
	switch f.outcome {
	case OutcomeConformant, OutcomeDelayed:
		if id := firstRefusal(a); id != "" && !slices.Contains(f.evidence, id) {
			f.evidence = append(f.evidence, id)
		}
		f.because = fmt.Sprintf("Refused from %s after the event on, and let in again %s after it, without a second event.", seconds(f.window.firstDenied), at)
		f.outcome, f.window = OutcomeRevived, s.window
	case OutcomeRevived:
		f.window = s.window
		f.because += fmt.Sprintf(" Let in at %s, too.", at)
	default:
		a.Complete = true // a mark is only taken as a whole
		f.window, f.event = s.window, leavingKind(event.Kind)
		j.stillAllowed(f, a, event, s)
	}
}

// shutLater takes it that a later mark was refused for good, and reports whether the
// finding says so now.
func (j *judge) shutLater(f *finding, s stretch) (said bool) {
	switch f.outcome {
	case OutcomeSurvived, OutcomeIgnored:
		f.later = true
		s.lastAllowed = f.window.lastAllowed
		f.window = s.window
		j.ended(f, s)
		return true
	case OutcomeRevived:
		f.because += fmt.Sprintf(" Refused again at %s.", seconds(s.firstDenied))
		return true
	}
	return false
}

// unclearLater says why a mark decided nothing.
func unclearLater(s stretch, tries laterTries) string {
	at := seconds(max(0, tries[0].AtMs))
	if s.uncounted > 0 {
		return fmt.Sprintf(" At %s nothing can be said: the control user was refused as well, as by a session that has grown old.", at)
	}
	return fmt.Sprintf(" At %s no tries decided anything.", at)
}

// firstRefusal is the exchange of the first denial of the watch; empty for none.
func firstRefusal(a Access) string {
	for _, t := range a.Tries {
		if t.Who != WhoControl && t.Phase == PhaseLeft && t.Result == TryDenied {
			return t.Exchange
		}
	}
	return ""
}
