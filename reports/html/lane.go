package html

import (
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// The heights within a lane, downwards, in units of the drawing: the credential that is
// tried all along in the middle, its unused twin above it, the untouched user's below.
const (
	laneUnits  = 24
	axisOfLane = laneUnits / 2
	aboveAxis  = -7
	belowAxis  = 7
)

// drawLane draws a watch into the lane with the number i, from 0 on.
func (p plot) drawLane(k *ink, i int, w watch) {
	y := i*laneUnits + axisOfLane
	if len(w.all) == 0 {
		k.line("ink-void", eventEdge, rightEdge, y)
		return
	}
	drawn := w.all[0]
	polled := triesOf(drawn.Tries, reports.WhoPolled)
	p.drawBars(k, y, polled, drawn.WantAllowed)
	p.drawMarks(k, y, polled)
	p.drawTurns(k, y, polled, drawn.WantAllowed)
	p.drawMarks(k, y+aboveAxis, triesOf(drawn.Tries, reports.WhoSilent))
	p.drawControl(k, y+belowAxis, triesOf(drawn.Tries, reports.WhoControl))
	for _, other := range w.all[1:] {
		p.drawOther(k, y, triesOf(other.Tries, reports.WhoPolled))
	}
}

// decided leaves out what says nothing of access after the event.
func (p plot) decided(tries []reports.Try) []reports.Try {
	return slices.DeleteFunc(slices.Clone(tries), func(t reports.Try) bool {
		_, clocked := p.axes[t.Phase]
		return !clocked || t.Result != reports.TryAllowed && t.Result != reports.TryDenied
	})
}

// drawBars draws what is known of the time between the tries.
func (p plot) drawBars(k *ink, y int, tries []reports.Try, wantAllowed bool) {
	decided := p.decided(tries)
	for i := 1; i < len(decided); i++ {
		p.drawBetween(k, y, decided[i-1], decided[i], wantAllowed)
	}
}

// drawBetween draws what lies between two tries: access, none, or somewhere its end.
func (p plot) drawBetween(k *ink, y int, a, b reports.Try, wantAllowed bool) {
	from, to := p.x(a), p.x(b)
	if a.Phase != b.Phase {
		// Each phase has its own clock; what is known begins with the new one.
		from = int(p.axes[b.Phase].from)
	}
	over := func(from, to int) {
		k.line("ink-over", from, to, y)
		k.line("ink-stripe", from, to, y)
	}
	switch {
	case a.Result != b.Result:
		k.line("ink-unsure", from, to, y)
	case a.Result == reports.TryDenied:
		k.line("ink-shut", from, to, y)
	case wantAllowed && b.Phase == reports.PhaseReturned:
		k.line("ink-grace", from, to, y)
	case b.Phase == reports.PhaseReturned || a.AtMs >= p.limit:
		over(from, to)
	case b.AtMs <= p.limit:
		k.line("ink-grace", from, to, y)
	default:
		at := p.axes[a.Phase].at(p.limit)
		k.line("ink-grace", from, at, y)
		over(at, to)
	}
}

// drawMarks sets a mark for each try.
func (p plot) drawMarks(k *ink, y int, tries []reports.Try) {
	for _, t := range tries {
		switch x := p.x(t); t.Result {
		case reports.TryAllowed:
			k.dot("ink-allowed", x, y)
		case reports.TryDenied:
			k.upright("ink-denied", x, y, 8)
		default:
			k.dot("ink-unclear", x, y)
		}
	}
}

// drawTurns puts weight on the moments that count: the last time access was allowed,
// the first of the denials that lasted, each return to allowed, and an end without end.
func (p plot) drawTurns(k *ink, y int, tries []reports.Try, wantAllowed bool) {
	decided := p.decided(tries)
	for i, t := range decided {
		x := p.x(t)
		again := i > 0 && t.Result == reports.TryAllowed && decided[i-1].Result == reports.TryDenied
		if t.Flapped() || again && !wanted(t, wantAllowed) {
			k.draw("ink-flap", "M%d %dl6-5 6 5", x-6, y-6)
		}
	}
	for _, phase := range phases {
		turns := turnsOf(tries, phase)
		a, ok := p.axes[phase]
		if !ok || wantAllowed && phase == reports.PhaseReturned {
			continue
		}
		if turns.allowed > 0 {
			k.dot("ink-last", a.at(turns.lastAllowed), y)
		}
		if turns.firstDenied >= 0 {
			k.upright("ink-first", a.at(turns.firstDenied), y, 16)
		}
	}
	if n := len(decided); n > 0 && decided[n-1].Result == reports.TryAllowed && !wanted(decided[n-1], wantAllowed) {
		k.draw("ink-open", "M%d %dh12m-5-4l5 4-5 4", p.x(decided[n-1])+4, y)
	}
}

// wanted reports whether a try was to be allowed: a person who has returned signs in.
func wanted(t reports.Try, wantAllowed bool) bool {
	return wantAllowed && t.Phase == reports.PhaseReturned
}

// drawControl draws the untouched user as a hairline, with a mark only where they were
// not let in: a denial beside it proves nothing.
func (p plot) drawControl(k *ink, y int, tries []reports.Try) {
	for _, phase := range phases {
		from, to := width, 0
		for _, t := range tries {
			if t.Phase != phase {
				continue
			}
			x := p.x(t)
			from, to = min(from, x), max(to, x)
			if t.Result != reports.TryAllowed {
				k.dot("ink-out", x, y)
			}
		}
		if from <= to {
			k.line("ink-control", from, to, y)
		}
	}
}

// drawOther hints at another leaver: where access was last allowed, and where it was
// first refused for good.
func (p plot) drawOther(k *ink, y int, tries []reports.Try) {
	for _, phase := range phases {
		a, ok := p.axes[phase]
		if !ok {
			continue
		}
		turns := turnsOf(tries, phase)
		if turns.allowed > 0 {
			k.dot("ink-other", a.at(turns.lastAllowed), y+aboveAxis/2-1)
		}
		if turns.firstDenied >= 0 {
			k.upright("ink-other", a.at(turns.firstDenied), y+aboveAxis/2-1, 6)
		}
	}
}
