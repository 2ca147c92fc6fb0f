package html

import (
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// frameworkRoom is a framework with what the run shows of its controls.
type frameworkRoom struct {
	Name, Version string
	Tally         []tally
	Controls      []controlRow
	// Common is the limit of most controls, said once.
	Common string
}

type controlRow struct {
	ID, Words, Limits string
	State             face
	Gaps              []link
	More              int // gaps that are not listed
	Checks            int
}

// levelRow is an IPSIE level.
type levelRow struct {
	ID      string
	Face    face
	Missing []string
	Gaps    []link
	More    int // gaps that are not listed
}

func newFrameworks(r *reports.Report, refs *anchors) []frameworkRoom {
	rooms := make([]frameworkRoom, 0, len(r.Frameworks))
	for _, f := range r.Frameworks {
		room := frameworkRoom{Name: f.Framework, Version: f.Version}
		for _, known := range controlStates {
			n := 0
			for _, c := range f.Controls {
				if c.State == known.state {
					n++
				}
			}
			if n > 0 {
				room.Tally = append(room.Tally, tally{known.face, n})
			}
		}
		for _, c := range byState(f.Controls) {
			room.Controls = append(room.Controls, newControlRow(r, c, refs))
		}
		room.sayOnce()
		rooms = append(rooms, room)
	}
	return rooms
}

// minCommon is how many controls have a limit before it is said once for all of them.
const minCommon = 3

// sayOnce takes the limit that most controls have out of their rows.
func (f *frameworkRoom) sayOnce() {
	count := map[string]int{}
	for _, c := range f.Controls {
		count[c.Limits]++
	}
	for _, c := range f.Controls {
		if c.Limits != "" && count[c.Limits] >= minCommon && count[c.Limits] > count[f.Common] {
			f.Common = c.Limits
		}
	}
	for i := range f.Controls {
		if f.Controls[i].Limits == f.Common {
			f.Controls[i].Limits = ""
		}
	}
}

// byState puts the controls first that are not effective.
func byState(controls []reports.ControlView) []reports.ControlView {
	place := func(s reports.ControlState) int {
		for i, known := range controlStates {
			if known.state == s {
				return i
			}
		}
		return len(controlStates)
	}
	sorted := slices.Clone(controls)
	slices.SortStableFunc(sorted, func(a, b reports.ControlView) int { return place(a.State) - place(b.State) })
	return sorted
}

func newControlRow(r *reports.Report, c reports.ControlView, refs *anchors) controlRow {
	return controlRow{
		ID: c.ID, Words: c.Words, Limits: c.Limits, State: controlFace(c.State),
		Gaps: gapLinks(r, c.Gaps, refs), More: max(0, len(c.Gaps)-maxPerControl), Checks: len(c.Checks),
	}
}

func newLevels(r *reports.Report, refs *anchors) []levelRow {
	var rows []levelRow
	for _, l := range r.IPSIE.Levels {
		row := levelRow{ID: l.ID, Face: face{Word: "not reached", Glyph: "cross", Tone: "bad"}, Missing: l.Missing, Gaps: gapLinks(r, l.Gaps, refs), More: max(0, len(l.Gaps)-maxPerControl)}
		if l.Reached {
			row.Face = face{Word: "reached within this run", Glyph: "check", Tone: "ok"}
		}
		rows = append(rows, row)
	}
	return rows
}

// maxPerControl is how many gaps a control lists: with hundreds, the list of all gaps serves better.
const maxPerControl = 8

func gapLinks(r *reports.Report, ids []string, refs *anchors) []link {
	var links []link
	for _, id := range ids[:min(len(ids), maxPerControl)] {
		links = append(links, gapLink(r, id, refs))
	}
	return links
}
