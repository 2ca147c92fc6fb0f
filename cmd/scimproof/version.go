package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
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

// toolWithDigest is tool with the digest of the very program that runs. It reads the whole
// file, so that only who writes a report asks for it.
func toolWithDigest() reports.Tool {
	t := tool()
	path, err := os.Executable()
	if err != nil {
		return t
	}
	file, err := os.Open(path)
	if err != nil {
		return t
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return t
	}
	t.Digest = hex.EncodeToString(hash.Sum(nil))
	return t
}
