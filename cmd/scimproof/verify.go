package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/bundle"
)

func verifyCommand() *cobra.Command {
	var keyFile, nonce string
	cmd := &cobra.Command{
		Use:   "verify BUNDLE",
		Short: "Say in one line what holds of a signed bundle, offline",
		Long: `Looks at a bundle, a folder or a .zip file, without any connection and without unpacking it, and says in one line
who signed it, whether its files, its event log and its statements are whole, and what the verdict was. Without --key it
is left open who signed. A valid signature says who made the bundle and that nobody has changed it since, and not that it
is true: give out a nonce before the run, and look for it in the application's own log.

Exit codes: 0 if all that was asked for holds, whatever the verdict; 1 if not; 2 for a mistake in the command.`,
		Example: `  scimproof verify acme.zip --key vendor.pub.pem --nonce 2026-11-rfp-42`,
		Args:    exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := verified(cmd, args[0], keyFile, nonce)
			if err != nil {
				return err
			}
			cmd.Println(result.Line())
			if !result.OK() {
				return verdictError(exitFail)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&keyFile, "key", "", "public key of who is to have signed")
	cmd.Flags().StringVar(&nonce, "nonce", "", "the nonce that you gave out for the run")
	return cmd
}

// verified looks at a bundle with the public key and the nonce of the flags --key and --nonce.
func verified(cmd *cobra.Command, place, keyFile, nonce string) (bundle.Result, error) {
	options := bundle.VerifyOptions{Nonce: nonce}
	if err := checkNonce(cmd, nonce); err != nil {
		return bundle.Result{}, err
	}
	if cmd.Flags().Changed("key") {
		key, err := publicKey(keyFile)
		if err != nil {
			return bundle.Result{}, usageError{fmt.Errorf("--key %s: %w", keyFile, err)}
		}
		options.Key = key
	}
	result, err := bundle.Verify(place, options)
	if err != nil {
		return result, usageError{err}
	}
	return result, nil
}

// signatureOf is what a gate is told of the bundle in a folder.
func signatureOf(cmd *cobra.Command, dir, keyFile, nonce string) (*reports.Signature, error) {
	result, err := verified(cmd, dir, keyFile, nonce)
	if err != nil {
		return nil, err
	}
	return bundle.Signature(result), nil
}
