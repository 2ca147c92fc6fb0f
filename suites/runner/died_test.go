package runner

import (
	"context"
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

// ending is the news of a death, as a launch tells it.
type ending struct{ error }

func (ending) Ended() (string, []string) { return "the container ended", []string{"out of luck"} }

func TestADeathEndsTheRunAndProvesNothing(t *testing.T) {
	g := NewWithT(t)
	news := make(chan error, 1)
	r := &run{Options: Options{Died: news}}
	ctx, unwatch := r.watchTarget(t.Context())
	defer unwatch()
	g.Expect(deathOf(ctx)).To(BeZero())
	rec := &reports.Record{}
	mourn(ctx, rec)
	g.Expect(rec).To(Equal(&reports.Record{}), "it goes on")

	news <- ending{errors.New("the container ended\nIts last log lines")}
	g.Eventually(ctx.Done(), "30s").Should(BeClosed())
	mourn(ctx, rec)
	g.Expect(rec.Run.Partial).To(BeTrue())
	g.Expect(rec.Run.Why).To(Equal("the container ended"))
	g.Expect(rec.Health).To(Equal(reports.Health{TargetEnded: true, Outage: "the container ended in the middle of the run", OutageLog: []string{"out of luck"}}))
}

func TestAnInterruptIsNoDeath(t *testing.T) {
	g := NewWithT(t)
	ctx, stop := context.WithCancel(t.Context())
	r := &run{Options: Options{Died: make(chan error)}}
	watched, unwatch := r.watchTarget(ctx)
	defer unwatch()
	stop()
	g.Eventually(watched.Done(), "30s").Should(BeClosed())
	g.Expect(deathOf(watched)).To(BeZero())
}
