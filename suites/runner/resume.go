package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/survival"
	"github.com/scimproof/scimproof/suites/target"
)

// ResumeOptions says which long watch to go on with, and how.
type ResumeOptions struct {
	Target *target.Target // that of the run
	File   string         // the state file
	Key    later.Key
	Tool   reports.Tool
	// Wait waits for the next mark if none is due. Abandon ends the long watch at once.
	Wait, Abandon bool
	Progress      Progress
	// Check may refuse to go on with the run before anything is sent; nil refuses none.
	Check func(reports.Run) error
	// Publish writes the report of all that was seen so far.
	Publish func(*reports.Record, *redact.Vault) error
}

// Resumed says how far a long watch has come.
type Resumed struct {
	Taken *reports.LaterMark // the mark that was taken now; nil for none
	Next  *reports.LaterMark // the next pending one; nil if the long watch is over
	Left  []string           // test users who could not be removed, each with the reason
}

// Resume takes the later mark that is due, if one is, and writes the state file and the
// report anew. After the last mark it removes the users and the state file. An interrupted
// mark counts for nothing: state and users are as before, and the next call takes it.
//
// Within a process times are measured by the monotonic clock. How long after its event a
// mark is taken is a matter of the clock on the wall, as a monotonic one does not outlive
// its process; that it went back is noticed by the time of the last save, and noted in the
// record.
//
// Errors: *later.FileError for a state file that cannot be used, *ConfigError for a profile
// that is not the run's and for users who are gone, *OutageError for a target that cannot
// be reached, *BusyError while another process is at it, the context's, and Publish's.
func Resume(ctx context.Context, o ResumeOptions) (Resumed, error) {
	state, stamp, err := later.Load(o.File, o.Key)
	if err != nil {
		return Resumed{}, err
	}
	if err := state.Fits(o.Target); err != nil {
		return Resumed{}, &ConfigError{err.Error()}
	}
	if o.Check != nil {
		if err := o.Check(state.Record.Run); err != nil {
			return Resumed{}, err
		}
	}
	r := &run{Options: Options{Target: o.Target, Tool: o.Tool, Progress: o.Progress}, id: state.Record.Run.ID, started: time.Now()}
	if err := r.equip(); err != nil {
		return Resumed{}, err
	}
	defer r.driver.Close()
	r.session.Recorder.Continue(state.Requests)
	c := &comeback{run: r, options: o, state: state, watch: state.Record.LongWatch}
	// Who waited for the ledger may have read what another process has changed since.
	if err := stamp.Current(); err != nil {
		return Resumed{}, errors.Join(err, r.ledger.Close())
	}
	done, err := c.goOn(ctx)
	return done, errors.Join(err, r.ledger.Close())
}

// comeback is a long watch in this process.
type comeback struct {
	*run
	options ResumeOptions
	state   *later.State
	watch   *reports.LongWatch
	encore  *survival.Encore
	health  reports.Health // what of the recorder's is in the record already
}

func (c *comeback) goOn(ctx context.Context) (Resumed, error) {
	var err error
	if c.encore, err = survival.NewEncore(c.session, c.driver, c.Progress, c.state); err != nil {
		return Resumed{}, &ConfigError{err.Error()}
	}
	c.lookAtClock()
	if c.options.Abandon {
		later.GiveUp(c.watch, "the long watch was ended with --abandon")
		return c.end(ctx, Resumed{})
	}
	next := later.Next(c.watch)
	if next == nil { // only the end of it was missing
		return c.end(ctx, Resumed{})
	}
	mark := later.Due(c.watch, time.Now())
	if mark == nil && !c.options.Wait {
		return Resumed{Next: next}, nil
	}
	if mark == nil {
		c.Progress.Note(fmt.Sprintf("Waiting for the mark of %s, due %s.", markName(*next), next.Due.Local().Format(localTime)))
		if err := waitUntil(ctx, next.Due); err != nil {
			return Resumed{}, interrupted(ctx, err)
		}
		mark = next
	}
	if err := c.take(ctx, mark); err != nil {
		return Resumed{}, interrupted(ctx, err)
	}
	done := Resumed{Taken: mark, Next: later.Next(c.watch)}
	if done.Next == nil {
		return c.end(ctx, done)
	}
	return done, c.options.Publish(&c.state.Record, c.vault)
}

// interrupted says what it means that an error comes of an interrupt.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("interrupted: nothing was lost, and the next resume goes on where this one began: %w", ctx.Err())
}

// lookAtClock notes a clock that went back since the last process.
func (c *comeback) lookAtClock() {
	if text := later.WentBack(c.state.Saved, time.Now()); text != "" {
		c.watch.Notes = append(c.watch.Notes, text)
		c.Progress.Note(text)
	}
}

// waitUntil waits for a moment by the clock on the wall, which goes on while the machine
// sleeps. The error is the context's.
func waitUntil(ctx context.Context, at time.Time) error {
	const look = 30 * time.Second
	for left := time.Until(at); left > 0; left = time.Until(at) {
		select {
		case <-time.After(min(left, look)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}

// take tries everything at a mark and saves what it saw.
func (c *comeback) take(ctx context.Context, mark *reports.LaterMark) error {
	if err := c.reachable(ctx); err != nil {
		return err
	}
	began := time.Now()
	c.Progress.Note(fmt.Sprintf("Taking the mark of %s.", markName(*mark)))
	if err := c.encore.Take(ctx, *mark); err != nil {
		return err
	}
	later.Take(c.watch, mark, began)
	c.gather()
	return later.Save(c.options.File, c.options.Key, c.state)
}

// reachable says why nothing can be tried now: a target that is out of reach, or users who
// are not there any more.
func (c *comeback) reachable(ctx context.Context) error {
	if err := c.preflight(ctx); err != nil {
		return err
	}
	if c.outage != "" {
		return &OutageError{Problem: c.vault.Text(c.outage) + "; nothing was lost: resume again"}
	}
	if n := len(c.encore.Gone(ctx)); n > 0 && n == len(c.state.Scenes) {
		return &ConfigError{"the test users of this long watch are not at the target any more, as after scimproof clean, so nothing can be tried: end it with --abandon"}
	}
	return nil
}

// gather adds what was sent in this process to the record, and takes secrets out of it.
func (c *comeback) gather() {
	rec := &c.state.Record
	sent := c.session.Recorder.Drain()
	rec.Exchanges = append(rec.Exchanges, sent...)
	c.state.Requests += len(sent)
	now := c.session.Recorder.Health()
	rec.Health.Requests += now.Requests - c.health.Requests
	rec.Health.Retries += now.Retries - c.health.Retries
	rec.Health.Errors += now.Errors - c.health.Errors
	rec.Health.Throttled += now.Throttled - c.health.Throttled
	c.health = now
	rec.Redaction.SecretsSeen = max(rec.Redaction.SecretsSeen, c.vault.Count())
	c.scrub(rec)
	// The record is a copy, and with it the marks.
	*c.watch = *rec.LongWatch
	rec.LongWatch = c.watch
}

// end removes the users, writes the last report and removes the state file. An interrupt
// does not cut it short; what cannot be removed is left to the ledger.
func (c *comeback) end(ctx context.Context, done Resumed) (Resumed, error) {
	c.encore.Dismiss(ctx)
	swept := c.session.Subjects.Cleanup()
	rec := &c.state.Record
	rec.Cleanup.Removed += swept.Removed
	rec.Cleanup.Left = append(rec.Cleanup.Left, swept.Left...)
	rec.Cleanup.Kept = 0
	done.Left = swept.Left
	c.gather()
	if err := c.options.Publish(rec, c.vault); err != nil {
		return done, err
	}
	return done, later.Remove(c.options.File)
}

// markName is a mark as the user gave it.
func markName(m reports.LaterMark) string {
	return (time.Duration(m.AfterMs) * time.Millisecond).String()
}
