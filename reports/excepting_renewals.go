package reports

import (
	"fmt"
	"slices"
)

// renewals follows what an exception renews, from one to the next, as far as it is known: the ids
// beginning with its own, and what is wrong with them, if anything is.
func (x excepting) renewals(e Exception) (chain []string, wrong string) {
	chain = []string{e.ID}
	for at := e; at.Renews != ""; {
		next, known := x.find(at.Renews)
		switch {
		case !known:
			return chain, fmt.Sprintf("%s does not hold: %s renews %s, which is neither in the file nor in the last report.", e.ID, at.ID, at.Renews)
		case slices.Contains(chain, next.ID):
			return chain, fmt.Sprintf("%s does not hold: it renews itself by way of %s.", e.ID, at.ID)
		case next.Gap != e.Gap:
			return chain, fmt.Sprintf("%s does not hold: it renews %s, which is for another gap.", e.ID, next.ID)
		}
		chain = append(chain, next.ID)
		at = next
	}
	return chain, ""
}

// tooManyRenewals counts what is known of the chain.
func (x excepting) tooManyRenewals(e Exception, _ Gap) string {
	chain, _ := x.renewals(e)
	if times := len(chain) - 1; times > x.r.Policy.Exceptions.MaxRenewals {
		return fmt.Sprintf("%s does not hold: it is renewal %d, and the gate allows %d.", e.ID, times, x.r.Policy.Exceptions.MaxRenewals)
	}
	return ""
}

// badlyRenewed finds a chain that leads nowhere, and an earlier exception that is not named.
func (x excepting) badlyRenewed(e Exception, g Gap) string {
	chain, wrong := x.renewals(e)
	if wrong != "" {
		return wrong
	}
	for _, earlier := range x.earlier(e, g) {
		if !slices.Contains(chain, earlier.ID) {
			return fmt.Sprintf("%s does not hold: it follows %s for the same gap and does not name it (renews).", e.ID, earlier.ID)
		}
	}
	return ""
}

// find is the exception with an id, in the file or else in the last report.
func (x excepting) find(id string) (Exception, bool) {
	for _, e := range x.list {
		if e.ID == id {
			return e, true
		}
	}
	if x.previous != nil {
		for _, u := range x.previous.Exceptions {
			if u.ID == id {
				return u.Exception, true
			}
		}
	}
	return Exception{}, false
}

// earlier are the exceptions for a gap that were approved before one, since the gap was last
// closed. Of those of the last report only one that held at some time counts.
func (x excepting) earlier(e Exception, g Gap) []Exception {
	known := slices.Clone(x.list)
	if x.previous != nil {
		for _, u := range x.previous.Exceptions {
			if u.State == ExceptionActive || u.State == ExceptionExpired || u.State == ExceptionExceeded {
				known = append(known, u.Exception)
			}
		}
	}
	return slices.DeleteFunc(known, func(o Exception) bool {
		if o.ID == e.ID || o.Gap != e.Gap {
			return true
		}
		first := x.firstApproval(o)
		return first == "" || first >= x.firstApproval(e) || x.void(o, g) != ""
	})
}
