package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// except looks at each exception of the file and says of each gap whether one covers it. The
// severity of a gap stays what it is: to accept something makes it no milder.
func (r *Report) except(file *Exceptions, previous *Report) {
	if file == nil {
		return
	}
	r.ExceptionsDigest = file.Digest
	x := excepting{r: r, previous: previous, list: file.List, today: DayOf(r.Judged)}
	for _, e := range file.List {
		e.Approvals = orEmpty(e.Approvals)
		r.Exceptions = append(r.Exceptions, x.use(e))
	}
	for i := range r.Gaps {
		x.cover(&r.Gaps[i])
	}
}

// excepting has at hand what exceptions are judged on.
type excepting struct {
	r        *Report
	previous *Report // nil where none was given
	list     []Exception
	today    Day // in UTC
}

// use is what becomes of one exception.
func (x excepting) use(e Exception) ExceptionUse {
	u := ExceptionUse{Exception: e}
	if g := x.r.gap(e.Gap); g != nil {
		u.State, u.Why = x.standing(e, *g)
	} else {
		u.State, u.Why = x.withoutGap(e)
	}
	if u.State == ExceptionActive {
		u.Warning = x.warning(e)
	}
	return u
}

// warning says that an exception ends soon; empty if it does not.
func (x excepting) warning(e Exception) string {
	left := e.Expires.Since(x.today)
	switch {
	case left > x.r.Policy.Exceptions.WarnBeforeDays:
		return ""
	case left == 0:
		return e.ID + " expires today."
	}
	return fmt.Sprintf("%s expires in %s.", e.ID, plural(left, "day"))
}

// withoutGap judges an exception whose gap is not in this report. It is of no use any more where
// the gap is closed, waits where nobody looked, and is a mistake in the file where nobody has ever
// seen such a gap (see Report.strayExceptions).
func (x excepting) withoutGap(e Exception) (ExceptionState, string) {
	was, before := x.previous.gap(e.Gap), x.usedBefore(e)
	switch {
	case was != nil && x.lookedAgain(*was):
		return ExceptionUnneeded, e.ID + " is no longer needed: the checks of its gap decided again and do not show it. Remove the exception."
	case was == nil && x.r.closure(e.Gap) != nil:
		on := DayOf(x.r.closure(e.Gap).On)
		return ExceptionUnneeded, fmt.Sprintf("%s is no longer needed: its gap was certified as closed on %s. Remove the exception.", e.ID, on)
	case was == nil && before != nil && before.State == ExceptionUnneeded:
		return ExceptionUnneeded, e.ID + " is no longer needed: its gap was closed before this run. Remove the exception."
	case was == nil && before == nil:
		return ExceptionInvalid, fmt.Sprintf("%s is for the gap %q, which is neither in this report nor in the last one.", e.ID, e.Gap)
	}
	if why := x.expired(e, Gap{}); why != "" {
		return ExceptionExpired, why
	}
	return ExceptionActive, e.ID + " waits: this run did not look at its gap, so nothing shows that the gap is closed."
}

// usedBefore is what the last report says of an exception, if its gap was known then.
func (x excepting) usedBefore(e Exception) *ExceptionUse {
	if x.previous == nil {
		return nil
	}
	i := slices.IndexFunc(x.previous.Exceptions, func(u ExceptionUse) bool { return u.ID == e.ID && u.Gap == e.Gap })
	if i < 0 || x.previous.Exceptions[i].stray(x.previous) {
		return nil
	}
	return &x.previous.Exceptions[i]
}

// lookedAgain reports whether each check of a gap of the last report decided in this one.
func (x excepting) lookedAgain(was Gap) bool {
	for _, id := range was.Checks {
		i := slices.IndexFunc(x.r.Checks, func(c Check) bool { return c.ID == id })
		if i < 0 || !decides(x.r.Checks[i]) {
			return false
		}
	}
	return true
}

// stray reports an exception for a gap that nobody knows.
func (u ExceptionUse) stray(r *Report) bool {
	return u.State == ExceptionInvalid && r.gap(u.Gap) == nil
}

// cover sets the state of a gap by the best of its exceptions. What came back after it was closed
// stays regressed unless an exception holds that was approved since.
func (x excepting) cover(g *Gap) {
	u := x.best(g.ID)
	if u == nil || u.State == ExceptionUnneeded {
		return
	}
	states := map[ExceptionState]GapState{
		ExceptionActive: StateExcepted, ExceptionExpired: StateExceptionExpired,
		ExceptionExceeded: StateExceptionExceeded, ExceptionInvalid: StateExceptionInvalid,
	}
	if g.State != StateRegressed || u.State == ExceptionActive {
		g.State = states[u.State]
	}
	g.Exception = u.ID
	g.StateWhy = strings.Join(nonEmpty([]string{u.Why, g.StateWhy}), " ")
}

// best is the exception that covers a gap, or else the one that lasts longest; nil for none.
func (x excepting) best(gap string) *ExceptionUse {
	var best *ExceptionUse
	for i := range x.r.Exceptions {
		u := &x.r.Exceptions[i]
		if u.Gap != gap {
			continue
		}
		if best == nil || better(*u, *best) > 0 {
			best = u
		}
	}
	return best
}

func better(a, b ExceptionUse) int {
	active := func(u ExceptionUse) int {
		if u.State == ExceptionActive {
			return 1
		}
		return 0
	}
	return cmp.Or(active(a)-active(b), cmp.Compare(a.Expires, b.Expires), cmp.Compare(a.ID, b.ID))
}
