//go:build !unix

package procgroup

import "os/exec"

// Own does nothing where there are no process groups.
func Own(*exec.Cmd) {}

// Kill ends the command itself; what it started is not known here. The error is the
// system's.
func Kill(cmd *exec.Cmd) error { return cmd.Process.Kill() }
