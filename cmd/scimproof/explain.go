package main

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/requirements"
	"github.com/scimproof/scimproof/suites/runner"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain ID",
		Short: "Explain a check or a requirement: what is sent, what must happen, why, and the source",
		Example: `  scimproof explain survival.delete.web-session
  scimproof explain RFC7644-3.6-02`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if r, ok := requirements.Get(args[0]); ok {
				printRequirement(cmd, r)
				return printChecksOf(cmd, r.ID)
			}
			all, err := runner.List("")
			if err != nil {
				return err
			}
			for _, s := range all {
				if s.ID == args[0] {
					return printCheck(cmd, s)
				}
			}
			return usageError{fmt.Errorf("no check or requirement has the id %q; did you mean %s? See scimproof list", args[0], nearest(args[0], all))}
		},
	}
}

func printCheck(cmd *cobra.Command, s reports.Spec) error {
	cmd.Printf("%s\nThe target %s.\n", s.ID, s.Text)
	for _, id := range s.Requirements {
		r, ok := requirements.Get(id)
		if !ok {
			return fmt.Errorf("the check %s covers %s, which the catalogue lacks", s.ID, id)
		}
		cmd.Println()
		printRequirement(cmd, r)
	}
	return nil
}

func printRequirement(cmd *cobra.Command, r requirements.Requirement) {
	cmd.Printf("%s  (%s)\n", r.ID, weight(r))
	cmd.Printf("  What must happen  %s\n", r.Says)
	cmd.Printf("  What is sent      %s\n", r.Sends)
	cmd.Printf("  Why it matters    %s\n", r.Why)
	cmd.Printf("  Source            %s\n", r.Source)
	if len(r.Gate) > 0 {
		cmd.Printf("  Only where        %s\n", strings.Join(r.Gate, ", "))
	}
	if r.Untestable != "" {
		cmd.Printf("  Not testable      %s\n", r.Untestable)
	}
}

// weight says what the text makes of a requirement, and what a miss of it is.
func weight(r requirements.Requirement) string {
	misses := map[reports.Class]string{
		reports.ClassStrict: "a miss is a gap", reports.ClassDerived: "a miss is a gap", reports.ClassAdvised: "a miss is for information",
		reports.ClassInterop: "a miss is a gap for the identity providers that lean on it", reports.ClassOpen: "recorded, without a verdict",
	}
	if miss, known := misses[r.Class]; known {
		return r.Level + "; " + miss
	}
	return r.Level
}

func printChecksOf(cmd *cobra.Command, requirement string) error {
	all, err := runner.List("req:" + requirement)
	if err != nil {
		return err
	}
	cmd.Println("  Decided by")
	for _, s := range all {
		if s.State != reports.SpecNotSelected {
			cmd.Printf("    %s\n", s.ID)
		}
	}
	return nil
}

// nearest returns the known id that is most like a mistyped one.
func nearest(id string, checks []reports.Spec) string {
	best, distance := "", -1
	consider := func(known string) {
		if d := levenshtein.Distance(id, known, nil); distance < 0 || d < distance {
			best, distance = known, d
		}
	}
	for _, s := range checks {
		consider(s.ID)
	}
	for _, r := range requirements.All() {
		consider(r.ID)
	}
	return best
}
