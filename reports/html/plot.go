package html

import (
	"fmt"
	"math"
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// plot places moments on the width of a timeline: a narrow strip for the tries
// before the event, then a stretch for each acknowledged write with its own clock.
type plot struct {
	axes  map[reports.Phase]axis
	event reports.EventKind
	limit int64 // revokeWithin in ms
}

// axis maps the milliseconds of one phase to percent by the cube root: the first
// second has room, and the minutes past the limit are still seen to be long.
type axis struct {
	from, to float64
	end      int64
}

func (a axis) at(ms int64) float64 {
	share := float64(min(max(0, ms), a.end)) / float64(a.end)
	return a.from + (a.to-a.from)*math.Cbrt(share)
}

// The edges of the drawing, in percent.
const (
	eventEdge = 11.0
	rightEdge = 97.0
	middle    = 50.0
	returning = 57.0
)

func newPlot(tries []reports.Try, event reports.EventKind, limit int64) plot {
	end := map[reports.Phase]int64{}
	returned := false
	for _, t := range tries {
		end[t.Phase] = max(end[t.Phase], t.AtMs, 1_000)
		returned = returned || t.Phase == reports.PhaseReturned
	}
	p := plot{event: event, limit: limit, axes: map[reports.Phase]axis{
		reports.PhaseLeft: {eventEdge, rightEdge, max(end[reports.PhaseLeft], 1_000)},
	}}
	if returned {
		p.axes[reports.PhaseLeft] = axis{eventEdge, middle, max(end[reports.PhaseLeft], 1_000)}
		p.axes[reports.PhaseReturned] = axis{returning, rightEdge, end[reports.PhaseReturned]}
	}
	return p
}

func (p plot) x(t reports.Try) float64 {
	if a, ok := p.axes[t.Phase]; ok {
		return a.at(t.AtMs)
	}
	return eventEdge / 2
}

func (p plot) stretches() []stretch {
	var list []stretch
	for _, phase := range []reports.Phase{reports.PhaseLeft, reports.PhaseReturned} {
		a, ok := p.axes[phase]
		if !ok {
			continue
		}
		s := stretch{From: percent(a.from), To: percent(a.to), Title: phaseWords(phase, p.event), Ticks: a.ticks()}
		if phase == reports.PhaseLeft && p.limit > 0 && p.limit <= a.end {
			s.Limit, s.LimitTitle = percent(a.at(p.limit)), "limit "+span(p.limit)
		}
		list = append(list, s)
	}
	return list
}

// ticks marks round times, as many as leave room for their names.
func (a axis) ticks() []tick {
	const room = 8.5 // percent between two names
	round := []int64{1_000, 10_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000, 7 * 24 * 3_600_000, 30 * 24 * 3_600_000}
	var ticks []tick
	last := math.Inf(1)
	for _, ms := range slices.Backward(round) {
		if x := a.at(ms); ms <= a.end && last-x >= room {
			ticks = append(ticks, tick{percent(x), span(ms)})
			last = x
		}
	}
	slices.Reverse(ticks)
	return ticks
}

// lane draws one credential's tries, which are in the order of time.
func (p plot) lane(who reports.Who, tries []reports.Try, wantAllowed bool) lane {
	l := lane{Who: string(who), Title: whose(who)}
	var decided []reports.Try
	for _, t := range tries {
		l.Points = append(l.Points, point{
			X: percent(p.x(t)), Mark: resultFace(t.Result).Glyph,
			Title: fmt.Sprintf("%s, %s: %s (%s)", phaseWords(t.Phase, p.event), span(t.AtMs), t.Result, t.Reason),
		})
		if t.Result != reports.TryInconclusive && t.Phase != reports.PhaseBefore {
			decided = append(decided, t)
		}
	}
	// A twin that was tried once says nothing about the time before.
	if who != reports.WhoSilent {
		for i := 1; i < len(decided); i++ {
			l.Bars = append(l.Bars, p.between(who, decided[i-1], decided[i], wantAllowed)...)
		}
	}
	if n := len(decided); n > 0 && decided[n-1].Result == reports.TryAllowed && who != reports.WhoControl {
		l.Open = percent(p.x(decided[n-1]))
	}
	return l
}

// between says what lies between two tries: access, none, or somewhere its end.
func (p plot) between(who reports.Who, a, b reports.Try, wantAllowed bool) []bar {
	from, to := p.x(a), p.x(b)
	if a.Phase != b.Phase {
		// Each phase has its own clock; what is known begins with the new one.
		from = p.axes[b.Phase].from
	}
	switch {
	case a.Result != b.Result:
		return []bar{{percent(from), percent(to), "unsure"}}
	case a.Result == reports.TryDenied:
		return []bar{{percent(from), percent(to), "shut"}}
	case who == reports.WhoControl || wantAllowed && b.Phase == reports.PhaseReturned:
		return []bar{{percent(from), percent(to), "fine"}}
	case b.Phase == reports.PhaseReturned || a.AtMs >= p.limit:
		return []bar{{percent(from), percent(to), "over"}}
	case b.AtMs <= p.limit:
		return []bar{{percent(from), percent(to), "grace"}}
	}
	at := p.axes[a.Phase].at(p.limit)
	return []bar{{percent(from), percent(at), "grace"}, {percent(at), percent(to), "over"}}
}

func percent(x float64) string { return fmt.Sprintf("%.2f%%", x) }
