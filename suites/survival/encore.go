package survival

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// Encore tries again what an earlier process has kept.
type Encore struct {
	session *spec.Session
	watcher Watcher
	state   *later.State
	parts   []*part
}

// part is one kept line.
type part struct {
	scene  *later.Scene
	kept   *access.Kept
	event  *reports.Event
	check  string
	canary *access.Canary
	taken  []access.Taken // of the mark that is being taken
}

// NewEncore brings what was kept back to life. The error says which access path the profile
// does not have.
func NewEncore(s *spec.Session, driver *access.Driver, watcher Watcher, state *later.State) (*Encore, error) {
	e := &Encore{session: s, watcher: watcher, state: state}
	for i := range state.Scenes {
		scene := &state.Scenes[i]
		event := state.Event(scene.Event)
		for k := range scene.Lines {
			kept := &scene.Lines[k]
			n := slices.IndexFunc(s.Target.Access, func(p target.AccessPath) bool { return p.Name == kept.Path })
			if n < 0 {
				return nil, fmt.Errorf("the profile has no access path %q any more", kept.Path)
			}
			path := s.Target.Access[n]
			e.parts = append(e.parts, &part{
				scene: scene, kept: kept, event: event, canary: driver.Restore(path, *kept),
				check: play{kind: event.Kind, shape: event.Shape}.check(path.Kind),
			})
		}
	}
	return e, nil
}

// Take tries all of it at a later mark, side by side, and adds what it saw to the state's
// record. Cut short by the context it adds nothing and returns the context's error: a
// mark is taken as a whole.
func (e *Encore) Take(ctx context.Context, mark reports.LaterMark) error {
	reads := make([]reports.StateRead, len(e.state.Scenes))
	var wg sync.WaitGroup
	for i, scene := range e.state.Scenes {
		wg.Go(func() { reads[i] = e.read(ctx, scene) })
	}
	name := fmt.Sprintf("the later mark of %s", time.Duration(mark.AfterMs)*time.Millisecond)
	cut := make([]bool, len(e.parts))
	for i, p := range e.parts {
		p.taken = nil
		if p.kept.Spent(p.canary.Path) {
			continue
		}
		wg.Go(func() {
			ctx := exchange.WithLabel(ctx, exchange.Label{Check: p.check, Brief: p.event.Subject > 1})
			var complete bool
			p.taken, complete = p.canary.Again(ctx, access.Plan{GiveUpAfter: e.session.Target.GiveUpAfter}, *p.kept, e.pause(name))
			cut[i] = !complete
		})
	}
	wg.Wait()
	e.watcher.Settled(name)
	if err := ctx.Err(); err != nil {
		return err
	}
	if slices.Contains(cut, true) {
		return fmt.Errorf("%s was not taken to its end", name)
	}
	for i, scene := range e.state.Scenes {
		event := e.state.Event(scene.Event)
		event.States = append(event.States, reads[i])
	}
	for _, p := range e.parts {
		e.add(p, mark)
	}
	return nil
}

func (e *Encore) pause(name string) access.Pause {
	return func(until time.Time) func() {
		e.watcher.Watching(name, until)
		return func() {}
	}
}

// read looks at what SCIM says of the leaver now.
func (e *Encore) read(ctx context.Context, scene later.Scene) reports.StateRead {
	event := e.state.Event(scene.Event)
	ctx = exchange.WithLabel(ctx, exchange.Label{Check: Suite + "." + play{kind: event.Kind, shape: event.Shape}.id(), Purpose: "read the user's state"})
	at := time.Now()
	read := stateOf(e.session.SCIM.GetUser(ctx, scene.Leaver.ID))
	read.Phase, read.AtMs = reports.PhaseLeft, sinceEvent(at, event)
	return read
}

// sinceEvent is how long after the event's acknowledgement something was, in ms. Between
// processes that is a matter of the clock on the wall, which may have been set: what
// seems to lie before the event is taken to lie at it.
func sinceEvent(at time.Time, event *reports.Event) int64 {
	return max(0, at.Sub(event.Steps[0].Answered).Milliseconds())
}

// add puts the tries of a mark into the observation of their line, and keeps what the
// credential is now, as a session may slide.
func (e *Encore) add(p *part, mark reports.LaterMark) {
	list := tries(p.taken, p.event.Steps)
	for i := range list {
		list[i].MarkMs, list[i].AtMs = mark.AfterMs, sinceEvent(p.taken[i].Sent, p.event)
	}
	for i := range e.state.Record.Observations {
		a := e.state.Record.Observations[i].Access
		if a != nil && a.Event == p.event.ID && a.Path == p.kept.Path {
			a.Tries = append(a.Tries, list...)
		}
	}
	denied := p.kept.Denied
	if kept, ok := p.canary.Keep(p.kept.Need); ok {
		*p.kept = kept
	}
	if p.canary.Path.MaxTries > 0 {
		p.kept.Denied = denied + refusals(p.taken)
	}
}

func refusals(taken []access.Taken) int {
	n := 0
	for _, t := range taken {
		if t.Who == reports.WhoPolled && t.Result == reports.TryDenied {
			n++
		}
	}
	return n
}

// Gone lists the events whose control users are not at the target any more. Without them
// no try proves anything.
func (e *Encore) Gone(ctx context.Context) []string {
	var gone []string
	for _, scene := range e.state.Scenes {
		if stateOf(e.session.SCIM.GetUser(ctx, scene.Control.ID)).State == reports.StateAbsent {
			gone = append(gone, scene.Event)
		}
	}
	return gone
}

// Dismiss gives credentials back and removes the users, also after an interrupt.
func (e *Encore) Dismiss(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Duration(1+len(e.state.Scenes))*cleanUpTime)
	defer cancel()
	var disarming, removing sync.WaitGroup
	for _, p := range e.parts {
		disarming.Go(func() { p.canary.Disarm(ctx) })
	}
	disarming.Wait()
	for _, scene := range e.state.Scenes {
		for _, who := range []later.Person{scene.Leaver, scene.Control} {
			removing.Go(func() { e.session.Subjects.Release(ctx, &subject.Subject{ID: who.ID, UserName: who.UserName}) })
		}
	}
	removing.Wait()
}
