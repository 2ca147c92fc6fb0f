package access

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/scimproof/scimproof/suites/access/procgroup"
)

// maxOutput is how much a command may print, in bytes, on each of its two outputs.
const maxOutput = 1 << 20

// lastWords is how long the outputs of a command are read on after its end, for
// something that it started may hold them open.
const lastWords = time.Second

// The reasons why a command is ended early.
var (
	errOutput = errors.New("it printed more than 1 MiB")
	errLimit  = errors.New("it took longer than exec.timeLimit")
)

// command is what is run, with every placeholder filled in.
type command struct {
	program   string
	args      []string
	dir       string
	env       []string // beside PATH and HOME
	stdin     []byte   // nil for no input
	timeLimit time.Duration
}

// ran is how a command ended.
type ran struct {
	exit           int
	stdout, stderr []byte
	// problem says why there is no exit code that could be read; empty otherwise.
	problem string
}

// run runs a command to its end. At the time limit, at the context's end and when it
// goes on printing, its process group is killed, and so is what is left of the group
// when it has ended by itself.
func run(ctx context.Context, c command) ran {
	limited, cancel := context.WithTimeoutCause(ctx, c.timeLimit, errLimit)
	defer cancel()
	ending, end := context.WithCancelCause(limited)
	defer end(nil)
	stdout, stderr := &capped{end: end}, &capped{end: end}

	cmd := exec.CommandContext(ending, c.program, c.args...) //nolint:gosec // the profile's author says what runs
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = c.dir, stdout, stderr, lastWords
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, c.env...)
	if c.stdin != nil {
		cmd.Stdin = bytes.NewReader(c.stdin)
	}
	procgroup.Own(cmd)
	cmd.Cancel = func() error { return procgroup.Kill(cmd) }
	if err := cmd.Start(); err != nil {
		return ran{problem: "it could not be started: " + startProblem(err)}
	}
	err := cmd.Wait()
	// What it left running would go on after the step.
	_ = procgroup.Kill(cmd)
	out := ran{stdout: stdout.kept.Bytes(), stderr: stderr.kept.Bytes()}
	out.exit, out.problem = ended(ctx, ending, cmd.ProcessState, err)
	return out
}

// ended reads the exit code, or says why there is none.
func ended(ctx, ending context.Context, state *os.ProcessState, err error) (exit int, problem string) {
	var left *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return 0, "it was interrupted"
	case ending.Err() != nil:
		return 0, context.Cause(ending).Error() + ", and was ended"
	// Something that it started holds its output open; the code is its own all the
	// same.
	case errors.Is(err, exec.ErrWaitDelay):
	case err != nil && !errors.As(err, &left):
		return 0, "its output could not be read"
	}
	if state.ExitCode() < 0 {
		return 0, fmt.Sprintf("it was ended by something else (%s)", state)
	}
	return state.ExitCode(), ""
}

// startProblem drops the path, which the step has named already.
func startProblem(err error) string {
	var at *os.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// capped keeps what is written up to maxOutput and ends the writer beyond it.
type capped struct {
	kept bytes.Buffer
	end  context.CancelCauseFunc
}

// Write implements io.Writer. It takes everything, so that the pipe never blocks
// before the writer is gone.
func (c *capped) Write(p []byte) (int, error) {
	room := maxOutput - c.kept.Len()
	if len(p) > room {
		c.end(errOutput)
	}
	c.kept.Write(p[:min(len(p), room)])
	return len(p), nil
}
