package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/runner"
)

func listCommand() *cobra.Command {
	var (
		asJSON bool
		only   string
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the checks with the requirements they decide on",
		Long: `Lists the checks with the requirements they decide on.

Labels for --only, here and with run: the suite (lifecycle, survival), check:ID,
req:REQUIREMENT, event:EVENT, shape:SHAPE and credential:KIND. They combine with
&&, || and !, and take sets: 'check: containsAny {A, B}'.`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, err := runner.List(only)
			if err != nil {
				return err
			}
			checks := []listed{}
			for _, s := range all {
				if s.State != reports.SpecNotSelected {
					checks = append(checks, listed{s.ID, s.Text, s.Requirements, string(s.Event), s.Shape, s.Credential})
				}
			}
			if asJSON {
				encoder := json.NewEncoder(cmd.OutOrStdout())
				encoder.SetIndent("", "  ")
				return encoder.Encode(checks)
			}
			return table(cmd, checks)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&only, "only", "", "list only the checks with such labels")
	return cmd
}

// listed is a check as list prints it.
type listed struct {
	ID           string   `json:"id"`
	Text         string   `json:"text"`
	Requirements []string `json:"requirements"`
	Event        string   `json:"event,omitempty"`
	Shape        string   `json:"shape,omitempty"`
	Credential   string   `json:"credential,omitempty"`
}

func table(cmd *cobra.Command, checks []listed) error {
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
	for _, c := range checks {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", c.ID, strings.Join(c.Requirements, " "), c.Text); err != nil {
			return err
		}
	}
	return w.Flush()
}
