package html

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// limits lists what the run does not show, so that nobody reads more into it.
func limits(r *reports.Report) []string {
	list := []string{
		leavers(r),
		watchedFor(r),
		"Only the ways in that the profile declares were tried. A way that nobody declared, such as a connected program or a shared account, is not covered.",
	}
	if r.Target.Environment != "" {
		list = append(list, fmt.Sprintf("The run looked at the environment “%s”. Another one may be set up differently.", r.Target.Environment))
	}
	if r.Run.Selection != "" {
		list = append(list, fmt.Sprintf("Only a selection of the checks ran: %s.", r.Run.Selection))
	}
	if kinds := unseen(r); len(kinds) > 0 {
		list = append(list, "Nothing could be learnt in some cells about: "+strings.Join(kinds, ", ")+".")
	}
	for _, u := range reports.UnprobedWays() {
		list = append(list, fmt.Sprintf("Not tried: %s (%s). %s", u.Title, u.ID, u.Why))
	}
	for _, s := range r.Target.SharedSecrets {
		list = append(list, fmt.Sprintf("Not tried: the shared secret “%s”, which a leaver goes on knowing (known to: %s). To be changed when somebody leaves by: %s.", s.Name, s.KnownTo, s.ChangedBy))
	}
	if !r.Target.TLSVerified {
		list = append(list, "The target’s certificate was not checked, because the profile switches that off: the answers may have come from somebody else.")
	}
	return list
}

// watchedFor says for how long was looked, and what was looked at again later.
func watchedFor(r *reports.Report) string {
	end := fmt.Sprintf("The watch ended %s after each event.", span(r.Target.GiveUpAfterMs))
	if r.LongWatch == nil {
		return end + " What happens later, such as access that comes back, was not seen."
	}
	var marks []string
	for _, m := range r.LongWatch.Marks {
		marks = append(marks, span(m.AfterMs)+" ("+markWords(m)+")")
	}
	list := []string{end, fmt.Sprintf("%s of the plain deactivations and deletions were kept to be tried again after: %s. What happens to others later, and to these in between, was not seen.",
		plural(r.LongWatch.Kept, "credential"), strings.Join(marks, ", "))}
	return strings.Join(append(list, r.LongWatch.Notes...), " ")
}

// markWords says what became of a later mark.
func markWords(m reports.LaterMark) string {
	switch m.State {
	case reports.MarkTaken:
		if m.Taken.Sub(m.Due) >= time.Minute {
			return "taken late, " + moment(m.Taken) + "; due " + moment(m.Due)
		}
		return "taken " + moment(m.Taken)
	case reports.MarkPending:
		return "pending, due " + moment(m.Due)
	}
	if m.Why == "" {
		return string(m.State)
	}
	return string(m.State) + ": " + m.Why
}

// leavers says what the number of leavers proves: what happens to a share p of them is
// missed n times in a row with the chance (1-p)^n.
func leavers(r *reports.Report) string {
	n := 1
	for _, e := range r.Events {
		n = max(n, e.Subject)
	}
	if n == 1 {
		return "One person left in each event. Something that fails only now and then can have been missed."
	}
	unseen := 100 * (1 - math.Pow(0.05, 1/float64(n)))
	return fmt.Sprintf("%d people left in each event. What was seen of none of them may still happen to up to %.0f %% of leavers (at 95 %% confidence).", n, unseen)
}

// unseen names the kinds of credentials with a cell that has no answer.
func unseen(r *reports.Report) []string {
	var kinds []string
	for _, row := range r.Matrix {
		for _, c := range row.Cells {
			title := reports.CredentialTitle(row.Credential)
			if (c.Outcome == reports.OutcomeNoEvidence || c.Outcome == reports.OutcomeOperational) && !slices.Contains(kinds, title) {
				kinds = append(kinds, title)
			}
		}
	}
	return kinds
}
