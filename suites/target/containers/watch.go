package containers

import (
	"context"
	"fmt"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// Death is a container that ended by itself, or was ended by another.
type Death struct {
	Service  string // a companion's name; empty for the application
	ExitCode int    // -1 if the container has been removed by another
	OOM      bool   // ended for want of memory
}

// Error says who ended and how.
func (d Death) Error() string {
	switch {
	case d.OOM:
		return fmt.Sprintf("the container of %s was ended for want of memory (exit code %d)", titled(d.Service), d.ExitCode)
	case d.ExitCode < 0:
		return fmt.Sprintf("the container of %s has been removed by another", titled(d.Service))
	}
	return fmt.Sprintf("the container of %s ended with exit code %d", titled(d.Service), d.ExitCode)
}

// Died tells of each container that ends before Close, once. It is never closed.
func (r *Running) Died() <-chan Death { return r.died }

// watch waits for the end of a container, and gives up a start that is under way.
func (r *Running) watch(s *service) {
	r.watchers.Go(func() {
		for r.watching.Err() == nil {
			wait := r.cli.ContainerWait(r.watching, s.container.ID, client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
			var lost error
			select {
			case <-wait.Result:
			case lost = <-wait.Error: // also when watching ends
			}
			if r.watching.Err() != nil {
				return
			}
			if death, over := r.death(s, lost); over {
				r.died <- death // there is room for each service
				r.giveUp(death)
				return
			}
			_ = pause(r.watching, time.Second) // the engine restarts, perhaps
		}
	})
}

// death looks up whether, and how, a container has ended.
func (r *Running) death(s *service, lost error) (Death, bool) {
	d := Death{Service: s.name, ExitCode: -1}
	found, err := r.cli.ContainerInspect(r.watching, s.container.ID, client.ContainerInspectOptions{})
	switch {
	case errdefs.IsNotFound(err), errdefs.IsNotFound(lost) && err != nil:
		return d, true
	case err != nil, found.Container.State == nil, found.Container.State.Running:
		return d, false
	}
	d.ExitCode, d.OOM = found.Container.State.ExitCode, found.Container.State.OOMKilled
	return d, true
}

// exited returns the error of a service that has ended while it was to start; nil
// if it runs.
func (r *Running) exited(ctx context.Context, s *service) *Error {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), logLimit)
	defer stop()
	found, err := r.cli.ContainerInspect(ctx, s.container.ID, client.ContainerInspectOptions{})
	if err != nil || found.Container.State == nil || found.Container.State.Running {
		return nil
	}
	return r.diedStarting(ctx, Death{Service: s.name, ExitCode: found.Container.State.ExitCode, OOM: found.Container.State.OOMKilled})
}

// diedStarting is the error of a death before all was ready.
func (r *Running) diedStarting(ctx context.Context, d Death) *Error {
	e := &Error{Kind: KindDied, Service: d.Service, Message: d.Error() + " before it was ready", Hint: "see its last log lines"}
	r.describe(ctx, e)
	return e
}

// describe adds the image and the last log lines of a service to its error. A
// full disk shows in what the container itself wrote.
func (r *Running) describe(ctx context.Context, e *Error) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), logLimit)
	defer stop()
	r.mu.Lock()
	if s := r.services[e.Service]; s != nil {
		e.Image = s.reference
	}
	r.mu.Unlock()
	lines, err := r.Logs(ctx, e.Service, lastLines)
	if err != nil {
		lines = []string{"(its log cannot be read: " + oneLine(err.Error()) + ")"}
	}
	e.Logs = lines
	for _, line := range lines {
		if outOfSpace(line) {
			e.Kind, e.Hint = KindNoSpace, spaceHint
		}
	}
}
