//go:build unix

package procgroup

import (
	"os/exec"
	"syscall"
)

// Own puts a command that was not started yet into a process group of its own, so that
// all that it starts can be ended with it, and Ctrl-C reaches it by us alone.
func Own(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// Kill ends a command that was started, and what it started. The error is the system's;
// one says that nothing was left of it.
func Kill(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
