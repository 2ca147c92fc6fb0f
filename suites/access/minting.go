package access

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// The bounds of minting during an event.
const (
	minters = 3 // who obtain credentials side by side
	// maxMinted is how many of the newest are kept and tried at each mark.
	maxMinted = 24
	// refusals in a row after which a minter takes it that nothing is issued any more.
	minterGivesUp = 3
)

// mint obtains credentials of the leaver again and again until the context ends or
// nothing is issued any more. What was obtained takes the place of the credential that is
// polled: each mark then tries all of it (AS-33). begun is called with the first one, or
// when there is none. It returns once the last minter has stopped.
func (c *Canary) mint(ctx context.Context, leaver map[string]string, begun func()) {
	begun = sync.OnceFunc(begun)
	defer begun()
	var mu sync.Mutex
	var minted []*Credential
	var wg sync.WaitGroup
	for range minters {
		wg.Go(func() {
			for refused := 0; ctx.Err() == nil && refused < minterGivesUp; {
				credential, err := c.driver.Arm(ctx, c.Path, string(reports.WhoPolled), leaver)
				if err != nil {
					var arm *ArmError
					if ctx.Err() == nil && errors.As(err, &arm) && !arm.Passing {
						refused++
					}
					continue
				}
				refused, credential.control = 0, c.control
				mu.Lock()
				minted = append(minted, credential)
				old := minted[:max(0, len(minted)-maxMinted)]
				minted = minted[len(old):]
				mu.Unlock()
				for _, credential := range old {
					c.driver.close(credential)
				}
				begun()
			}
		})
	}
	wg.Wait()
	c.minted = minted
}

// tryMinted tries all that was minted and returns the answer that says the most: access
// if any of them was let in, and trouble only where none was refused.
func (c *Canary) tryMinted(ctx context.Context) Attempt {
	attempts := make([]Attempt, len(c.minted))
	var wg sync.WaitGroup
	for i, credential := range c.minted {
		wg.Go(func() { attempts[i] = c.driver.Try(ctx, credential) })
	}
	wg.Wait()
	for _, result := range []reports.Result{reports.TryAllowed, reports.TryInconclusive} {
		if i := slices.IndexFunc(attempts, func(a Attempt) bool { return a.Result == result }); i >= 0 {
			attempts[i].Reason += ", as one of those obtained in the moment of the event"
			return attempts[i]
		}
	}
	return attempts[len(attempts)-1]
}

// Minted reports whether anything was minted during the event.
func (c *Canary) Minted() bool { return len(c.minted) > 0 }

// mintingAfter is how long minting goes on after the event was acknowledged.
// mintingBegins bounds the wait for the first credentials before it.
const (
	mintingAfter  = 300 * time.Millisecond
	mintingBegins = 10 * time.Second
)

// MintAcross mints while fire is under way and for a moment after it.
func MintAcross(ctx context.Context, canaries []*Canary, leaver map[string]string, fire func()) {
	minting, stop := context.WithCancel(ctx)
	defer stop()
	var wg, first sync.WaitGroup
	first.Add(len(canaries))
	for _, c := range canaries {
		wg.Go(func() { c.mint(minting, leaver, first.Done) })
	}
	begun := make(chan struct{})
	wg.Go(func() {
		first.Wait()
		close(begun)
	})
	wait(ctx, begun, mintingBegins)
	fire()
	wait(ctx, nil, mintingAfter)
	stop()
	wg.Wait()
}

// wait returns when something is done, or some time is over, or the context is.
func wait(ctx context.Context, done <-chan struct{}, atMost time.Duration) {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	case <-ctx.Done():
	}
}
