// Package annotations writes the control gaps of a report as workflow commands of GitHub Actions,
// which show them beside a pull request.
package annotations

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// GitHub shows so many annotations of a level for each step, and drops the others without a word.
const mostOfALevel = 10

// The longest texts, in characters. GitHub cuts a message at 4 KB.
const (
	maxTitle = 200
	maxText  = 600
)

// level is a kind of annotation.
type level string

// The levels, worst first.
const (
	levelError   level = "error"
	levelWarning level = "warning"
	levelNotice  level = "notice"
)

// Write writes a command for each gap, worst first: ::error for critical and high, ::warning for
// medium and low, ::notice for what is for information or accepted by an exception. At most ten of
// each level are written, with a plain line on how many were left out.
func Write(w io.Writer, r *reports.Report) error {
	out := bufio.NewWriter(w)
	for _, l := range []level{levelError, levelWarning, levelNotice} {
		gaps := ofLevel(r.Gaps, l)
		for _, g := range gaps[:min(len(gaps), mostOfALevel)] {
			_, _ = fmt.Fprintf(out, "::%s title=%s::%s\n", l, property(title(g)), data(message(g))) // a failure stays with the writer
		}
		if more := len(gaps) - mostOfALevel; more > 0 {
			_, _ = fmt.Fprintf(out, "%d more control gaps of the level %s are in the report.\n", more, l)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("annotations: writing: %w", err)
	}
	return nil
}

// ofLevel picks the gaps of a level, worst first; gaps of one severity stay in order.
func ofLevel(all []reports.Gap, l level) []*reports.Gap {
	var gaps []*reports.Gap
	for i := range all {
		if levelOf(&all[i]) == l {
			gaps = append(gaps, &all[i])
		}
	}
	order := reports.Severities()
	slices.SortStableFunc(gaps, func(a, b *reports.Gap) int {
		return slices.Index(order, a.Severity) - slices.Index(order, b.Severity)
	})
	return gaps
}

// levelOf is the level of a gap; a severity that nobody knows is no milder than any.
func levelOf(g *reports.Gap) level {
	if !g.State.Open() {
		return levelNotice
	}
	switch g.Severity {
	case reports.SeverityInfo:
		return levelNotice
	case reports.SeverityLow, reports.SeverityMedium:
		return levelWarning
	}
	return levelError
}

func title(g *reports.Gap) string {
	text := string(g.Severity) + ": " + g.Title
	if !g.State.Open() {
		text = "accepted, " + text
	}
	return reports.Showable(text, maxTitle)
}

// message says what the gap means, who answers for it and by when, a line for each.
func message(g *reports.Gap) string {
	accountable := reports.Showable(g.Accountable.Name, maxTitle)
	if accountable == "" {
		accountable = "nobody is named"
	}
	state := "State: " + string(g.State)
	if g.StateWhy != "" {
		state += ". " + g.StateWhy
	}
	lines := []string{
		reports.Showable(g.Statement, maxText),
		"Accountable: " + accountable,
		reports.Showable(state, maxText),
	}
	if g.Deadline != "" {
		lines = append(lines, "To be closed by "+reports.Showable(string(g.Deadline), maxTitle))
	}
	return strings.Join(append(lines, "Id: "+reports.Showable(g.ID, maxTitle)), "\n")
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// data escapes the message of a command, so that it stays on its line.
func data(s string) string { return dataEscapes.Replace(s) }

// property escapes the value of a property, so that it ends neither itself nor the properties.
func property(s string) string { return propertyEscapes.Replace(s) }
