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

// maxScenes bounds the scenes that are under way at the same time: every event for
// several leavers. They begin one after the other and mostly wait.
const maxScenes = 128

// Stage fires events and watches them side by side, apart from the specs, which
// run one after the other: waiting is nearly all of the time, and it overlaps.
// Each scene has users of its own.
type Stage struct {
	session *spec.Session
	driver  *access.Driver
	plan    access.Plan
	watcher Watcher
	meter   meter

	// Lasting lets what can be tried later stay after the watch. It is set before Start.
	Lasting bool

	slots chan struct{}
	// arming is held from a scene's first credential to its event: side by side the
	// scenes would share the rate of requests, and short-lived credentials grow old.
	arming sync.Mutex
	wg     sync.WaitGroup
	scenes map[string][]*scene // by event, in the order of the subjects
	ended  func() error        // the error of the context that the scenes run under
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
		scenes: map[string][]*scene{},
	}
}

// Start fires the events that the selected checks need and returns at once.
func (st *Stage) Start(ctx context.Context, checks []string) {
	st.ended = ctx.Err
	for i, p := range plays() {
		var paths []target.AccessPath
		for _, path := range st.session.Target.Access {
			beside := slices.Contains(checks, p.stateCheck()) || slices.Contains(checks, p.issuedCheck())
			if slices.Contains(checks, p.check(path.Kind)) || beside && slices.Contains(p.kinds, path.Kind) {
				paths = append(paths, path)
			}
		}
		if len(paths) == 0 || p.absent(st.session.Target) != nil {
			continue
		}
		for subject := range st.subjects() {
			sc := st.newScene(i+1, subject+1, p, paths)
			st.scenes[p.id()] = append(st.scenes[p.id()], sc)
			st.wg.Go(func() { st.play(ctx, sc) })
		}
	}
}

// subjects is how many leavers each event is played for.
func (st *Stage) subjects() int { return max(1, st.session.Target.Subjects) }

// newScene returns the scene of one event for one leaver, both counted from 1.
func (st *Stage) newScene(event, subject int, p play, paths []target.AccessPath) *scene {
	sc := &scene{stage: st, play: p, name: p.id(), paths: paths, done: make(chan struct{})}
	id := fmt.Sprintf("e%d", event)
	if n := st.subjects(); n > 1 {
		sc.name = fmt.Sprintf("%s (leaver %d of %d)", p.id(), subject, n)
		id += fmt.Sprintf("-%d", subject)
	}
	sc.event = reports.Event{
		ID: id, Kind: p.kind, Shape: p.shape, Optional: p.senders != nil && !st.session.AnyChosen(p.senders), Subject: subject,
		Steps: []reports.EventStep{}, States: []reports.StateRead{},
	}
	return sc
}

// play runs a scene in its turn.
func (st *Stage) play(ctx context.Context, sc *scene) {
	defer close(sc.done)
	st.slots <- struct{}{}
	defer func() { <-st.slots }()
	sc.run(ctx)
	st.watcher.Settled(sc.name)
}

// Await returns what was seen in an event, as look puts it into observations, once it is
// over for each of its leavers. The error is the context's.
func (st *Stage) Await(ctx context.Context, p play, look func(*scene) []reports.Observation) ([]reports.Observation, error) {
	scenes := st.scenes[p.id()]
	if len(scenes) == 0 {
		return nil, fmt.Errorf("the event %s was not started", p.id())
	}
	var seen []reports.Observation
	for _, sc := range scenes {
		select {
		case <-sc.done:
		case <-ctx.Done():
		}
		// A scene that was cut short proves nothing, even if it is over.
		if err := errors.Join(ctx.Err(), st.ended()); err != nil {
			return nil, err
		}
		seen = append(seen, look(sc)...)
	}
	return seen, nil
}

// Wait returns when all events are over and their users removed.
func (st *Stage) Wait() { st.wg.Wait() }

// Events lists the events that are over, in the order of the report.
func (st *Stage) Events() []reports.Event {
	out := []reports.Event{}
	for _, p := range plays() {
		for _, sc := range st.scenes[p.id()] {
			select {
			case <-sc.done:
				out = append(out, sc.event)
			default:
			}
		}
	}
	return out
}

// Beside lists what was seen of access in an event that is over: what SCIM shows is held
// against it.
func (st *Stage) Beside(event string) []reports.Observation {
	var out []reports.Observation
	for _, scenes := range st.scenes {
		for _, sc := range scenes {
			if sc.event.ID != event {
				continue
			}
			for _, kind := range sc.play.kinds {
				out = append(out, sc.seen(kind)...)
			}
		}
	}
	return out
}

// Waited is the wall time in which at least one watch waited for its next mark.
func (st *Stage) Waited() time.Duration { return st.meter.total() }

// Longest is how long the longest of the events that are over was watched.
func (st *Stage) Longest() (longest time.Duration) {
	for _, scenes := range st.scenes {
		for _, sc := range scenes {
			select {
			case <-sc.done:
				longest = max(longest, sc.watched)
			default:
			}
		}
	}
	return longest
}

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
