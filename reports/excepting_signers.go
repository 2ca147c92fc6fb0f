package reports

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/cases"
)

// folded is a role or a contact without what does not tell two apart: case, and blanks around it.
func folded(text string) string { return cases.Fold().String(strings.TrimSpace(text)) }

// signed are the approvals that count: by somebody, on a day that has come.
func (x excepting) signed(e Exception) []Approval {
	var list []Approval
	for _, a := range e.Approvals {
		if folded(a.By) != "" && isDay(a.On) && a.On <= x.today {
			list = append(list, a)
		}
	}
	return list
}

// firstApproval is the day of the first approval that counts; empty for none.
func (x excepting) firstApproval(e Exception) Day {
	var first Day
	for _, a := range x.signed(e) {
		if first == "" || a.On < first {
			first = a.On
		}
	}
	return first
}

// selfApproved keeps those who ask for an exception, and the vendor, from approving it.
func (x excepting) selfApproved(e Exception, _ Gap) string {
	asks, vendor := folded(e.RequestedBy), x.r.Target.Owners.Vendor
	if asks == "" {
		return e.ID + " does not hold: it does not say who asked for it (requestedBy)."
	}
	for _, a := range e.Approvals {
		by := folded(a.By)
		switch {
		case by == asks:
			return fmt.Sprintf("%s does not hold: %s asked for it and approved it.", e.ID, a.By)
		case isSame(vendor, a.By), folded(a.Role) == RoleVendor:
			return fmt.Sprintf("%s does not hold: %s signs for the vendor, who never approves.", e.ID, a.By)
		}
	}
	return ""
}

// unapproved looks for a signer for each list of roles. A person signs for one list, whatever
// roles they hold.
func (x excepting) unapproved(e Exception, g Gap) string {
	lists := x.r.Policy.Exceptions.Approvals[g.Severity]
	if len(lists) == 0 {
		return fmt.Sprintf("%s does not hold: the gate names nobody who approves (approvals) for a gap that is %s.", e.ID, g.Severity)
	}
	missing := withoutSigner(lists, x.signed(e))
	if len(missing) == 0 {
		return ""
	}
	var words []string
	for _, roles := range missing {
		words = append(words, strings.Join(roles, " or "))
	}
	return fmt.Sprintf("%s does not hold: a gap that is %s also takes the approval of another person as %s.", e.ID, g.Severity, strings.Join(words, ", and of one as "))
}

// withoutSigner gives each list of roles a person of its own, as many as can be, and returns the
// lists that are left without one.
func withoutSigner(lists [][]string, approvals []Approval) [][]string {
	takenBy := map[string]int{} // the list that a person signs for
	var seat func(list int, asked map[string]bool) bool
	seat = func(list int, asked map[string]bool) bool {
		for _, a := range approvals {
			person := folded(a.By)
			if asked[person] || !slices.ContainsFunc(lists[list], func(role string) bool { return folded(role) == folded(a.Role) }) {
				continue
			}
			asked[person] = true
			// Somebody who signs for another list moves over if that list finds somebody else.
			if other, taken := takenBy[person]; !taken || seat(other, asked) {
				takenBy[person] = list
				return true
			}
		}
		return false
	}
	var missing [][]string
	for i, roles := range lists {
		if !seat(i, map[string]bool{}) {
			missing = append(missing, roles)
		}
	}
	return missing
}
