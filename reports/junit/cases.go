package junit

import (
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// verdictCase is the gate's answer: passed for a pass alone.
func verdictCase(v reports.Verdict) testCase {
	c := testCase{ClassName: "scimproof." + suiteGate, Name: "verdict"}
	reason := show(string(v.Word)+" (rule "+string(v.Rule)+"): "+v.Reason, maxText)
	switch v.Word {
	case reports.VerdictPass:
	case reports.VerdictWithExceptions:
		c.Skipped = &skipped{reason}
	case reports.VerdictFail:
		c.Failure = &problem{Message: reason, Type: string(v.Word), Text: reason}
	default:
		c.Error = &problem{Message: reason, Type: show(string(v.Word), maxID), Text: reason}
	}
	return c
}

// gapCase is a gap that no check shows.
func gapCase(g reports.Gap) testCase {
	c := testCase{ClassName: "scimproof." + suiteGaps, Name: show(g.ID, maxID)}
	if !g.State.Open() {
		c.Skipped = &skipped{accepted([]reports.Gap{g})}
		return c
	}
	c.Failure = &problem{Message: show(g.Title, maxText), Type: show(string(g.Outcome), maxID), Text: gapText([]reports.Gap{g})}
	return c
}

// checkCase is a check with its outcome. Only a check that saw what it wanted, and shows no gap, is
// passed.
func checkCase(c reports.Check, part string, gaps []reports.Gap) testCase {
	out := testCase{ClassName: "scimproof." + part, Name: show(c.ID, maxID), durationMs: c.DurationMs}
	because := show(c.Because, maxText)
	undecided := undecidedWord(c.Outcome)
	switch {
	case c.Outcome == reports.OutcomeOperational:
		out.Error = &problem{Message: because, Type: string(c.Outcome), Text: checkText(c, because, gaps)}
	case len(gaps) > 0 && allExcepted(gaps):
		out.Skipped = &skipped{accepted(gaps) + " What was seen: " + show(string(c.Outcome), maxID) + ": " + because}
	case undecided != "" && len(gaps) == 0: // where nothing was seen and that is a gap, it fails
		out.Skipped = &skipped{undecided + ": " + because}
	case c.Outcome == reports.OutcomeConformant && len(gaps) == 0:
	default:
		out.Failure = &problem{Message: because, Type: show(string(c.Outcome), maxID), Text: checkText(c, because, gaps)}
	}
	return out
}

// undecidedWord names the outcomes that are no verdict; empty for those that are one.
func undecidedWord(o reports.Outcome) string {
	switch o {
	case reports.OutcomeNoEvidence:
		return "no evidence"
	case reports.OutcomeNotSelected:
		return "not selected"
	case reports.OutcomeNotTested:
		return "not tested"
	case reports.OutcomeNotApplicable:
		return "not applicable"
	case reports.OutcomeRecorded:
		return "recorded without a verdict"
	}
	return ""
}

func allExcepted(gaps []reports.Gap) bool {
	for _, g := range gaps {
		if g.State.Open() {
			return false
		}
	}
	return true
}

// accepted says by which exceptions gaps are accepted, a sentence for each.
func accepted(gaps []reports.Gap) string {
	sentences := make([]string, len(gaps))
	for i, g := range gaps {
		why := g.StateWhy
		if why == "" {
			why = "Exception " + g.Exception + " accepts it."
		}
		sentences[i] = show("Accepted control gap "+g.ID+". "+why, maxText)
	}
	return strings.Join(sentences, " ")
}

// checkText is what a check wants, what was seen, and the gaps that it shows.
func checkText(c reports.Check, because string, gaps []reports.Gap) string {
	lines := []string{"Wanted: the target " + show(c.Text, maxText), because}
	if len(gaps) > 0 {
		lines = append(lines, gapText(gaps))
	}
	return strings.Join(lines, "\n")
}

// gapText names gaps with who answers for them.
func gapText(gaps []reports.Gap) string {
	lines := make([]string, 0, len(gaps))
	for _, g := range gaps {
		accountable := g.Accountable.Name
		if accountable == "" {
			accountable = "nobody is named"
		}
		lines = append(lines,
			show("Control gap "+g.ID+" ("+string(g.Severity)+", "+string(g.State)+"): "+g.Title, maxText),
			show("Accountable: "+accountable, maxText), show("Closes it: "+g.Closes, maxText))
	}
	return strings.Join(lines, "\n")
}
