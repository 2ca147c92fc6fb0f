package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/mocks/defects"
)

func defectsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "defects",
		Short: "List the defects that mock can switch on",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				list := []listedDefect{}
				for _, d := range defects.All() {
					list = append(list, listedDefect{
						Name: d.Name, Family: d.Family, Summary: d.Summary, Imitates: d.Imitates,
						Checks: append([]string{}, d.Checks...), Harmless: d.Harmless(),
					})
				}
				encoder := json.NewEncoder(cmd.OutOrStdout())
				encoder.SetIndent("", "  ")
				return encoder.Encode(list)
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
			for _, d := range defects.All() {
				if _, err := fmt.Fprintf(w, "%s\t%s\n", d.Name, d.Summary); err != nil {
					return err
				}
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
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
}
