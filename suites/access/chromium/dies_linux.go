package chromium

import (
	"os/exec"
	"syscall"
)

// dieWithUs lets the kernel end the browser if this program is killed. The goroutine that
// starts it keeps its thread, as the signal is sent when that ends.
func dieWithUs(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL }
