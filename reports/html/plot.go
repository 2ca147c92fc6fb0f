package html

import (
	"fmt"
	"math"
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// plot places moments on the width of a board, in thousandths of it: a narrow strip
// for the tries before the event, then a stretch for each acknowledged write with its
// own clock. All lanes of a board share it.
type plot struct {
	axes  map[reports.Phase]axis
	event reports.EventKind
	limit int64 // revokeWithin in ms
}

// axis maps the milliseconds of one phase to thousandths of the width.
type axis struct {
	from, to float64
	end      int64 // of the longest watch in ms, at least 1 s
}

// firstMark is where a watch looks for the second time, in ms. Each mark after it lies
// at about the double of the one before, so that on a logarithmic axis that begins
// there they stand evenly.
const firstMark = 250

func (a axis) at(ms int64) int {
	share := math.Log1p(float64(min(max(0, ms), a.end))/firstMark) / math.Log1p(float64(a.end)/firstMark)
	return int(math.Round(a.from + (a.to-a.from)*share))
}

// The edges of the drawing, in thousandths. The room between before and eventEdge is
// that between sending the event and its acknowledgement, without a scale.
const (
	width     = 1_000
	before    = 30
	eventEdge = 95
	rightEdge = 980
	middle    = 490
	returning = 560
	answering = 22 // from sending a write to its acknowledgement
)

// phases are those that have a clock, in their order.
var phases = []reports.Phase{reports.PhaseLeft, reports.PhaseReturned}

// newPlot makes room for all tries and reads of some watches.
func newPlot(event reports.EventKind, limit int64, watches []watch, states []reports.StateRead) plot {
	end := map[reports.Phase]int64{reports.PhaseLeft: 1_000}
	reach := func(phase reports.Phase, at int64) { end[phase] = max(end[phase], at, 1_000) }
	for _, w := range watches {
		for _, a := range w.all {
			for _, t := range a.Tries {
				reach(t.Phase, t.AtMs)
			}
		}
	}
	for _, s := range states {
		reach(s.Phase, s.AtMs)
	}
	p := plot{event: event, limit: limit, axes: map[reports.Phase]axis{
		reports.PhaseLeft: {eventEdge, rightEdge, end[reports.PhaseLeft]},
	}}
	if back, ok := end[reports.PhaseReturned]; ok {
		p.axes[reports.PhaseLeft] = axis{eventEdge, middle, end[reports.PhaseLeft]}
		p.axes[reports.PhaseReturned] = axis{returning, rightEdge, back}
	}
	return p
}

func (p plot) x(t reports.Try) int {
	if a, ok := p.axes[t.Phase]; ok {
		return a.at(t.AtMs)
	}
	return before
}

// stretch is the part of a board after one acknowledged write. Places are in percent.
type stretch struct {
	Sent, From, To string
	Title          string // what was acknowledged at From
	Ticks          []tick
	// Limit is the place of revokeWithin; empty where it lies outside.
	Limit, LimitTitle string
	LimitEnd          bool // the title of the limit has no room to its right
}

type tick struct {
	X, Text string
	Last    bool // the end of the watch
}

func (p plot) stretches() []stretch {
	var list []stretch
	for _, phase := range phases {
		a, ok := p.axes[phase]
		if !ok {
			continue
		}
		s := stretch{
			Sent: percent(int(a.from) - answering), From: percent(int(a.from)), To: percent(int(a.to)),
			Title: phaseWords(phase, p.event), Ticks: a.ticks(),
		}
		if phase == reports.PhaseLeft && p.limit > 0 && p.limit <= a.end {
			s.Limit, s.LimitTitle, s.LimitEnd = percent(a.at(p.limit)), "limit "+span(p.limit), a.at(p.limit) > 850
		}
		list = append(list, s)
	}
	return list
}

// ticks marks the end of the watch and round times before it, as many as leave room
// for their names.
func (a axis) ticks() []tick {
	// Thousandths between two names on a phone. The last one ends where its tick is.
	const room, endRoom = 125, 190
	round := []int64{
		1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
		6 * 3_600_000, 24 * 3_600_000, 7 * 24 * 3_600_000, 30 * 24 * 3_600_000,
	}
	ticks := []tick{{percent(a.at(a.end)), span(a.end), true}}
	free := a.at(a.end) - endRoom
	for _, ms := range slices.Backward(round) {
		if x := a.at(ms); ms < a.end && x <= free {
			ticks = append(ticks, tick{percent(x), span(ms), false})
			free = x - room
		}
	}
	slices.Reverse(ticks)
	return ticks
}

// percent prints thousandths of the width.
func percent(x int) string { return fmt.Sprintf("%.1f%%", float64(x)/10) }

// phaseWords name the write whose acknowledgement starts the phase's clock.
func phaseWords(p reports.Phase, kind reports.EventKind) string {
	if p == reports.PhaseBefore {
		return "before"
	}
	first, second := "changed", "changed again"
	switch kind {
	case reports.EventDeactivate:
		first = "deactivated"
	case reports.EventDelete:
		first = "deleted"
	case reports.EventRecreate:
		first, second = "deleted", "created again"
	case reports.EventReactivate:
		first, second = "deactivated", "reactivated"
	case reports.EventDeleteInactive:
		first, second = "deactivated", "deleted"
	case reports.EventSync:
		first, second = "deactivated", "routine write"
	case reports.EventOutOfBand:
		first, second = "deactivated", "past SCIM"
	case reports.EventRemoveMember, reports.EventRemoveRole:
		first = "taken away"
	case reports.EventDeleteGroup:
		first = "group deleted"
	case reports.EventChangePassword:
		first = "new password"
	case reports.EventRename:
		first = "renamed"
	case reports.EventSignOut:
		first = "signed out"
	}
	if p == reports.PhaseReturned {
		return second
	}
	return first
}
