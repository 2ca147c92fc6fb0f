package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/target"
)

func resumeCommand() *cobra.Command {
	var (
		flags         laterFlags
		judged        basisFlags
		files         reportFiles
		profile       string
		wait, abandon bool
	)
	cmd := &cobra.Command{
		Use:   "resume --state FILE --target FILE --out DIR",
		Short: "Take the later mark of a long watch that is due",
		Long: `Goes on with what scimproof run --marks has begun: takes the later mark that is due, and writes report.html and
report.json anew, judged by all that was seen so far. A mark that is late is taken now, and stands in the report with its
real time; of several that are due the last one is taken. After the last mark the test users and the state file are
removed. It can be called as often as you like, from cron say: while no mark is due it says when the next one is, writes
nothing and exits with 0. After a mark it exits with the verdict's code, as scimproof run does. Ctrl-C leaves everything
as it was: the next call takes the mark. --gate, --exceptions and --previous are those of the run: give them again.

The state file is opened with the key that it was sealed with: $SCIMPROOF_STATE_KEY, or the content of --state-key-file.
The profile must be the very same as in the run.`,
		Example: `  scimproof resume --state watch.age --target target.yaml --out out
  scimproof resume --state watch.age --target target.yaml --out out --wait
  scimproof resume --state watch.age --target target.yaml --out out --abandon`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if wait && abandon {
				return usageError{errors.New("--wait and --abandon exclude each other")}
			}
			key, file, err := flags.sealed()
			if err != nil {
				return err
			}
			t, err := target.Load(profile)
			if err != nil {
				return err
			}
			if err := files.choose(); err != nil {
				return err
			}
			basis, err := judged.basis()
			if err != nil {
				return err
			}
			screen := newConsole(cmd)
			var report *reports.Report
			done, err := runner.Resume(cmd.Context(), runner.ResumeOptions{
				Target: t, File: file, Key: key, Tool: tool(), Wait: wait, Abandon: abandon, Progress: screen,
				Check: func(run reports.Run) error { return judged.earlierThan(run, basis.Previous) },
				Publish: func(record *reports.Record, vault *redact.Vault) (err error) {
					report, err = publish(record, vault, basis, files)
					return err
				},
			})
			screen.Close()
			if err != nil {
				return err
			}
			return resumed(cmd, done, report, files)
		},
	}
	judged.register(cmd)
	flags.registerState(cmd, "the state file that scimproof run --marks has written")
	cmd.Flags().StringVar(&profile, "target", "", "target profile, a YAML file, as it was in the run")
	files.register(cmd, "", "folder for report.html, report.json and run.json")
	cmd.Flags().BoolVar(&wait, "wait", false, "wait for the next mark if none is due")
	cmd.Flags().BoolVar(&abandon, "abandon", false, "end the long watch now: remove the test users and the state file")
	must(cmd.MarkFlagRequired("state"))
	must(cmd.MarkFlagRequired("target"))
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

// resumed says how far the long watch has come. The error carries the exit code.
func resumed(cmd *cobra.Command, done runner.Resumed, report *reports.Report, files reportFiles) error {
	if report == nil {
		cmd.Printf("No mark is due yet. %s\n", nextMark(done.Next))
		return nil
	}
	announce(cmd, report, files)
	if done.Next != nil {
		cmd.Println(nextMark(done.Next))
	} else {
		cmd.Println("The long watch is over, and its state file is removed.")
	}
	if len(done.Left) > 0 {
		cmd.Println("Some test users could not be removed; scimproof clean tries again.")
	}
	return verdictOf(report)
}

// nextMark says when the next mark is due.
func nextMark(m *reports.LaterMark) string {
	after := time.Duration(m.AfterMs) * time.Millisecond
	at := m.Due.Local().Format("Mon 2 Jan 2006, 15:04:05 MST")
	if left := time.Until(m.Due).Round(time.Second); left > 0 {
		return "The next mark, " + after.String() + ", is due " + at + " (in " + left.String() + ")."
	}
	return "The next mark, " + after.String() + ", is due since " + at + "."
}
