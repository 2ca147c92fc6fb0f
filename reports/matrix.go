package reports

import (
	"fmt"
	"strings"
)

// column is one event in one shape.
type column struct {
	kind  EventKind
	shape string
}

// matrix lays the access findings out: a row for each way in, a column for each
// event and shape, in the order in which the checks are declared.
func (j *judge) matrix(gaps []Gap) []MatrixRow {
	var columns []column
	var kinds []string
	checkOf := map[string]map[column]Spec{}
	for _, s := range j.rec.Specs {
		if s.Credential == "" {
			continue
		}
		c := column{s.Event, s.Shape}
		if !contains(columns, c) {
			columns = append(columns, c)
		}
		if checkOf[s.Credential] == nil {
			checkOf[s.Credential] = map[column]Spec{}
			kinds = append(kinds, s.Credential)
		}
		checkOf[s.Credential][c] = s
	}
	rows := []MatrixRow{}
	for _, kind := range kinds {
		for _, path := range j.pathsOf(kind) {
			row := MatrixRow{Credential: kind, Path: path, Cells: []Cell{}}
			for _, c := range columns {
				if spec, ok := checkOf[kind][c]; ok {
					row.Cells = append(row.Cells, j.cell(spec, path, gaps))
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// pathsOf lists the declared paths of a kind, or one empty name if there is none.
func (j *judge) pathsOf(kind string) []string {
	var names []string
	for _, p := range j.rec.Target.AccessPaths {
		if p.Kind == kind {
			names = append(names, p.Name)
		}
	}
	if len(names) == 0 {
		return []string{""}
	}
	return names
}

func (j *judge) cell(s Spec, path string, gaps []Gap) Cell {
	outcome, why := withoutFinding(s)
	c := Cell{Event: s.Event, Shape: s.Shape, Check: s.ID, Outcome: outcome, Why: why, LastAllowedMs: never, FirstDeniedMs: never}
	worst := -1
	for _, f := range j.findings {
		if f.check != s.ID || f.path != path && f.path != "" {
			continue
		}
		// Of several leavers with one outcome, the one who kept access longest counts.
		w := weight(f.outcome)
		if w > worst || w == worst && f.window.end() > max(c.LastAllowedMs, c.FirstDeniedMs) {
			worst = w
			c.Outcome, c.Why = f.outcome, f.because
			c.LastAllowedMs, c.FirstDeniedMs = f.window.lastAllowed, f.window.firstDenied
			c.Gap = j.gapOf(f, gaps)
		}
	}
	c.Seen, c.Decided = j.leaversOf(s.ID, path, c.Outcome)
	c.Label = label(c)
	if c.Decided > 1 {
		c.Label = strings.TrimSpace(fmt.Sprintf("%s (%d of %d)", c.Label, c.Seen, c.Decided))
	}
	return c
}

// leaversOf counts for how many leavers of a cell the outcome is the given one, of those
// whose watch decided anything.
func (j *judge) leaversOf(check, path string, outcome Outcome) (seen, decided int) {
	for _, f := range j.findings {
		if f.check != check || f.path != path || f.leaver == 0 || f.outcome == OutcomeOperational || f.outcome == OutcomeNoEvidence {
			continue
		}
		decided++
		if f.outcome == outcome {
			seen++
		}
	}
	return seen, decided
}

func (j *judge) gapOf(f finding, gaps []Gap) string {
	k, isGap := j.keyOf(f)
	if !isGap {
		return ""
	}
	id := j.fingerprint(k)
	for _, g := range gaps {
		if g.ID == id {
			return id
		}
	}
	return ""
}

// label is the few words that fit a cell.
func label(c Cell) string {
	switch c.Outcome {
	case OutcomeConformant:
		if c.FirstDeniedMs != never {
			return "≤ " + seconds(c.FirstDeniedMs)
		}
		return "works again"
	case OutcomeDelayed:
		return seconds(c.LastAllowedMs) + " – " + seconds(c.FirstDeniedMs)
	case OutcomeSurvived, OutcomeIgnored:
		return "≥ " + seconds(c.LastAllowedMs)
	case OutcomeRevived, OutcomeSuspended:
		return "came back"
	}
	return ""
}

func contains(list []column, c column) bool {
	for _, known := range list {
		if known == c {
			return true
		}
	}
	return false
}
