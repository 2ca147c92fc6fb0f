package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/bundle"
	"github.com/scimproof/scimproof/reports/policy"
	"github.com/scimproof/scimproof/reports/saved"
)

func gateCommand() *cobra.Command {
	var name, exceptions, at, keyFile, nonce string
	cmd := &cobra.Command{
		Use:   "gate REPORT.json --policy FILE",
		Short: "Ask whether a report passes a gate",
		Long: `Asks whether a report passes a gate, and prints the verdict, the step of the gate that decided, and why. The report
stays as it is. A gate is a file (scimproof init gate writes one to begin with) or one of the program's own:

  builtin:default            every open gap above info fails, and so does a regression
  builtin:onboarding         and somebody answers for each role, and every way in was tried
  builtin:vendor-acceptance  and the run is the buyer's or a third party's, or signed by the vendor, and not old
  builtin:upgrade            nothing is worse than before; what is known and open fails from high

Without --exceptions those of the report go on, as far as the gate lets them stand. A gate that asks for a signature or a
nonce needs --key and --nonce, and the report in the folder that scimproof bundle has signed.

Exit codes: 0 pass, also with exceptions; 1 fail; 2 the gate, the exceptions or the report is wrong; 3 inconclusive.`,
		Example: `  scimproof gate out/report.json --policy builtin:onboarding
  scimproof gate out/report.json --policy gate.yaml --exceptions exceptions.yaml
  scimproof gate acme/report.json --policy builtin:vendor-acceptance --key vendor.pub.pem --nonce 2026-11-rfp-42`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			now, err := moment(at)
			if err != nil {
				return err
			}
			if (keyFile != "" || nonce != "") && filepath.Base(args[0]) != bundle.ReportFile {
				return usageError{fmt.Errorf("%s: a signature and a nonce are those of %s; name that file of the bundle", args[0], bundle.ReportFile)}
			}
			report, err := saved.LoadReport(args[0])
			if err != nil {
				return err
			}
			basis := reports.Basis{Now: now}
			if basis.Policy, err = policy.Gate(name); err != nil {
				return err
			}
			if exceptions != "" {
				if basis.Exceptions, err = policy.LoadExceptions(exceptions); err != nil {
					return err
				}
			}
			if keyFile != "" || nonce != "" {
				if basis.Signature, err = signatureOf(cmd, filepath.Dir(args[0]), keyFile, nonce); err != nil {
					return err
				}
			}
			report = reports.Regate(report, basis)
			cmd.Printf("Verdict: %s\nGate:    %s\nRule:    %s\nReason:  %s\n", report.Verdict.Word, report.Policy.Name, report.Verdict.Rule, report.Verdict.Reason)
			return verdictOf(report)
		},
	}
	cmd.Flags().StringVar(&name, "policy", "", "a gate.yaml, or one of "+strings.Join(policy.Builtins(), ", "))
	cmd.Flags().StringVar(&exceptions, "exceptions", "", "exceptions.yaml, instead of those that the report was judged with")
	cmd.Flags().StringVar(&at, "at", "", "the moment of asking, such as 2026-11-24T09:00:00Z; default now")
	cmd.Flags().StringVar(&keyFile, "key", "", "public key of who is to have signed the folder of the report as a bundle")
	cmd.Flags().StringVar(&nonce, "nonce", "", "the nonce that you gave out for the run")
	must(cmd.MarkFlagRequired("policy"))
	return cmd
}
