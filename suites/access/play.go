package access

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// Play carries out steps that belong to no access path and to no user, such as those that
// seed an application, and returns what they have captured, which the vault learns. name is
// what they are for. The error is an *ArmError.
func (d *Driver) Play(ctx context.Context, name string, steps []target.Step) (map[string]string, error) {
	c := newCredential(target.AccessPath{Name: name, Arm: steps}, "", nil)
	maps.Copy(c.values, d.Secrets)
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: name})
	if err := d.armAll(ctx, c); err != nil {
		return nil, err
	}
	captured := map[string]string{}
	for _, step := range steps {
		for key := range step.Capture {
			captured[key] = c.values[key]
		}
	}
	return captured, nil
}

// armLog looks for what a step captures in a container's log. A log that goes on may still
// show it, so that one that was waited for in vain is passing trouble.
func (d *Driver) armLog(ctx context.Context, c *Credential, step target.Step) *ArmError {
	if d.Logs == nil {
		return &ArmError{Problem: step.String() + " cannot be read: no container has been started"}
	}
	lines, err := d.Logs(ctx, step.Log.Of)
	if err != nil {
		return &ArmError{Passing: true, Problem: err.Error()}
	}
	for _, name := range slices.Sorted(maps.Keys(step.Capture)) {
		value, err := captureLine(step.Capture[name], lines)
		if err != nil {
			return &ArmError{Passing: step.WaitUpTo > 0, Problem: fmt.Sprintf("%q cannot be captured from %s: %v", name, step.Log, err)}
		}
		d.Vault.Learn(c.Path.Name+" "+name, value)
		c.values[name] = value
	}
	return nil
}

// captureLine takes a value from the latest line that has it.
func captureLine(from target.Capture, lines []string) (string, error) {
	for _, line := range slices.Backward(lines) {
		if value, err := capture(from, &reply{body: []byte(line)}, nil); err == nil {
			return value, nil
		}
	}
	return "", errors.New("no line matches " + from.Match)
}
