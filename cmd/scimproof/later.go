package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/target"
)

// laterFlags are the flags of a run that begins a long watch.
type laterFlags struct {
	marks          []time.Duration
	state, keyFile string
}

func (f *laterFlags) register(cmd *cobra.Command) {
	cmd.Flags().DurationSliceVar(&f.marks, "marks", nil, "try again so long after each deactivation and deletion, such as 15m,24h (needs --state)")
	f.registerState(cmd, "write here, sealed, what scimproof resume needs to take the later marks")
}

// registerState adds the flags that a state file needs, in run and resume alike.
func (f *laterFlags) registerState(cmd *cobra.Command, what string) {
	cmd.Flags().StringVar(&f.state, "state", "", what)
	cmd.Flags().StringVar(&f.keyFile, "state-key-file", "", "file with the key that seals --state, instead of "+later.KeyVariable)
}

// options checks the flags against a target; nil means that no long watch is asked for. All
// errors are usage errors, before anything is sent or written.
func (f *laterFlags) options(cmd *cobra.Command, t *target.Target) (*runner.Later, error) {
	switch marks, state := cmd.Flags().Changed("marks"), f.state != ""; {
	case !marks && !state && f.keyFile == "":
		return nil, nil //nolint:nilnil // nothing is asked for, and nothing is wrong
	case !marks:
		return nil, usageError{errors.New("--state and --state-key-file are for later marks: give some with --marks, such as --marks 15m,24h")}
	case !state:
		return nil, usageError{errors.New("--marks needs --state FILE, which is where scimproof resume goes on from")}
	}
	if err := later.CheckMarks(f.marks, t.GiveUpAfter); err != nil {
		return nil, usageError{fmt.Errorf("--marks: %w", err)}
	}
	key, file, err := f.sealed()
	if err != nil {
		return nil, err
	}
	if err := later.Free(file); err != nil {
		return nil, usageError{err}
	}
	return &runner.Later{Marks: f.marks, File: file, Key: key}, nil
}

// sealed returns the key and the whole path of the state file. The error is a usage error.
func (f *laterFlags) sealed() (later.Key, string, error) {
	key, err := later.LoadKey(f.keyFile)
	if err != nil {
		return later.Key{}, "", usageError{err}
	}
	file, err := filepath.Abs(f.state)
	if err != nil {
		return later.Key{}, "", usageError{err}
	}
	return key, file, nil
}
