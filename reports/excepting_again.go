package reports

import (
	"slices"
	"time"
)

// underGate is the report with the exceptions that this gate, on this day, still lets stand: a
// stricter gate takes fewer, and they end. The report itself is left as it is.
func (r *Report) underGate(policy Policy, now time.Time) *Report {
	again := *r
	again.Policy = policy
	x := excepting{r: &again, today: DayOf(now)}
	for _, u := range r.Exceptions {
		x.list = append(x.list, u.Exception)
	}
	again.Gaps = slices.Clone(r.Gaps)
	for i := range again.Gaps {
		if g := &again.Gaps[i]; g.State == StateExcepted {
			x.lookAgain(g)
		}
	}
	return &again
}

// lookAgain asks of an exception that covered a gap what depends on the gate and the day alone. An
// exception that the report does not list covers nothing.
func (x excepting) lookAgain(g *Gap) {
	i := slices.IndexFunc(x.list, func(e Exception) bool { return e.ID == g.Exception && e.Gap == g.ID })
	if i < 0 {
		g.State, g.StateWhy = StateExceptionInvalid, "The report does not list the exception "+orElse(g.Exception, "that covers "+g.ID)+"."
		return
	}
	e := x.list[i]
	if why := x.expired(e, *g); why != "" {
		g.State, g.StateWhy = StateExceptionExpired, why
		return
	}
	for _, broken := range []func(Exception, Gap) string{x.neverWaived, x.hidesMissingEvidence, x.tooLong, x.unapproved, x.tooManyRenewals} {
		if why := broken(e, *g); why != "" {
			g.State, g.StateWhy = StateExceptionInvalid, why
			return
		}
	}
}
