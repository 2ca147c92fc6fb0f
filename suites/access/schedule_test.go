package access

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// walk plays a schedule against an application that lets the credential in until
// a time, and returns when it was tried.
func walk(plan Plan, rule Rule, until time.Duration) []time.Duration {
	s := newSchedule(plan, rule)
	var at []time.Duration
	for due := time.Duration(0); ; due = s.next() {
		at = append(at, due)
		s.note(due, due, due >= until, due < until, true)
		if s.done() || len(at) > 100 {
			return at
		}
	}
}

func TestScheduleMarks(t *testing.T) {
	const s = time.Second
	q := s / 4
	plan := Plan{RevokeWithin: 2 * s, GiveUpAfter: 8 * s}
	full := Rule{Need: 5}
	never := time.Hour
	for name, c := range map[string]struct {
		plan  Plan
		rule  Rule
		until time.Duration
		want  []time.Duration
	}{
		// Five denials are there at 2 s; half the budget has not passed yet.
		"revoked at once": {plan, full, 0, []time.Duration{0, q, 2 * q, s, 2 * s, 4 * s}},
		"revoked at once, brief": {
			plan, Rule{Need: 5, Brief: true}, 0, []time.Duration{0, q, 2 * q, s, 2 * s},
		},
		"never revoked": {plan, full, never, []time.Duration{0, q, 2 * q, s, 2 * s, 4 * s, 8 * s}},
		// The schedule starts over at the change, to confirm it soon.
		"revoked after 3 s": {
			plan, full, 3 * s, []time.Duration{0, q, 2 * q, s, 2 * s, 4 * s, 4*s + q, 4*s + 2*q, 5 * s, 6 * s},
		},
		// A denial at the very end is still confirmed.
		"revoked after 7 s": {
			plan, full, 7 * s, []time.Duration{0, q, 2 * q, s, 2 * s, 4 * s, 8 * s, 8*s + q, 8*s + 2*q, 9 * s, 10 * s},
		},
		"revokeWithin is a mark of its own": {
			Plan{RevokeWithin: 3 * s, GiveUpAfter: 6 * s}, full, never, []time.Duration{0, q, 2 * q, s, 2 * s, 3 * s, 4 * s, 6 * s},
		},
		"three denials at the most, spread over half the budget": {
			plan, Rule{Need: 3, Limit: 3}, 0, []time.Duration{0, 2 * s, 4 * s},
		},
		"a limit does not bind while access is allowed": {
			plan, Rule{Need: 3, Limit: 3}, 3 * s, []time.Duration{0, q, 2 * q, s, 2 * s, 4 * s, 4*s + q, 4*s + 2*q},
		},
		"one denial is enough": {plan, Rule{Need: 1, Limit: 1, Brief: true}, 0, []time.Duration{0}},
		"back in: the first allowed try ends it": {
			plan, Rule{Need: 3, Limit: 3, WantAllowed: true}, never, []time.Duration{0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(walk(c.plan, c.rule, c.until)).To(Equal(c.want))
		})
	}
}

// A try that lasts runs past marks. Five denials are five stretches of time in a row, and
// not the last of them far away.
func TestTriesThatLast(t *testing.T) {
	for name, c := range map[string]struct {
		lasting bool
		want    time.Duration // when the last of five denials is tried
	}{
		"marks are made good": {true, 4 * time.Second},
		"marks are skipped":   {false, 8 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchedule(Plan{RevokeWithin: time.Minute, GiveUpAfter: 2 * time.Minute}, Rule{Need: 5, Brief: true, Lasting: c.lasting})
			at := time.Duration(0)
			for due := time.Duration(0); ; due = s.next() {
				at = max(due, at)
				s.note(at, at, true, false, true)
				if s.done() {
					break
				}
				at += time.Second // how long the try lasted
			}
			NewWithT(t).Expect(at).To(Equal(c.want))
		})
	}
}

// Where each try takes longer than the marks before it are apart, the fifth denial is not
// many budgets away.
func TestSlowTriesAreConfirmedSoonAfterTheBudget(t *testing.T) {
	g := NewWithT(t)
	plan := Plan{RevokeWithin: 2 * time.Second, GiveUpAfter: 6 * time.Second}
	s := newSchedule(plan, Rule{Need: 5})
	at := 1200 * time.Millisecond
	for tries := 1; ; tries++ {
		s.note(at, at, true, false, true)
		if s.done() {
			break
		}
		g.Expect(tries).To(BeNumerically("<", 5))
		at = max(at+2*time.Second, s.next()) // a try lasts for two seconds
	}
	g.Expect(at).To(BeNumerically("<=", 2*plan.GiveUpAfter))
}

// Somebody who was let in when the watch was young may have been cut off while the answer
// was on its way.
func TestASlowAnswerIsNoLastOne(t *testing.T) {
	g := NewWithT(t)
	s := newSchedule(Plan{RevokeWithin: time.Second, GiveUpAfter: 3 * time.Second}, Rule{Need: 5})
	s.note(250*time.Millisecond, 4*time.Second, false, true, true)
	g.Expect(s.done()).To(BeFalse())
	g.Expect(s.next()).To(BeNumerically("<=", 5*time.Second))
	s.note(s.next(), s.next(), false, true, true)
	g.Expect(s.done()).To(BeTrue())
}

func TestOneLostAnswerIsNotTheEnd(t *testing.T) {
	g := NewWithT(t)
	s := newSchedule(Plan{RevokeWithin: time.Second, GiveUpAfter: 3 * time.Second}, Rule{Need: 5})
	s.note(time.Second, time.Second, false, true, true)
	s.note(3*time.Second, 3*time.Second, false, false, true)
	g.Expect(s.done()).To(BeFalse())
	g.Expect(s.next()).To(BeNumerically("<=", 4*time.Second))
	s.note(s.next(), s.next(), false, true, true)
	g.Expect(s.done()).To(BeTrue())
}

func TestADenialWithoutTheControlUserDoesNotCount(t *testing.T) {
	g := NewWithT(t)
	s := newSchedule(Plan{RevokeWithin: time.Second, GiveUpAfter: 2 * time.Second}, Rule{Need: 2})
	for _, at := range []time.Duration{0, 1500 * time.Millisecond, 2 * time.Second, 2500 * time.Millisecond} {
		s.note(at, at, true, false, false)
		g.Expect(s.done()).To(BeFalse(), "%s", at)
	}
	s.note(3*time.Second, 3*time.Second, true, false, false)
	g.Expect(s.done()).To(BeTrue(), "the budget is spent, and what decided nothing was tried twice more")
	g.Expect(s.streak).To(BeZero())
}

func TestThereAreEnoughOneShotCredentials(t *testing.T) {
	for _, budget := range []time.Duration{time.Second, 8 * time.Second, 10 * time.Minute, 24 * time.Hour} {
		plan := Plan{RevokeWithin: budget / 3, GiveUpAfter: budget}
		for _, until := range []time.Duration{0, budget / 10, budget / 2, budget - 1, 2 * budget} {
			used := len(walk(plan, Rule{Need: DenialsNeeded}, until)) + 1 // and the positive control
			NewWithT(t).Expect(used).To(BeNumerically("<=", plan.shots()), "budget %s, revoked after %s", budget, until)
		}
	}
}
