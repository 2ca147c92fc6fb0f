package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/subject"
)

// originFlags say whose run it is, and for whom.
type originFlags struct{ nonce, operator string }

func (o *originFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.nonce, "nonce", "", "a buyer's nonce, 1 to 64 letters, digits, '.', '_' or '-': it stands in the report and in one test user's displayName")
	cmd.Flags().StringVar(&o.operator, "operator", "", "on whose side the run is made: buyer, vendor or third-party, and a name if you like (vendor:Acme Ltd)")
}

// checkNonce looks at --nonce. An empty one is refused, as a variable that nobody has set would
// otherwise ask for nothing.
func checkNonce(cmd *cobra.Command, nonce string) error {
	err := subject.CheckNonce(nonce)
	if err != nil && cmd.Flags().Changed("nonce") {
		return usageError{fmt.Errorf("--nonce %q: %w", nonce, err)}
	}
	return nil
}

// apply checks the flags and puts them into the run's options. Errors are usage errors.
func (o *originFlags) apply(cmd *cobra.Command, to *runner.Options) error {
	if err := checkNonce(cmd, o.nonce); err != nil {
		return err
	}
	to.Nonce = o.nonce
	if o.operator == "" {
		return nil
	}
	kind, name, _ := strings.Cut(o.operator, ":")
	to.Operator = reports.Operator{Kind: reports.OperatorKind(kind), Name: strings.TrimSpace(name)}
	if !slices.Contains([]reports.OperatorKind{reports.OperatorBuyer, reports.OperatorVendor, reports.OperatorThirdParty}, to.Operator.Kind) {
		return usageError{fmt.Errorf("--operator %q: give buyer, vendor or third-party, and a name after a colon if you like", o.operator)}
	}
	if utf8.RuneCountInString(name) > maxOperatorName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return usageError{fmt.Errorf("--operator %q: a name has up to %d characters, without control characters", o.operator, maxOperatorName)}
	}
	return nil
}

// maxOperatorName is the length of an operator's name, in characters.
const maxOperatorName = 100
