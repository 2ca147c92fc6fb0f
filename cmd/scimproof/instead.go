package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/target"
)

var errMarksOfContainer = errors.New("--marks is for a target that goes on running: a container is removed when its run is over, and its users with it; leave --marks out, or name scim.baseURL of something that runs")

// insteadFlags stand for what the profile says.
type insteadFlags struct {
	budget   time.Duration
	subjects int
	clients  []string
}

func (f *insteadFlags) register(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&f.budget, "budget", 0, "how long to watch access after an event, instead of the profile's giveUpAfter")
	cmd.Flags().IntVar(&f.subjects, "subjects", 0, "play each event for so many leavers, instead of the profile's subjects")
	cmd.Flags().StringSliceVar(&f.clients, "client", nil, "only the identity providers with these ids, instead of the profile's clients (default all): "+strings.Join(dialects.ClientIDs(), ", "))
}

// check looks at the flags without a target. The error is a usage error.
func (f *insteadFlags) check(cmd *cobra.Command) error {
	if cmd.Flags().Changed("budget") && f.budget <= 0 {
		return usageError{errBudget}
	}
	if cmd.Flags().Changed("subjects") && (f.subjects < 1 || f.subjects > target.MaxSubjects) {
		return usageError{fmt.Errorf("--subjects %d: give a number from 1 to %d", f.subjects, target.MaxSubjects)}
	}
	if cmd.Flags().Changed("client") {
		if err := dialects.CheckClients(f.clients); err != nil {
			return usageError{fmt.Errorf("--client: %w", err)}
		}
	}
	return nil
}

// apply puts what was given into the target.
func (f *insteadFlags) apply(cmd *cobra.Command, t *target.Target) {
	if cmd.Flags().Changed("budget") {
		t.GiveUpAfter = f.budget
	}
	if cmd.Flags().Changed("subjects") {
		t.Subjects = f.subjects
	}
	if cmd.Flags().Changed("client") {
		t.Clients = f.clients
	}
}
