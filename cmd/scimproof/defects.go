package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/mocks/defects"
)

func defectsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "defects",
		Short: "List the defects that mock can switch on",
		Long: `Lists the known ways to be wrong, by family, that mock --defect can switch on in the
embedded application. A star marks those that no check notices yet; make mutation measures that.`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				list := []listedDefect{}
				for _, d := range defects.All() {
					list = append(list, listedDefect{
						Name: d.Name, Family: d.Family, Summary: d.Summary, Imitates: d.Imitates,
						Checks: append([]string{}, d.Checks...), Harmless: d.Harmless(), Noticed: d.Noticed(),
					})
				}
				encoder := json.NewEncoder(cmd.OutOrStdout())
				encoder.SetIndent("", "  ")
				return encoder.Encode(list)
			}
			return printDefects(cmd.OutOrStdout(), defects.All())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// printDefects prints a table, family by family.
func printDefects(out io.Writer, all []defects.Defect) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	var family defects.Family
	for _, d := range all {
		if d.Family != family {
			family = d.Family
			// The writer keeps what goes wrong, and Flush returns it.
			_, _ = fmt.Fprintf(w, "%s:\n", family)
		}
		mark := ""
		if !d.Noticed() && !d.Harmless() {
			mark = "*"
		}
		_, _ = fmt.Fprintf(w, "  %s%s\t%s\n", d.Name, mark, d.Summary)
	}
	return w.Flush()
}

// listedDefect is a defect as defects prints it.
type listedDefect struct {
	Name     string         `json:"name"`
	Family   defects.Family `json:"family"`
	Summary  string         `json:"summary"`
	Imitates string         `json:"imitates,omitempty"`
	// Checks are the checks that turn red; a * stands for one part of an id. There are
	// none while no check notices the defect, and where it is harmless.
	Checks []string `json:"checks"`
	// Harmless marks passing trouble and lawful behaviour, which must cost no gap.
	Harmless bool `json:"harmless"`
	// Noticed says that at least one check turns red.
	Noticed bool `json:"noticed"`
}
