package html

import (
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// The most that one gap shows of a kind; the page says what it leaves out.
const (
	maxLanes = 12
	maxCited = 24
	maxParts = 6
)

// gap is a control gap as the page shows it.
type gap struct {
	reports.Gap
	Anchor      string
	Seen        face // what was seen
	Severity    face
	Standing    standing
	About       string
	Responsible []person
	// Told are the parts that are shown, Folded those that can be unfolded.
	Told, Folded []string
	Frameworks   []framework
	Checks       []link
	Cited        []link
	CitedMore    int
	// Board draws the gap in each form of its event; it has no lanes where nothing was watched.
	Board       board
	MoreWatches int      // that the board leaves out
	Stories     []link   // the events in which the gap was seen
	Tried       string   // whose tries are listed
	Tries       []tryRow // of the board's first lane
}

// link leads to something on the page, or is mere text if Anchor is empty.
type link struct{ Text, Anchor string }

// framework holds the controls of one framework.
type framework struct {
	Name     string
	Controls []control
}

type control struct{ ID, Words string }

func newGaps(r *reports.Report, seen watched, refs *anchors) []gap {
	gaps := make([]gap, 0, len(r.Gaps))
	for _, g := range gravestFirst(r.Gaps) {
		gaps = append(gaps, newGap(r, seen, g, refs))
	}
	return gaps
}

func gravestFirst(gaps []reports.Gap) []reports.Gap {
	order := reports.Severities()
	sorted := slices.Clone(gaps)
	slices.SortStableFunc(sorted, func(a, b reports.Gap) int {
		return slices.Index(order, a.Severity) - slices.Index(order, b.Severity)
	})
	return sorted
}

func newGap(r *reports.Report, seen watched, from reports.Gap, refs *anchors) gap {
	to := gap{
		Gap: from, Anchor: refs.find(toGap, from.ID), Seen: outcomeFace(from.Outcome), Severity: severityFace(from.Severity),
		Standing: newStanding(from, reports.DayOf(r.Judged), refs),
		About:    about(from), Responsible: responsible(from), Frameworks: frameworks(from.Controls, r.Frameworks),
	}
	for _, id := range from.Checks {
		to.Checks = append(to.Checks, link{id, refs.find(toCheck, id)})
	}
	for i, id := range from.Evidence {
		if i == maxCited {
			to.CitedMore = len(from.Evidence) - maxCited
			break
		}
		to.Cited = append(to.Cited, link{id, refs.find(toExchange, id)})
	}
	to.Told, to.Folded = folded(from)
	to.draw(r, seen, refs)
	return to
}

// folded splits the parts of a gap. How often it was reproduced is the last part, and is
// always shown.
func folded(g reports.Gap) (told, rest []string) {
	parts, last := g.Parts, []string(nil)
	if g.Reproduced != nil && len(parts) > 0 {
		parts, last = parts[:len(parts)-1], parts[len(parts)-1:]
	}
	// A single one would take no more room than the words that fold it.
	if len(parts) <= maxParts+1 {
		return g.Parts, nil
	}
	return slices.Concat(parts[:maxParts], last), parts[maxParts:]
}

// about says in a few words which credential and event the gap is about.
func about(g reports.Gap) string {
	var words string
	if g.Credential != "" {
		words = capital(reports.CredentialTitle(g.Credential))
	}
	if g.Event != "" {
		if words != "" {
			words += " · "
		}
		words += eventWords(g.Event)
	}
	return words
}

// frameworks groups controls that stand in the order of their frameworks.
func frameworks(list []reports.Control, views []reports.FrameworkView) []framework {
	var out []framework
	for _, c := range list {
		if len(out) == 0 || out[len(out)-1].Name != c.Framework {
			out = append(out, framework{Name: c.Framework})
		}
		last := &out[len(out)-1]
		last.Controls = append(last.Controls, control{c.ID, controlWords(views, c)})
	}
	return out
}

// controlWords is what a control asks for, as the report has it; empty where it does not say.
func controlWords(views []reports.FrameworkView, of reports.Control) string {
	for _, view := range views {
		for _, c := range view.Controls {
			if view.Framework == of.Framework && c.ID == of.ID {
				return c.Words
			}
		}
	}
	return ""
}
