package main

import (
	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/target"
)

func cleanCommand() *cobra.Command {
	var profile string
	cmd := &cobra.Command{
		Use:   "clean --target FILE",
		Short: "Remove the test users that a killed run left at the target",
		Long: `Removes the test users and groups that runs which are over have left at the target: those of killed runs, which the
next run would remove as well, and those that are kept for later marks (scimproof run --marks), which it would leave
alone. It says which long watches that ends.`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := target.Load(profile)
			if err != nil {
				return err
			}
			swept, err := runner.Clean(cmd.Context(), t, tool())
			if err != nil {
				return err
			}
			for _, name := range swept.Removed {
				cmd.Printf("removed  %s\n", name)
			}
			for _, left := range swept.Left {
				cmd.Printf("LEFT     %s\n", left)
			}
			for _, w := range swept.Ended {
				cmd.Printf("ended    the long watch %s: its later marks will not be taken; delete the file\n", w.File)
			}
			cmd.Printf("%d removed, %d left.\n", len(swept.Removed), len(swept.Left))
			if n := len(swept.Left); n > 0 {
				return verdictError(exitInconclusive)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&profile, "target", "", "target profile, a YAML file")
	must(cmd.MarkFlagRequired("target"))
	return cmd
}
