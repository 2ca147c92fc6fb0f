package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// limits lists what the run does not show, so that nobody reads more into it.
func limits(r *reports.Report) []string {
	list := []string{
		"One person left in each event. Something that fails only now and then can have been missed.",
		fmt.Sprintf("The watch ended %s after each event. What happens later, such as access that comes back, was not seen.", span(r.Target.GiveUpAfterMs)),
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
	if !r.Target.TLSVerified {
		list = append(list, "The target’s certificate was not checked, because the profile switches that off: the answers may have come from somebody else.")
	}
	return list
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
