package access

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// The steps of a path, by the words that a command is told.
const (
	stepArm    = "arm"
	stepTry    = "try"
	stepDisarm = "disarm"
)

// maxReason is how much is kept of the reason that a command gives, in bytes.
const maxReason = 300

// told is what a command reads on its input.
type told struct {
	Step   string            `json:"step"`
	Path   string            `json:"path"`
	Values map[string]string `json:"values"`
}

// answer is what a command prints on its output.
type answer struct {
	Result reports.Result    `json:"result"`
	Reason string            `json:"reason"`
	Values map[string]string `json:"values"`
}

// runStep runs the command of a step and records it. The error says why the command
// was not run at all.
func (d *Driver) runStep(ctx context.Context, c *Credential, step string, e *target.Exec) (ran, error) {
	cmd, err := commandOf(e, c, step)
	if err != nil {
		return ran{}, fmt.Errorf("exec %s: %w", e.Name, err)
	}
	release, err := d.Transport.Admit(ctx)
	if err != nil {
		return ran{}, fmt.Errorf("exec %s: %s", e.Name, exchange.Explain(err))
	}
	defer release()
	began := time.Now()
	out := run(ctx, cmd)
	d.noteRun(ctx, e, cmd, out, began)
	return out, nil
}

// noteRun records a run as an exchange. Of the environment only names are kept.
func (d *Driver) noteRun(ctx context.Context, e *target.Exec, cmd command, out ran, began time.Time) {
	// As JSON, what is secret in it is learnt; beside the error output it would not be.
	d.Vault.LearnBody(out.stdout)
	seen := reports.Exchange{
		Method: exchange.MethodExec, URL: e.Name, RequestBody: string(cmd.stdin),
		RequestHeaders: map[string]string{}, ResponseBody: string(out.stdout), Error: out.problem,
	}
	if len(cmd.args) > 0 {
		seen.RequestHeaders["Arguments"] = exchange.List(cmd.args)
	}
	if len(e.Env) > 0 {
		seen.RequestHeaders["Environment"] = strings.Join(slices.Sorted(maps.Keys(e.Env)), ", ")
	}
	if len(out.stderr) > 0 {
		seen.ResponseBody += "\n--- error output ---\n" + string(out.stderr)
	}
	if out.problem == "" {
		seen.ResponseHeaders = map[string]string{"Exit-Code": strconv.Itoa(out.exit)}
	}
	d.Transport.Recorder.Note(ctx, seen, began)
}

// commandOf fills in the placeholders of a command.
func commandOf(e *target.Exec, c *Credential, step string) (command, error) {
	out := command{program: e.Program, dir: e.Dir, timeLimit: e.TimeLimit}
	for i, template := range e.Args {
		arg, err := target.Expand(template, c.values)
		if err != nil {
			return out, err
		}
		if strings.HasPrefix(arg, "-") && !strings.HasPrefix(template, "-") {
			return out, fmt.Errorf("argument %d begins with a dash once its placeholder is filled in, and would be taken for an option", i+1)
		}
		if strings.ContainsRune(arg, 0) {
			return out, fmt.Errorf("argument %d holds a zero byte once its placeholder is filled in", i+1)
		}
		out.args = append(out.args, arg)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Env)) {
		value, err := target.Expand(e.Env[name], c.values)
		if err != nil {
			return out, err
		}
		out.env = append(out.env, name+"="+value)
	}
	if e.Plain {
		return out, nil
	}
	var err error
	out.stdin, err = json.Marshal(told{Step: step, Path: c.Path.Name, Values: withoutSecrets(c.values)})
	return out, err
}

// withoutSecrets leaves out the profile's secrets and what only requests can use: a
// command is given those that its env names.
func withoutSecrets(values map[string]string) map[string]string {
	out := maps.Clone(values)
	maps.DeleteFunc(out, func(name, _ string) bool {
		return strings.HasPrefix(name, target.SecretPrefix) || name == target.PKCEVerifier || name == target.PKCEChallenge
	})
	return out
}

// armExec runs the command of an arm step. Exit code 0 says that it is done.
func (d *Driver) armExec(ctx context.Context, c *Credential, step target.Step) *ArmError {
	out, err := d.runStep(ctx, c, stepArm, step.Exec)
	if err != nil {
		return &ArmError{Problem: err.Error()}
	}
	at := step.String()
	switch {
	case out.problem != "":
		return &ArmError{Passing: true, Problem: at + ": " + out.problem}
	case out.exit != 0:
		return &ArmError{Problem: fmt.Sprintf("%s ended with exit code %d; expected 0 (run it by hand to see what it says)", at, out.exit)}
	}
	return d.keep(c, step, &reply{body: out.stdout}, at+" ended with exit code 0")
}

// tryExec runs the command of a try and says what it shows.
func (d *Driver) tryExec(ctx context.Context, c *Credential) (reports.Result, string) {
	e := c.Path.Try.Step.Exec
	out, err := d.runStep(ctx, c, stepTry, e)
	if err != nil {
		return reports.TryInconclusive, err.Error()
	}
	marker, err := target.Expand(c.Path.Try.Allowed.Marker, c.values)
	switch {
	case err != nil:
		return reports.TryInconclusive, err.Error()
	case out.problem != "":
		return reports.TryInconclusive, "the command decides nothing: " + out.problem
	case e.Plain:
		return classifyPlain(out, marker, c.Path.Try.Denied)
	}
	result, reason := classifyAnswer(out, marker)
	return result, d.Vault.Text(reason)
}

// classifyPlain reads the end of a command that knows nothing of this program. What
// is neither the declared success nor the declared denial decides nothing: a tool
// that is broken must not look like access that is gone.
func classifyPlain(out ran, marker string, denied *target.Denied) (reports.Result, string) {
	if out.exit == 0 {
		if marker != "" && bytes.Contains(out.stdout, []byte(marker)) {
			return reports.TryAllowed, "exit code 0 with the marker"
		}
		return reports.TryInconclusive, "exit code 0 without the marker"
	}
	if denied == nil || !slices.Contains(denied.Exit, out.exit) {
		return reports.TryInconclusive, fmt.Sprintf("exit code %d, which denied does not name", out.exit)
	}
	pattern, err := regexp.Compile(denied.Stderr)
	switch {
	case err != nil:
		return reports.TryInconclusive, "denied.stderr is no regular expression"
	case !pattern.Match(out.stderr):
		return reports.TryInconclusive, fmt.Sprintf("exit code %d without what denied.stderr names", out.exit)
	}
	return reports.TryDenied, fmt.Sprintf("exit code %d and what denied.stderr names", out.exit)
}

// classifyAnswer reads what a command says by itself. The word "allowed" is no
// evidence: what it saw stands under values.marker, and holds the marker.
func classifyAnswer(out ran, marker string) (reports.Result, string) {
	if out.exit != 0 {
		return reports.TryInconclusive, fmt.Sprintf("exit code %d; a command that has an answer ends with 0", out.exit)
	}
	said, err := readAnswer(out.stdout)
	if err != nil {
		return reports.TryInconclusive, err.Error()
	}
	reason := ""
	if said.Reason != "" {
		reason = ": " + exchange.Printable(said.Reason, maxReason)
	}
	switch said.Result {
	case reports.TryAllowed:
		if marker != "" && strings.Contains(said.Values["marker"], marker) {
			return reports.TryAllowed, "allowed with the marker" + reason
		}
		return reports.TryInconclusive, "the command says allowed, but its values.marker does not hold the marker" + reason
	case reports.TryDenied:
		return reports.TryDenied, "denied" + reason
	case reports.TryInconclusive:
		return reports.TryInconclusive, "the command could not decide" + reason
	}
	return reports.TryInconclusive, "the command prints no result of allowed, denied and inconclusive"
}

// readAnswer reads the one JSON object that a try prints. The error never quotes it.
func readAnswer(stdout []byte) (answer, error) {
	var said answer
	decoder := json.NewDecoder(bytes.NewReader(stdout))
	switch err := decoder.Decode(&said); {
	case errors.Is(err, io.EOF):
		return said, errors.New("the command printed nothing; expected one JSON object")
	case err != nil:
		return said, errors.New("the command printed no JSON object of the expected form")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return said, errors.New("the command printed more than one JSON object")
	}
	return said, nil
}
