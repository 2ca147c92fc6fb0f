package main

import (
	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/runner"
)

func tryAccessCommand() *cobra.Command {
	var profile, path, image string
	cmd := &cobra.Command{
		Use:   "try-access --target FILE [--path NAME]",
		Short: "Try each access path of a profile once, and say what matched",
		Long: `Makes one test user, obtains each credential that the profile declares, and tries it
once: with the credential, which must be let in, and with a made-up one, which must
be refused. No event is sent. This is for people who write a profile.

Exit codes: 0 all paths work, 2 a path does not, 3 the target could not be seen.`,
		Example: `  scimproof try-access --target target.yaml
  scimproof try-access --target target.yaml --path 'web session'`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			opened, closing, err := openTarget(cmd, profile, image)
			if err != nil {
				return err
			}
			defer closing()
			list, err := runner.TryAccess(cmd.Context(), runner.Options{Target: opened.Target, Tool: tool(), Died: opened.Died()}, path)
			if len(list) == 0 {
				return err
			}
			outcome := announceRehearsals(cmd, list)
			if err != nil {
				return err
			}
			return outcome
		},
	}
	cmd.Flags().StringVar(&profile, "target", "", "target profile, a YAML file")
	cmd.Flags().StringVar(&path, "path", "", "try only the access path of this name")
	cmd.Flags().StringVar(&image, "image", "", "start this image instead of the one that the profile names under container")
	must(cmd.MarkFlagRequired("target"))
	return cmd
}

// announceRehearsals prints what came of each path. The error carries the exit code.
func announceRehearsals(cmd *cobra.Command, list []runner.Rehearsal) error {
	works, passing := 0, 0
	for _, r := range list {
		word := "DOES NOT WORK"
		switch {
		case r.Works:
			works++
			word = "works"
		case r.Passing:
			passing++
			word = "NOT SEEN"
		}
		origin := string(r.Path.Kind)
		if r.Path.Recipe != "" {
			origin += ", by the recipe " + r.Path.Recipe
		}
		cmd.Printf("%s (%s): %s\n", r.Path.Name, origin, word)
		for _, line := range r.Lines {
			cmd.Printf("  %s\n", line)
		}
	}
	cmd.Printf("%d of %d access paths work.\n", works, len(list))
	switch {
	case works == len(list):
		return nil
	case works+passing == len(list):
		return verdictError(exitInconclusive)
	}
	return verdictError(exitUsage)
}
