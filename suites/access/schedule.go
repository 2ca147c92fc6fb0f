package access

import "time"

// firstStep is the distance of the second try from the first one; each later one
// is twice as far, until the result changes.
const firstStep = 250 * time.Millisecond

// DenialsNeeded is how many denials in a row, each beside an allowed control
// user, count as stable: caches flap.
const DenialsNeeded = 5

// attemptsBeyond is how often a try that decides nothing is repeated at the end of the
// budget.
const attemptsBeyond = 2

// What a try comes to for the schedule.
const (
	lettingIn = "allowed"
	denying   = "denied" // beside a control user who was let in
	undecided = "undecided"
)

// Plan is the timing of a watch, counted from the acknowledged event.
type Plan struct {
	RevokeWithin time.Duration
	GiveUpAfter  time.Duration
}

// schedule says when the next try is due. It starts over whenever a result
// differs from the one before, so that the moment of change is met closely and a
// denial is confirmed soon.
type schedule struct {
	plan Plan
	rule Rule

	since    time.Duration // when the results last changed
	step     time.Duration // distance of the next try from since
	sent     time.Duration // when the try before was sent
	last     time.Duration // when it had its answer
	result   string
	again    int // tries at the end of the budget and beyond that decided nothing
	streak   int // denials in a row
	refusals int // denials in all
}

func newSchedule(plan Plan, rule Rule) *schedule {
	return &schedule{plan: plan, rule: rule, step: firstStep}
}

// note takes the result of a try that was sent and answered at these times; counts says
// whether a denial stands beside an allowed control user.
func (s *schedule) note(sent, at time.Duration, denied, allowed, counts bool) {
	result := undecided
	switch {
	case denied && counts:
		result = denying
		s.streak++
	case allowed:
		result = lettingIn
		s.streak = 0
	}
	if denied {
		s.refusals++
	}
	if s.result != "" && result != s.result {
		s.since, s.step = at, firstStep
	}
	if result == undecided && at >= s.plan.GiveUpAfter {
		s.again++
	}
	s.result, s.sent, s.last = result, sent, at
}

// done reports whether the watch has seen enough.
func (s *schedule) done() bool {
	if s.rule.WantAllowed && s.result == lettingIn {
		return true
	}
	if s.streak >= s.rule.Need && (s.rule.Brief || s.last >= s.plan.GiveUpAfter/2) {
		return true
	}
	if s.rule.Limit > 0 && s.refusals >= s.rule.Limit {
		return true
	}
	return s.last >= s.plan.GiveUpAfter && s.decided()
}

// decided reports whether the last try of the budget can be the last of the watch.
func (s *schedule) decided() bool {
	switch s.result {
	case denying: // A denial that began close to the end is still confirmed.
		return s.streak >= s.rule.Need
	case lettingIn: // A slow answer says how it was when it was asked for.
		return s.sent >= s.plan.GiveUpAfter
	}
	// One lost answer must not undo a whole watch.
	return s.again > attemptsBeyond
}

// next returns when the following try is due.
func (s *schedule) next() time.Duration {
	if s.rule.Limit > 0 && s.refusals > 0 && s.refusals < s.rule.Limit {
		return s.spread()
	}
	for s.since+s.step <= s.last {
		s.step *= 2
		// Where a try itself lasts, it runs past marks of a denial that is still to be
		// confirmed. They are made good one after the other: skipped, the last of them
		// would lie minutes away.
		if s.rule.Lasting && s.result == denying && s.streak < s.rule.Need {
			break
		}
	}
	due := s.since + s.step
	for _, mark := range []time.Duration{s.plan.RevokeWithin, s.plan.GiveUpAfter} {
		if s.last < mark && mark < due {
			due = mark
		}
	}
	if s.last >= s.plan.GiveUpAfter {
		// What is still to be confirmed once the budget is spent is so soon: on a busy
		// machine, or with slow answers, the next doubling lies many budgets away.
		due = min(due, s.last+max(firstStep, s.plan.GiveUpAfter/4))
	}
	return due
}

// spread places the few tries that are left evenly up to half the budget, so
// that they say as much as they can.
func (s *schedule) spread() time.Duration {
	left := time.Duration(s.rule.Limit - s.refusals)
	if gap := (s.plan.GiveUpAfter/2 - s.last) / left; gap > firstStep {
		return s.last + gap
	}
	return s.last + firstStep
}

// shots is how many one-shot credentials a watch may need: one for each doubling up
// to the budget, once more after a change, and one for each fixed mark, each
// confirmation, each repetition and the positive control.
func (p Plan) shots() int {
	doublings := 0
	for step := firstStep; step < p.GiveUpAfter; step *= 2 {
		doublings++
	}
	return 2*doublings + DenialsNeeded + attemptsBeyond + 4
}
