package html

import (
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// standing is where a gap stands: what is done about it, and by when.
type standing struct {
	Class      string
	State      face
	Claimed    string
	HowOften   string
	FirstSeen  string
	Deadline   deadline
	Escalation []escalation
	Exception  link
	// Sieve are the classes by which the filters of the page find it.
	Sieve string
}

type escalation struct{ On, To string }

// deadline is a day with what is left until then; Late is true once it is over.
type deadline struct {
	Day, Left string
	Late      bool
}

func newStanding(g reports.Gap, judged reports.Day, refs *anchors) standing {
	s := standing{
		Class: classWords(g.Class), State: stateFace(g.State), Claimed: claimWords(g.Declared), HowOften: oftenWords(g.Occurrence),
		Deadline: newDeadline(g.Deadline, judged), Exception: link{g.Exception, refs.find(toException, g.Exception)},
		Sieve: severityToken(g.Severity) + " " + stateToken(g.State),
	}
	if !g.FirstSeen.IsZero() {
		s.FirstSeen = dayWords(reports.DayOf(g.FirstSeen))
	}
	for _, e := range g.Escalation {
		s.Escalation = append(s.Escalation, escalation{dayWords(e.On), capital(e.To)})
	}
	return s
}

// newDeadline tells what is left of the time on a day; where one of them is no day, nothing is
// said of it.
func newDeadline(day, today reports.Day) deadline {
	d := deadline{Day: dayWords(day)}
	if day.Time().IsZero() || today.Time().IsZero() {
		return d
	}
	switch left := day.Since(today); {
	case left < 0:
		d.Left, d.Late = "over by "+plural(-left, "day"), true
	case left == 0:
		d.Left = "the last day"
	default:
		d.Left = plural(left, "day") + " left"
	}
	return d
}

// filter is one choice of which gaps are shown.
type filter struct {
	face
	Token string // the class of the gaps that it leaves, and the end of its own id
	Count int
}

// filters offers the severities and states that there are, where there is a choice. A choice of
// one list only can never come to nothing.
func filters(gaps []reports.Gap) []filter {
	var list []filter
	add := func(f face, token string, count func(reports.Gap) bool) {
		n := 0
		for _, g := range gaps {
			if count(g) {
				n++
			}
		}
		if n > 0 && n < len(gaps) {
			list = append(list, filter{f, token, n})
		}
	}
	for _, s := range reports.Severities() {
		add(severityFace(s), severityToken(s), func(g reports.Gap) bool { return g.Severity == s })
	}
	for _, known := range states {
		add(known.face, stateToken(known.state), func(g reports.Gap) bool { return g.State == known.state })
	}
	return list
}

// severityToken is the class of a severity in the style sheet: only what is known makes one.
func severityToken(s reports.Severity) string {
	if slices.Contains(reports.Severities(), s) {
		return "is-" + string(s)
	}
	return "is-other"
}

func stateToken(s reports.GapState) string {
	for _, known := range states {
		if known.state == s {
			return "in-" + string(s)
		}
	}
	return "in-other"
}

// stateCount counts the gaps of one state.
type stateCount struct {
	face
	Count int
}

func stateCounts(r *reports.Report) []stateCount {
	var list []stateCount
	for _, known := range states {
		if n := r.Counts.ByState[known.state]; n > 0 {
			list = append(list, stateCount{known.face, n})
		}
	}
	return list
}
