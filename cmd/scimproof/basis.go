package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/controls"
	"github.com/scimproof/scimproof/reports/policy"
	"github.com/scimproof/scimproof/reports/saved"
)

// basisFlags name the files that a run is judged on, beside what was seen.
type basisFlags struct{ gate, exceptions, previous, controls string }

func (f *basisFlags) register(cmd *cobra.Command) {
	f.registerRules(cmd)
	cmd.Flags().StringVar(&f.previous, "previous", "", "report.json of the last run against the same target")
}

// registerRules adds all but the earlier report, which not everybody may choose.
func (f *basisFlags) registerRules(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.exceptions, "exceptions", "", "exceptions.yaml: gaps that somebody has accepted for a time")
	cmd.Flags().StringVar(&f.gate, "gate", "", "what passes: a gate.yaml, or one of the program's own such as builtin:onboarding; default builtin:default")
	cmd.Flags().StringVar(&f.controls, "controls", "", "folder with frameworks and a mapping of your own, instead of the program's")
}

// basis reads the files. All of them are read before anything is sent to a target.
func (f *basisFlags) basis() (b reports.Basis, err error) {
	if f.gate != "" {
		if b.Policy, err = policy.Gate(f.gate); err != nil {
			return b, err
		}
	}
	if f.exceptions != "" {
		if b.Exceptions, err = policy.LoadExceptions(f.exceptions); err != nil {
			return b, err
		}
	}
	if f.controls != "" {
		if b.Controls, err = controls.Load(f.controls); err != nil {
			return b, usageError{fmt.Errorf("--controls: %w", err)}
		}
	}
	if f.previous != "" {
		b.Previous, err = saved.LoadReport(f.previous)
	}
	return b, err
}

// earlierThan refuses a report that is no earlier one of the same target.
func (f *basisFlags) earlierThan(run reports.Run, previous *reports.Report) error {
	switch {
	case previous == nil:
		return nil
	case previous.Run.ID == run.ID:
		return usageError{fmt.Errorf("--previous %s is the report of this very run; name that of the run before", f.previous)}
	case previous.Run.Started.After(run.Started):
		return usageError{fmt.Errorf("--previous %s is of %s, after this run began; name the report of an earlier run", f.previous, previous.Run.Started.UTC().Format(time.RFC3339))}
	}
	return nil
}

// moment reads the moment of judging; without a text it is now.
func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, usageError{fmt.Errorf("--at %q: write a moment such as 2026-11-24T09:00:00Z", text)}
	}
	return at, nil
}
