package survival

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// undone says why an act cannot be played: somebody asserts that it cannot be done, or
// nobody has said how. Nil if the profile says how.
func undone(t *target.Target, act target.Act) *reports.Trouble {
	if _, declared := t.Done(act); declared {
		return nil
	}
	if asserted := vouched(t, "it cannot be done", func(n target.NotApplicable) bool { return n.Act == act }); asserted != nil {
		return asserted
	}
	return &reports.Trouble{
		Kind: reports.TroubleNoEvidence, Act: string(act),
		Message: fmt.Sprintf("the profile does not say how %s is done (outOfBand), and nobody asserts that it cannot be done", act),
	}
}

// prove carries an act out where it ought to work: an act that is declared wrongly would
// else pass for one that is refused. Whoever gets an account by it is removed like all
// others.
func prove(act target.Act) act {
	return func(ctx context.Context, c *cast) error {
		who := c.control
		if act.OfStranger() {
			c.stranger = c.subjects.Draft()
			if err := c.subjects.Expect(c.stranger); err != nil {
				return err
			}
			who = c.stranger
		}
		return c.do(ctx, act, who)
	}
}

// do carries out an act that has to succeed. The error is an *ActError, or the context's.
func (c *cast) do(ctx context.Context, act target.Act, who *subject.Subject) error {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "past SCIM: " + string(act) + ", where it ought to work"})
	performed, err := c.perform(ctx, act, who.Values())
	if err != nil {
		return err
	}
	c.performed = append(c.performed, performed)
	return nil
}

// ActError says which step of an act did not go as declared.
type ActError struct {
	Act     target.Act
	Step    int // from 1
	Passing bool
	Problem string
}

// Error names the act and the step.
func (e *ActError) Error() string {
	return fmt.Sprintf("outOfBand %s, step %d, for somebody for whom it ought to work: %s", e.Act, e.Step, e.Problem)
}

// perform carries out an act as the profile declares it.
func (st *Stage) perform(ctx context.Context, act target.Act, values map[string]string) (*access.Credential, error) {
	declared, ok := st.session.Target.Done(act)
	if !ok {
		return nil, fmt.Errorf("the profile does not say how %s is done", act)
	}
	as := target.AccessPath{Name: string(act), Arm: declared.Steps, Disarm: declared.Undo}
	done, err := st.driver.Arm(ctx, as, "", values)
	var arm *access.ArmError
	if errors.As(err, &arm) {
		return nil, &ActError{Act: act, Step: arm.Step, Passing: arm.Passing || arm.Unclear, Problem: arm.Problem}
	}
	return done, err
}

// actOut carries out an act about the leaver and notes it as a step of the event. It
// returns when that was over, and whether there is anything to be watched: an act that is
// refused while the person is away is, for what it leads to counts.
func (sc *scene) actOut(ctx context.Context, phase reports.Phase, act target.Act) (time.Time, bool) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "event: " + sc.play.id() + " (" + string(phase) + ")", Whole: true})
	ctx, trail := exchange.WithTrail(ctx)
	trail.Steps = true
	step := reports.EventStep{Phase: phase, Sent: time.Now().UTC(), Act: &reports.Act{Name: string(act)}}
	performed, err := sc.stage.perform(ctx, act, sc.cast.leaver.Values())
	answered := time.Now()
	step.Answered, step.Exchange = answered.UTC(), exchange.LastID(trail.IDs)
	var refused *ActError
	switch {
	case err == nil:
		step.Act.Done = true
		sc.cast.performed = append(sc.cast.performed, performed)
	case errors.As(err, &refused) && !refused.Passing:
		step.Act.Refused, step.Error = true, fmt.Sprintf("step %d: %s", refused.Step, refused.Problem)
	default:
		step.Error = err.Error()
	}
	sc.event.Steps = append(sc.event.Steps, step)
	return answered, step.Act.Done || step.Act.Refused && phase == reports.PhaseReturned
}
