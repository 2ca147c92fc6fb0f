//go:build unix

package access

import (
	"os/exec"
	"syscall"
)

// ownGroup puts a command into a process group of its own, so that all that it
// starts can be ended with it, and Ctrl-C reaches it by us alone.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends a command and what it started.
func killGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
