package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/target"
	"github.com/scimproof/scimproof/suites/target/containers"
)

func cleanCommand() *cobra.Command {
	var (
		profile  string
		inEngine bool
	)
	cmd := &cobra.Command{
		Use:   "clean {--target FILE | --containers}",
		Short: "Remove the test users that a killed run left at the target",
		Long: `Removes the test users and groups that runs which are over have left at the target: those of killed runs, which the
next run would remove as well, and those that are kept for later marks (scimproof run --marks), which it would leave
alone. It says which long watches that ends. --containers removes what killed runs have left of targets that are
containers: containers, their networks, and images that were built for them.`,
		Example: `  scimproof clean --target target.yaml
  scimproof clean --containers`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if inEngine == (profile != "") {
				return usageError{errors.New("give one of --target FILE and --containers")}
			}
			if inEngine {
				return cleanContainers(cmd)
			}
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
	cmd.Flags().BoolVar(&inEngine, "containers", false, "remove the containers that killed runs have left on this machine")
	return cmd
}

// cleanContainers removes what killed runs have left in the engine.
func cleanContainers(cmd *cobra.Command) error {
	swept, err := containers.Sweep(cmd.Context())
	for _, name := range swept.Removed {
		cmd.Printf("removed  %s\n", name)
	}
	for _, kept := range swept.Kept {
		cmd.Printf("kept     %s\n", kept)
	}
	if err == nil {
		cmd.Printf("%d removed, %d kept.\n", len(swept.Removed), len(swept.Kept))
		return nil
	}
	var refused *containers.Error
	if errors.As(err, &refused) {
		return err
	}
	cmd.PrintErrln("scimproof: " + err.Error())
	return verdictError(exitInconclusive)
}
