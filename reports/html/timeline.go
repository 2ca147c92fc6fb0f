package html

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// timeline is one credential watched through one event, drawn. All x positions
// are percentages of the width, so the drawing stretches and its text does not.
type timeline struct {
	Title  string
	Height int
	Phases []stretch
	Lanes  []lane
	// Text says the same in words; Tries holds every point.
	Text  []string
	Tries []tryRow
}

// Floor is the y of the axis; Foot and Caption are those of its ticks' ends and names.
func (t timeline) Floor() int   { return t.Height - axisRoom }
func (t timeline) Foot() int    { return t.Floor() + 5 }
func (t timeline) Caption() int { return t.Floor() + 19 }

// stretch is the part of the drawing after one acknowledged write.
type stretch struct {
	From, To string // edges in percent
	Title    string // what was acknowledged at its left edge
	Ticks    []tick
	// Limit is the place of revokeWithin; empty where it lies outside.
	Limit, LimitTitle string
}

type tick struct{ X, Text string }

// lane is one credential's tries.
type lane struct {
	Who, Title string
	Y          int // of its middle line
	Bars       []bar
	Points     []point
	// Open is the place of a last try that was allowed; empty otherwise.
	Open string
}

// TitleY is the y of the lane's title, above its line.
func (l lane) TitleY() int { return l.Y - 14 }

// bar is the time between two tries.
type bar struct{ X, To, Tone string }

type point struct{ X, Mark, Title string }

type tryRow struct {
	Phase, Who, At string
	Result         face
	Reason         string
	Exchange       link
}

// The measures of the drawing in pixels.
const (
	topRoom    = 22
	laneHeight = 42
	axisRoom   = 26
)

func newTimeline(r *reports.Report, a *reports.Access, refs *anchors) timeline {
	event := eventOf(r, a.Event)
	plot := newPlot(a.Tries, event.Kind, r.Target.RevokeWithinMs)
	t := timeline{Title: watchTitle(event.Kind, event.Shape, a.Path), Phases: plot.stretches()}
	for _, who := range []reports.Who{reports.WhoPolled, reports.WhoSilent, reports.WhoControl} {
		tries := triesOf(a.Tries, who)
		if len(tries) == 0 {
			continue
		}
		l := plot.lane(who, tries, a.WantAllowed)
		l.Y = topRoom + laneHeight*len(t.Lanes) + laneHeight/2 + 6
		t.Lanes = append(t.Lanes, l)
		t.Text = append(t.Text, inWords(who, tries))
	}
	t.Height = topRoom + laneHeight*len(t.Lanes) + axisRoom
	for _, try := range a.Tries {
		t.Tries = append(t.Tries, tryRow{
			Phase: clockWords(try, event.Kind), Who: shortWho(try.Who), At: span(try.AtMs), Result: resultFace(try.Result),
			Reason: try.Reason, Exchange: link{try.Exchange, refs.find(toExchange, try.Exchange)},
		})
	}
	return t
}

func eventOf(r *reports.Report, id string) reports.Event {
	for _, e := range r.Events {
		if e.ID == id {
			return e
		}
	}
	return reports.Event{ID: id}
}

// triesOf gives one credential's tries in the order of time.
func triesOf(all []reports.Try, who reports.Who) []reports.Try {
	var tries []reports.Try
	for _, t := range all {
		if t.Who == who {
			tries = append(tries, t)
		}
	}
	order := map[reports.Phase]int{reports.PhaseBefore: 0, reports.PhaseLeft: 1, reports.PhaseReturned: 2}
	slices.SortStableFunc(tries, func(a, b reports.Try) int {
		if d := order[a.Phase] - order[b.Phase]; d != 0 {
			return d
		}
		return cmp.Compare(a.AtMs, b.AtMs)
	})
	return tries
}

// inWords is the text alternative of a lane.
func inWords(who reports.Who, tries []reports.Try) string {
	words := whose(who) + ":"
	for _, phase := range []reports.Phase{reports.PhaseBefore, reports.PhaseLeft, reports.PhaseReturned} {
		count := map[reports.Result]int{}
		last := map[reports.Result]int64{}
		first := map[reports.Result]int64{}
		for _, t := range tries {
			if t.Phase != phase {
				continue
			}
			if count[t.Result] == 0 {
				first[t.Result] = t.AtMs
			}
			count[t.Result]++
			last[t.Result] = t.AtMs
		}
		words += phaseCount(phase, count, first, last)
	}
	return words[:len(words)-1] + "."
}

func phaseCount(phase reports.Phase, count map[reports.Result]int, first, last map[reports.Result]int64) string {
	prefix := map[reports.Phase]string{reports.PhaseBefore: "before the event", reports.PhaseLeft: "after it", reports.PhaseReturned: "after the return"}[phase]
	words := ""
	for _, result := range []reports.Result{reports.TryAllowed, reports.TryDenied, reports.TryInconclusive} {
		n := count[result]
		if n == 0 {
			continue
		}
		words += fmt.Sprintf(" %s %s", result, times(n))
		switch {
		case phase == reports.PhaseBefore:
		case n == 1:
			words += " at " + span(first[result])
		default:
			words += fmt.Sprintf(" from %s to %s", span(first[result]), span(last[result]))
		}
		words += ","
	}
	if words == "" {
		return ""
	}
	return " " + prefix + words[:len(words)-1] + ";"
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return number(n) + " times"
}

func shortWho(w reports.Who) string {
	switch w {
	case reports.WhoPolled:
		return "leaver"
	case reports.WhoSilent:
		return "unused twin"
	case reports.WhoControl:
		return "untouched user"
	}
	return string(w)
}

// clockWords name the clock of a try, and the later mark that it belongs to.
func clockWords(t reports.Try, kind reports.EventKind) string {
	words := phaseWords(t.Phase, kind)
	if t.MarkMs > 0 {
		words += ", mark " + span(t.MarkMs)
	}
	return words
}

// phaseWords name the write whose acknowledgement starts the phase's clock.
func phaseWords(p reports.Phase, kind reports.EventKind) string {
	switch {
	case p == reports.PhaseBefore:
		return "before"
	case p == reports.PhaseReturned && kind == reports.EventRecreate:
		return "created again"
	case p == reports.PhaseReturned:
		return "reactivated"
	case kind == reports.EventDelete || kind == reports.EventRecreate:
		return "deleted"
	default:
		return "deactivated"
	}
}
