package main

import (
	"fmt"

	"github.com/spf13/cobra"

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
			options := bundle.VerifyOptions{Nonce: nonce}
			if err := checkNonce(cmd, nonce); err != nil {
				return err
			}
			if cmd.Flags().Changed("key") {
				key, err := publicKey(keyFile)
				if err != nil {
					return usageError{fmt.Errorf("--key %s: %w", keyFile, err)}
				}
				options.Key = key
			}
			result, err := bundle.Verify(args[0], options)
			if err != nil {
				return usageError{err}
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
