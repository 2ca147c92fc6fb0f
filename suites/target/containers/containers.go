// Package containers starts a target that is an image: the application and its
// companions on a private network of their own, with the application's port
// published on 127.0.0.1 alone. It waits until they are ready, says when one of
// them dies, and removes everything that it has made, on every way out.
//
// Nothing is privileged, nothing is mounted, no capability is added. What is made
// carries labels from the moment it exists, so that Sweep finds what a killed
// process has left behind.
package containers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/scimproof/scimproof/suites/target"
)

// removalLimit is how long removing may take where the caller has no time left to give.
const removalLimit = 30 * time.Second

// Spec says what to start.
type Spec struct {
	Container target.Container
	// RunID is a label of everything that is made; a new one is drawn where it is empty.
	RunID string
	// Say is told of progress, a sentence at a time, perhaps from several
	// goroutines; nil for silence.
	Say func(string)
}

// Start starts the companions, then the application, and returns once all are
// ready. An error is an *Error, or wraps the cause of ctx where that has ended;
// whatever had been made is removed before Start returns.
func Start(ctx context.Context, spec Spec) (*Running, error) {
	provider, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	r, err := newRunning(ctx, provider, spec)
	if err != nil {
		return nil, err
	}
	begun := false
	var left error
	undo := func() {
		if begun {
			return
		}
		// The caller's context may be what ended the start.
		clean, stop := context.WithTimeout(context.WithoutCancel(ctx), removalLimit)
		defer stop()
		left = r.Close(clean)
	}
	defer undo() // on a panic too; after an error it finds nothing left to do
	if err := r.start(r.starting, spec.Container); err != nil {
		err = r.ended(ctx, err) // before the logs are gone
		undo()
		return nil, errors.Join(err, left)
	}
	begun = true
	return r, nil
}

// start makes the network, the companions and the application, in this order.
func (r *Running) start(ctx context.Context, spec target.Container) error {
	began := time.Now()
	if err := r.makeNetwork(ctx); err != nil {
		return err
	}
	group, inside := errgroup.WithContext(ctx)
	for _, name := range slices.Sorted(maps.Keys(spec.Companions)) {
		group.Go(func() error { return r.startService(inside, name, spec.Companions[name]) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := r.startService(ctx, "", spec.Service); err != nil {
		return err
	}
	r.say("ready at %s after %s", r.url, time.Since(began).Round(time.Millisecond))
	return nil
}

// startService brings one service from its image to being ready. The name is
// empty for the application.
func (r *Running) startService(ctx context.Context, name string, service target.Service) error {
	s, err := r.resolveImage(ctx, name, service)
	if err != nil {
		return err
	}
	r.say("starting %s from %s", titled(name), s.reference)
	if err := r.create(ctx, s); err != nil {
		return err
	}
	r.watch(s)
	return r.awaitReady(ctx, s)
}

// ended returns what Start reports: that the start was stopped from outside, that
// a container died, or the fault itself.
func (r *Running) ended(ctx context.Context, fault error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("the start of the container was stopped: %w", context.Cause(ctx))
	}
	cause := context.Cause(r.starting)
	if errors.Is(cause, errClosed) {
		return fmt.Errorf("the start of the container was stopped: %w", errClosed)
	}
	// A death breaks off what the other services are at; it is the reason, and
	// whatever they report is not.
	if death, ok := errors.AsType[Death](cause); ok {
		return r.diedStarting(ctx, death)
	}
	return fault
}

// titled names a service in a sentence.
func titled(service string) string {
	if service == "" {
		return "the application"
	}
	return "the companion " + service
}
