package reports

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// configuration finds what is wrong with the gate and the exceptions: nothing is decided by them
// until that is mended. All of it is named.
func (g gate) configuration() (Verdict, bool) {
	wrong := slices.Concat(g.policy.mistakes(), g.r.unknownChecks(g.policy.Required), g.r.strayExceptions())
	if len(wrong) == 0 {
		return undecidedYet()
	}
	return Verdict{VerdictError, strings.Join(wrong, " "), RuleConfiguration}, true
}

// mistakes are words and numbers of a policy that mean nothing, as sentences.
func (p Policy) mistakes() []string {
	var wrong []string
	if p.FailFrom != "" && !slices.Contains(Severities(), p.FailFrom) {
		wrong = append(wrong, fmt.Sprintf("The gate's failFrom is %q, which is no severity.", p.FailFrom))
	}
	if p.NoEvidence != "" && p.NoEvidence != VerdictFail && p.NoEvidence != VerdictInconclusive {
		wrong = append(wrong, fmt.Sprintf("The gate's noEvidence is %q; it can be fail or inconclusive.", p.NoEvidence))
	}
	if !(p.MaxErrorShare >= 0 && p.MaxErrorShare <= 1) { // not a number is neither
		wrong = append(wrong, fmt.Sprintf("The gate's maxErrorShare is %v; it is a share from 0 to 1.", p.MaxErrorShare))
	}
	for _, never := range p.Exceptions.NeverWaive {
		if !isGapOrClass(never) {
			wrong = append(wrong, fmt.Sprintf("The gate's neverWaive has %q, which is neither the id of a gap nor a class of gaps.", never))
		}
	}
	return wrong
}

func isGapOrClass(word string) bool {
	return strings.HasPrefix(word, "gap-") || slices.ContainsFunc(GapClasses(), func(c GapClass) bool {
		return word == string(c) || strings.HasPrefix(word, string(c)+".")
	})
}

// unknownChecks are required patterns that stand for no check: a gate that asks for nothing by a
// slip of the pen would pass.
func (r *Report) unknownChecks(required []string) []string {
	var wrong []string
	for _, pattern := range required {
		_, err := path.Match(pattern, "")
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Sprintf("The gate requires %q, which is no pattern: a [ has no end, or a \\ nothing after it.", pattern))
		case !slices.ContainsFunc(r.Checks, func(c Check) bool { return matches(pattern, c.ID) }):
			wrong = append(wrong, fmt.Sprintf("The gate requires %q, and no check is called so; see scimproof list.", pattern))
		}
	}
	return wrong
}

// strayExceptions are exceptions for gaps that nobody knows.
func (r *Report) strayExceptions() []string {
	var stray []string
	for _, u := range r.Exceptions {
		if u.stray(r) {
			stray = append(stray, fmt.Sprintf("%s (%s)", orElse(u.ID, "without an id"), orElse(u.Gap, "no gap")))
		}
	}
	if len(stray) == 0 {
		return nil
	}
	return []string{"Exceptions for gaps that are neither in this report nor in the last one: " + strings.Join(stray, ", ") +
		". Correct the id of the gap, give the last report with --previous, or take them out of the file."}
}

// trust asks whether the report may count at all, whatever it says.
func (g gate) trust() (Verdict, bool) {
	for _, unmet := range []string{g.unsigned(), g.otherNonce(), g.tooOld(), g.otherOperator(), g.otherEnvironment()} {
		if unmet != "" {
			return Verdict{VerdictFail, unmet, RuleTrust}, true
		}
	}
	return undecidedYet()
}

func (g gate) unsigned() string {
	switch {
	case !g.policy.RequireSignature || g.signature != nil && g.signature.Valid:
		return ""
	case g.signature == nil:
		return "The gate requires a signature, and none was looked at."
	}
	return "The gate requires a signature, and the report's is not valid."
}

func (g gate) otherNonce() string {
	switch {
	case !g.policy.RequireNonce || g.signature != nil && g.signature.NonceMatches:
		return ""
	case g.r.Run.Nonce == "":
		return "The gate requires the nonce that was given out for the run, and the run has none."
	}
	return "The gate requires the nonce that was given out for the run, and nothing shows that the run's is that one."
}

// skew is how far two clocks may be apart.
const skew = 24 * time.Hour

func (g gate) tooOld() string {
	if g.policy.MaxAgeDays <= 0 {
		return ""
	}
	ended := g.r.Run.Finished
	age := g.at.Sub(ended)
	switch {
	case ended.IsZero():
		return fmt.Sprintf("The gate takes runs of the last %s, and this one does not say when it ended.", plural(g.policy.MaxAgeDays, "day"))
	case age < -skew:
		return fmt.Sprintf("The run ended on %s, which has not come yet.", DayOf(ended))
	case age > time.Duration(g.policy.MaxAgeDays)*24*time.Hour:
		return fmt.Sprintf("The gate takes runs of the last %s, and this one ended on %s.", plural(g.policy.MaxAgeDays, "day"), DayOf(ended))
	}
	return ""
}

func (g gate) otherOperator() string {
	allowed, by := g.policy.Operators, g.r.Run.Operator.Kind
	if len(allowed) == 0 || slices.Contains(allowed, by) {
		return ""
	}
	var words []string
	for _, kind := range allowed {
		words = append(words, string(kind))
	}
	return fmt.Sprintf("The gate takes runs that were made by the %s, and this one was made by %s.", strings.Join(words, " or the "), orElse(string(by), "nobody who is named"))
}

func (g gate) otherEnvironment() string {
	here := g.r.Target.Environment
	for _, name := range g.policy.NotEnvironments {
		if folded(name) == folded(here) {
			return fmt.Sprintf("The gate takes no runs against the environment %s.", here)
		}
	}
	return ""
}
