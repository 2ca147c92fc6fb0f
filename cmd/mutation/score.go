package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/reports"
)

// result is what a run against one defect came to.
type result struct {
	defect defects.Defect
	// red are the checks that turned red; missed and alarms are where that differs
	// from what was declared.
	red, missed, alarms []string
	// gaps says how the control gaps differ from the declared ones, or which has the wrong
	// severity or exposure window; empty if they do not.
	gaps string
}

// compare holds a report against what a defect declares.
func compare(d defects.Defect, report *reports.Report) result {
	r := result{defect: d}
	var ids, gaps []string
	for _, c := range report.Checks {
		if c.Outcome != reports.OutcomeNotSelected {
			ids = append(ids, c.ID)
		}
		if c.Gap != "" {
			r.red = append(r.red, c.ID)
		}
	}
	for _, g := range report.Gaps {
		gaps = append(gaps, strings.Join(strings.Fields(fmt.Sprint(g.Outcome, " ", g.Event, " ", g.Credential, " ", g.Feature)), " "))
	}
	declared := d.Expected(ids)
	r.missed, r.alarms = without(declared, r.red), without(r.red, declared)
	if lost, extra := without(d.Gaps, gaps), without(gaps, d.Gaps); len(lost)+len(extra) > 0 {
		r.gaps = fmt.Sprintf("gaps missing: %q, not declared: %q", lost, extra)
	}
	if d.Only != "" && report.Verdict.Word == reports.VerdictPass {
		r.gaps = "the verdict is pass, and nothing was decided"
	}
	for _, wrong := range []string{misjudged(report.Gaps), mismeasured(d, report.Matrix)} {
		if wrong != "" && r.gaps == "" {
			r.gaps = wrong
		}
	}
	return r
}

// without lists what is in one list and not in the other.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

func (r result) exact() bool { return len(r.missed)+len(r.alarms) == 0 && r.gaps == "" }

// score sums the results up.
type score struct {
	results []result
	// defects counts what must be noticed in the end, noticed what is.
	defects, noticed int
	// alarms counts the checks that were red for no reason, missed those that were
	// green in spite of their defect.
	alarms, missed int
}

func tally(results []result) score {
	s := score{results: results}
	for _, r := range results {
		s.alarms += len(r.alarms)
		s.missed += len(r.missed)
		if r.defect.Harmless() {
			continue
		}
		s.defects++
		if len(r.red) > len(r.alarms) {
			s.noticed++
		}
	}
	return s
}

// right reports whether each defect turned exactly its own checks red.
func (s score) right() bool {
	return !slices.ContainsFunc(s.results, func(r result) bool { return !r.exact() })
}

func (s score) print(w io.Writer) {
	for _, r := range s.results {
		say(w, "%-40s %s\n", r.defect.Name, r.words())
	}
	say(w, "\nnoticed %d/%d, not yet noticed %d, missed checks %d, false alarms %d\n",
		s.noticed, s.defects, s.defects-s.noticed, s.missed, s.alarms)
}

// words say what was noticed, and where that is wrong.
func (r result) words() string {
	words := []string{noticedBy(r.defect)}
	if len(r.missed) > 0 {
		words = append(words, "MISSED: "+strings.Join(r.missed, " "))
	}
	if len(r.alarms) > 0 {
		words = append(words, "FALSE ALARM: "+strings.Join(r.alarms, " "))
	}
	if r.gaps != "" {
		words = append(words, "WRONG GAPS: "+r.gaps)
	}
	return strings.Join(words, "; ")
}

// say prints; whoever closes the output does not want to read it.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// noticedBy says which checks notice a defect.
func noticedBy(d defects.Defect) string {
	switch {
	case d.Noticed():
		return strings.Join(d.Checks, " ")
	case d.Harmless():
		return "nothing, as it must be"
	}
	return "not yet noticed"
}
