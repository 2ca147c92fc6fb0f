package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports/policy"
	"github.com/scimproof/scimproof/suites/target"
)

// starter is a file to begin with, and what to do with it. In next, %s is the file.
type starter struct {
	text []byte
	next string
}

func starters() map[string]starter {
	return map[string]starter{
		"target": {target.Starter(), `Next: put your application's addresses and people into it, then

  export SCIM_TOKEN=…   # of a test tenant
  scimproof try-access --target %[1]s
  scimproof run --target %[1]s --out out
`},
		"gate": {policy.StarterGate(), `Next: change what shall pass, then

  scimproof gate out/report.json --policy %[1]s
  scimproof run --target target.yaml --gate %[1]s --out out
`},
		"exceptions": {policy.StarterExceptions(), `Next: copy the id of a gap from the report into it, then

  scimproof judge out/run.json --exceptions %[1]s --out out
`},
	}
}

func initCommand() *cobra.Command {
	var out string
	kinds := slices.Sorted(maps.Keys(starters()))
	cmd := &cobra.Command{
		Use:   "init " + strings.Join(kinds, "|"),
		Short: "Write a commented file to begin with: the target, the gate, or the exceptions",
		Long: `Writes a commented file to begin with: the profile of a target, the gate that says what passes, or the exceptions.
Each can be used as it stands. A file that is there is never replaced.`,
		Example: `  scimproof init target
  scimproof init gate --out gates/onboarding.yaml
  scimproof init exceptions`,
		Args:      exactly(1),
		ValidArgs: kinds,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, ok := starters()[args[0]]
			if !ok {
				return usageError{fmt.Errorf("init knows no %q; write one of %s", args[0], strings.Join(kinds, ", "))}
			}
			file := out
			if file == "" {
				file = args[0] + ".yaml"
			}
			if err := writeNew(file, s.text, 0o644); err != nil {
				return err
			}
			cmd.Printf("Wrote %s.\n%s", file, fmt.Sprintf(s.next, file))
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the file to write; default target.yaml, gate.yaml or exceptions.yaml in this folder")
	return cmd
}

// writeNew writes a file that is not there yet: what is overwritten is lost.
func writeNew(file string, text []byte, mode os.FileMode) error {
	made, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	switch {
	case errors.Is(err, fs.ErrExist):
		return usageError{fmt.Errorf("%s is there already and stays as it is; name another file with --out", file)}
	case errors.Is(err, fs.ErrNotExist):
		return usageError{fmt.Errorf("the folder %s does not exist; make it first, or name another file with --out", filepath.Dir(file))}
	case err != nil:
		return usageError{fmt.Errorf("writing %s: %w", file, err)}
	}
	_, err = made.Write(text)
	if err = errors.Join(err, made.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", file, errors.Join(err, os.Remove(file)))
	}
	return nil
}
