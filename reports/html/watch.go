package html

import (
	"cmp"
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// watch is one way in through one event: what was seen of each of the event's leavers.
// The first is drawn, as it is that of the leaver who kept access longest; the others
// are hinted at. It is empty where nothing was seen.
type watch struct {
	event reports.Event // of the first
	all   []*reports.Access
}

// watchKey names a watch.
type watchKey struct {
	kind  reports.EventKind
	shape string
	path  string
}

// watched finds watches and cells.
type watched struct {
	events map[string]reports.Event
	access map[watchKey][]*reports.Access
	cells  map[watchKey]reports.Cell
	// shown holds the ids of the gaps between what SCIM shows and what is, by the event.
	shown map[watchKey]string
}

func newWatched(r *reports.Report) watched {
	w := watched{events: map[string]reports.Event{}, access: map[watchKey][]*reports.Access{}, cells: map[watchKey]reports.Cell{}, shown: map[watchKey]string{}}
	for _, e := range r.Events {
		w.events[e.ID] = e
	}
	for i := range r.Observations {
		if a := r.Observations[i].Access; a != nil {
			k := w.keyOf(a)
			w.access[k] = append(w.access[k], a)
		}
	}
	gapOf := map[string]string{}
	for _, c := range r.Checks {
		gapOf[c.ID] = c.Gap
	}
	for _, o := range r.Observations {
		if o.State != nil && gapOf[o.Check] != "" {
			e := w.events[o.State.Event]
			w.shown[watchKey{kind: e.Kind, shape: e.Shape}] = gapOf[o.Check]
		}
	}
	for _, row := range r.Matrix {
		for _, c := range row.Cells {
			w.cells[watchKey{c.Event, c.Shape, row.Path}] = c
		}
	}
	return w
}

func (w watched) keyOf(a *reports.Access) watchKey {
	e := w.events[a.Event]
	return watchKey{e.Kind, e.Shape, a.Path}
}

// find returns the watch of a key.
func (w watched) find(k watchKey) watch {
	all := slices.Clone(w.access[k])
	slices.SortStableFunc(all, func(a, b *reports.Access) int { return cmp.Compare(reach(b), reach(a)) })
	found := watch{all: all}
	if len(all) > 0 {
		found.event = w.events[all[0].Event]
	}
	return found
}

// reach tells how long a leaver kept access that they should not have, for comparison
// alone: any access after a return outweighs all before it.
func reach(a *reports.Access) int64 {
	const afterReturn = 1 << 40
	last := int64(-1)
	for _, t := range a.Tries {
		if t.Who == reports.WhoControl || t.Result != reports.TryAllowed {
			continue
		}
		switch at := min(max(t.AtMs, 0), afterReturn-1); {
		case t.Phase == reports.PhaseLeft:
			last = max(last, at)
		case t.Phase == reports.PhaseReturned && !a.WantAllowed:
			last = max(last, afterReturn+at)
		}
	}
	return last
}

// leaving is the watch up to the return.
func (w watch) leaving() watch {
	short := watch{event: w.event}
	for _, a := range w.all {
		cut := *a
		cut.Tries = slices.DeleteFunc(slices.Clone(a.Tries), func(t reports.Try) bool { return t.Phase == reports.PhaseReturned })
		short.all = append(short.all, &cut)
	}
	return short
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

// turns are the moments of one phase at which access turned. Times are in ms since the
// phase's acknowledgement, -1 for never.
type turns struct {
	lastAllowed, firstDenied int64 // firstDenied begins the denials that lasted to the end
	allowed, denied, unclear int   // tries
	again                    int   // how often it turned from denied to allowed
	split                    int   // marks at which connections disagreed
}

// turnsOf reads one credential's tries, which are in the order of time.
func turnsOf(tries []reports.Try, phase reports.Phase) turns {
	t := turns{lastAllowed: -1, firstDenied: -1}
	for _, try := range tries {
		if try.Phase != phase {
			continue
		}
		if try.Flapped() {
			t.split++
		}
		switch try.Result {
		case reports.TryAllowed:
			if t.firstDenied >= 0 {
				t.again++
			}
			t.allowed++
			t.lastAllowed, t.firstDenied = try.AtMs, -1
		case reports.TryDenied:
			t.denied++
			if t.firstDenied < 0 {
				t.firstDenied = max(0, try.AtMs)
			}
		default:
			t.unclear++
		}
	}
	return t
}
