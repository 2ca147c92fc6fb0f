package reports

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Claim marks an open gap of a report as claimed to be fixed, by somebody's word and a reference
// such as a ticket or a vendor's note. It stays open: only a run that is certified closes it. The
// next run that is judged with this report as the earlier one keeps the mark for as long as it
// finds the gap. Every refusal is a *RefusedError, and leaves the report as it was.
func Claim(r *Report, gap string, by Party, reference string, now time.Time) error {
	if err := claim(r, gap, by, reference, now); err != nil {
		return &RefusedError{Gap: gap, Why: err.Error()}
	}
	return nil
}

func claim(r *Report, gap string, by Party, reference string, now time.Time) error {
	g := r.gap(gap)
	name, reference := strings.TrimSpace(by.Name), strings.TrimSpace(reference)
	if name == "" {
		name = strings.TrimSpace(by.Contact)
	}
	switch {
	case g == nil:
		return errors.New("the report does not have it: look for the id among its gaps")
	case name == "":
		return errors.New("nobody is named who claims it (--by)")
	case reference == "":
		return errors.New("a claim needs a reference, such as a ticket (--reference)")
	case g.State == StateExcepted:
		return fmt.Errorf("the exception %s covers it, which a claim would hide; run again and certify the fix instead", g.Exception)
	}
	r.recount(g.State, StateClaimedFixed)
	g.State = StateClaimedFixed
	g.StateWhy = sentence(fmt.Sprintf("%s said on %s that it is fixed (%s); no run shows it yet", name, DayOf(now), reference))
	return nil
}

// recount moves one gap from one state to another in the report's sums.
func (r *Report) recount(from, to GapState) {
	if r.Counts.ByState == nil {
		r.Counts.ByState = map[GapState]int{}
	}
	if r.Counts.ByState[from]--; r.Counts.ByState[from] <= 0 {
		delete(r.Counts.ByState, from)
	}
	r.Counts.ByState[to]++
}
