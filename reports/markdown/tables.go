package markdown

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scimproof/scimproof/reports"
)

func gapRow(g *reports.Gap) []string {
	accountable := inline(g.Accountable.Name)
	if accountable == "" {
		accountable = "**nobody**"
	}
	state := inline(string(g.State))
	if g.StateWhy != "" {
		state += ": " + inline(g.StateWhy)
	}
	return []string{"**" + inline(string(g.Severity)) + "**", state, inline(g.Title), accountable, orNone(string(g.Deadline)), id(g.ID)}
}

func exceptionRow(e *reports.ExceptionUse) []string {
	why := inline(e.Why)
	if e.Warning != "" {
		why += " **" + inline(e.Warning) + "**"
	}
	return []string{id(e.ID), id(e.Gap), inline(string(e.State)), orNone(string(e.Expires)), why}
}

// comparison says what is worse, better or gone since an earlier run; nothing without one.
func comparison(p *page, c *reports.Comparison) {
	if c == nil {
		return
	}
	word := "no regression"
	if c.Regression() {
		word = "**a regression**"
	}
	var changed []*reports.GapChange
	for i := range c.Gaps {
		if c.Gaps[i].Change != reports.ChangeUnchanged {
			changed = append(changed, &c.Gaps[i])
		}
	}
	p.block(fmt.Sprintf("Against the run %s (%s): %s. Gaps that changed: %d, unchanged: %d.",
		id(c.Earlier.Run), inline(string(c.Earlier.Verdict)), word, len(changed), len(c.Gaps)-len(changed)))
	p.table("Gaps since the last run", "changes of gaps", []string{"Change", "Severity", "Gap", "Why", "Id"}, len(changed), func(i int) []string {
		g := changed[i]
		return []string{inline(string(g.Change)), orNone(string(g.Before)) + " → " + orNone(string(g.After)), inline(g.Title), inline(g.Why), id(g.Gap)}
	})
	p.table("Checks that decide nothing any more", "lost checks", []string{"Check", "Was", "Is", "Why"}, len(c.Lost), func(i int) []string {
		l := c.Lost[i]
		return []string{id(l.Check), inline(string(l.Was)), inline(string(l.Is)), inline(l.Why)}
	})
	p.table("What else changed", "changed settings", []string{"What", "Was", "Is"}, len(c.Settings), func(i int) []string {
		s := c.Settings[i]
		return []string{inline(s.What), orNone(s.Was), orNone(s.Is)}
	})
}

// column is an event in one form.
type column struct {
	event reports.EventKind
	shape string
}

// columnsOf lists the columns of the matrix in the order of its cells.
func columnsOf(r *reports.Report) []column {
	var list []column
	seen := map[column]bool{}
	for _, row := range r.Matrix {
		for _, c := range row.Cells {
			if at := (column{c.Event, c.Shape}); !seen[at] {
				seen[at] = true
				list = append(list, at)
			}
		}
	}
	return list
}

func matrixHead(columns []column) []string {
	head := []string{"Way in"}
	for _, c := range columns {
		head = append(head, inline(reports.EventTitle(c.event, c.shape)))
	}
	return head
}

func matrixRow(way *reports.MatrixRow, columns []column) []string {
	cells := map[column]string{}
	for _, c := range way.Cells {
		cells[column{c.Event, c.Shape}] = cell(c)
	}
	name := inline(reports.CredentialTitle(way.Credential))
	if way.Path != "" {
		name = inline(way.Path)
	}
	row := []string{name}
	for _, c := range columns {
		row = append(row, cells[c])
	}
	return row
}

// cell is what was seen in a word, with the time that it took and how many of several leavers
// saw it.
func cell(c reports.Cell) string {
	text := inline(string(c.Outcome))
	if c.Gap != "" {
		text = "**" + text + "**"
	}
	if c.Label != "" {
		text += ", " + inline(c.Label)
	}
	if c.Decided > 0 {
		text += fmt.Sprintf(" (%d of %d)", c.Seen, c.Decided)
	}
	return text
}

// orNone is a short text, with a dash for none.
func orNone(text string) string {
	if text == "" {
		return "–"
	}
	return escaped(text, maxID)
}

func sortOutcomes(list []reports.Outcome) {
	slices.SortFunc(list, func(a, b reports.Outcome) int {
		return cmp.Or(cmp.Compare(b.Rank(), a.Rank()), cmp.Compare(a, b))
	})
}
