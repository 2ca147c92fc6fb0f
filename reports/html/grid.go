package html

import (
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// grid shows events that few ways in are tried in, the other way round: a row for each
// event, a column for each way in that any of them is about.
type grid struct {
	Title   string
	Intro   string
	Columns []string // ways in
	Rows    []gridRow
}

type gridRow struct {
	Title  string // the event
	Anchor string // of its picture
	Cells  []cell
}

// chapter gathers the events of one grid.
type chapter struct {
	title, intro string
	events       []reports.EventKind
}

var chapters = []chapter{
	{"Other forms, and leavers who are not like others",
		"The same deactivation in forms that are sent now and then, and of people with a history. Where only the form differs, four plain ways in stand for the others.",
		[]reports.EventKind{reports.EventDeactivate}},
	{"Routine while the user is inactive",
		"What an identity provider sends in every cycle, about somebody who has left.",
		[]reports.EventKind{reports.EventSync}},
	{"Past SCIM, while the user is inactive",
		"What others do about somebody whom the identity source has switched off: whether that lets them in again.",
		[]reports.EventKind{reports.EventOutOfBand}},
	{"Groups and roles of people who stay",
		"What a group or a role opened, once it is taken away.",
		[]reports.EventKind{reports.EventRemoveMember, reports.EventDeleteGroup, reports.EventRemoveRole}},
	{"New passwords and names, and sign-outs",
		"What was obtained with the old ones, and what the identity provider ends without a SCIM call.",
		[]reports.EventKind{reports.EventChangePassword, reports.EventRename, reports.EventSignOut}},
}

// mainForms are the forms of a deactivation that every way in is tried in.
var mainForms = []string{"", "patch-pathless", "patch-path", "patch-string", "put"}

// chapterOf returns the place of the chapter that a column belongs to, and false for the
// matrix itself.
func chapterOf(c column) (int, bool) {
	if c.event == reports.EventDeactivate && slices.Contains(mainForms, c.shape) {
		return 0, false
	}
	i := slices.IndexFunc(chapters, func(ch chapter) bool { return slices.Contains(ch.events, c.event) })
	return i, i >= 0
}

// grids lays out the columns that do not belong to the matrix.
func (m *matrix) grids(r *reports.Report, columns []column, refs *anchors) {
	for i, ch := range chapters {
		g := grid{Title: ch.title, Intro: ch.intro}
		var ways []reports.MatrixRow
		for _, row := range r.Matrix {
			if slices.ContainsFunc(row.Cells, func(c reports.Cell) bool { return inChapter(column{c.Event, c.Shape}, i) }) {
				ways = append(ways, row)
				g.Columns = append(g.Columns, wayTitle(row))
			}
		}
		for _, c := range columns {
			if !inChapter(c, i) {
				continue
			}
			line := gridRow{Title: watchTitle(c.event, c.shape, ""), Anchor: refs.find(toEvent, c.id())}
			for _, way := range ways {
				cell := newCell(r, way, c, refs)
				if cell.Why != "" {
					m.annotate(&cell, wayTitle(way), refs)
				}
				cell.Column = wayTitle(way)
				line.Cells = append(line.Cells, cell)
			}
			g.Rows = append(g.Rows, line)
		}
		if len(g.Rows) > 0 {
			m.Grids = append(m.Grids, g)
		}
	}
}

func inChapter(c column, i int) bool {
	at, ok := chapterOf(c)
	return ok && at == i
}

// wayTitle names a way in: its path, or the kind of credential where none is declared.
func wayTitle(r reports.MatrixRow) string {
	if r.Path != "" {
		return capital(r.Path)
	}
	return capital(reports.CredentialTitle(r.Credential))
}
