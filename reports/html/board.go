package html

import (
	"strings"
	"unicode/utf8"

	"github.com/scimproof/scimproof/reports"
)

// board is a picture of several watches over one axis: a table whose second column is
// drawn over by one drawing for all of its rows. The table says in words what the
// drawing shows.
type board struct {
	Title  string // for those who only hear the page
	Corner string // heading of the first column
	Phases []stretch
	// States is what SCIM said beside it; empty where the watches are of several events.
	States  []band
	Lanes   []lane
	Strokes []stroke
	Height  int // of the drawing of all lanes, in its units
}

// lane is a row of a board.
type lane struct {
	Name  string
	Label string // when access ended, in a few words
	face
	GapAnchor string
	Words     string // what the drawing shows
}

// Long reports whether the name may be cut on the page.
func (l lane) Long() bool { return utf8.RuneCountInString(l.Name) > 18 }

// entry is a lane with the watch that is drawn in it.
type entry struct {
	lane
	watch watch
}

// newBoard draws the entries from top to bottom. The event gives the clocks their names.
func newBoard(title, corner string, event reports.EventKind, limit int64, entries []entry, states []reports.StateRead) board {
	watches := make([]watch, 0, len(entries))
	for _, e := range entries {
		watches = append(watches, e.watch)
	}
	p := newPlot(event, limit, watches, states)
	b := board{
		Title: title, Corner: corner, Phases: p.stretches(), States: p.bands(states),
		Height: laneUnits * len(entries),
	}
	k := newInk()
	for i, e := range entries {
		p.drawLane(k, i, e.watch)
		e.Words = p.inWords(e.watch)
		b.Lanes = append(b.Lanes, e.lane)
	}
	b.Strokes = k.strokes()
	return b
}

// band is a stretch of time in which SCIM said the same of the user or membership.
type band struct {
	X, Width string // in percent
	Word     string // empty where it has no room
	Title    string
	Tone     string
}

// said tells in words what SCIM said beside the board.
func (b board) said() string {
	if len(b.States) == 0 {
		return ""
	}
	var words []string
	for _, s := range b.States {
		words = append(words, s.Title)
	}
	return "SCIM shows: " + strings.Join(words, "; ") + "."
}

// bands puts the reads of SCIM into bands, each from the first read that says so to the
// next that says something else.
func (p plot) bands(reads []reports.StateRead) []band {
	var list []band
	for _, phase := range phases {
		a, ok := p.axes[phase]
		if !ok {
			continue
		}
		var last reports.StateRead
		for i, s := range reads {
			same := s.Phase == last.Phase && s.State == last.State
			if last = s; s.Phase != phase || same {
				continue
			}
			to := int(a.to)
			for _, next := range reads[i:] {
				if next.Phase != phase {
					break
				}
				if next.State != s.State {
					to = a.at(next.AtMs)
					break
				}
			}
			b := newBand(a.at(s.AtMs), to, s, len(list) == 0)
			if phase == reports.PhaseReturned {
				b.Title += " (" + phaseWords(phase, p.event) + ")"
			}
			list = append(list, b)
		}
	}
	return list
}

// newBand draws a band between two places, in thousandths. The first one says whose
// word it is.
func newBand(from, to int, s reports.StateRead, first bool) band {
	const room, firstRoom = 150, 260 // for the word on a phone
	word, tone := stateWords(s.State, s.Phase)
	b := band{X: percent(from), Width: percent(max(4, to-from)), Title: word + " from " + span(s.AtMs) + " on", Tone: tone}
	switch {
	case first && to-from >= firstRoom:
		b.Word = "SCIM: " + word
	case to-from >= room:
		b.Word = word
	}
	return b
}

// stateWords name what SCIM says, and how it looks: what is there, what is gone, and
// what should be gone.
func stateWords(s reports.UserState, phase reports.Phase) (word, tone string) {
	there := "there"
	if phase == reports.PhaseLeft {
		there = "still"
	}
	switch s {
	case reports.StateActive:
		return "active", there
	case reports.StateHeld:
		return "still shown", there
	case reports.StateInactive:
		return "inactive", "gone"
	case reports.StateAbsent:
		return "gone", "gone"
	case reports.StateTaken:
		return "taken away", "gone"
	}
	return "unknown", "unknown"
}
