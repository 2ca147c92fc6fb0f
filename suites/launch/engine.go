package launch

import (
	"context"

	"github.com/scimproof/scimproof/suites/target"
	"github.com/scimproof/scimproof/suites/target/containers"
)

// engine is what starts containers.
type engine interface {
	// Sweep removes what processes have left that are over.
	Sweep(ctx context.Context) (containers.Swept, error)
	Start(ctx context.Context, c target.Container, say func(string)) (running, error)
}

// running is an application with its companions; see containers.Running.
type running interface {
	URL() string
	Host() string
	Image() (reference, id string)
	Logs(ctx context.Context, service string, lines int) ([]string, error)
	Died() <-chan containers.Death
	Close(ctx context.Context) error
}

// docker is the engine of this machine.
type docker struct{}

// Sweep implements engine.
func (docker) Sweep(ctx context.Context) (containers.Swept, error) { return containers.Sweep(ctx) }

// Start implements engine.
func (docker) Start(ctx context.Context, c target.Container, say func(string)) (running, error) {
	r, err := containers.Start(ctx, containers.Spec{Container: c, Say: say})
	if err != nil {
		return nil, err // an interface that holds a nil *Running is not nil
	}
	return r, nil
}
