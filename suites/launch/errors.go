package launch

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/scimproof/scimproof/suites/target/containers"
)

// Error is a container that could not be made a target, or is one no longer.
type Error struct {
	// Operational is true for trouble that may go by itself; otherwise the profile, the
	// image or this machine has to be set right.
	Operational bool
	Problem     string   // a sentence, without secrets
	Logs        []string // the last lines of the container's log, without secrets; at most 50
}

// Error is the problem, and the last lines of the log below it.
func (e *Error) Error() string {
	if len(e.Logs) == 0 {
		return e.Problem
	}
	return e.Problem + "\nIts last log lines, without what could be a secret:\n  " + strings.Join(e.Logs, "\n  ")
}

// Ended returns the problem and the last lines by themselves, for whoever writes a report.
func (e *Error) Ended() (problem string, lines []string) { return e.Problem, e.Logs }

// notStarted is the error of a start that failed.
func (l *launching) notStarted(err error) error {
	var e *containers.Error
	if !errors.As(err, &e) {
		return err // the caller has given up, or the profile is wrong
	}
	out := &Error{Problem: l.vault.Text(err.Error()), Logs: l.clean(e.Logs)}
	switch e.Kind {
	case containers.KindNotReady, containers.KindDied, containers.KindNoSpace:
		out.Operational = true
	}
	return out
}

const (
	lastLines = 50
	logTime   = 5 * time.Second
)

// last returns the last lines of a container's log, without secrets. That they cannot be
// read is said in their place.
func (l *launching) last(ctx context.Context, r running, service string) []string {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), logTime)
	defer stop()
	lines, err := r.Logs(ctx, service, lastLines)
	if err != nil {
		return []string{"(the log cannot be read: " + l.vault.Text(err.Error()) + ")"}
	}
	return l.clean(lines)
}
