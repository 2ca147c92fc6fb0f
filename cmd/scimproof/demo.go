package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/mocks/serve"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/target"
)

// demoDefects are three ways in which real products keep leavers in.
var demoDefects = []string{"sessions-survive-deactivate", "put-active-ignored", "recreate-inherits-tokens"}

func demoCommand() *cobra.Command {
	var (
		files  reportFiles
		origin originFlags
	)
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run against the embedded application with three defects switched on",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := files.choose(); err != nil {
				return err
			}
			var options runner.Options
			if err := origin.apply(cmd, &options); err != nil {
				return err
			}
			dir, err := os.MkdirTemp("", "scimproof-demo-")
			if err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(dir) }()
			profile := filepath.Join(dir, "acme.yaml")
			server, err := serve.Start(serve.Options{Listen: "127.0.0.1:0", Defects: demoDefects, Profile: profile, Subjects: 1})
			if err != nil {
				return err
			}
			defer func() { _ = server.Close() }()
			if options.Target, err = target.Load(profile); err != nil {
				return err
			}
			cmd.Printf("The embedded application runs with three defects: %s.\n", strings.Join(demoDefects, ", "))
			return runAndReport(cmd, options, reports.Basis{}, files)
		},
	}
	files.register(cmd, "out", "folder for report.html, report.json and run.json")
	origin.register(cmd)
	return cmd
}
