package survival

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// cleanUpTime bounds the removal of one event's users.
const cleanUpTime = time.Minute

// scene is one event on the stage: a leaver and a control user, all ways in
// armed, the event fired once, everything watched side by side.
type scene struct {
	stage *Stage
	play  play
	cast  *cast
	name  string // for the progress: the event, and whose if it has several leavers
	paths []target.AccessPath
	done  chan struct{} // closed when the fields below are final

	event   reports.Event
	lines   []*line
	trouble *reports.Trouble // the scene could not begin
	held    holding          // what the leaver was listed to hold
	watched time.Duration    // from the acknowledged event to the end of the last watch
	kept    *later.Scene     // what stays for later marks; nil for nothing
}

// line is one access path through the scene.
type line struct {
	path     target.AccessPath
	canary   *access.Canary
	trouble  *reports.Trouble
	complete bool
	// controlled is when the positive control was taken.
	controlled time.Time
	need       int
	owner      *reports.Owner // who answers for what still works after the departure
}

func (sc *scene) run(ctx context.Context) {
	// What is done with the second leaver repeats what is done with the first: of it the
	// event and the tries are kept whole.
	ctx = exchange.WithLabel(ctx, exchange.Label{Check: Suite + "." + sc.play.id(), Brief: sc.event.Subject > 1})
	sc.cast = &cast{
		scim: sc.stage.session.SCIM, subjects: sc.stage.session.Subjects, role: sc.stage.session.Target.SCIM.Role, perform: sc.stage.perform,
	}
	defer sc.cleanUp(ctx)
	if !sc.gather(ctx) {
		return
	}
	sc.event.User = sc.cast.leaver.UserName
	acked, ok := sc.begin(ctx)
	if !ok {
		return
	}
	since := acked
	defer func() { sc.watched = time.Since(since) }()
	sc.observe(ctx, reports.PhaseLeft, acked, sc.cast.leaver.ID)
	sc.listOnce(ctx)
	if ctx.Err() != nil {
		return
	}
	if !sc.play.returns() {
		sc.keep()
		return
	}
	id := sc.cast.leaver.ID
	if sc.play.outOfBand != "" {
		acked, ok = sc.actOut(ctx, reports.PhaseReturned, sc.play.outOfBand)
	} else {
		acked, id, ok = sc.comeBack(ctx)
	}
	if ok {
		sc.observe(ctx, reports.PhaseReturned, acked, id)
	}
}

// comeBack sends the second write of the event. It returns when that was acknowledged,
// the id that the person has from then on, and whether it was.
func (sc *scene) comeBack(ctx context.Context) (acked time.Time, id string, ok bool) {
	acked, ok = sc.fire(ctx, reports.PhaseReturned, func(ctx context.Context) (*scim.Reply, error) {
		reply, err := sc.play.comeBack(ctx, sc.cast)
		if err == nil {
			id = reply.Doc.Text("id")
		}
		return reply, err
	})
	if id == "" || sc.play.kind == reports.EventSync {
		id = sc.cast.leaver.ID
	}
	return acked, id, ok
}

// gather makes the people of the scene. It reports whether all are there.
func (sc *scene) gather(ctx context.Context) bool {
	err := sc.cast.gather(ctx, sc.play.needs)
	if err == nil && sc.play.before != nil {
		err = sc.play.before(ctx, sc.cast)
	}
	if err != nil {
		sc.trouble = troubleOf(err)
	}
	return err == nil
}

// settle lies between the positive control and the event. What was obtained in the very
// moment of the event is the matter of the play that does so on purpose.
const settle = 75 * time.Millisecond

// begin arms everything, takes the positive control and fires the event. It returns
// when the event was acknowledged, and whether it was.
func (sc *scene) begin(ctx context.Context) (time.Time, bool) {
	if !sc.prepare(ctx) || !sleep(ctx, settle) {
		return time.Time{}, false
	}
	sc.control(ctx, sc.grownOld())
	if !sc.ready() || ctx.Err() != nil {
		return time.Time{}, false
	}
	if sc.play.meanwhile != nil {
		if err := sc.play.meanwhile(ctx, sc.cast); err != nil {
			sc.trouble = troubleOf(err)
			return time.Time{}, false
		}
	}
	sc.listOnce(ctx)
	leave := func(ctx context.Context) (*scim.Reply, error) { return sc.play.leave(ctx, sc.cast) }
	switch {
	case sc.play.signsOut:
		return sc.actOut(ctx, reports.PhaseLeft, target.ActSignOut)
	case !sc.play.mints:
		return sc.fire(ctx, reports.PhaseLeft, leave)
	}
	return sc.fireWhileMinting(ctx, leave)
}

// fireWhileMinting fires the event while credentials of the leaver are obtained.
func (sc *scene) fireWhileMinting(ctx context.Context, leave func(context.Context) (*scim.Reply, error)) (acked time.Time, ok bool) {
	var canaries []*access.Canary
	for _, l := range sc.lines {
		if l.trouble == nil {
			canaries = append(canaries, l.canary)
		}
	}
	leaver, _ := sc.cast.values()
	access.MintAcross(ctx, canaries, leaver, func() { acked, ok = sc.fire(ctx, reports.PhaseLeft, leave) })
	for _, l := range sc.lines {
		if l.trouble == nil && !l.canary.Minted() {
			l.trouble = &reports.Trouble{Kind: reports.TroubleOperational, Path: l.path.Name, Message: "no credential could be obtained in the moment of the event"}
		}
	}
	return acked, ok
}

// prepare arms everything and takes the positive control, one scene after the other. It
// reports whether there is anything to watch. What has to run by itself before it shows
// that it works is prepared first, side by side with other scenes, which would else wait
// for a period of it each.
func (sc *scene) prepare(ctx context.Context) bool {
	var slow, prompt []*line
	for _, path := range sc.paths {
		l := &line{path: path}
		sc.lines = append(sc.lines, l)
		if path.Try.Allowed.Changes != "" {
			slow = append(slow, l)
		} else {
			prompt = append(prompt, l)
		}
	}
	sc.arm(ctx, slow)
	sc.control(ctx, slow)
	sc.stage.arming.Lock()
	defer sc.stage.arming.Unlock()
	if ctx.Err() != nil {
		return false
	}
	sc.stage.watcher.Arming(sc.name)
	sc.arm(ctx, prompt)
	sc.control(ctx, prompt)
	return sc.ready() && ctx.Err() == nil
}

// grownOld lists the lines whose positive control lies further back than it takes to
// take one: what is prepared first may have waited for the scene's turn, and what stopped
// meanwhile would pass for what the event has ended.
func (sc *scene) grownOld() (lines []*line) {
	for _, l := range sc.lines {
		if l.path.Try.Allowed.Changes != "" && time.Since(l.controlled) > l.path.Try.Within {
			lines = append(lines, l)
		}
	}
	return lines
}

// sleep waits and reports whether the context lived on.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// arm arms the paths of some lines, side by side.
func (sc *scene) arm(ctx context.Context, lines []*line) {
	leaver, control := sc.cast.values()
	sc.each(ctx, lines, func(ctx context.Context, l *line) *reports.Trouble {
		if passesOn(sc.play.kind, l.path) {
			return &reports.Trouble{Kind: reports.TroubleAsserted, Message: "whoever has the userName next may obtain one; the old ones are tried by another path"}
		}
		canary, err := sc.stage.driver.ArmCanary(ctx, l.path, sc.stage.plan, sc.play.phases(), leaver, control)
		if err != nil {
			return troubleOf(err)
		}
		l.canary = canary
		return nil
	})
}

// control takes the positive control of every armed path of some lines.
func (sc *scene) control(ctx context.Context, lines []*line) {
	sc.each(ctx, lines, func(ctx context.Context, l *line) *reports.Trouble {
		l.controlled = time.Now()
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

// each does something with every one of some lines that has met no trouble, side by
// side, and notes the trouble that comes of it.
func (sc *scene) each(ctx context.Context, lines []*line, do func(context.Context, *line) *reports.Trouble) {
	var wg sync.WaitGroup
	for _, l := range lines {
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
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "event: " + sc.play.id() + " (" + string(phase) + ")", Whole: true})
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
	// A routine write about somebody inactive may be refused: what it leads to counts.
	refusable := phase == reports.PhaseReturned && sc.play.kind == reports.EventSync && step.Refused()
	if err != nil || !step.Acknowledged() && !refusable {
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
	if phase == reports.PhaseLeft {
		reader.Go(func() { sc.listOn(watching) })
	}
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
			l.complete = l.canary.Watch(ctx, sc.stage.plan, rule, phase, acked, sc.stage.pause(sc.name))
			if phase == reports.PhaseLeft && l.canary.LetsIn() {
				leaver, _ := sc.cast.values()
				l.owner = l.canary.AskOwner(ctx, leaver)
			}
		})
	}
	watchers.Wait()
	stop()
	reader.Wait()
	if sc.play.shown() {
		sc.readOn(ctx, phase, acked, id)
	}
}

// readStates reads the user over SCIM at doubling distances: state beside access.
func (sc *scene) readStates(ctx context.Context, phase reports.Phase, acked time.Time, id string) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "read the user's state"})
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		if _, ok := sc.readOnce(ctx, phase, acked, id); !ok {
			return
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// read looks once at what SCIM says of the change.
func (sc *scene) read(ctx context.Context, id string) reports.StateRead {
	if sc.play.look == nil {
		return stateOf(sc.stage.session.SCIM.GetUser(ctx, id))
	}
	state, reply, err := sc.play.look(ctx, sc.cast)
	read := reports.StateRead{State: state}
	if err == nil {
		read.Exchange = exchange.LastID(reply.Exchanges)
	}
	return read
}

// cleanUp gives credentials back and removes the users, also after an interrupt. What is
// kept for later marks stays.
func (sc *scene) cleanUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	for _, l := range sc.lines {
		if l.canary != nil && !sc.keeps(l) {
			l.canary.Disarm(ctx)
		}
	}
	for _, performed := range sc.cast.performed {
		sc.stage.driver.Disarm(ctx, performed)
	}
	if sc.kept == nil {
		sc.cast.dismiss(ctx)
	}
}

// troubleOf sorts the reason why a scene or a line could not begin.
func troubleOf(err error) *reports.Trouble {
	trouble := &reports.Trouble{Kind: reports.TroubleUndecided, Message: err.Error()}
	var arm *access.ArmError
	var act *ActError
	switch {
	case scim.AsTrouble(err) != nil, errors.As(err, &arm) && arm.Passing, errors.As(err, &act) && act.Passing:
		trouble.Kind = reports.TroubleOperational
	case act != nil:
		trouble.Kind, trouble.Act = reports.TroubleNoEvidence, string(act.Act)
	case arm != nil:
		trouble.Kind = reports.TroubleNoEvidence
	case errors.Is(err, errNotOffered):
		trouble.Kind = reports.TroubleAsserted
	}
	return trouble
}
