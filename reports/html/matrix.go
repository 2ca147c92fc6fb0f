package html

import (
	"slices"
	"strconv"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// matrix is access × event: a group of columns for each event, a column for each
// shape, a row for each way in.
type matrix struct {
	Groups []group
	Rows   []row
	Grids  []grid
	Notes  []note
	Legend []face
}

// note says why a cell has no answer, where no control gap does.
type note struct{ Anchor, Title, Text, way string }

// group is an event with the columns of its shapes.
type group struct {
	Title  string
	Anchor string // of the event's picture; empty where it has several, or none
	Shapes []link // to the pictures of the event's forms; empty for an event of one form
}

// Span is the number of columns under the group's heading.
func (g group) Span() int { return max(1, len(g.Shapes)) }

// Width is the number of columns beside the row's heading.
func (m matrix) Width() int {
	width := 0
	for _, g := range m.Groups {
		width += g.Span()
	}
	return width
}

type row struct {
	Credential, Path string
	// Asserted is the named person's word that there is no such way in; the row
	// has no cells then.
	Asserted *reports.NotApplicable
	Cells    []cell
}

type cell struct {
	Column string // the whole name of the column, for the cards on a phone
	face
	Label      string
	GapAnchor  string
	Note       int // number of the note from 1 on; 0 for none
	NoteAnchor string
	Why        string // the note's text
}

// untried is the face of a cell to which no check belongs.
var untried = face{"not tried", "cut", "blank", "No check belongs here: the event is not about that way in."}

// column is one event in one shape.
type column struct {
	event reports.EventKind
	shape string
}

// id names a column among the anchors.
func (c column) id() string { return string(c.event) + "." + c.shape }

func newMatrix(r *reports.Report, refs *anchors) matrix {
	all := columnsOf(r.Matrix)
	columns := slices.DeleteFunc(slices.Clone(all), func(c column) bool {
		_, elsewhere := chapterOf(c)
		return elsewhere
	})
	m := matrix{Groups: groupsOf(columns, refs)}
	for _, from := range r.Matrix {
		to := row{Credential: capital(reports.CredentialTitle(from.Credential)), Path: from.Path}
		to.Asserted = assertion(from, r.Target.NotApplicable)
		for _, column := range columns {
			if to.Asserted != nil {
				break
			}
			c := newCell(r, from, column, refs)
			if c.Why != "" {
				m.annotate(&c, wayTitle(from), refs)
			}
			to.Cells = append(to.Cells, c)
		}
		if hasAny(from, columns) {
			m.Rows = append(m.Rows, to)
		}
	}
	m.grids(r, all, refs)
	m.Legend = m.legend()
	return m
}

// legend explains the faces that the matrix and its grids show.
func (m matrix) legend() []face {
	met := map[string]bool{}
	note := func(cells []cell) {
		for _, c := range cells {
			met[c.Word] = true
		}
	}
	for _, r := range m.Rows {
		note(r.Cells)
		met[outcomeFace(reports.OutcomeNotApplicable).Word] = met[outcomeFace(reports.OutcomeNotApplicable).Word] || r.Asserted != nil
	}
	for _, g := range m.Grids {
		for _, r := range g.Rows {
			note(r.Cells)
		}
	}
	var list []face
	for _, known := range outcomes {
		if met[known.face.Word] {
			list = append(list, known.face)
		}
	}
	if met[untried.Word] {
		list = append(list, untried)
	}
	return list
}

// hasAny reports whether a way in is tried in any of the columns.
func hasAny(r reports.MatrixRow, columns []column) bool {
	return slices.ContainsFunc(r.Cells, func(c reports.Cell) bool { return slices.Contains(columns, column{c.Event, c.Shape}) })
}

// annotate gives a cell its note: the next one, or that of another cell of the same way
// in with the same reason, which then is about the way in as such.
func (m *matrix) annotate(c *cell, way string, refs *anchors) {
	for i := range m.Notes {
		if known := &m.Notes[i]; known.way == way && known.Text == c.Why {
			known.Title = way
			c.Note, c.NoteAnchor = i+1, known.Anchor
			return
		}
	}
	c.Note = len(m.Notes) + 1
	c.NoteAnchor = refs.add(toNote, strconv.Itoa(c.Note))
	m.Notes = append(m.Notes, note{c.NoteAnchor, way + ", " + c.Column, c.Why, way})
}

// withoutAnswer tells the outcomes of which a reader has to know the reason.
func withoutAnswer(o reports.Outcome) bool {
	return o == reports.OutcomeNoEvidence || o == reports.OutcomeOperational || o == reports.OutcomeNotApplicable
}

// columnsOf gathers the columns of all rows: event by event, and within an event
// as the rows have them.
func columnsOf(rows []reports.MatrixRow) []column {
	var columns []column
	for _, r := range rows {
		for _, c := range r.Cells {
			if next := (column{c.Event, c.Shape}); !slices.Contains(columns, next) {
				columns = append(columns, next)
			}
		}
	}
	order := []reports.EventKind{reports.EventDeactivate, reports.EventDelete, reports.EventDeleteInactive, reports.EventRecreate, reports.EventReactivate}
	rank := func(c column) int {
		if i := slices.Index(order, c.event); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(columns, func(a, b column) int { return rank(a) - rank(b) })
	return columns
}

func groupsOf(columns []column, refs *anchors) []group {
	var groups []group
	for i, c := range columns {
		if i == 0 || c.event != columns[i-1].event {
			groups = append(groups, group{Title: eventWords(c.event)})
		}
		last, anchor := &groups[len(groups)-1], refs.find(toEvent, c.id())
		if c.shape == "" {
			last.Anchor = anchor
		} else {
			last.Shapes = append(last.Shapes, link{reports.ShapeTitle(c.shape), anchor})
		}
	}
	return groups
}

// assertion finds the named person's word if the whole row rests on it.
func assertion(r reports.MatrixRow, list []reports.NotApplicable) *reports.NotApplicable {
	for _, c := range r.Cells {
		if c.Outcome != reports.OutcomeNotApplicable {
			return nil
		}
	}
	for i := range list {
		if list[i].Kind == r.Credential {
			return &list[i]
		}
	}
	return nil
}

func newCell(r *reports.Report, row reports.MatrixRow, at column, refs *anchors) cell {
	for _, c := range row.Cells {
		if (column{c.Event, c.Shape}) != at {
			continue
		}
		out := cell{
			Column: watchTitle(at.event, at.shape, ""), face: outcomeFace(c.Outcome),
			Label: c.Label, GapAnchor: refs.find(toGap, c.Gap),
		}
		if out.GapAnchor == "" && withoutAnswer(c.Outcome) {
			out.Why = c.Why
		}
		if c.Outcome == reports.OutcomeNotApplicable {
			out.Label = strings.TrimSpace(out.Label + " " + assertedBy(r, row.Credential, at))
		}
		return out
	}
	return cell{Column: watchTitle(at.event, at.shape, ""), face: untried}
}

// assertedBy names who says that there is no such way in; empty where nobody said so,
// and the event is not about it for a reason that its note gives.
func assertedBy(r *reports.Report, credential string, at column) string {
	for _, n := range r.Target.NotApplicable {
		ofAct := at.event == reports.EventOutOfBand && n.Act == at.shape
		if n.Kind != "" && n.Kind == credential || n.Act != "" && ofAct {
			return "says " + n.AssertedBy
		}
	}
	return ""
}
