package html

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// openStories is how many of the gravest stories the page shows unfolded.
const openStories = 2

// story is one event in one form: all ways in as lanes of one picture, the worst on top.
type story struct {
	Anchor   string
	Title    string
	Headline string // what the worst lane came to, and how many others
	face            // of the worst lane
	Facts    []string
	Board    board
	Closers  []closer
	// Grave tells the stories with a control gap.
	Grave bool
	// order sorts the stories with gaps, gravest first: by severity, and then by how
	// many lanes have a gap.
	order [2]int
}

// closer is what would close the gaps of some ways in.
type closer struct {
	Names  []link
	More   int // ways in that are not named
	Advice string
}

// stories are all events, those with gaps apart.
type stories struct{ Grave, Calm []story }

// newStories draws each event of the matrix.
func newStories(r *reports.Report, seen watched, refs *anchors) stories {
	var all stories
	for _, c := range columnsOf(r.Matrix) {
		s, ok := newStory(r, seen, c, refs)
		switch {
		case !ok:
		case s.Grave:
			all.Grave = append(all.Grave, s)
		default:
			all.Calm = append(all.Calm, s)
		}
	}
	slices.SortStableFunc(all.Grave, func(a, b story) int {
		return cmp.Or(cmp.Compare(a.order[0], b.order[0]), cmp.Compare(b.order[1], a.order[1]))
	})
	return all
}

// Shown are the stories that are not folded, Folded the others with gaps.
func (s stories) Shown() []story  { return s.Grave[:min(openStories, len(s.Grave))] }
func (s stories) Folded() []story { return s.Grave[min(openStories, len(s.Grave)):] }

// newStory draws one event; false where no way in was tried.
func newStory(r *reports.Report, seen watched, c column, refs *anchors) (story, bool) {
	rows := lanesOf(r, seen, c, refs)
	if len(rows) == 0 {
		return story{}, false
	}
	title := watchTitle(c.event, c.shape, "")
	s := story{
		Anchor: refs.find(toEvent, c.id()), Title: title, Headline: headline(rows), face: rows[0].face,
	}
	gaps := gapsOf(rows)
	s.Grave = len(gaps) > 0
	if shown := seen.shown[watchKey{kind: c.event, shape: c.shape}]; shown != "" {
		s.Headline += " What SCIM shows is not so."
		if !s.Grave {
			s.face = outcomeFace(reports.OutcomeNonconformant)
		}
		gaps = append(gaps, storyGap{link{"What SCIM shows", refs.find(toGap, shown)}, shown})
	}
	s.Closers, s.order, s.Grave = closers(r, gaps), gravity(r, gaps), len(gaps) > 0
	entries := make([]entry, 0, len(rows))
	var states []reports.StateRead
	for _, row := range rows {
		entries = append(entries, row.entry)
		if states == nil && len(row.watch.all) > 0 {
			states = row.watch.event.States
			s.Facts = facts(row.watch.event)
		}
	}
	s.Board = newBoard(title, "Way in", c.event, r.Target.RevokeWithinMs, entries, states)
	if words := s.Board.said(); words != "" {
		s.Facts = append(s.Facts, words)
	}
	return s, true
}

// storyGap is a gap of a story with the way in, or what else, that has it.
type storyGap struct {
	name link
	id   string
}

func gapsOf(rows []storyEntry) []storyGap {
	var gaps []storyGap
	for _, row := range rows {
		if row.cell.Gap != "" {
			gaps = append(gaps, storyGap{link{row.Name, row.GapAnchor}, row.cell.Gap})
		}
	}
	return gaps
}

// storied reports whether the page has a story of an event: some way in was to be tried.
func storied(r *reports.Report, c column) bool {
	return slices.ContainsFunc(r.Matrix, func(row reports.MatrixRow) bool {
		return slices.ContainsFunc(row.Cells, func(cell reports.Cell) bool {
			return column{cell.Event, cell.Shape} == c && drawable(cell)
		})
	})
}

// drawable leaves out what nobody wanted to try.
func drawable(c reports.Cell) bool {
	return c.Outcome != reports.OutcomeNotApplicable && c.Outcome != reports.OutcomeNotSelected
}

// storyEntry is a lane of a story with what was judged of it.
type storyEntry struct {
	entry
	cell reports.Cell
}

// alike is the difference in ms below which two lanes keep the order of the matrix.
const alike = 250

// lanesOf gathers the ways in that an event is about, the worst first.
func lanesOf(r *reports.Report, seen watched, c column, refs *anchors) []storyEntry {
	var rows []storyEntry
	for _, row := range r.Matrix {
		i := slices.IndexFunc(row.Cells, func(cell reports.Cell) bool { return column{cell.Event, cell.Shape} == c })
		if i < 0 || !drawable(row.Cells[i]) {
			continue
		}
		cell := row.Cells[i]
		rows = append(rows, storyEntry{
			entry: entry{
				lane: lane{
					Name: wayTitle(row), Label: ended(cell), face: outcomeFace(cell.Outcome), GapAnchor: refs.find(toGap, cell.Gap),
				},
				watch: seen.find(watchKey{c.event, c.shape, row.Path}),
			},
			cell: cell,
		})
	}
	slices.SortStableFunc(rows, func(a, b storyEntry) int {
		return cmp.Or(
			cmp.Compare(b.cell.Outcome.Rank(), a.cell.Outcome.Rank()),
			cmp.Compare(b.cell.LastAllowedMs/alike, a.cell.LastAllowedMs/alike),
			cmp.Compare(b.cell.FirstDeniedMs/alike, a.cell.FirstDeniedMs/alike),
		)
	})
	return rows
}

// headline says what became of the worst way in, and of how many others.
func headline(rows []storyEntry) string {
	worst, well, silent := rows[0], 0, 0
	for _, row := range rows {
		switch row.cell.Outcome {
		case reports.OutcomeConformant:
			well++
		case reports.OutcomeNoEvidence, reports.OutcomeOperational:
			silent++
		}
	}
	if well == len(rows) {
		if well == 1 {
			return "The way in conforms."
		}
		return fmt.Sprintf("All %s conform.", wayCount(well))
	}
	words := []string{fmt.Sprintf("Worst: %s, %s.", worst.Name, fate(worst.cell))}
	if well > 0 {
		words = append(words, fmt.Sprintf("%s of %s conform.", number(well), wayCount(len(rows))))
	} else if len(rows) > 1 {
		words = append(words, fmt.Sprintf("None of %s conforms.", wayCount(len(rows))))
	}
	if silent > 0 {
		words = append(words, number(silent)+" without an answer.")
	}
	return strings.Join(words, " ")
}

func wayCount(n int) string {
	return number(n) + " ways in"
}

// fate says in a few words what became of a way in.
func fate(c reports.Cell) string {
	at := span(max(0, c.LastAllowedMs))
	words := outcomeFace(c.Outcome).Word
	switch c.Outcome {
	case reports.OutcomeSurvived:
		words = "still open " + at + " later"
	case reports.OutcomeIgnored:
		words = "still open " + at + " later, as nothing was changed"
	case reports.OutcomeDelayed:
		words = "open for longer than allowed, at least " + at
	case reports.OutcomeRevived:
		words = "open again after it had ended"
	case reports.OutcomeSuspended:
		words = "back with the account"
	}
	if c.Decided > 1 {
		words += fmt.Sprintf(" for %d of %d leavers", c.Seen, c.Decided)
	}
	return words
}

// ended says in a few words when access ended, and for how many leavers of how many.
func ended(c reports.Cell) string {
	if c.Decided < 2 {
		return c.Label
	}
	share := fmt.Sprintf("%d/%d", c.Seen, c.Decided)
	label := strings.TrimSpace(strings.TrimSuffix(c.Label, fmt.Sprintf("(%d of %d)", c.Seen, c.Decided)))
	if label == "" {
		return share
	}
	return label + " · " + share
}

// gravity ranks a story: the place of its gravest gap, and how many it has.
func gravity(r *reports.Report, gaps []storyGap) [2]int {
	gravest := len(reports.Severities())
	for _, gap := range gaps {
		for _, g := range r.Gaps {
			if i := slices.Index(reports.Severities(), g.Severity); g.ID == gap.id && i >= 0 {
				gravest = min(gravest, i)
			}
		}
	}
	return [2]int{gravest, len(gaps)}
}

// closers gathers the ways in with a gap by what would close it.
func closers(r *reports.Report, gaps []storyGap) []closer {
	const named = 4
	var list []closer
	for _, gap := range gaps {
		i := slices.IndexFunc(r.Gaps, func(g reports.Gap) bool { return g.ID == gap.id })
		if i < 0 {
			continue
		}
		at := slices.IndexFunc(list, func(c closer) bool { return c.Advice == r.Gaps[i].Closes })
		if at < 0 {
			at = len(list)
			list = append(list, closer{Advice: r.Gaps[i].Closes})
		}
		if len(list[at].Names) == named {
			list[at].More++
			continue
		}
		list[at].Names = append(list[at].Names, gap.name)
	}
	return list
}

// facts tell of each write of an event when it was sent and acknowledged.
func facts(e reports.Event) []string {
	var list []string
	for i, s := range e.Steps {
		words := capital(phaseWords(s.Phase, e.Kind)) + ":"
		if !s.Sent.IsZero() {
			words += " sent at " + s.Sent.UTC().Format("15:04:05.000 UTC") + ","
		}
		words += " " + answered(s)
		if i == 0 && e.Subject > 1 {
			words += fmt.Sprintf(" (leaver %d)", e.Subject)
		}
		list = append(list, words+".")
	}
	return list
}

// answered says what came of one write or act.
func answered(s reports.EventStep) string {
	words := fmt.Sprintf("answered %d", s.Status)
	switch {
	case s.Act != nil && s.Act.Done:
		words = "done"
	case s.Act != nil && s.Act.Refused:
		words = "refused"
	case s.Status == 0:
		return "no answer"
	}
	if !s.Sent.IsZero() && !s.Answered.IsZero() {
		words += " after " + brief(s.Answered.Sub(s.Sent).Milliseconds())
	}
	return words
}

// brief prints the time that an answer took.
func brief(ms int64) string {
	switch {
	case ms == 0:
		return "less than 1 ms"
	case ms > 0 && ms < 1_000:
		return fmt.Sprintf("%d ms", ms)
	}
	return span(ms)
}
