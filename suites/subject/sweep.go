package subject

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// Swept says what a clean-up after dead runs came to.
type Swept struct {
	Removed []string // userNames, and displayNames of groups
	Left    []string // userNames, each with the reason
	// Kept are long watches whose users were left alone, Ended those whose users were
	// removed: nobody can resume them any more.
	Kept, Ended []LongWatch
}

// LongWatch is a long watch as the ledger knows it.
type LongWatch struct {
	File  string    // its state file
	Until time.Time // how long its users are left alone
	Users int       // of those whom this clean-up met
}

// Sweep removes the test users and groups that runs which are over have left at the
// target, but for users who are kept for a long watch that can still be resumed. A ledger
// is forgotten once all its users are gone.
func Sweep(ctx context.Context, client *scim.Client, t *target.Target) (Swept, error) {
	now := time.Now()
	return sweep(ctx, client, t, func(l Leftover) bool { return l.Watch != "" && now.Before(l.KeptUntil) })
}

// SweepAll is Sweep, and ends long watches as well.
func SweepAll(ctx context.Context, client *scim.Client, t *target.Target) (Swept, error) {
	return sweep(ctx, client, t, func(Leftover) bool { return false })
}

// sweep looks at the target, and at the other tenant that its profile may name.
func sweep(ctx context.Context, client *scim.Client, t *target.Target, keep func(Leftover) bool) (Swept, error) {
	swept, err := sweepOne(ctx, client, t, keep)
	tenant := t.SCIM.Others.OtherTenant
	if err != nil || tenant == nil || tenant.BaseURL == nil {
		return swept, err
	}
	there, err := client.OfTenant(*tenant)
	if err != nil {
		return swept, err
	}
	other := *t
	other.ID = there.Base().String()
	more, err := sweepOne(ctx, there, &other, keep)
	swept.Removed, swept.Left = append(swept.Removed, more.Removed...), append(swept.Left, more.Left...)
	return swept, err
}

func sweepOne(ctx context.Context, client *scim.Client, t *target.Target, keep func(Leftover) bool) (Swept, error) {
	leftovers, err := Leftovers(t.ID)
	if err != nil {
		return Swept{}, err
	}
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "clean up after an earlier run"})
	var swept Swept
	kept, ended := map[string]LongWatch{}, map[string]LongWatch{}
	unfinished := map[string]bool{}
	for _, l := range leftovers {
		if keep(l) {
			tally(kept, l)
			unfinished[l.Ledger] = true
			continue
		}
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
		if l.Watch != "" {
			tally(ended, l)
		}
	}
	swept.Kept, swept.Ended = inOrder(kept), inOrder(ended)
	for _, l := range leftovers {
		if !unfinished[l.Ledger] {
			if err := Forget(l.Ledger); err != nil {
				return swept, err
			}
		}
	}
	return swept, nil
}

// tally counts a user of a long watch.
func tally(watches map[string]LongWatch, l Leftover) {
	w := watches[l.Watch]
	w.File, w.Until, w.Users = l.Watch, l.KeptUntil, w.Users+1
	watches[l.Watch] = w
}

func inOrder(watches map[string]LongWatch) []LongWatch {
	var list []LongWatch
	for _, file := range slices.Sorted(maps.Keys(watches)) {
		list = append(list, watches[file])
	}
	return list
}
