package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/cmd/internal/sidebyside"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/changes"
	"github.com/scimproof/scimproof/reports/output"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/reports/saved"
)

// upgrade is what became of the two runs.
type upgrade struct {
	*upgradeCheck
	sidebyside.Outcome
	begun time.Time
	basis reports.Basis
}

// changeFiles are what is written beside the two reports.
var changeFiles = map[string]string{"changes.md": "markdown", "changes.html": "html"}

// conclude reads what both runs have written, compares, and says what it comes to. The error
// carries the exit code.
func (u *upgrade) conclude(cmd *cobra.Command) error {
	cmd.Println()
	for _, e := range []struct {
		side string
		sidebyside.Ended
	}{{"from", u.First}, {"to", u.Second}} {
		if failed(e.Ended) {
			cmd.PrintErrf("scimproof: %s could not be tested: %s\n", e.side, lastWord(e.Ended))
			return verdictError(e.Code)
		}
	}
	was, is, err := u.read()
	if err != nil {
		return err
	}
	if was == nil || is == nil {
		return u.nothingToCompare(cmd, was, is)
	}
	if was.Target.ID != is.Target.ID {
		return usageError{fmt.Errorf("from is of the target %q, and to of %q: %s", was.Target.ID, is.Target.ID, sameID)}
	}
	if is, err = u.judgeAgain(was); err != nil {
		return err
	}
	comparison, err := reports.Compare(was, is)
	if err != nil {
		return fmt.Errorf("%s and %s: %w", u.side("from"), u.side("to"), err)
	}
	if err := u.publish(cmd, comparison); err != nil {
		return err
	}
	return u.verdict(cmd, was, is, comparison)
}

// read reads the reports of both runs; one that was not written by them is nil.
func (u *upgrade) read() (was, is *reports.Report, err error) {
	if was, err = u.fresh("from", u.First); err == nil {
		is, err = u.fresh("to", u.Second)
	}
	return was, is, err
}

// fresh reads the report of a run. What an earlier one has left in its place is passed over.
func (u *upgrade) fresh(side string, e sidebyside.Ended) (*reports.Report, error) {
	file := filepath.Join(u.side(side), "report.json")
	if _, err := os.Stat(file); !e.Started || errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // there is none, and that is no fault
	}
	report, err := saved.LoadReport(file)
	if err != nil || report.Run.Started.Before(u.begun) {
		return nil, err
	}
	return report, nil
}

// judgeAgain judges the later run anew, now that the earlier one's report is there, and writes
// its report again.
func (u *upgrade) judgeAgain(was *reports.Report) (*reports.Report, error) {
	record, err := saved.LoadRun(filepath.Join(u.side("to"), "run.json"))
	if err != nil {
		return nil, err
	}
	u.basis.Previous, u.basis.Now = was, time.Now()
	report := reports.JudgeOn(*record, u.basis)
	files := u.files
	files.out = u.side("to")
	// The run's secrets were taken out, and looked for, before run.json was written.
	return report, files.write(report, redact.New())
}

// publish prints the comparison, and writes it beside the reports.
func (u *upgrade) publish(cmd *cobra.Command, c *reports.Comparison) error {
	var text bytes.Buffer
	if err := changes.Text(&text, c); err != nil {
		return err
	}
	var files []output.File
	for name, form := range changeFiles {
		var page bytes.Buffer
		if err := diffForms[form](&page, c); err != nil {
			return err
		}
		files = append(files, output.File{Name: name, Data: page.Bytes()})
	}
	if err := output.Write(u.files.out, redact.New(), files...); err != nil {
		return err
	}
	cmd.Print(text.String())
	cmd.Printf("\nChanges: %s\nReports: %s, %s\n", filepath.Join(u.files.out, "changes.html"),
		filepath.Join(u.side("from"), "report.html"), filepath.Join(u.side("to"), "report.html"))
	return nil
}

// verdict says in a sentence what the upgrade comes to.
func (u *upgrade) verdict(cmd *cobra.Command, was, is *reports.Report, c *reports.Comparison) error {
	var worse, unknown []string
	for _, g := range c.Gaps {
		switch {
		case !g.Regression():
		case looked(was, g):
			worse = append(worse, g.Title)
		default:
			unknown = append(unknown, g.Title)
		}
	}
	var open []string
	if why := undecided(was); why != "" {
		open = append(open, "from: "+why)
	}
	if why := undecided(is); why != "" {
		open = append(open, "to: "+why)
	}
	switch {
	case u.Interrupted:
		cmd.Println("Inconclusive: stopped before both were tested.")
	case is.Verdict.Word == reports.VerdictError:
		cmd.PrintErrln("scimproof: to cannot be judged: " + is.Verdict.Reason)
		return verdictError(exitUsage)
	case len(worse) > 0:
		cmd.Printf("Regression: %s.\n", strings.Join(worse, "; "))
		return verdictError(exitFail)
	case len(open) > 0:
		cmd.Println("Inconclusive: " + strings.Join(open, " "))
		if len(unknown) > 0 {
			cmd.Printf("What from could not look for may be as old: %s.\n", strings.Join(unknown, "; "))
		}
	default:
		cmd.Println("No regression.")
		return nil
	}
	return verdictError(exitInconclusive)
}

// undecided says why a run shows less than it should; empty where it was made to its end.
func undecided(r *reports.Report) string {
	trouble := 0
	for _, c := range r.Checks {
		if c.Outcome == reports.OutcomeOperational || c.State == reports.SpecInterrupted {
			trouble++
		}
	}
	switch {
	case r.Verdict.Word == reports.VerdictInconclusive || r.Verdict.Word == reports.VerdictError:
		return r.Verdict.Reason
	case r.Health.Outage != "":
		return r.Health.Outage + "."
	case r.Run.Partial:
		return "The run was cut short."
	case trouble > 0:
		return fmt.Sprintf("%d of its checks could not decide for trouble at the target; check again.", trouble)
	}
	return ""
}

// nothingToCompare is the end of a check in which a report is missing. What an earlier check has
// found would be taken for this one's.
func (u *upgrade) nothingToCompare(cmd *cobra.Command, was, is *reports.Report) error {
	for name := range changeFiles {
		if err := os.Remove(filepath.Join(u.files.out, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing what an earlier check wrote: %w", err)
		}
	}
	tell := func(side string, r *reports.Report, e sidebyside.Ended) {
		switch {
		case r != nil:
			cmd.Printf("%s was tested: %s\n", side, filepath.Join(u.side(side), "report.html"))
		case !e.Started:
			cmd.Printf("%s was not tested.\n", side)
		default:
			cmd.Printf("%s has no report: %s\n", side, lastWord(e))
		}
	}
	tell("from", was, u.First)
	tell("to", is, u.Second)
	cmd.Println("Inconclusive: there are no two reports to compare.")
	return verdictError(exitInconclusive)
}
