package survival

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// cleanUpTime bounds the removal of one event's users.
const cleanUpTime = time.Minute

// scene is one event on the stage: a leaver and a control user, all ways in
// armed, the event fired once, everything watched side by side.
type scene struct {
	stage *Stage
	play  play
	paths []target.AccessPath
	done  chan struct{} // closed when the fields below are final

	event   reports.Event
	lines   []*line
	trouble *reports.Trouble // the scene could not begin
}

// line is one access path through the scene.
type line struct {
	path     target.AccessPath
	canary   *access.Canary
	trouble  *reports.Trouble
	complete bool
	need     int
}

func (sc *scene) run(ctx context.Context) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Check: Suite + "." + sc.play.id()})
	leaver, control, ok := sc.cast(ctx)
	defer sc.cleanUp(ctx, leaver, control)
	if !ok {
		return
	}
	sc.event.User = leaver.UserName
	acked, ok := sc.begin(ctx, leaver, control)
	if !ok {
		return
	}
	sc.observe(ctx, reports.PhaseLeft, acked, leaver.ID)
	if !sc.play.returns() || ctx.Err() != nil {
		return
	}
	var id string
	acked, ok = sc.fire(ctx, reports.PhaseReturned, func(ctx context.Context) (*scim.Reply, error) {
		reply, err := sc.play.comeBack(ctx, sc.stage.session.SCIM, sc.stage.session.Subjects, leaver)
		if err == nil {
			id = reply.Doc.Text("id")
		}
		return reply, err
	})
	if !ok {
		return
	}
	if id == "" {
		id = leaver.ID
	}
	sc.observe(ctx, reports.PhaseReturned, acked, id)
}

// begin arms everything, takes the positive control and fires the event, one scene
// after the other. It returns when the event was acknowledged, and whether it was.
func (sc *scene) begin(ctx context.Context, leaver, control *subject.Subject) (time.Time, bool) {
	sc.stage.arming.Lock()
	defer sc.stage.arming.Unlock()
	if ctx.Err() != nil {
		return time.Time{}, false
	}
	sc.stage.watcher.Arming(sc.play.id())
	sc.arm(ctx, leaver, control)
	sc.control(ctx)
	if !sc.ready() || ctx.Err() != nil {
		return time.Time{}, false
	}
	return sc.fire(ctx, reports.PhaseLeft, func(ctx context.Context) (*scim.Reply, error) {
		return sc.play.leave(ctx, sc.stage.session.SCIM, leaver)
	})
}

// cast creates the leaver and the control user.
func (sc *scene) cast(ctx context.Context) (leaver, control *subject.Subject, ok bool) {
	f := sc.stage.session.Subjects
	leaver, _, err := f.Make(ctx)
	if err == nil {
		control, _, err = f.Make(ctx)
	}
	if err != nil {
		sc.trouble = troubleOf(err)
		return leaver, control, false
	}
	return leaver, control, true
}

// arm arms every path, side by side.
func (sc *scene) arm(ctx context.Context, leaver, control *subject.Subject) {
	for _, path := range sc.paths {
		sc.lines = append(sc.lines, &line{path: path})
	}
	sc.each(ctx, func(ctx context.Context, l *line) *reports.Trouble {
		canary, err := sc.stage.driver.ArmCanary(ctx, l.path, sc.stage.plan, sc.play.phases(), leaver.Values(), control.Values())
		if err != nil {
			return troubleOf(err)
		}
		l.canary = canary
		return nil
	})
}

// control takes the positive control of every armed path, right before the event.
func (sc *scene) control(ctx context.Context) {
	sc.each(ctx, func(ctx context.Context, l *line) *reports.Trouble {
		problem, passing := l.canary.Before(ctx)
		switch {
		case problem == "":
			return nil
		case passing:
			return &reports.Trouble{Kind: reports.TroubleOperational, Message: problem}
		}
		return &reports.Trouble{Kind: reports.TroubleNoEvidence, Message: problem}
	})
}

// each does something with every line that has met no trouble, side by side, and
// notes the trouble that comes of it.
func (sc *scene) each(ctx context.Context, do func(context.Context, *line) *reports.Trouble) {
	var wg sync.WaitGroup
	for _, l := range sc.lines {
		if l.trouble != nil {
			continue
		}
		wg.Go(func() {
			ctx := exchange.WithLabel(ctx, exchange.Label{Check: sc.play.check(l.path.Kind)})
			if l.trouble = do(ctx, l); l.trouble != nil {
				l.trouble.Path = l.path.Name
			}
		})
	}
	wg.Wait()
}

// ready reports whether any path can be watched.
func (sc *scene) ready() bool {
	for _, l := range sc.lines {
		if l.trouble == nil {
			return true
		}
	}
	return false
}

// fire sends one write of the event and notes it. It returns when it was
// acknowledged, and whether it was.
func (sc *scene) fire(ctx context.Context, phase reports.Phase, send func(context.Context) (*scim.Reply, error)) (time.Time, bool) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "event: " + sc.play.id() + " (" + string(phase) + ")"})
	step := reports.EventStep{Phase: phase}
	reply, err := send(ctx)
	if trouble := scim.AsTrouble(err); trouble != nil {
		step.Status, step.Error, step.Sent = trouble.Status, trouble.Error(), trouble.Sent.UTC()
		step.Exchange = exchange.LastID(trouble.Exchanges)
	} else if err != nil {
		step.Error = err.Error()
	} else {
		step.Status, step.Sent, step.Answered = reply.Status, reply.Sent.UTC(), reply.Answered.UTC()
		step.Exchange = exchange.LastID(reply.Exchanges)
	}
	sc.event.Steps = append(sc.event.Steps, step)
	if err != nil || !step.Acknowledged() {
		return time.Time{}, false
	}
	return reply.Answered, true
}

// observe watches all lines of the scene through one phase, and what SCIM says of
// the user beside them.
func (sc *scene) observe(ctx context.Context, phase reports.Phase, acked time.Time, id string) {
	watching, stop := context.WithCancel(ctx)
	var reader, watchers sync.WaitGroup
	reader.Go(func() { sc.readStates(watching, phase, acked, id) })
	for _, l := range sc.lines {
		if l.trouble != nil {
			continue
		}
		left, returned := sc.play.rules(l.path)
		rule := left
		if phase == reports.PhaseReturned {
			rule = returned
		}
		l.need = rule.Need
		watchers.Go(func() {
			ctx := exchange.WithLabel(ctx, exchange.Label{Check: sc.play.check(l.path.Kind)})
			l.complete = l.canary.Watch(ctx, sc.stage.plan, rule, phase, acked, sc.stage.pause(sc.play.id()))
		})
	}
	watchers.Wait()
	stop()
	reader.Wait()
}

// readStates reads the user over SCIM at doubling distances: state beside access.
func (sc *scene) readStates(ctx context.Context, phase reports.Phase, acked time.Time, id string) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "read the user's state"})
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		at := time.Since(acked).Milliseconds()
		reply, err := sc.stage.session.SCIM.GetUser(ctx, id)
		if ctx.Err() != nil && err != nil {
			return
		}
		sc.event.States = append(sc.event.States, stateOf(phase, at, reply, err))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// cleanUp gives credentials back and removes the users, also after an interrupt.
func (sc *scene) cleanUp(ctx context.Context, users ...*subject.Subject) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	for _, l := range sc.lines {
		if l.canary != nil {
			l.canary.Disarm(ctx)
		}
	}
	for _, u := range users {
		if u != nil {
			sc.stage.session.Subjects.Remove(ctx, u)
		}
	}
}

// troubleOf sorts the reason why a scene or a line could not begin.
func troubleOf(err error) *reports.Trouble {
	trouble := &reports.Trouble{Kind: reports.TroubleUndecided, Message: err.Error()}
	var arm *access.ArmError
	switch {
	case scim.AsTrouble(err) != nil, errors.As(err, &arm) && arm.Passing:
		trouble.Kind = reports.TroubleOperational
	case arm != nil:
		trouble.Kind = reports.TroubleNoEvidence
	}
	return trouble
}
