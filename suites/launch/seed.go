package launch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// lastSign is how long the news of a death may take that explains a step without an answer.
const lastSign = time.Second

// seeded carries the seed steps out and returns the target.
func (l *launching) seeded(ctx context.Context, o *Opened) (*target.Target, error) {
	values := map[string]string{target.ContainerURL: o.running.URL(), target.ContainerHost: o.running.Host()}
	steps, err := l.profile.Seed(values)
	if err != nil {
		return nil, err
	}
	seeding, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	l.watch(ctx, o, stop)
	captured, err := l.play(seeding, o.running, steps)
	if err != nil {
		return nil, l.notSeeded(ctx, seeding, o, steps, err)
	}
	for name, value := range captured {
		values[target.SeedPrefix+name] = value
	}
	t, err := l.profile.With(values)
	if err != nil {
		return nil, err
	}
	// Whatever was captured could turn up in a report, whether the profile uses it or not.
	for _, name := range slices.Sorted(maps.Keys(captured)) {
		t.Secrets = append(t.Secrets, target.Secret{Label: target.SeedPrefix + name, Value: captured[name]})
	}
	return t, nil
}

// play sends the steps under the profile's limits. What they are answered is recorded
// nowhere: it is from before the run, and full of secrets.
func (l *launching) play(ctx context.Context, r running, steps []target.Step) (map[string]string, error) {
	if len(steps) == 0 {
		return nil, nil
	}
	l.options.Say("seeding the application")
	base, err := exchange.NewBase(l.profile.TLS(), true)
	if err != nil {
		return nil, err
	}
	limits := l.profile.Limits()
	driver := &access.Driver{
		Vault: l.vault, Secrets: l.profile.SecretValues(),
		Logs: func(ctx context.Context, service string) ([]string, error) { return r.Logs(ctx, service, 0) },
		Transport: &exchange.Transport{
			Base: base, Recorder: exchange.NewRecorder(l.vault, ""), Agent: l.options.Agent,
			MaxBody: limits.MaxBodyBytes, Timeout: limits.RequestTimeout,
		},
	}
	defer driver.Close()
	return driver.Play(ctx, "seed", steps)
}

// notSeeded is the error of a step that did not go as declared: the step's own, unless the
// container has died, or the caller has given up.
func (l *launching) notSeeded(ctx, seeding context.Context, o *Opened, steps []target.Step, err error) error {
	var step *access.ArmError
	if !errors.As(err, &step) {
		return &Error{Problem: "the application cannot be seeded: " + l.vault.Text(err.Error())}
	}
	if step.Passing {
		select {
		case <-seeding.Done():
		case <-time.After(lastSign):
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("the seeding of the container was stopped: %w", context.Cause(ctx))
	}
	if death := context.Cause(seeding); death != nil {
		return death
	}
	at := ""
	if step.Step > 0 && step.Step <= len(steps) {
		at = fmt.Sprintf("[%d]", step.Step-1)
	}
	hint := "see its last log lines, and correct the step"
	if step.Passing {
		hint = "see its last log lines; run again, or give the step more time with waitUpTo"
	}
	service := ""
	if at != "" && steps[step.Step-1].Log != nil {
		service = steps[step.Step-1].Log.Of
	}
	return &Error{
		Operational: step.Passing,
		Problem:     fmt.Sprintf("%s: container.seed%s: %s: %s", l.profile.File(), at, l.vault.Text(step.Problem), hint),
		Logs:        l.last(ctx, o.running, service),
	}
}

// watch notes the first death, and ends the seeding for it.
func (l *launching) watch(ctx context.Context, o *Opened, stop context.CancelCauseFunc) {
	ctx = context.WithoutCancel(ctx)
	o.watched.Go(func() {
		select {
		case death := <-o.running.Died():
			err := &Error{Operational: true, Problem: death.Error(), Logs: l.last(ctx, o.running, death.Service)}
			o.died <- err
			stop(err)
		case <-o.closing:
		}
	})
}
