package access

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// Rule says what a phase of a watch waits for.
type Rule struct {
	// Need is how many denials in a row are enough.
	Need int
	// Limit bounds the denied tries, 0 for no bound. It guards against lock-outs.
	Limit int
	// Brief lets the phase end as soon as Need is met. Otherwise it also waits
	// for half the budget, as a cache may still let the credential in again.
	Brief bool
	// WantAllowed ends the phase at the first allowed try.
	WantAllowed bool
	// Last makes the silent twin speak at the end of the phase.
	Last bool
	// Lasting says that a try takes a stretch of time, in which something may come.
	Lasting bool
}

// Canary is one access path armed for one event: the leaver's credential that is
// polled, its silent twin, and the control user's.
type Canary struct {
	Path    target.AccessPath
	Tries   []Taken
	driver  *Driver
	polled  []*Credential // one, or one for each mark if the path is one-shot
	silent  *Credential
	control *Credential
	values  map[string]string // the control user's, to arm one-shot credentials
	minted  []*Credential     // obtained in the moment of the event, tried instead of polled
}

// Taken is a try with its place in time.
type Taken struct {
	Phase reports.Phase
	Who   reports.Who
	Attempt
}

// ArmCanary arms the path for the leaver and for the control user, with enough
// one-shot credentials for a watch of so many phases. The error is an *ArmError.
func (d *Driver) ArmCanary(ctx context.Context, path target.AccessPath, plan Plan, phases int, leaver, control map[string]string) (*Canary, error) {
	c := &Canary{Path: path, driver: d, values: control}
	if err := c.arm(ctx, plan, phases, leaver); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// arm arms everything. The control user's credential comes last, as the others are the
// first to be refused, and is made known to the others.
func (c *Canary) arm(ctx context.Context, plan Plan, phases int, leaver map[string]string) (err error) {
	d, path := c.driver, c.Path
	needed := 1
	if path.OneShot {
		needed = plan.shots() * phases
	}
	for i := range needed {
		ctx := exchange.WithLabel(ctx, exchange.Label{Brief: i > 0})
		credential, err := d.Arm(ctx, path, string(reports.WhoPolled), leaver)
		if err != nil {
			return err
		}
		c.polled = append(c.polled, credential)
	}
	// Where tries are counted against a lock-out, a twin would only spend one.
	if path.MaxTries == 0 {
		if c.silent, err = d.Arm(ctx, path, string(reports.WhoSilent), leaver); err != nil {
			return err
		}
	}
	if c.control, err = d.Arm(ctx, path, string(reports.WhoControl), c.values); err != nil {
		return err
	}
	for _, credential := range c.leavers() {
		credential.control = c.control
	}
	return nil
}

// leavers lists the credentials that the leaver holds.
func (c *Canary) leavers() []*Credential {
	list := slices.Concat(c.polled, c.minted)
	if c.silent != nil {
		list = append(list, c.silent)
	}
	return list
}

// close ends what listens for any of the credentials.
func (c *Canary) close() {
	for _, credential := range append(c.leavers(), c.control) {
		c.driver.close(credential)
	}
}

// Before takes the positive control: both users' credentials must work now, or
// nothing that follows proves anything. It returns why not.
func (c *Canary) Before(ctx context.Context) (problem string, passing bool) {
	polled, control := c.pair(ctx, reports.PhaseBefore)
	switch {
	case polled.Result == reports.TryInconclusive:
		return "the credential could not be tried before the event: " + polled.Reason, true
	case control.Result == reports.TryInconclusive:
		return "the control user's credential could not be tried before the event: " + control.Reason, true
	case polled.Result != reports.TryAllowed:
		return fmt.Sprintf("the credential did not work before the event (%s); compare try.allowed with what the application answers", polled.Reason), false
	case control.Result != reports.TryAllowed:
		return fmt.Sprintf("the control user's credential did not work before the event (%s)", control.Reason), false
	}
	return "", false
}

// Pause is called before each wait and returns what to call after it, so that a
// run can say what it waits for and how long it waited.
type Pause func(until time.Time) (resume func())

// Watch tries the credential from the acknowledgement on until the rule is met or
// the budget is spent. It reports whether it came to its own end.
func (c *Canary) Watch(ctx context.Context, plan Plan, rule Rule, phase reports.Phase, acked time.Time, pause Pause) bool {
	s := newSchedule(plan, rule)
	for due := time.Duration(0); ; due = s.next() {
		if !sleepUntil(ctx, acked.Add(due), pause) || len(c.polled) == 0 {
			return false
		}
		polled, control := c.pair(ctx, phase)
		if ctx.Err() != nil {
			return false
		}
		s.note(polled.Sent.Sub(acked), time.Since(acked), polled.Result == reports.TryDenied, polled.Result == reports.TryAllowed, control.Result == reports.TryAllowed)
		if s.done() {
			break
		}
	}
	if rule.Last && c.silent != nil {
		c.take(phase, reports.WhoSilent, c.driver.Try(ctx, c.silent))
	}
	return ctx.Err() == nil
}

// pair tries the leaver's and the control user's credential side by side.
func (c *Canary) pair(ctx context.Context, phase reports.Phase) (polled, control Attempt) {
	var both errgroup.Group
	if c.Minted() {
		both.Go(func() error {
			polled = c.tryMinted(ctx)
			return nil
		})
	} else {
		credential := c.nextPolled()
		both.Go(func() error {
			polled = c.driver.TryEverywhere(ctx, credential)
			return nil
		})
	}
	both.Go(func() error {
		control = c.tryControl(ctx)
		return nil
	})
	_ = both.Wait() // neither returns an error
	c.take(phase, reports.WhoPolled, polled)
	c.take(phase, reports.WhoControl, control)
	return polled, control
}

// nextPolled returns the credential for this mark, a new one if a try spends it.
func (c *Canary) nextPolled() *Credential {
	credential := c.polled[0]
	if c.Path.OneShot {
		c.polled = c.polled[1:]
	}
	return credential
}

// tryControl tries the control user's credential. A one-shot one is armed afresh
// each time: nothing has happened to that user.
func (c *Canary) tryControl(ctx context.Context) Attempt {
	credential := c.control
	if c.Path.OneShot {
		var err error
		ctx := exchange.WithLabel(ctx, exchange.Label{Brief: true})
		if credential, err = c.driver.Arm(ctx, c.Path, string(reports.WhoControl), c.values); err != nil {
			return Attempt{Result: reports.TryInconclusive, Reason: err.Error(), Sent: time.Now()}
		}
	}
	return c.driver.Try(ctx, credential)
}

func (c *Canary) take(phase reports.Phase, who reports.Who, a Attempt) {
	c.Tries = append(c.Tries, Taken{Phase: phase, Who: who, Attempt: a})
}

// Disarm gives back what can be given back.
func (c *Canary) Disarm(ctx context.Context) {
	c.close()
	if len(c.Path.Disarm) == 0 {
		return
	}
	for _, credential := range append(c.leavers(), c.control) {
		c.driver.Disarm(ctx, credential)
	}
}

// sleepUntil waits and reports whether the time came before the context's end.
func sleepUntil(ctx context.Context, at time.Time, pause Pause) bool {
	wait := time.Until(at)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	defer pause(at)()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
