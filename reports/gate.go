package reports

import (
	"fmt"
	"slices"
	"strings"
)

// evidence asks for something to show from each required check. Passing trouble is none of its
// matters: that makes a run inconclusive further on.
func (g gate) evidence() (Verdict, bool) {
	var without []string
	for _, c := range g.r.Checks {
		if showsNothing(c) && fits(g.policy.Required, c.ID) {
			without = append(without, c.ID)
		}
	}
	if len(without) == 0 {
		return undecidedYet()
	}
	word := VerdictFail
	if g.policy.NoEvidence != "" {
		word = g.policy.NoEvidence
	}
	return Verdict{word, "Required checks without evidence: " + some(without) + ".", RuleEvidence}, true
}

// showsNothing reports a check that has nothing to show.
func showsNothing(c Check) bool {
	return c.Outcome == OutcomeNoEvidence || c.Outcome == OutcomeNotSelected || c.Outcome == OutcomeNotTested || c.Outcome == ""
}

// ended says nothing of an application that was there no longer: that it showed no more, not
// even what is required, is no failing of its own, and what it did show need not be so.
func (g gate) ended() (Verdict, bool) {
	if !g.r.Health.TargetEnded {
		return undecidedYet()
	}
	return Verdict{VerdictInconclusive, sentence(g.r.Health.Outage), RuleHealth}, true
}

// health says nothing of an application that could hardly be reached.
func (g gate) health() (Verdict, bool) {
	share, most := errorShare(g.r.Health), g.policy.MaxErrorShare
	switch {
	case g.r.Health.Outage != "":
		return Verdict{VerdictInconclusive, sentence(g.r.Health.Outage), RuleHealth}, true
	case share > most:
		return Verdict{VerdictInconclusive, fmt.Sprintf("%.0f%% of the requests failed, more than the %.0f%% up to which a run says something about the application.",
			100*share, 100*most), RuleHealth}, true
	}
	return undecidedYet()
}

// gaps fails on what is open and grave enough.
func (g gate) gaps() (Verdict, bool) {
	failing := slices.DeleteFunc(slices.Clone(g.r.Gaps), func(gap Gap) bool {
		return !gap.State.Open() || !g.policy.fails(gap.Severity)
	})
	if len(failing) == 0 {
		return undecidedYet()
	}
	return Verdict{VerdictFail, "Open control gaps: " + bySeverity(failing) + "." + lapsed(failing), RuleGaps}, true
}

// lapsed names the exceptions that do not cover their gaps any more, or never did.
func lapsed(gaps []Gap) string {
	var why []string
	for _, gap := range gaps {
		if gap.Exception != "" {
			why = append(why, gap.StateWhy)
		}
	}
	if len(why) == 0 {
		return ""
	}
	return " " + strings.Join(why, " ")
}

// owners fails where a role is empty, if the gate wants all of them filled, whoever accepts that.
func (g gate) owners() (Verdict, bool) {
	if !g.policy.RequireOwners {
		return undecidedYet()
	}
	empty := g.r.emptyRoles()
	if len(empty) == 0 {
		return undecidedYet()
	}
	return Verdict{VerdictFail, "The gate requires an owner for each role, and nobody is named as " + strings.Join(empty, ", ") + ".", RuleGaps}, true
}

// regressions fails on what has become worse since the last run and is not accepted.
func (g gate) regressions() (Verdict, bool) {
	if !g.policy.Regressions {
		return undecidedYet()
	}
	worse := g.r.worse()
	if len(worse) == 0 {
		return undecidedYet()
	}
	return Verdict{VerdictFail, "Worse than in the last run: " + some(worse) + ".", RuleRegression}, true
}

// worse lists the open gaps that are new, back or graver, each once and with what became of it.
func (r *Report) worse() []string {
	var words []string
	named := map[string]bool{}
	if r.Comparison != nil {
		for _, c := range r.Comparison.Gaps {
			gap := r.gap(c.Gap)
			if c.Change.isWorse() && gap != nil && gap.State.Open() && gap.Severity != SeverityInfo {
				named[c.Gap] = true
				words = append(words, fmt.Sprintf("%s (%s, %s)", gap.Title, c.Change, gap.Severity))
			}
		}
	}
	for _, gap := range r.Gaps {
		if gap.State == StateRegressed && !named[gap.ID] && gap.Severity != SeverityInfo {
			words = append(words, fmt.Sprintf("%s (%s, %s)", gap.Title, ChangeRegressed, gap.Severity))
		}
	}
	return words
}

// unfinished never lets a run pass that stopped, met trouble, or shows nothing that works.
func (g gate) unfinished() (Verdict, bool) {
	n := g.r.tally()
	switch {
	case g.r.Run.Partial || n.unfinished > 0:
		return Verdict{VerdictInconclusive, "The run was cut short: " + orElse(g.r.Run.Why, "not every check was reached") + ".", RuleUnfinished}, true
	case n.operational > 0:
		return Verdict{VerdictInconclusive, fmt.Sprintf("%d of %d checks could not decide for passing trouble at the target; run again.",
			n.operational, n.ran+n.operational), RuleUnfinished}, true
	case n.ran == 0:
		return Verdict{VerdictInconclusive, "No check ran.", RuleEvidence}, true
	case n.good == 0:
		return Verdict{VerdictInconclusive, fmt.Sprintf("Of %s none showed anything that works: without evidence nothing passes.", plural(n.ran, "check")), RuleEvidence}, true
	}
	return undecidedYet()
}

// tally counts checks by how far they came.
type tally struct {
	ran, operational, unfinished int
	good                         int // that saw what they asked for
}

func (r *Report) tally() tally {
	var n tally
	for _, c := range r.Checks {
		switch {
		case c.Outcome == OutcomeNotSelected, c.Outcome == OutcomeNotTested:
		case c.Outcome == OutcomeOperational:
			n.operational++
		case c.State == SpecInterrupted:
			n.unfinished++
		default:
			n.ran++
			if c.Outcome == OutcomeConformant || c.Outcome == OutcomeSuspended {
				n.good++
			}
		}
	}
	return n
}

// exceptions tells a pass from one that rests on what somebody has accepted.
func (g gate) exceptions() (Verdict, bool) {
	accepted := g.r.acceptedUntil()
	if accepted == "" {
		return undecidedYet()
	}
	if !g.policy.ExceptionsPass {
		return Verdict{VerdictFail, accepted + ", and the gate takes no exceptions (exceptionsPass).", RuleExceptions}, true
	}
	return Verdict{VerdictWithExceptions, g.passing() + " " + accepted + ".", RuleExceptions}, true
}

func (g gate) pass() Verdict {
	reason := []string{g.passing(), pendingSentence(g.r.LongWatch)}
	return Verdict{VerdictPass, strings.Join(nonEmpty(reason), " "), RulePass}
}

// passing says what was found to be no reason to fail.
func (g gate) passing() string {
	ran, scope := plural(g.r.tally().ran, "check"), ""
	if g.r.Run.Selection != "" {
		scope = " of the selection " + g.r.Run.Selection
	}
	if below := openGaps(g.r.Gaps); len(below) > 0 {
		return fmt.Sprintf("No open control gap that is %s or graver in %s%s; open below that: %s.", g.policy.from(), ran, scope, bySeverity(below))
	}
	return fmt.Sprintf("No open control gap in %s%s.", ran, scope)
}
