package html

import (
	"cmp"
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// draw draws the gap through all forms of its event, the worst on top, and lists each
// try of the worst.
func (g *gap) draw(r *reports.Report, seen watched, refs *anchors) {
	keys := keysOf(r, seen, g.Gap)
	g.Stories = storyLinks(append(statesOf(r, seen, g.Gap), keys...), refs)
	if len(keys) == 0 {
		return
	}
	drawn := keys[:min(maxLanes, len(keys))]
	g.MoreWatches = len(keys) - len(drawn)
	oneEvent, onePath := inCommon(drawn)
	// A gap of the leaving is seen in events with a return too: those clocks differ.
	whole := drawn[0].kind == g.Event
	entries := make([]entry, 0, len(drawn))
	for _, k := range drawn {
		w := seen.find(k)
		if !whole {
			w = w.leaving()
		}
		e := entry{lane: lane{Name: laneName(k, oneEvent, onePath), Label: ended(seen.cells[k]), face: g.Seen}, watch: w}
		entries = append(entries, e)
	}
	var states []reports.StateRead
	if oneEvent {
		states = entries[0].watch.event.States
	}
	corner := "Event"
	if oneEvent {
		corner = "Way in"
	}
	g.Board = newBoard(g.Title, corner, drawn[0].kind, r.Target.RevokeWithinMs, entries, states)
	g.Tries, g.Tried = tryRows(entries[0].watch, refs), watchTitle(drawn[0].kind, drawn[0].shape, drawn[0].path)
}

// statesOf finds the events of which a gap is about what SCIM showed.
func statesOf(r *reports.Report, seen watched, g reports.Gap) []watchKey {
	var keys []watchKey
	for _, o := range r.Observations {
		if o.State != nil && slices.Contains(g.Checks, o.Check) {
			e := seen.events[o.State.Event]
			keys = append(keys, watchKey{kind: e.Kind, shape: e.Shape})
		}
	}
	return keys
}

// keysOf finds the watches in which a gap was seen, the worst first.
func keysOf(r *reports.Report, seen watched, g reports.Gap) []watchKey {
	var keys []watchKey
	for i := range r.Observations {
		o := &r.Observations[i]
		if o.Access == nil || !slices.Contains(g.Checks, o.Check) {
			continue
		}
		k := seen.keyOf(o.Access)
		mine := (g.Credential == "" || o.Access.Kind == g.Credential) && (g.Path == "" || o.Access.Path == g.Path)
		if mine && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	// An event with a return has clocks of its own; those of the gap's own event stand together.
	slices.SortStableFunc(keys, func(a, b watchKey) int {
		return cmp.Or(own(b, g)-own(a, g), cmp.Compare(seen.cells[b].LastAllowedMs, seen.cells[a].LastAllowedMs))
	})
	return keys
}

// own is 1 for a watch of the gap's own event.
func own(k watchKey, g reports.Gap) int {
	if k.kind == g.Event {
		return 1
	}
	return 0
}

// inCommon reports whether all watches are of one event, and of one path.
func inCommon(keys []watchKey) (oneEvent, onePath bool) {
	oneEvent, onePath = true, true
	for _, k := range keys {
		oneEvent = oneEvent && k.kind == keys[0].kind && k.shape == keys[0].shape
		onePath = onePath && k.path == keys[0].path
	}
	return oneEvent, onePath
}

// laneName names a watch by what tells it from the others.
func laneName(k watchKey, oneEvent, onePath bool) string {
	switch {
	case oneEvent:
		return capital(k.path)
	case onePath:
		return watchTitle(k.kind, k.shape, "")
	}
	return watchTitle(k.kind, k.shape, k.path)
}

// storyLinks leads to the pictures of the events, each once.
func storyLinks(keys []watchKey, refs *anchors) []link {
	var links []link
	for _, k := range keys {
		l := link{watchTitle(k.kind, k.shape, ""), refs.find(toEvent, column{k.kind, k.shape}.id())}
		if l.Anchor != "" && !slices.Contains(links, l) {
			links = append(links, l)
		}
	}
	return links
}
