package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/target"
)

func runCommand() *cobra.Command {
	var (
		profile, out, only string
		budget             time.Duration
		seed               int64
		subjects           int
	)
	cmd := &cobra.Command{
		Use:   "run --target FILE --out DIR",
		Short: "Test a target and write report.html and report.json",
		Example: `  scimproof run --target target.yaml --out out
  scimproof run --target target.yaml --out out --only lifecycle
  scimproof run --target target.yaml --out out --only 'credential:web-session'
  scimproof run --target target.yaml --out out --only 'check: containsAny {survival.delete.web-session}'`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := target.Load(profile)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("budget") {
				if budget <= 0 {
					return usageError{errBudget}
				}
				t.GiveUpAfter = budget
			}
			if cmd.Flags().Changed("subjects") {
				if subjects < 1 || subjects > target.MaxSubjects {
					return usageError{fmt.Errorf("--subjects %d: give a number from 1 to %d", subjects, target.MaxSubjects)}
				}
				t.Subjects = subjects
			}
			return runAndReport(cmd, t, out, only, seed)
		},
	}
	cmd.Flags().StringVar(&profile, "target", "", "target profile, a YAML file")
	cmd.Flags().StringVar(&out, "out", "", "folder for report.html and report.json")
	cmd.Flags().StringVar(&only, "only", "", "run only the checks with such labels (see scimproof list)")
	cmd.Flags().DurationVar(&budget, "budget", 0, "how long to watch access after an event, instead of the profile's giveUpAfter")
	cmd.Flags().Int64Var(&seed, "seed", 0, "make the names of test users from this number; 0 takes a random one")
	cmd.Flags().IntVar(&subjects, "subjects", 0, "play each event for so many leavers, instead of the profile's subjects")
	must(cmd.MarkFlagRequired("target"))
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

// must reports a mistake in the program itself.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
