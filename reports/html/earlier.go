package html

import (
	"slices"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// earlier is what is known of the runs before.
type earlier struct {
	Compared *compared // nil where no earlier report was given
	Closures []closure
	Past     []pastRun
}

// compared is the run against the last one.
type compared struct {
	Earlier, Later comparedRun
	// Worse says that something is worse than it was.
	Worse    bool
	Tally    []tally
	Changes  []gapChange
	Settings []reports.SettingChange
	Lost     []lostCheck
}

type comparedRun struct {
	Run, Started, Version string
	Verdict               face
}

type gapChange struct {
	Gap           link
	Change        face
	Class         string
	Before, After face // without a word where it was not there
	Why           string
}

type lostCheck struct {
	Check   link
	Was, Is face
	Why     string
}

// closure is a gap that was certified as closed.
type closure struct {
	reports.Closure
	About    link
	Severity face
	When     string
}

type pastRun struct {
	reports.PastRun
	When string
	Face face
}

func newEarlier(r *reports.Report, refs *anchors) earlier {
	e := earlier{Compared: newCompared(r, refs)}
	for _, c := range r.Closures {
		about := gapLink(r, c.Gap, refs)
		if c.Title != "" {
			about.Text = c.Title
		}
		e.Closures = append(e.Closures, closure{c, about, severityFace(c.Severity), date(c.On)})
	}
	for _, p := range r.History {
		e.Past = append(e.Past, pastRun{p, moment(p.Started), verdictFace(p.Verdict)})
	}
	return e
}

// newCompared lists what changed, the worst first.
func newCompared(r *reports.Report, refs *anchors) *compared {
	from := r.Comparison
	if from == nil {
		return nil
	}
	to := &compared{Earlier: newComparedRun(from.Earlier), Later: newComparedRun(from.Later), Worse: from.Regression(), Settings: from.Settings}
	for _, known := range changes {
		n := 0
		for _, g := range from.Gaps {
			if g.Change == known.change {
				n++
			}
		}
		if n > 0 {
			to.Tally = append(to.Tally, tally{known.face, n})
		}
	}
	for _, g := range byChange(from.Gaps) {
		to.Changes = append(to.Changes, gapChange{
			Gap: link{g.Title, refs.find(toGap, g.Gap)}, Change: changeFace(g.Change), Class: classWords(g.Class),
			Before: maybeSeverity(g.Before), After: maybeSeverity(g.After), Why: g.Why,
		})
	}
	for _, c := range from.Lost {
		to.Lost = append(to.Lost, lostCheck{link{c.Check, refs.find(toCheck, c.Check)}, outcomeFace(c.Was), outcomeFace(c.Is), c.Why})
	}
	return to
}

func byChange(gaps []reports.GapChange) []reports.GapChange {
	place := func(c reports.Change) int {
		for i, known := range changes {
			if known.change == c {
				return i
			}
		}
		return len(changes)
	}
	sorted := slices.Clone(gaps)
	slices.SortStableFunc(sorted, func(a, b reports.GapChange) int { return place(a.Change) - place(b.Change) })
	return sorted
}

func newComparedRun(c reports.ComparedRun) comparedRun {
	to := comparedRun{Run: c.Run, Started: c.Started, Version: c.Version, Verdict: verdictFace(c.Verdict)}
	if at, err := time.Parse(time.RFC3339, c.Started); err == nil {
		to.Started = moment(at)
	}
	return to
}

func maybeSeverity(s reports.Severity) face {
	if s == "" {
		return face{}
	}
	return severityFace(s)
}
