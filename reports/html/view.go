package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// view is what the templates show.
type view struct {
	*reports.Report
	Verdict face
	// Step names the step of the gate that decided, Rule what it says.
	Step, Rule string
	Banners    []banner
	Counts     []severityCount
	States     []stateCount
	Filters    []filter
	Vacant     int // the roles that nobody holds
	Operator   string
	Valid      deadline // until when the gate lets the run count; without a day for any age
	People     []person
	Matrix     matrix
	Gaps       []gap
	Stories    stories
	SCIM       []check
	Access     []check
	Tally      []tally
	Limits     []string
	Evidence   evidence
	Watch      share
	Protocol   protocol

	Exceptions []exception
	Earlier    earlier
	Frameworks []frameworkRoom
	Levels     []levelRow
}

// banner is a warning that has to be read before anything else.
type banner struct {
	Title, Text string
	Log         []string // lines that the target has written
}

type severityCount struct {
	face
	Count  int
	Anchor string // of the first gap of the severity
}

// tally counts the checks of one outcome.
type tally struct {
	face
	Count int
}

// share is a part of a whole, for the bar of the wall time.
type share struct {
	Percent     int
	Part, Whole int64
}

// newView lays a cleaned report out.
func newView(r *reports.Report) view {
	refs := newAnchors()
	for _, g := range r.Gaps {
		refs.add(toGap, g.ID)
	}
	for _, c := range r.Checks {
		refs.add(toCheck, c.ID)
	}
	for _, c := range columnsOf(r.Matrix) {
		if storied(r, c) {
			refs.add(toEvent, c.id())
		}
	}
	shown, seen := newEvidence(r, refs), newWatched(r)
	accepted := newExceptions(r, refs) // before the gaps, which lead to them
	v := view{
		Report:  r,
		Verdict: verdictFace(r.Verdict.Word), Step: ruleWords(r.Verdict.Rule), Rule: r.Verdict.Reason, Banners: banners(r),
		Counts: severityCounts(r, refs), States: stateCounts(r), Filters: filters(r.Gaps), People: people(r.Target.Owners), Matrix: newMatrix(r, refs),
		Operator: operatorWords(r.Run.Operator), Valid: validUntil(r),
		Gaps: newGaps(r, seen, refs), Stories: newStories(r, seen, refs), Tally: tallies(r), Limits: limits(r), Evidence: shown,
		Watch: shareOf(r.Health.WatchMs, r.Health.WallMs), Protocol: newProtocol(r, refs),
		Exceptions: accepted, Earlier: newEarlier(r, refs), Frameworks: newFrameworks(r, refs), Levels: newLevels(r, refs),
	}
	for _, p := range v.People {
		if p.Name == "" && !p.Optional {
			v.Vacant++
		}
	}
	for _, c := range r.Checks {
		if c.Credential == "" {
			v.SCIM = append(v.SCIM, newCheck(c, refs))
		} else {
			v.Access = append(v.Access, newCheck(c, refs))
		}
	}
	return v
}

func banners(r *reports.Report) []banner {
	var list []banner
	switch {
	case r.Health.TargetEnded:
		list = append(list, banner{Title: "The target ended, and this run with it", Text: capital(r.Health.Outage) + ".", Log: r.Health.OutageLog})
	case r.Health.Outage != "":
		list = append(list, banner{Title: "The target was not well", Text: r.Health.Outage})
	}
	if r.Run.Partial && !r.Health.TargetEnded {
		why := r.Run.Why
		if why == "" {
			why = "The run ended before its last check."
		}
		list = append(list, banner{Title: "This run was cut short", Text: why})
	}
	if pending := r.LongWatch.Pending(); len(pending) > 0 {
		var words []string
		for _, m := range pending {
			words = append(words, fmt.Sprintf("%s after the events, due %s", span(m.AfterMs), moment(m.Due)))
		}
		list = append(list, banner{Title: "Later marks are pending", Text: strings.Join(words, "; ") + ". Until then this is not the whole picture: scimproof resume takes them."})
	}
	return list
}

// validUntil is the last day on which the gate lets the run count.
func validUntil(r *reports.Report) deadline {
	if r.Policy.MaxAgeDays <= 0 || r.Run.Finished.IsZero() {
		return deadline{}
	}
	return newDeadline(reports.DayOf(r.Run.Finished).After(r.Policy.MaxAgeDays), reports.DayOf(r.Judged))
}

func severityCounts(r *reports.Report, refs *anchors) []severityCount {
	var counts []severityCount
	for _, s := range reports.Severities() {
		c := severityCount{face: severityFace(s), Count: r.Counts.BySeverity[s]}
		if i := slices.IndexFunc(r.Gaps, func(g reports.Gap) bool { return g.Severity == s }); i >= 0 {
			c.Anchor = refs.find(toGap, r.Gaps[i].ID)
		}
		counts = append(counts, c)
	}
	return counts
}

func tallies(r *reports.Report) []tally {
	var list []tally
	for _, known := range outcomes {
		if n := r.Counts.Checks[known.outcome]; n > 0 {
			list = append(list, tally{known.face, n})
		}
	}
	return list
}

func shareOf(part, whole int64) share {
	s := share{Part: part, Whole: whole}
	if whole > 0 {
		s.Percent = int(100 * min(1, max(0, float64(part)/float64(whole))))
	}
	return s
}

// table is a list of checks with its title.
type table struct {
	Title string
	Rows  []check
}

// SCIMTable holds the checks that look at SCIM alone.
func (v view) SCIMTable() table { return table{"Checks of SCIM", v.SCIM} }

// AccessTable holds the checks behind the matrix.
func (v view) AccessTable() table { return table{"Checks of access", v.Access} }

// check is a row of the tables of checks.
type check struct {
	Anchor    string
	ID        string
	Text      string
	Outcome   face
	Because   string
	GapAnchor string
}

func newCheck(c reports.Check, refs *anchors) check {
	return check{
		Anchor: refs.find(toCheck, c.ID), ID: c.ID, Text: capital(c.Text),
		Outcome: outcomeFace(c.Outcome), Because: c.Because, GapAnchor: refs.find(toGap, c.Gap),
	}
}
