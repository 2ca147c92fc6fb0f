package sidebyside

import (
	"os/exec"
	"runtime"
	"time"
)

// lastWords is how long the output of a child that has ended may stay open, as a process that
// it has left behind may hold it.
const lastWords = 5 * time.Second

// process is a child. Its fields are those of one goroutine, but for the channels.
type process struct {
	cmd              *exec.Cmd
	started, running bool
	underway         chan struct{} // closed once it has said so
	done             chan Ended
	ended            Ended
}

// run starts the child in a process group of its own: Ctrl-C in a terminal reaches it by this
// process alone.
func (p *process) run(program string, args []string, out *lines) error {
	cmd := exec.Command(program, args...) //nolint:gosec // the caller's own program
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = lastWords
	apart(cmd)
	p.cmd, p.done = cmd, make(chan Ended, 1)
	begun := make(chan error)
	go func() {
		// A child that is to end with its parent ends with the thread that has started it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		begun <- err
		if err != nil {
			return
		}
		_ = cmd.Wait() // its state says all that counts
		out.flush()
		p.done <- Ended{Started: true, Code: cmd.ProcessState.ExitCode(), Said: out.said}
	}()
	if err := <-begun; err != nil {
		return err
	}
	p.started, p.running = true, true
	return nil
}
