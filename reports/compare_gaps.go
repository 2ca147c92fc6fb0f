package reports

import (
	"fmt"
	"strings"
	"time"
)

// diff holds two reports with their parts at hand.
type diff struct {
	earlier, later             *Report
	earlierChecks, laterChecks map[string]Check
	earlierGaps, laterGaps     map[string]Gap
	// The watches of each check, by its id.
	earlierWatches, laterWatches map[string][]*Access
}

func newDiff(earlier, later *Report) *diff {
	return &diff{
		earlier: earlier, later: later, earlierChecks: checksByID(earlier), laterChecks: checksByID(later),
		earlierGaps: gapsByID(earlier), laterGaps: gapsByID(later),
		earlierWatches: watchesByCheck(earlier), laterWatches: watchesByCheck(later),
	}
}

func watchesByCheck(r *Report) map[string][]*Access {
	m := map[string][]*Access{}
	for _, o := range r.Observations {
		if o.Access != nil {
			m[o.Check] = append(m[o.Check], o.Access)
		}
	}
	return m
}

func checksByID(r *Report) map[string]Check {
	m := make(map[string]Check, len(r.Checks))
	for _, c := range r.Checks {
		m[c.ID] = c
	}
	return m
}

func gapsByID(r *Report) map[string]Gap {
	m := make(map[string]Gap, len(r.Gaps))
	for _, g := range r.Gaps {
		m[g.ID] = g
	}
	return m
}

// gaps lists what became of the gaps of both reports.
func (d *diff) gaps() []GapChange {
	list := make([]GapChange, 0, len(d.laterGaps))
	for _, g := range d.laterGaps {
		list = append(list, d.present(g))
	}
	for _, g := range d.earlierGaps {
		if _, still := d.laterGaps[g.ID]; !still {
			list = append(list, d.gone(g))
		}
	}
	sortChanges(list)
	return list
}

// present is a gap of the later report.
func (d *diff) present(g Gap) GapChange {
	c := GapChange{Gap: g.ID, Title: g.Title, Class: g.Class, After: g.Severity, State: g.State, Checks: orEmpty(g.Checks)}
	was, before := d.earlierGaps[g.ID]
	if before {
		c.Before, c.Reproduced = was.Severity, was.Reproduced
	}
	if closed := d.closedBetween(g.ID, before); closed != nil {
		c.Change = ChangeRegressed
		c.Why = fmt.Sprintf("It was certified as closed by %s on %s, and is there again.", closed.Certifier.Name, closed.On.UTC().Format(time.DateOnly))
		return c
	}
	if !before {
		c.Change, c.Why = ChangeNew, d.whyNew(g)
		return c
	}
	c.Change, c.Why = growth(was, g)
	return c
}

// closedBetween is the closure of a gap that is there again: any where the earlier run did not
// see the gap, otherwise one since that run. What had come back by then already is no news.
func (d *diff) closedBetween(gap string, before bool) *Closure {
	var last *Closure
	for _, list := range [][]Closure{d.earlier.Closures, d.later.Closures} {
		for i := range list {
			c := &list[i]
			if c.Gap == gap && (!before || c.On.After(d.earlier.Run.Started)) && (last == nil || c.On.After(last.On)) {
				last = c
			}
		}
	}
	return last
}

// whyNew says what the checks of a new gap came to before: a gap may be new as nobody looked.
func (d *diff) whyNew(g Gap) string {
	for _, id := range g.Checks {
		if c, known := d.earlierChecks[id]; known && decides(c) {
			return fmt.Sprintf("The earlier run looked and did not see it: %s came to %s.", id, c.Outcome)
		}
	}
	if len(g.Checks) == 0 {
		return "The earlier report did not have it."
	}
	return "The earlier run did not look: none of its checks decided anything then."
}

// growth holds a gap against what it was. Worse in either way is worse: a gap that now happens
// to everybody is no better for being ranked lower.
func growth(was, is Gap) (Change, string) {
	severity := rankOf(is.Severity) - rankOf(was.Severity)
	spread := spreadOf(is.Reproduced) - spreadOf(was.Reproduced)
	if was.Reproduced == nil || is.Reproduced == nil {
		spread = 0 // one run had one leaver, which says nothing of how often
	}
	var why []string
	if severity != 0 {
		why = append(why, fmt.Sprintf("Severity %s, before %s.", is.Severity, was.Severity))
	}
	if spread != 0 {
		why = append(why, fmt.Sprintf("Seen for %d of %d leavers (%s), before for %d of %d (%s).",
			is.Reproduced.Seen, is.Reproduced.Decided, is.Reproduced.Class, was.Reproduced.Seen, was.Reproduced.Decided, was.Reproduced.Class))
	}
	text := strings.Join(why, " ")
	switch {
	case severity > 0 || spread > 0:
		return ChangeWorse, text
	case severity < 0 || spread < 0:
		return ChangeBetter, text
	}
	return ChangeUnchanged, "Severity and reproducibility are what they were."
}

// spreadOf ranks how often a gap was reproduced.
func spreadOf(r *Reproduced) int {
	if r != nil && r.Class == OccurrenceSystemic {
		return 1
	}
	return 0
}
