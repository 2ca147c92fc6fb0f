package containers

import (
	"errors"
	"strings"

	"github.com/scimproof/scimproof/suites/target"
)

// Kind is what went wrong, as far as a caller acts upon it.
type Kind string

// The kinds of an Error.
const (
	KindNoEngine     Kind = "no engine"     // no Docker engine can be reached
	KindImageMissing Kind = "image missing" // neither here nor pullable
	KindBuild        Kind = "build"         // the image cannot be built
	KindNotReady     Kind = "not ready"     // the deadline passed before it was ready
	KindDied         Kind = "died"          // exited while starting
	KindNoSpace      Kind = "no space"      // the engine's disk is full
	KindOther        Kind = "other"
)

// Error is a container that could not be started. No value of an environment
// variable stands in Message or Hint; Logs are as the container wrote them.
type Error struct {
	Kind    Kind
	Service string   // a companion's name; empty for the application
	Image   string   // the reference, if an image was in question
	Message string   // what happened
	Hint    string   // what to do next; may be empty
	Logs    []string // the last lines of the container or of the build, at most 50
}

// Error returns the message and the hint in one line.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + ": " + e.Hint
}

const spaceHint = "free some disk where the engine keeps its images (docker system df shows what they take), then run again"

// fault is an Error of the engine's reason; a full disk is recognised whatever
// was being done.
func fault(kind Kind, s *service, message string, reason error, hint string) *Error {
	text := oneLine(reason.Error())
	if s != nil {
		text = scrub(text, s.spec)
	}
	e := &Error{Kind: kind, Message: message + ": " + text, Hint: hint}
	if outOfSpace(reason.Error()) {
		e.Kind, e.Hint = KindNoSpace, spaceHint
	}
	var typed *Error
	if errors.As(reason, &typed) {
		e.Logs = typed.Logs
	}
	if s != nil {
		e.Service, e.Image = s.name, s.reference
	}
	return e
}

// outOfSpace reports whether the text tells of a full disk or a used-up quota.
func outOfSpace(text string) bool {
	text = strings.ToLower(text)
	for _, sign := range []string{"no space left on device", "disk quota exceeded", "enospc", "not enough space on the disk", "there is not enough space"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// leastSecret is the shortest value that is taken out of an engine's reason:
// shorter ones are flags and ports, and cutting them out makes text unreadable.
const leastSecret = 4

// scrub takes the values of environment variables, build arguments and command
// arguments out of an engine's reason: any of them may come from the user's
// environment.
func scrub(text string, spec target.Service) string {
	for name, value := range spec.Env {
		text = cut(text, value, "[env "+name+"]")
	}
	if spec.Build != nil {
		for name, value := range spec.Build.Args {
			text = cut(text, value, "[build argument "+name+"]")
		}
	}
	for i, value := range spec.Command {
		if i > 0 { // the first is the program, which a reason is about
			text = cut(text, value, "[argument]")
		}
	}
	return text
}

func cut(text, value, placeholder string) string {
	if len(value) < leastSecret {
		return text
	}
	return strings.ReplaceAll(text, value, placeholder)
}

// longestReason is how much of an engine's reason an error carries.
const longestReason = 400

// oneLine brings a reason of several lines into one of bounded length.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longestReason {
		return string(runes[:longestReason]) + "…"
	}
	return text
}
