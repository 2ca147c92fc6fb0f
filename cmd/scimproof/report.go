package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/cmd/internal/console"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/formats"
	"github.com/scimproof/scimproof/reports/output"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/reports/saved"
	"github.com/scimproof/scimproof/suites/runner"
)

var errBudget = errors.New("--budget must be longer than 0")

// runAndReport runs the checks, judges what was seen, writes the report and says
// the verdict. The error carries the exit code.
func runAndReport(cmd *cobra.Command, o runner.Options, basis reports.Basis, w reportFiles) error {
	screen := newConsole(cmd)
	o.Tool, o.Progress = toolWithDigest(), screen
	record, vault, err := runner.Run(cmd.Context(), o)
	screen.Close()
	if err != nil {
		return err
	}
	report, err := publish(record, vault, basis, w)
	if err != nil {
		return err
	}
	announce(cmd, report, w)
	return verdictOf(report)
}

// publish judges what was seen and writes the report, and beside it what was seen.
func publish(record *reports.Record, vault *redact.Vault, basis reports.Basis, w reportFiles) (*reports.Report, error) {
	report := reports.JudgeOn(*record, basis)
	run := output.File{Name: "run.json", Make: func(w io.Writer) (bool, error) { return true, saved.WriteRun(w, *record) }}
	return report, w.write(report, vault, run)
}

// reportFiles says where a report goes, and in which formats.
type reportFiles struct {
	out, list string
	formats   []formats.Format
}

func (w *reportFiles) register(cmd *cobra.Command, usual, about string) {
	cmd.Flags().StringVar(&w.out, "out", usual, about)
	cmd.Flags().StringVar(&w.list, "format", "", "further formats beside report.json and report.html, or all: "+strings.Join(formats.Names()[2:], ", "))
}

// choose finds the formats, before anything is sent to a target.
func (w *reportFiles) choose() (err error) {
	if w.formats, err = formats.Choose(w.list); err != nil {
		return usageError{fmt.Errorf("--format: %w", err)}
	}
	return nil
}

// write writes a report in its formats, with other files beside it: all of them or none.
func (w *reportFiles) write(report *reports.Report, vault *redact.Vault, beside ...output.File) error {
	return output.Write(w.out, vault, append(beside, formats.Files(report, w.formats)...)...)
}

// newConsole shows a live line when the command's output is a terminal.
func newConsole(cmd *cobra.Command) *console.Console {
	if file, ok := cmd.OutOrStdout().(*os.File); ok {
		return console.New(file)
	}
	return console.Plain(cmd.OutOrStdout())
}

// announce says the verdict, the gaps and where the report is.
func announce(cmd *cobra.Command, r *reports.Report, w reportFiles) {
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
	if c := r.Coverage; c.Covered > 0 && c.Requests > 0 {
		cmd.Printf("%d of %d requirements of the RFCs covered, %d requests for checks of SCIM: %.1f for each.\n", c.Covered, c.Total, c.Requests, c.PerRequirement)
	}
	cmd.Printf("Report: %s\n", filepath.Join(w.out, "report.html"))
	for _, name := range formats.Others(w.formats) {
		if _, err := os.Stat(filepath.Join(w.out, name)); err == nil {
			cmd.Printf("  not written anew, and perhaps of another verdict: %s\n", filepath.Join(w.out, name))
		}
	}
}

func seconds(ms int64) string { return fmt.Sprintf("%.1f s", float64(ms)/1000) }

func verdictOf(r *reports.Report) error {
	switch r.Verdict.Word {
	case reports.VerdictPass, reports.VerdictWithExceptions:
		return nil
	case reports.VerdictFail:
		return verdictError(exitFail)
	case reports.VerdictError:
		return verdictError(exitUsage)
	}
	return verdictError(exitInconclusive)
}
