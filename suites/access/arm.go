package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// ArmError says which step of an access path did not go as declared.
type ArmError struct {
	Path string
	Step int // from 1; 0 for what is not about one of them
	// Passing is true for trouble that may go by itself: no answer, 429, 5xx.
	Passing bool
	// Unclear is true for an answer that says nothing of the user, such as that of an
	// address where nobody issues tokens.
	Unclear bool
	Problem string
}

// Error names the path and the step.
func (e *ArmError) Error() string {
	if e.Step == 0 {
		return fmt.Sprintf("access path %q: %s", e.Path, e.Problem)
	}
	return fmt.Sprintf("access path %q, arm step %d: %s", e.Path, e.Step, e.Problem)
}

// Arm obtains a credential for a holder, or carries out an act for "". values are the
// placeholders of the user and the run. What listens for it lives as long as the context,
// or until Disarm. The error is an *ArmError.
func (d *Driver) Arm(ctx context.Context, path target.AccessPath, holder string, values map[string]string) (*Credential, error) {
	c := newCredential(path, holder, values)
	d.Vault.Learn(target.PKCEVerifier, c.values[target.PKCEVerifier])
	maps.Copy(c.values, d.Secrets)
	maps.Copy(c.values, values)
	if holder != "" { // else it is an act, whose purpose the caller knows
		ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: fmt.Sprintf("arm %s (%s)", path.Name, holder)})
	}
	if err := d.armAll(ctx, c); err != nil {
		d.close(c)
		return nil, err
	}
	return c, nil
}

// newCredential is one that nothing was done for yet.
func newCredential(path target.AccessPath, holder string, values map[string]string) *Credential {
	verifier := oauth2.GenerateVerifier()
	return &Credential{Path: path, Holder: holder, jar: newJar(), given: values, values: map[string]string{
		target.Unique: strings.ToLower(rand.Text()), target.PKCEVerifier: verifier, target.PKCEChallenge: oauth2.S256ChallengeFromVerifier(verifier),
	}}
}

// armAll carries out the steps of arm.
func (d *Driver) armAll(ctx context.Context, c *Credential) error {
	defer c.closeMailboxes()
	if err := d.needBrowser(c.Path); err != nil {
		return err
	}
	if err := d.openMailboxes(ctx, c); err != nil {
		return err
	}
	if err := d.openAddress(ctx, c); err != nil {
		return err
	}
	for i := range c.Path.Arm {
		err := whenReady(ctx, c.Path.Arm[i], func() *ArmError { return d.armStep(ctx, c, i) })
		if err != nil {
			err.Path, err.Step = c.Path.Name, i+1
			return err
		}
	}
	return nil
}

// askAgain is how often a step that waits is asked again.
const askAgain = 500 * time.Millisecond

// whenReady carries a step out, again and again if the step says so.
func whenReady(ctx context.Context, step target.Step, do func() *ArmError) *ArmError {
	until := time.Now().Add(step.WaitUpTo)
	if step.OAuth != nil && step.OAuth.Polls() {
		return do() // which keeps to the time by itself
	}
	for {
		err := do()
		if err == nil || time.Until(until) < askAgain {
			return err
		}
		select {
		case <-time.After(askAgain):
		case <-ctx.Done():
			return err
		}
	}
}

func (d *Driver) armStep(ctx context.Context, c *Credential, index int) *ArmError {
	step := c.Path.Arm[index]
	switch {
	case step.Exec != nil:
		return d.armExec(ctx, c, step)
	case step.Mail != nil:
		return d.armMail(ctx, c, index)
	case step.Stream != nil:
		return d.armStream(ctx, c, step)
	case step.OAuth != nil:
		return d.armOAuth(ctx, c, step)
	case step.Browser != nil:
		return d.armBrowser(ctx, c, step)
	case step.Log != nil:
		return d.armLog(ctx, c, step)
	}
	return d.armRequest(ctx, c, step)
}

func (d *Driver) armRequest(ctx context.Context, c *Credential, step target.Step) *ArmError {
	reply, err := d.send(ctx, c, c.jar, step)
	if err != nil {
		return &ArmError{Passing: true, Problem: err.Error()}
	}
	at := step.String()
	if !expected(step.Expect, reply.status) {
		return &ArmError{
			Passing: passing(reply.status),
			Problem: fmt.Sprintf("%s answered %d; expected %s", at, reply.status, statusList(step.Expect)),
		}
	}
	return d.keep(c, step, reply, fmt.Sprintf("%s answered %d", at, reply.status))
}

// keep captures what a step asks for. done says what went well before.
func (d *Driver) keep(c *Credential, step target.Step, r *reply, done string) *ArmError {
	for _, name := range slices.Sorted(maps.Keys(step.Capture)) {
		value, err := capture(step.Capture[name], r, c.jar)
		if err != nil {
			return &ArmError{Problem: fmt.Sprintf("%s, but %q cannot be captured: %v", done, name, err)}
		}
		d.Vault.Learn(c.Path.Name+" "+name, value)
		c.values[name] = value
	}
	return nil
}

func expected(list []int, status int) bool {
	if len(list) == 0 {
		return status >= 200 && status < 400
	}
	return slices.Contains(list, status)
}

func statusList(list []int) string {
	if len(list) == 0 {
		return "2xx or 3xx"
	}
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = fmt.Sprint(s)
	}
	return strings.Join(words, " or ")
}
