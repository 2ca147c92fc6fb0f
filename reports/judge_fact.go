package reports

import (
	"fmt"
	"slices"
	"strings"
)

// lookAtFact judges a requirement that a reply or a read either meets or does not. What a
// miss means is a matter of the requirement's class.
func (j *judge) lookAtFact(f *finding, fact Fact) {
	if fact.Met {
		f.outcome, f.because = OutcomeConformant, sentence(fact.Expected)
		return
	}
	rule := j.strictest(f.requirements)
	words := fmt.Sprintf("expected: %s%s; came: %s", fact.Expected, cited(rule), fact.Actual)
	f.because = strings.Join(nonEmpty([]string{sentence(words), j.quote(f.evidence)}), " ")
	f.outcome, f.stake = OutcomeNonconformant, rule.Stake
	f.mild = fact.Tolerable || rule.Class == ClassAdvised
	if fact.Open || rule.Class == ClassOpen {
		f.outcome = OutcomeRecorded
	}
}

// strictest is the requirement that speaks for several: the one whose miss means most. One
// that is no matter of protocol goes before all.
func (j *judge) strictest(ids []string) Requirement {
	var best Requirement
	for _, id := range ids {
		r := j.requirements[id]
		if best.ID == "" || slices.Index(Classes(), r.Class) < slices.Index(Classes(), best.Class) {
			best = r
		}
	}
	return best
}

// cited names a requirement's source with the weight that its text gives it.
func cited(r Requirement) string {
	if r.Source == "" || r.Class == "" {
		return ""
	}
	return fmt.Sprintf(" (%s, %s)", r.Source, r.Level)
}

// longestQuote is how much of a body a sentence repeats, in bytes; the whole of it is in the
// evidence.
const longestQuote = 240

// quote repeats the exchange that a finding rests on, the last one of its evidence.
func (j *judge) quote(evidence []string) string {
	if len(evidence) == 0 {
		return ""
	}
	e, known := j.quoted[evidence[len(evidence)-1]]
	if !known || e.Status == 0 {
		return ""
	}
	words := fmt.Sprintf("%s %s", e.Method, pathOf(e.URL, j.rec.Target.SCIMBase))
	if body := oneLine(e.RequestBody); body != "" {
		words += " " + body
	}
	words += fmt.Sprintf(" was answered %d", e.Status)
	if body := oneLine(e.ResponseBody); body != "" {
		words += " " + body
	}
	return words + "."
}

// pathOf is what of an address lies below the service's.
func pathOf(address, base string) string {
	if path, ok := strings.CutPrefix(address, base); ok && path != "" {
		return path
	}
	return address
}

// oneLine puts a body on one line and cuts it.
func oneLine(body string) string {
	line := strings.Join(strings.Fields(body), " ")
	if len(line) <= longestQuote {
		return line
	}
	return strings.ToValidUTF8(line[:longestQuote], "") + "…"
}
