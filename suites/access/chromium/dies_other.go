//go:build !linux

package chromium

import "os/exec"

// dieWithUs does nothing where the system has no such thing.
func dieWithUs(*exec.Cmd) {}
