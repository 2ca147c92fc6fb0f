package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/cmd/internal/console"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/html"
	"github.com/scimproof/scimproof/reports/output"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/runner"
)

var errBudget = errors.New("--budget must be longer than 0")

// runAndReport runs the checks, judges what was seen, writes the report and says
// the verdict. The error carries the exit code.
func runAndReport(cmd *cobra.Command, o runner.Options, out string) error {
	screen := newConsole(cmd)
	o.Tool, o.Progress = toolWithDigest(), screen
	record, vault, err := runner.Run(cmd.Context(), o)
	screen.Close()
	if err != nil {
		return err
	}
	report, err := publish(record, vault, out)
	if err != nil {
		return err
	}
	announce(cmd, report, out)
	return verdictOf(report)
}

// publish judges what was seen and writes the report.
func publish(record *reports.Record, vault *redact.Vault, out string) (*reports.Report, error) {
	report := reports.Judge(*record)
	asJSON, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := html.Write(&page, report); err != nil {
		return nil, err
	}
	return report, output.Write(out, vault,
		output.File{Name: "report.json", Data: append(asJSON, '\n')},
		output.File{Name: "report.html", Data: page.Bytes()},
	)
}

// newConsole shows a live line when the command's output is a terminal.
func newConsole(cmd *cobra.Command) *console.Console {
	if file, ok := cmd.OutOrStdout().(*os.File); ok {
		return console.New(file)
	}
	return console.Plain(cmd.OutOrStdout())
}

// announce says the verdict, the gaps and where the report is.
func announce(cmd *cobra.Command, r *reports.Report, out string) {
	cmd.Println()
	cmd.Printf("Verdict: %s. %s\n", r.Verdict.Word, r.Verdict.Reason)
	cmd.Println(r.Summary)
	for _, g := range r.Gaps {
		cmd.Printf("  %-8s  %s  (%s; accountable: %s)\n", g.Severity, g.Title, g.ID, g.Accountable.Name)
	}
	for _, left := range r.Cleanup.Left {
		cmd.Printf("  left behind: %s\n", left)
	}
	cmd.Printf("\n%s, of which %s waiting for access to end; the longest single watch took %s. %d requests.\n",
		seconds(r.Health.WallMs), seconds(r.Health.WatchMs), seconds(r.Health.LongestWatchMs), r.Health.Requests)
	if c := r.Coverage; c.Covered > 0 {
		cmd.Printf("%d of %d requirements of the RFCs covered, %d requests for checks of SCIM: %.1f for each.\n", c.Covered, c.Total, c.Requests, c.PerRequirement)
	}
	cmd.Printf("Report: %s\n", filepath.Join(out, "report.html"))
}

func seconds(ms int64) string { return fmt.Sprintf("%.1f s", float64(ms)/1000) }

func verdictOf(r *reports.Report) error {
	switch r.Verdict.Word {
	case reports.VerdictPass:
		return nil
	case reports.VerdictFail:
		return verdictError(exitFail)
	}
	return verdictError(exitInconclusive)
}
