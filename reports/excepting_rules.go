package reports

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// standing says whether an exception covers its gap, and the first rule that keeps it from that.
func (x excepting) standing(e Exception, g Gap) (ExceptionState, string) {
	if g.Severity == SeverityInfo && x.r.Policy.FailFrom != SeverityInfo {
		return ExceptionUnneeded, e.ID + " is not needed: its gap is for information only."
	}
	rules := []struct {
		state  ExceptionState
		broken func(Exception, Gap) string
	}{
		{ExceptionInvalid, x.neverWaived},
		{ExceptionInvalid, x.hidesMissingEvidence},
		{ExceptionInvalid, x.incomplete},
		{ExceptionExpired, x.expired},
		{ExceptionInvalid, x.void},
		{ExceptionExceeded, x.exceeded},
		{ExceptionInvalid, x.tooLong},
		{ExceptionInvalid, x.selfApproved},
		{ExceptionInvalid, x.unapproved},
		{ExceptionInvalid, x.badlyRenewed},
		{ExceptionInvalid, x.tooManyRenewals},
		{ExceptionInvalid, x.uncompensated},
	}
	for _, rule := range rules {
		if why := rule.broken(e, g); why != "" {
			return rule.state, why
		}
	}
	return ExceptionActive, fmt.Sprintf("%s accepts it until %s.", e.ID, e.Expires)
}

// neverWaived keeps to what the gate lets nobody accept: ids of gaps, classes, or classes with an
// event.
func (x excepting) neverWaived(e Exception, g Gap) string {
	for _, never := range x.r.Policy.Exceptions.NeverWaive {
		if never == g.ID || never == string(g.Class) || never == string(g.Class)+"."+string(g.Event) {
			return fmt.Sprintf("%s does not hold: the gate lets nobody accept %s (neverWaive).", e.ID, never)
		}
	}
	return ""
}

// hidesMissingEvidence refuses to accept that a required check has nothing to show: nobody knows
// what would be accepted.
func (x excepting) hidesMissingEvidence(e Exception, g Gap) string {
	if g.Class != ClassNoEvidence {
		return ""
	}
	for _, check := range g.Checks {
		if fits(x.r.Policy.Required, check) {
			return fmt.Sprintf("%s does not hold: the gate requires evidence of %s, and no exception stands in for evidence.", e.ID, check)
		}
	}
	return ""
}

// matches reports whether a pattern with * stands for a check; a broken pattern stands for none.
func matches(pattern, check string) bool {
	ok, err := path.Match(pattern, check)
	return ok && err == nil
}

// shortestReason is how many characters it takes to give a reason.
const shortestReason = 20

// incomplete finds what an exception lacks.
func (x excepting) incomplete(e Exception, _ Gap) string {
	same := 0
	for _, other := range x.list {
		if other.ID == e.ID {
			same++
		}
	}
	switch {
	case strings.TrimSpace(e.ID) == "":
		return "An exception without an id does not hold."
	case same > 1:
		return fmt.Sprintf("%s does not hold: %d exceptions have this id.", e.ID, same)
	case utf8.RuneCountInString(strings.TrimSpace(e.Reason)) < shortestReason:
		return fmt.Sprintf("%s does not hold: its reason has fewer than %d characters.", e.ID, shortestReason)
	case !slices.Contains(Severities(), e.ApprovedSeverity):
		return e.ID + " does not hold: it does not say which severity was approved (approvedSeverity)."
	case !isDay(e.Expires):
		return e.ID + " does not hold: it has no last day (expires), and none is open-ended."
	}
	return ""
}

func isDay(d Day) bool { _, err := ParseDay(string(d)); return err == nil }

// expired holds an exception to its last day, which is a day of UTC.
func (x excepting) expired(e Exception, _ Gap) string {
	if !isDay(e.Expires) {
		return e.ID + " holds on no day: it has no last one (expires)."
	}
	past := x.today.Since(e.Expires)
	if past <= 0 {
		return ""
	}
	why := fmt.Sprintf("%s expired %s ago.", e.ID, plural(past, "day"))
	if i := slices.IndexFunc(x.list, func(o Exception) bool { return o.Renews == e.ID && o.Gap == e.Gap && e.ID != "" && o.ID != e.ID }); i >= 0 {
		why += " " + x.list[i].ID + " follows it."
	}
	return why
}

// void ends an exception with the closure of its gap: what comes back has to be approved anew.
func (x excepting) void(e Exception, g Gap) string {
	closed := x.r.closure(g.ID)
	if closed == nil || x.firstApproval(e) > DayOf(closed.On) {
		return ""
	}
	return fmt.Sprintf("%s is void: its gap was certified as closed on %s and is back, which nobody has approved since.", e.ID, closed.On.UTC().Format(time.DateOnly))
}

// exceeded compares a gap with what the approvers saw.
func (x excepting) exceeded(e Exception, g Gap) string {
	switch {
	case rankOf(g.Severity) > rankOf(e.ApprovedSeverity):
		return fmt.Sprintf("%s does not cover it any more: %s was approved, and the gap is %s.", e.ID, e.ApprovedSeverity, g.Severity)
	case e.TargetVersion != "" && e.TargetVersion != x.r.Target.Version:
		return fmt.Sprintf("%s does not cover it: it was approved for version %s, and this is %s.", e.ID, e.TargetVersion, orElse(x.r.Target.Version, "a version that nobody states"))
	case x.spread(e, g):
		return e.ID + " does not cover it any more: the gap was seen for some leavers, and is now seen for most of them."
	}
	return ""
}

// spread reports a gap that came now and then in the last run and comes always in this one. It
// stays so in the runs that follow, until somebody approves again.
func (x excepting) spread(e Exception, g Gap) bool {
	was := x.previous.gap(g.ID)
	if g.Reproduced == nil || g.Reproduced.Class != OccurrenceSystemic || was == nil || was.Reproduced == nil {
		return false
	}
	if was.Reproduced.Class == OccurrenceIntermittent {
		return x.firstApproval(e) <= DayOf(x.r.Run.Started) // later approvers have seen this run
	}
	before := x.usedBefore(e)
	return before != nil && before.State == ExceptionExceeded && slices.Equal(before.Approvals, e.Approvals) &&
		rankOf(was.Severity) <= rankOf(e.ApprovedSeverity) && (e.TargetVersion == "" || e.TargetVersion == x.previous.Target.Version)
}

// tooLong holds an exception to the days that the gate gives a gap of its severity, from the first
// approval on.
func (x excepting) tooLong(e Exception, g Gap) string {
	longest, known := x.r.Policy.Exceptions.MaxDays[g.Severity]
	if !known {
		return fmt.Sprintf("%s does not hold: the gate has no longest time (maxDays) for a gap that is %s.", e.ID, g.Severity)
	}
	first := x.firstApproval(e)
	if first == "" {
		return e.ID + " does not hold: nobody has approved it."
	}
	if days := e.Expires.Since(first); days > longest {
		return fmt.Sprintf("%s does not hold: it lasts %s from its first approval, and the gate allows %d for a gap that is %s.", e.ID, plural(days, "day"), longest, g.Severity)
	}
	return ""
}

// uncompensated asks for proof of each control that stands in and names a check.
func (x excepting) uncompensated(e Exception, _ Gap) string {
	for _, c := range e.Compensating {
		if c.VerifiedBy == "" {
			continue
		}
		i := slices.IndexFunc(x.r.Checks, func(check Check) bool { return check.ID == c.VerifiedBy })
		if i < 0 {
			return fmt.Sprintf("%s does not hold: no check is called %s, which is to show its compensating control.", e.ID, c.VerifiedBy)
		}
		if o := x.r.Checks[i].Outcome; o != OutcomeConformant {
			return fmt.Sprintf("%s does not hold: the check of its compensating control, %s, came to %s in this run.", e.ID, c.VerifiedBy, o)
		}
	}
	return ""
}
