package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/cmd/internal/console"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/saved"
)

// certifyOptions are the flags of certify.
type certifyOptions struct {
	gap, by, previous, fixedIn, reference string
	remediatedBy, requestedBy             []string
	claimed                               bool
}

func certifyCommand() *cobra.Command {
	var o certifyOptions
	cmd := &cobra.Command{
		Use:   "certify --gap ID --by CONTACT REPORT.json",
		Short: "Certify on a clean run that a gap is closed, or note that somebody claims so",
		Long: `Closes a control gap in the report of a run that shows it as fixed: every check of the
gap conforms in all repeats, nothing stood in the way, and the application has the
fix. Only the profile's remediation certifier may, who neither made the fix nor
asked for the closure. The closure is written into the report; if the gap comes back
in a run that is judged with this report as the earlier one, it has regressed.

With --claimed the report has the gap, and somebody says that it is fixed: it is
marked as claimed-fixed and stays open. A ticket or a vendor's note is no more than
that.

Exit code 1 where the gap is not closed or marked: the reason is printed.`,
		Example: `  scimproof certify --gap gap-1f2e3d4c5b6a --by audit@example.com --previous last/report.json --fixed-in 4.3.0 out/report.json
  scimproof certify --gap gap-1f2e3d4c5b6a --claimed --by vendor@example.com --reference SEC-481 out/report.json`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.fits(cmd); err != nil {
				return err
			}
			file, err := readReport(args[0])
			if err != nil {
				return err
			}
			said, err := o.apply(file)
			var refused *reports.RefusedError
			if errors.As(err, &refused) {
				console.Plain(cmd.ErrOrStderr()).Note(oneLine("scimproof: " + file.path + ": " + err.Error()))
				return verdictError(exitFail)
			}
			if err != nil {
				return err
			}
			if err := file.write(); err != nil {
				return err
			}
			console.Plain(cmd.OutOrStdout()).Note(oneLine(said))
			cmd.Printf("Written: %s. Other forms of the report beside it, and a signature over it, are of the report as it was.\n", file.path)
			cmd.Println("Judge the next run with this file as the earlier report, so that it is known there.")
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.gap, "gap", "", "id of the gap")
	flags.StringVar(&o.by, "by", "", "contact or name of who certifies, or claims")
	flags.StringVar(&o.previous, "previous", "", "earlier report.json that has the gap (default: what the report was judged against)")
	flags.StringVar(&o.fixedIn, "fixed-in", "", "version of the application that is said to have the fix")
	flags.StringSliceVar(&o.remediatedBy, "remediated-by", nil, "contact of who made the fix")
	flags.StringSliceVar(&o.requestedBy, "requested-by", nil, "contact of who asked for the closure")
	flags.BoolVar(&o.claimed, "claimed", false, "note a claim; the gap stays open")
	flags.StringVar(&o.reference, "reference", "", "with --claimed: ticket or note that the claim rests on")
	for _, name := range []string{"gap", "by"} {
		_ = cmd.MarkFlagRequired(name) // the flags are those just above
	}
	return cmd
}

// fits reports flags that do not go together.
func (o certifyOptions) fits(cmd *cobra.Command) error {
	if !o.claimed && cmd.Flags().Changed("reference") {
		return usageError{errors.New("--reference goes with --claimed; a closure rests on a run and on no ticket")}
	}
	if !o.claimed {
		return nil
	}
	if o.reference == "" {
		return usageError{errors.New("--claimed needs --reference, such as a ticket")}
	}
	for _, name := range []string{"previous", "fixed-in", "remediated-by", "requested-by"} {
		if cmd.Flags().Changed(name) {
			return usageError{fmt.Errorf("--%s does not go with --claimed: a claim is no closure", name)}
		}
	}
	return nil
}

// apply notes the closure or the claim in the report, and says so.
func (o certifyOptions) apply(file *reportFile) (string, error) {
	r, now := file.report, time.Now().UTC().Truncate(time.Second)
	by := r.Target.Owners.PartyOf(o.by)
	if o.claimed {
		if err := reports.Claim(r, o.gap, by, o.reference, now); err != nil {
			return "", err
		}
		return fmt.Sprintf("Claimed, and still open: %s by %s (%s).", o.gap, by.Name, o.reference), nil
	}
	proof := reports.Proof{FixedIn: o.fixedIn, RemediatedBy: o.remediatedBy, RequestedBy: o.requestedBy, Evidence: file.digest}
	if o.previous != "" {
		earlier, err := saved.LoadReport(o.previous)
		if err != nil {
			return "", err
		}
		proof.Previous = earlier
	}
	closure, err := reports.Certify(r, o.gap, by, now, proof)
	if err != nil {
		return "", err
	}
	r.Closures = append(r.Closures, closure)
	return fmt.Sprintf("Closed: %s, certified by %s on run %s. Evidence: SHA-256 %s of the report before this.",
		closure.Gap, closure.Certifier.Name, closure.Run, closure.Evidence), nil
}

// oneLine keeps what a report says in one line: a reader of logs may obey what begins one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
