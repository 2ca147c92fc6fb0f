package reports

import (
	"fmt"
	"strings"
)

// Decide is the gate. The order matters: a run that could not look is never a
// pass, whatever it did see.
func Decide(r *Report, _ Basis) Verdict {
	ran, operational, unfinished := 0, 0, 0
	for _, c := range r.Checks {
		switch {
		case c.Outcome == OutcomeNotSelected, c.Outcome == OutcomeNotTested:
		case c.Outcome == OutcomeOperational:
			operational++
		case c.State == SpecInterrupted:
			unfinished++
		default:
			ran++
		}
	}
	failing, maxErrorShare := failingGaps(r.Gaps), r.Policy.MaxErrorShare
	switch {
	case r.Health.Outage != "":
		return Verdict{VerdictInconclusive, sentence(r.Health.Outage), RuleHealth}
	case errorShare(r.Health) > maxErrorShare:
		return Verdict{VerdictInconclusive, fmt.Sprintf("%.0f%% of the requests failed, more than the %.0f%% up to which a run says something about the application.",
			100*errorShare(r.Health), 100*maxErrorShare), RuleHealth}
	case len(failing) > 0:
		return Verdict{VerdictFail, "Open control gaps: " + bySeverity(failing) + ".", RuleGaps}
	case r.Run.Partial || unfinished > 0:
		return Verdict{VerdictInconclusive, "The run was cut short: " + orElse(r.Run.Why, "not every check was reached") + ".", RuleUnfinished}
	case operational > 0:
		return Verdict{VerdictInconclusive, fmt.Sprintf("%d of %d checks could not decide for passing trouble at the target; run again.", operational, ran+operational), RuleUnfinished}
	case ran == 0:
		return Verdict{VerdictInconclusive, "No check ran.", RuleEvidence}
	}
	scope := ""
	if r.Run.Selection != "" {
		scope = " of the selection " + r.Run.Selection
	}
	reason := []string{fmt.Sprintf("No open control gap in %d checks%s.", ran, scope), pendingSentence(r.LongWatch)}
	return Verdict{VerdictPass, strings.Join(nonEmpty(reason), " "), RulePass}
}

// failingGaps leaves out what is for information only.
func failingGaps(gaps []Gap) []Gap {
	var out []Gap
	for _, g := range gaps {
		if g.Severity != SeverityInfo {
			out = append(out, g)
		}
	}
	return out
}

func errorShare(h Health) float64 {
	if h.Requests == 0 {
		return 0
	}
	return float64(h.Errors+h.Throttled) / float64(h.Requests)
}

func bySeverity(gaps []Gap) string {
	counts := map[Severity]int{}
	for _, g := range gaps {
		counts[g.Severity]++
	}
	var words []string
	for _, s := range Severities() {
		if counts[s] > 0 {
			words = append(words, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	return strings.Join(words, ", ")
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return strings.TrimSuffix(s, ".")
}
