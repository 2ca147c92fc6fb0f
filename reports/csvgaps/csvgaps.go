// Package csvgaps writes the control gaps of a report as comma-separated values (RFC 4180), a row
// for each, for a spreadsheet or a ticket system.
package csvgaps

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/scimproof/scimproof/reports"
)

// The longest cells, in characters. A spreadsheet takes 32,767 at most.
const (
	maxText = 2_000
	maxList = 30_000
)

// column is one column: its name, that of report.json, and what stands in it.
type column struct {
	name string
	cell func(g *reports.Gap) string
}

var columns = []column{
	{"id", func(g *reports.Gap) string { return g.ID }},
	{"class", func(g *reports.Gap) string { return string(g.Class) }},
	{"outcome", func(g *reports.Gap) string { return string(g.Outcome) }},
	{"severity", func(g *reports.Gap) string { return string(g.Severity) }},
	{"state", func(g *reports.Gap) string { return string(g.State) }},
	{"title", func(g *reports.Gap) string { return g.Title }},
	{"event", func(g *reports.Gap) string { return string(g.Event) }},
	{"credential", func(g *reports.Gap) string { return g.Credential }},
	{"accountable", func(g *reports.Gap) string { return who(g.Accountable) }},
	{"remediator", func(g *reports.Gap) string { return who(g.Remediator) }},
	{"investigator", func(g *reports.Gap) string { return who(g.Investigator) }},
	{"approver", func(g *reports.Gap) string { return who(g.Approver) }},
	{"certifier", func(g *reports.Gap) string { return who(g.Certifier) }},
	{"firstSeen", func(g *reports.Gap) string { return moment(g.FirstSeen) }},
	{"deadline", func(g *reports.Gap) string { return string(g.Deadline) }},
	{"exception", func(g *reports.Gap) string { return g.Exception }},
	{"controls", func(g *reports.Gap) string { return controls(g.Controls) }},
	{"checks", func(g *reports.Gap) string { return list(g.Checks) }},
}

// Write writes a line of names and then a line for each gap, in the order of the report. Lines end
// with CR LF. No cell holds a line break or begins as a formula. A report without gaps has the
// line of names alone.
func Write(w io.Writer, r *reports.Report) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.name
	}
	if err := out.Write(row); err != nil {
		return fmt.Errorf("csv: writing the names of the columns: %w", err)
	}
	for n := range r.Gaps {
		for i, c := range columns {
			row[i] = safe(c.cell(&r.Gaps[n]))
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("csv: writing gap %d of %d: %w", n+1, len(r.Gaps), err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("csv: writing the gaps: %w", err)
	}
	return nil
}

// safe makes a cell's text showable, and text for a spreadsheet: one that would be taken for a
// formula begins with an apostrophe. Spreadsheets skip space before it, and take the full-width
// signs of East Asian keyboards too.
func safe(text string) string {
	shown := reports.Showable(text, maxList)
	first := strings.TrimLeftFunc(shown, unicode.IsSpace)
	if strings.IndexAny(first, "=+-@＝＋－＠") == 0 || strings.IndexAny(text, "\t\r") == 0 {
		return "'" + shown
	}
	return shown
}

// who names a party with where to reach it; empty where nobody is named.
func who(p reports.Party) string {
	name := reports.Showable(p.Name, maxText)
	if p.Contact == "" {
		return name
	}
	return strings.TrimSpace(name + " <" + reports.Showable(p.Contact, maxText) + ">")
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func controls(all []reports.Control) string {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.Framework + " " + c.ID
	}
	return list(ids)
}

// list joins by a bar: a semicolon would begin a new cell where a spreadsheet is set to those.
func list(items []string) string { return strings.Join(items, " | ") }
