package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// isCobraUsage tells cobra's own usage errors, which have no type: an unknown
// command, and a required flag that is missing.
func isCobraUsage(err error) bool {
	text := err.Error()
	return strings.HasPrefix(text, "unknown command") || strings.HasPrefix(text, "required flag(s)")
}

// exactly is cobra.ExactArgs with a usage error.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.ExactArgs(n)(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}
