package runner

import (
	"context"
	"errors"

	"github.com/scimproof/scimproof/reports"
)

// death is why a run ended that had no target any more. It is the cause of its context.
type death struct {
	news    error // as it came
	problem string
	lines   []string // the last of the target's log, without secrets
}

// Error is the problem alone.
func (d *death) Error() string { return d.problem }

// watchTarget returns a context that also ends with the target. The function ends the watch.
func (r *run) watchTarget(ctx context.Context) (context.Context, func()) {
	if r.Died == nil {
		return ctx, func() {}
	}
	ctx, stop := context.WithCancelCause(ctx)
	go func() {
		select {
		case err := <-r.Died:
			d := &death{news: err, problem: err.Error()}
			var ended interface{ Ended() (string, []string) }
			if errors.As(err, &ended) {
				d.problem, d.lines = ended.Ended()
			}
			if r.session != nil {
				r.session.Subjects.Gone() // with all that was made there
			}
			stop(d)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { stop(nil) }
}

// deathOf returns the death that has ended the context; nil if it goes on, or ended otherwise.
func deathOf(ctx context.Context) *death {
	var d *death
	if errors.As(context.Cause(ctx), &d) {
		return d
	}
	return nil
}

// mourn says that the target has died. Of what was seen nothing is taken back, and nothing is
// proved by it: what the target did not do any more it may have been about to.
func mourn(ctx context.Context, rec *reports.Record) {
	d := deathOf(ctx)
	if d == nil {
		return
	}
	rec.Run.Partial, rec.Run.Why = true, d.problem
	rec.Health.TargetEnded, rec.Health.Outage, rec.Health.OutageLog = true, d.problem+" in the middle of the run", d.lines
}
