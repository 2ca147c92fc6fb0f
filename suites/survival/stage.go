package survival

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/target"
)

// maxScenes bounds the events that are under way at the same time.
const maxScenes = 64

// Stage fires events and watches them side by side, apart from the specs, which
// run one after the other: waiting is nearly all of the time, and it overlaps.
// Each event has users of its own.
type Stage struct {
	session *spec.Session
	driver  *access.Driver
	plan    access.Plan
	watcher Watcher
	meter   meter

	slots chan struct{}
	// arming is held from a scene's first credential to its event: side by side the
	// scenes would share the rate of requests, and short-lived credentials grow old.
	arming sync.Mutex
	wg     sync.WaitGroup
	scenes map[string]*scene
	ended  func() error // the error of the context that the scenes run under
}

// Watcher is told what the stage is waiting for, from several goroutines.
type Watcher interface {
	// Arming says that credentials are being obtained before an event.
	Arming(event string)
	// Watching says that an event's next mark is due at a time.
	Watching(event string, until time.Time)
	// Settled says that an event is over.
	Settled(event string)
}

// NewStage returns a stage on which nothing happens yet.
func NewStage(s *spec.Session, driver *access.Driver, watcher Watcher) *Stage {
	return &Stage{
		session: s, driver: driver, watcher: watcher,
		plan:   access.Plan{RevokeWithin: s.Target.RevokeWithin, GiveUpAfter: s.Target.GiveUpAfter},
		slots:  make(chan struct{}, maxScenes),
		scenes: map[string]*scene{},
	}
}

// Start fires the events that the selected checks need and returns at once.
func (st *Stage) Start(ctx context.Context, checks []string) {
	st.ended = ctx.Err
	for i, p := range plays() {
		var paths []target.AccessPath
		for _, path := range st.session.Target.Access {
			if slices.Contains(checks, p.check(path.Kind)) {
				paths = append(paths, path)
			}
		}
		if len(paths) == 0 || p.absent(st.session.Target) != "" {
			continue
		}
		sc := &scene{stage: st, play: p, paths: paths, done: make(chan struct{})}
		sc.event = reports.Event{ID: fmt.Sprintf("e%d", i+1), Kind: p.kind, Shape: p.shape, Optional: p.optional, Steps: []reports.EventStep{}, States: []reports.StateRead{}}
		st.scenes[p.id()] = sc
		st.wg.Go(func() {
			defer close(sc.done)
			st.slots <- struct{}{}
			defer func() { <-st.slots }()
			sc.run(ctx)
			st.watcher.Settled(p.id())
		})
	}
}

// Await returns what was seen of a kind of credential in an event, once the event
// is over. The error is the context's.
func (st *Stage) Await(ctx context.Context, p play, kind target.Kind) ([]reports.Observation, error) {
	sc := st.scenes[p.id()]
	if sc == nil {
		return nil, fmt.Errorf("the event %s was not started", p.id())
	}
	select {
	case <-sc.done:
	case <-ctx.Done():
	}
	// A scene that was cut short proves nothing, even if it is over.
	if err := errors.Join(ctx.Err(), st.ended()); err != nil {
		return nil, err
	}
	return sc.seen(kind), nil
}

// Wait returns when all events are over and their users removed.
func (st *Stage) Wait() { st.wg.Wait() }

// Events lists the events that are over, in the order of the report.
func (st *Stage) Events() []reports.Event {
	out := []reports.Event{}
	for _, p := range plays() {
		sc := st.scenes[p.id()]
		if sc == nil {
			continue
		}
		select {
		case <-sc.done:
			out = append(out, sc.event)
		default:
		}
	}
	return out
}

// Waited is the wall time in which at least one watch waited for its next mark.
func (st *Stage) Waited() time.Duration { return st.meter.total() }

// pause tells the watcher and the meter of a wait.
func (st *Stage) pause(event string) access.Pause {
	return func(until time.Time) func() {
		st.watcher.Watching(event, until)
		return st.meter.start()
	}
}

// meter measures the union of overlapping stretches of time.
type meter struct {
	mu    sync.Mutex
	open  int
	since time.Time
	sum   time.Duration
}

func (m *meter) start() (stop func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.open == 0 {
		m.since = time.Now()
	}
	m.open++
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.open--; m.open == 0 {
			m.sum += time.Since(m.since)
		}
	}
}

func (m *meter) total() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sum
}
