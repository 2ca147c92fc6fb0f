package sidebyside

import (
	"os/exec"
	"syscall"
)

// apart gives the child a process group of its own. If this process is killed, the kernel
// hangs up on it, so that it can still remove what it has made: once for each thread of this
// process that goes after the other, which with an interrupt would be several.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGHUP}
}
