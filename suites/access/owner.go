package access

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// maxOwner is how much is kept of an owner's name, in characters.
const maxOwner = 200

// AskOwner asks who answers for the leaver's credential now, as the profile says how. It
// returns nil where the profile does not. leaver are the leaver's own values.
func (c *Canary) AskOwner(ctx context.Context, leaver map[string]string) *reports.Owner {
	held := c.leavers()
	if len(c.Path.Owner) == 0 || len(held) == 0 {
		return nil
	}
	ctx, trail := exchange.WithTrail(ctx)
	trail.Steps = true
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "ask whose it is: " + c.Path.Name, Whole: true})
	name, err := c.driver.ask(ctx, c.Path.Name+", owner", c.Path.Owner, target.OwnerName, held[0].values)
	owner := &reports.Owner{Name: exchange.Printable(name, maxOwner), Exchange: exchange.LastID(trail.IDs)}
	switch {
	case err != nil:
		owner.Is, owner.Why = reports.OwnerUnknown, ProblemOf(err)
	case strings.TrimSpace(name) == "":
		owner.Is = reports.OwnerNobody
	case isPerson(name, leaver):
		owner.Is = reports.OwnerLeaver
	default:
		owner.Is = reports.OwnerAnother
	}
	return owner
}

// LetsIn reports whether the last try of the leaver's was allowed.
func (c *Canary) LetsIn() bool {
	for i := len(c.Tries) - 1; i >= 0; i-- {
		if c.Tries[i].Who != reports.WhoControl {
			return c.Tries[i].Result == reports.TryAllowed
		}
	}
	return false
}

// ask carries steps out and returns what the last one captured, "" where the application
// knows of nothing. What it answers is no secret, and is not taken for one. The error is an
// *ArmError.
func (d *Driver) ask(ctx context.Context, name string, steps []target.Step, answer string, values map[string]string) (string, error) {
	asking := newCredential(target.AccessPath{Name: name, Arm: steps}, "", nil)
	maps.Copy(asking.values, d.Secrets)
	maps.Copy(asking.values, values)
	last := len(steps) - 1
	for i := range steps[:last] {
		if err := d.armStep(ctx, asking, i); err != nil {
			err.Path, err.Step = name, i+1
			return "", err
		}
	}
	step := steps[last]
	failed := &ArmError{Path: name, Step: last + 1}
	reply, err := d.send(ctx, asking, asking.jar, step)
	switch {
	case err != nil:
		failed.Passing, failed.Problem = true, err.Error()
		return "", failed
	case reply.status == http.StatusNotFound || reply.status == http.StatusGone:
		return "", nil
	case !expected(step.Expect, reply.status):
		failed.Passing = passing(reply.status)
		failed.Problem = fmt.Sprintf("%s answered %d; expected %s", step, reply.status, statusList(step.Expect))
		return "", failed
	}
	value, err := capture(step.Capture[answer], reply, asking.jar)
	var empty *emptyError
	if err != nil && !errors.As(err, &empty) {
		failed.Problem = err.Error()
		return "", failed
	}
	return value, nil
}

// ProblemOf is the text of an error without the path and step that it is about.
func ProblemOf(err error) string {
	var arm *ArmError
	if errors.As(err, &arm) {
		return arm.Problem
	}
	return err.Error()
}

// isPerson reports whether a name is one of a person's own.
func isPerson(name string, values map[string]string) bool {
	for _, key := range []string{"user.id", "user.userName", "user.email", "user.displayName"} {
		if strings.EqualFold(strings.TrimSpace(name), values[key]) {
			return true
		}
	}
	return false
}
