package reports

import (
	"fmt"
	"strings"
	"time"
)

// Decide is the gate: the first of its steps that has something to say decides. The order matters:
// a run that nobody can rely on, or that could not look, is never a pass, whatever it did see.
// The Policy and Now of the basis stand for those of the report where they are set; an exception
// then has to hold by them too. Of the rest of the basis only the Signature is looked at.
func Decide(r *Report, b Basis) Verdict {
	g := gate{signature: b.Signature, policy: r.Policy, at: r.Judged}
	if b.Policy != nil {
		g.policy = *b.Policy
	}
	if !b.Now.IsZero() {
		g.at = b.Now.UTC()
	}
	g.r = r.underGate(g.policy, g.at)
	for _, step := range []func() (Verdict, bool){
		g.configuration, g.trust, g.ended, g.evidence, g.health, g.gaps, g.owners, g.regressions, g.unfinished, g.exceptions,
	} {
		if v, decided := step(); decided {
			return v
		}
	}
	return g.pass()
}

// gate is a report on its way to a verdict.
type gate struct {
	r         *Report
	policy    Policy
	signature *Signature
	at        time.Time // now
}

func undecidedYet() (Verdict, bool) { return Verdict{}, false }

// fails reports whether a severity is one that fails. What is for information fails only where
// the gate says so in as many words.
func (p Policy) fails(s Severity) bool { return rankOf(s) >= rankOf(p.from()) }

// from is the mildest severity that fails.
func (p Policy) from() Severity {
	if p.FailFrom == "" {
		return SeverityLow
	}
	return p.FailFrom
}

// openGaps leaves out what somebody has accepted, and what is for information only.
func openGaps(gaps []Gap) []Gap {
	var out []Gap
	for _, g := range gaps {
		if g.State.Open() && g.Severity != SeverityInfo {
			out = append(out, g)
		}
	}
	return out
}

// acceptedGaps are those that an exception covers.
func acceptedGaps(gaps []Gap) []Gap {
	var out []Gap
	for _, g := range gaps {
		if !g.State.Open() {
			out = append(out, g)
		}
	}
	return out
}

// acceptedUntil counts the gaps that are accepted and says until when; empty for none.
func (r *Report) acceptedUntil() string {
	gaps := acceptedGaps(r.Gaps)
	var first, last Day
	for _, g := range gaps {
		for _, u := range r.Exceptions {
			if u.ID != g.Exception || u.Gap != g.ID {
				continue
			}
			if first == "" || u.Expires < first {
				first = u.Expires
			}
			last = max(last, u.Expires)
		}
	}
	switch {
	case len(gaps) == 0:
		return ""
	case first == "": // by an exception that the report does not list
		return plural(len(gaps), "control gap is", "control gaps are") + " accepted by exception"
	case first == last:
		return plural(len(gaps), "control gap is", "control gaps are") + " accepted by exception until " + string(first)
	}
	return fmt.Sprintf("%d control gaps are accepted by exception, the first until %s and the last until %s", len(gaps), first, last)
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
