package reports

import (
	"cmp"
	"fmt"
	"slices"
)

// gone is a gap of the earlier report that the later one does not have.
func (d *diff) gone(g Gap) GapChange {
	c := GapChange{Gap: g.ID, Title: g.Title, Class: g.Class, Before: g.Severity, Checks: orEmpty(g.Checks), Reproduced: g.Reproduced}
	c.Change = ChangeNoLongerTested
	if c.Why = d.whyUntested(g); c.Why == "" {
		c.Change, c.Why = ChangeFixed, d.whyFixed(g)
	}
	return c
}

func (d *diff) whyFixed(g Gap) string {
	switch g.Class {
	case ClassGovernance:
		return "The later profile names somebody."
	case ClassUnreliablePath:
		return "The later report knows the runs before it, and they decide again."
	}
	return fmt.Sprintf("Every check that showed it ran again and shows it no more: %s.", plural(len(g.Checks), "check"))
}

// whyUntested says why nothing shows that a gap is mended; empty if something does.
func (d *diff) whyUntested(g Gap) string {
	switch {
	case g.Class == ClassGovernance:
		return "" // whoever judges looks at the owners in each report
	case g.Class == ClassUnreliablePath && len(d.later.History) == 0:
		return "The later report knows no run before it, so that it cannot tell."
	case g.Class == ClassUnreliablePath:
		return ""
	case d.later.Health.Outage != "":
		return "The later run could not judge: " + sentence(d.later.Health.Outage)
	case len(g.Checks) == 0:
		return "The gap names no check that could have run again."
	}
	for _, id := range g.Checks {
		if why := d.whyCheckOpen(g, id); why != "" {
			return why
		}
	}
	return cmp.Or(d.whyLoosened(g), d.whyTooShort(g))
}

// whyCheckOpen says why one check of a gap does not show it mended.
func (d *diff) whyCheckOpen(g Gap, id string) string {
	c, known := d.laterChecks[id]
	switch {
	case !known:
		return fmt.Sprintf("The later run has no check %s.", id)
	case c.Outcome == OutcomeNotSelected:
		return fmt.Sprintf("The check %s was not selected.", id)
	case c.Outcome == OutcomeNotTested:
		return fmt.Sprintf("The check %s was not tested: %s", id, sentence(c.Because))
	case c.Outcome == OutcomeOperational:
		return fmt.Sprintf("The check %s could not decide for passing trouble (operational): %s", id, sentence(c.Because))
	case c.State != SpecRan:
		return fmt.Sprintf("The check %s did not come to its end (%s): %s", id, c.State, sentence(c.Because))
	case c.Outcome == OutcomeNotApplicable:
		return fmt.Sprintf("The check %s does not apply by somebody's word, which shows nothing: %s", id, sentence(c.Because))
	case c.Outcome != OutcomeConformant && c.Outcome != OutcomeSuspended:
		return fmt.Sprintf("The check %s came to %s: %s", id, c.Outcome, sentence(cmp.Or(seeGap(c), c.Because)))
	case g.Path != "" && !slices.ContainsFunc(d.laterWatches[id], func(a *Access) bool { return a.Path == g.Path }):
		// Another path of the kind may have been tried, and says nothing of this one.
		return fmt.Sprintf("The check %s did not try the access path %q.", id, g.Path)
	}
	return ""
}

func seeGap(c Check) string {
	if c.Gap == "" {
		return ""
	}
	return "see " + c.Gap
}

// whyLoosened says that the later run allows access for longer, and that it lasted longer than the
// earlier one allowed: the measure has changed, and not the application. Empty otherwise.
func (d *diff) whyLoosened(g Gap) string {
	limit := d.earlier.Target.RevokeWithinMs
	if g.Outcome != OutcomeDelayed && g.Outcome != OutcomeSurvived || d.later.Target.RevokeWithinMs <= limit {
		return ""
	}
	longest := int64(0)
	for _, t := range triesOf(d.laterWatches, g) {
		if t.Phase == PhaseLeft && t.MarkMs == 0 && t.Result == TryAllowed && t.Who != WhoControl {
			longest = max(longest, t.AtMs)
		}
	}
	if longest <= limit {
		return ""
	}
	return fmt.Sprintf("The later run allows %s in place of %s, and access lasted %s: by the earlier measure it is still there.",
		seconds(d.later.Target.RevokeWithinMs), seconds(limit), seconds(longest))
}

// whyTooShort says that a gap was seen at a later mark, and that the later run has not looked
// for as long; empty where it has, or where the watch itself showed the gap.
func (d *diff) whyTooShort(g Gap) string {
	if g.Outcome != OutcomeRevived || !comesBackByItself(g.Event) {
		return ""
	}
	seen, looked := firstReturn(d.earlierWatches, g), longestLook(d.laterWatches, g)
	if looked >= seen {
		return ""
	}
	return fmt.Sprintf("It was seen %s after the event, and the later run has not looked for as long.", seconds(seen))
}

// firstReturn is the first later mark, in milliseconds, at which a gap's credential was let in.
func firstReturn(watches map[string][]*Access, g Gap) int64 {
	first := int64(0)
	for _, t := range triesOf(watches, g) {
		if t.MarkMs > 0 && t.Result == TryAllowed && t.Who != WhoControl && (first == 0 || t.MarkMs < first) {
			first = t.MarkMs
		}
	}
	// A gap of this sort is seen at a mark alone, so that any mark will do where the tries are missing.
	return max(first, 1)
}

// longestLook is the last later mark at which the credentials of a gap were refused.
func longestLook(watches map[string][]*Access, g Gap) int64 {
	last := int64(0)
	for _, t := range triesOf(watches, g) {
		if t.MarkMs > 0 && t.Result == TryDenied && t.Who != WhoControl {
			last = max(last, t.MarkMs)
		}
	}
	return last
}

// triesOf are the tries of a gap's checks and path.
func triesOf(watches map[string][]*Access, g Gap) []Try {
	var list []Try
	for _, id := range g.Checks {
		for _, a := range watches[id] {
			if g.Path == "" || a.Path == g.Path {
				list = append(list, a.Tries...)
			}
		}
	}
	return list
}

// decides reports whether a check says something of the application: that it conforms, or a gap.
func decides(c Check) bool {
	switch c.Outcome {
	case OutcomeConformant, OutcomeSuspended:
		return c.State == SpecRan
	case OutcomeNonconformant, OutcomePartialSupport, OutcomeRefused, OutcomeIgnored, OutcomeDelayed, OutcomeSurvived, OutcomeRevived:
		return true
	}
	return false
}

// lost lists the checks that decided something and decide nothing any more, those that had shown
// the gravest first.
func (d *diff) lost() []CheckChange {
	list := []CheckChange{}
	for id, was := range d.earlierChecks {
		if !decides(was) {
			continue
		}
		is, known := d.laterChecks[id]
		switch {
		case !known:
			list = append(list, CheckChange{Check: id, Was: was.Outcome, Is: OutcomeNoEvidence, Why: "The later run has no check of this id."})
		case !decides(is):
			list = append(list, CheckChange{Check: id, Was: was.Outcome, Is: is.Outcome, Why: sentence(is.Because)})
		}
	}
	slices.SortFunc(list, func(a, b CheckChange) int { return cmp.Or(b.Was.Rank()-a.Was.Rank(), cmp.Compare(a.Check, b.Check)) })
	return list
}
