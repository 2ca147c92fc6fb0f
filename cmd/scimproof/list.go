package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/requirements"
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

Labels for --only, here and with run: the suite (such as lifecycle, querying, survival),
check:ID, req:REQUIREMENT, gate:FEATURE, client:ID, event:EVENT, shape:SHAPE and credential:KIND. They combine with
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
					checks = append(checks, listed{
						ID: s.ID, Text: s.Text, Requirements: s.Requirements, Class: requirements.ClassOf(s.Requirements),
						Gate: orEmpty(s.Gate), Clients: orEmpty(s.Clients), Event: string(s.Event), Shape: s.Shape, Credential: s.Credential,
					})
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
	// Class is that of the requirement whose miss means most: A and B are gaps, C is for
	// information, I a gap for some clients, D has no verdict. Empty: no matter of protocol.
	Class reports.Class `json:"class,omitempty"`
	// Gate lists the features without which the check does not look, Clients the identity
	// providers that it is about; empty for none and for all.
	Gate       []string `json:"gate"`
	Clients    []string `json:"clients"`
	Event      string   `json:"event,omitempty"`
	Shape      string   `json:"shape,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
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
