package subject

import (
	"context"
	"fmt"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// Swept says what a clean-up after dead runs came to.
type Swept struct {
	Removed []string // userNames, and displayNames of groups
	Left    []string // userNames, each with the reason
}

// Sweep removes the test users and groups that runs which are over have left at the target.
// A ledger is forgotten once all its users are gone.
func Sweep(ctx context.Context, client *scim.Client, t *target.Target) (Swept, error) {
	leftovers, err := Leftovers(t.ID)
	if err != nil {
		return Swept{}, err
	}
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "clean up after an earlier run"})
	var swept Swept
	unfinished := map[string]bool{}
	for _, l := range leftovers {
		erase := Erase
		if l.Group {
			erase = EraseGroup
		}
		if err := erase(ctx, client, l.UserName, l.ID, t.Limits.ReadLag); err != nil {
			swept.Left = append(swept.Left, fmt.Sprintf("%s: %v", l.UserName, err))
			unfinished[l.Ledger] = true
			continue
		}
		swept.Removed = append(swept.Removed, l.UserName)
	}
	for _, l := range leftovers {
		if !unfinished[l.Ledger] {
			if err := Forget(l.Ledger); err != nil {
				return swept, err
			}
		}
	}
	return swept, nil
}
