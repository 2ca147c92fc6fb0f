// Package launch opens a target, whichever form its profile has: one that runs by itself is
// read, and one that is a container is started, seeded and removed again.
package launch

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/target"
	"github.com/scimproof/scimproof/suites/target/containers"
)

// Options say how a target is opened.
type Options struct {
	// Image stands for the image of the profile: a reference, or a folder with a Dockerfile.
	Image string
	// Say is told of progress, a sentence at a time, perhaps from several goroutines; nil
	// for silence.
	Say func(string)
	// Agent begins the User-Agent of the seed steps, such as "scimproof/1.0 (run=ab12".
	Agent string
}

// Opened is a target that answers, until it is closed.
type Opened struct {
	Target *target.Target

	running running // nil for a target that runs by itself
	died    chan error
	closing chan struct{}
	once    sync.Once
	watched sync.WaitGroup
}

// Open opens the target of the profile in a file. The error is target.Faults, an *Error, or
// wraps the cause of ctx where that has ended; nothing is left running then.
func Open(ctx context.Context, file string, o Options) (*Opened, error) {
	return open(ctx, docker{}, file, o)
}

func open(ctx context.Context, with engine, file string, o Options) (*Opened, error) {
	profile, err := target.Read(file)
	if err != nil {
		return nil, err
	}
	if o.Say == nil {
		o.Say = func(string) {}
	}
	if profile.Container() == nil {
		if o.Image != "" {
			return nil, &Error{Problem: fmt.Sprintf("%s names no container, so there is no image that %q could stand for: leave --image out, or give container in the profile", file, o.Image)}
		}
		t, err := profile.With(nil)
		if err != nil {
			return nil, err
		}
		return &Opened{Target: t}, nil
	}
	of, version, err := chosen(*profile.Container(), o.Image)
	if err != nil {
		return nil, err
	}
	l := &launching{engine: with, profile: profile, container: of, version: version, options: o, vault: newVault(profile)}
	return l.open(ctx)
}

// newVault knows the secrets of a profile.
func newVault(p *target.Profile) *redact.Vault {
	vault := redact.New()
	for _, s := range p.Secrets() {
		vault.Learn(s.Label, s.Value)
	}
	return vault
}

// launching is a container on its way to being a target.
type launching struct {
	engine    engine
	profile   *target.Profile
	container target.Container
	version   string // of the image, for people
	options   Options
	vault     *redact.Vault
}

// closingTime is how long removing may take where Open itself has to.
const closingTime = 30 * time.Second

func (l *launching) open(ctx context.Context) (opened *Opened, err error) {
	if err := l.sweep(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	r, err := l.engine.Start(ctx, l.container, l.options.Say)
	if err != nil {
		return nil, l.notStarted(err)
	}
	took := time.Since(began)
	o := &Opened{running: r, died: make(chan error, 1), closing: make(chan struct{})}
	done := false
	defer func() { // on a panic, too
		if !done {
			clean, stop := context.WithTimeout(context.WithoutCancel(ctx), closingTime)
			defer stop()
			err = errors.Join(err, o.Close(clean))
		}
	}()
	o.Target, err = l.seeded(ctx, o)
	if err != nil {
		return nil, err
	}
	_, id := r.Image()
	o.Target.Image = target.Image{Reference: l.version, ID: id, StartedMs: took.Milliseconds()}
	if o.Target.Version == "" || l.options.Image != "" {
		o.Target.Version = l.version
	}
	done = true
	return o, nil
}

// sweep removes what runs have left that are over. What it cannot remove is in nobody's way.
func (l *launching) sweep(ctx context.Context) error {
	swept, err := l.engine.Sweep(ctx)
	var refused *containers.Error
	if errors.As(err, &refused) && refused.Kind == containers.KindNoEngine {
		return l.notStarted(err)
	}
	if n := len(swept.Removed); n > 0 {
		l.options.Say(fmt.Sprintf("removed what a killed run has left: %s", strings.Join(swept.Removed, ", ")))
	}
	if err != nil {
		l.options.Say("what a killed run has left could not all be removed: " + err.Error())
	}
	return nil
}

// Died tells of a container that ended by itself before Close: an *Error with its last
// lines. It is nil for a target that runs by itself, and is never closed.
func (o *Opened) Died() <-chan error { return o.died }

// Close removes what Open has started. It may be called more than once; after an error
// another call goes on with what is left.
func (o *Opened) Close(ctx context.Context) error {
	if o.running == nil {
		return nil
	}
	o.once.Do(func() { close(o.closing) })
	o.watched.Wait()
	return o.running.Close(ctx)
}
