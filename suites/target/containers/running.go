package containers

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// errClosed is why a start ends that Close or CloseAll overtakes.
var errClosed = errors.New("the containers are being removed")

// Running is an application with its companions.
type Running struct {
	cli     client.APIClient
	say     func(format string, args ...any)
	runID   string
	startID string
	scheme  string
	labels  map[string]string
	url     string
	host    string

	starting context.Context // ends when the start is to be given up
	giveUp   context.CancelCauseFunc
	watching context.Context // ends with Close
	unwatch  context.CancelFunc
	watchers sync.WaitGroup
	died     chan Death

	// gate is held for reading while something is made, so that clearing begins
	// only when nothing more can come.
	gate    sync.RWMutex
	closing atomic.Bool // no more is made
	closed  bool        // all is removed; under gate

	mu       sync.Mutex
	services map[string]*service
}

// running are those of this process that have not been closed.
var running = struct {
	sync.Mutex
	all map[*Running]bool
}{all: map[*Running]bool{}}

func newRunning(ctx context.Context, provider *testcontainers.DockerProvider, spec Spec) (*Running, error) {
	r := &Running{
		cli:      provider.Client(),
		runID:    spec.RunID,
		startID:  uuid.NewString()[:13],
		scheme:   spec.Container.Scheme,
		died:     make(chan Death, 1+len(spec.Container.Companions)),
		services: map[string]*service{},
		say: func(format string, args ...any) {
			if spec.Say != nil {
				spec.Say(fmt.Sprintf(format, args...))
			}
		},
	}
	if r.scheme == "" {
		r.scheme = "http"
	}
	if r.runID == "" {
		r.runID = uuid.NewString()
	}
	marks, err := labels(r.runID, r.startID)
	if err != nil {
		_ = r.cli.Close()
		return nil, &Error{Kind: KindOther, Message: err.Error()}
	}
	r.labels = marks
	r.starting, r.giveUp = context.WithCancelCause(ctx)
	r.watching, r.unwatch = context.WithCancel(context.WithoutCancel(ctx))
	running.Lock()
	defer running.Unlock()
	running.all[r] = true
	return r, nil
}

// URL is where the application's port is published, such as http://127.0.0.1:49153.
func (r *Running) URL() string { return r.url }

// Host is an address at which this host is reached from inside the private
// network: the network's gateway.
func (r *Running) Host() string { return r.host }

// Image is what the application was started from: the reference, and the id of
// the image itself such as sha256:….
func (r *Running) Image() (reference, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	app := r.services[""]
	return app.reference, app.imageID
}

func (r *Running) networkName() string { return "scimproof-" + r.startID }

func (r *Running) add(s *service) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.services[s.name] = s
}

// enter lets the caller make something until it calls what is returned; an error
// once Close has begun.
func (r *Running) enter() (release func(), err error) {
	r.gate.RLock()
	if r.closing.Load() {
		r.gate.RUnlock()
		return nil, errClosed
	}
	return r.gate.RUnlock, nil
}

// Close removes all that belongs to r: containers with their volumes, the
// network, and images that were built for it. It may be called again, and at
// once; after an error another call goes on with what is left.
func (r *Running) Close(ctx context.Context) error {
	r.closing.Store(true)
	r.giveUp(errClosed)
	r.unwatch()
	for !r.gate.TryLock() {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return r.notRemoved(err)
		}
	}
	defer r.gate.Unlock()
	if r.closed {
		return nil
	}
	r.watchers.Wait()
	if _, err := remove(ctx, r.cli, labelled(labelStart, r.startID)); err != nil {
		return r.notRemoved(err)
	}
	r.closed = true
	running.Lock()
	delete(running.all, r)
	running.Unlock()
	return r.cli.Close()
}

func (r *Running) notRemoved(reason error) error {
	return fmt.Errorf("not everything of the run %s could be removed (scimproof clean --containers tries again later): %w", r.runID, reason)
}

// CloseAll closes everything that this process has started and not closed, and
// ends every Start that is under way.
func CloseAll(ctx context.Context) error {
	running.Lock()
	var all []*Running
	for r := range running.all {
		all = append(all, r)
	}
	running.Unlock()
	faults := make([]error, len(all))
	var done sync.WaitGroup
	for i, r := range all {
		done.Go(func() { faults[i] = r.Close(ctx) })
	}
	done.Wait()
	return errors.Join(faults...)
}
