package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
)

// version is set by the linker: -X main.version=….
var version = "devel"

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  exactly(0),
		Run: func(cmd *cobra.Command, _ []string) {
			t := tool()
			cmd.Printf("%s %s", t.Name, t.Version)
			if t.Commit != "" {
				cmd.Printf(" (%s)", t.Commit)
			}
			cmd.Println()
		},
	}
}

// tool names this build, in reports and in the User-Agent.
func tool() reports.Tool {
	t := reports.Tool{Name: "scimproof", Version: version}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				t.Commit = s.Value
			}
		}
	}
	return t
}
