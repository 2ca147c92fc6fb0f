// Package chromium drives a headless Chromium: one process, and in it a page for each
// step, with cookies and storage of its own. It knows nothing of profiles and users.
package chromium

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
)

// names are the commands by which Chromium and its kin are known, the first one found
// being taken.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"}

// MissingError is the error for a machine without a browser.
type MissingError struct {
	Executable string // that the profile names; empty if it names none
	Reason     string // of the system, for one that is named
}

// Error says what is missing and how to get it.
func (e *MissingError) Error() string {
	if e.Executable != "" {
		return fmt.Sprintf("the browser %s of browser.executable cannot be run (%s): correct the path, or leave the key out to have Chromium looked for in PATH", e.Executable, e.Reason)
	}
	return fmt.Sprintf("no Chromium was found: none of %s is in PATH. Install one (on Debian: apt-get install chromium), or name it in the profile: browser: {executable: /path/to/chromium}", strings.Join(names, ", "))
}

// Find returns the path of the browser: the executable, if one is named, or the first of
// the usual commands in PATH. The error is a *MissingError.
func Find(executable string) (string, error) {
	if executable != "" {
		path, err := exec.LookPath(executable)
		if err != nil {
			return "", &MissingError{Executable: executable, Reason: reasonOf(err)}
		}
		return path, nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", &MissingError{}
}

// reasonOf drops what names the file once more.
func reasonOf(err error) string {
	var outer *exec.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	var inner *fs.PathError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return err.Error()
}
