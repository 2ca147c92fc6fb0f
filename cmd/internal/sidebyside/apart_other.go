//go:build !unix

package sidebyside

import "os/exec"

// apart does nothing where the system has no process groups: there Ctrl-C reaches the child
// directly.
func apart(*exec.Cmd) {}
