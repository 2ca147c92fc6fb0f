package sidebyside

import (
	"os/exec"
	"syscall"
)

// apart gives the child a process group of its own. If this process is killed, the kernel
// interrupts it, so that it can still remove what it has made.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}
