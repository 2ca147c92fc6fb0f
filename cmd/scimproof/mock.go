package main

import (
	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/mocks/serve"
)

func mockCommand() *cobra.Command {
	var (
		listen, targetOut string
		defects           []string
		tls               bool
	)
	cmd := &cobra.Command{
		Use:   "mock",
		Short: "Serve the embedded reference application, with defects if asked",
		Long: `Serves the embedded application: SCIM below /scim/v2, and a product around it. Without
--defect it does everything right; scimproof defects lists the names. --target-out writes a target profile that is ready
for scimproof run, and beside it files that only you can read: the SCIM token (acme.token for acme.yaml) and, as
acme.NAME.token, the tokens of a read-only client, an expired one, an ordinary person, the sister organisation below
/globex and the outbox, the password of admin@acme.example, and the key of single sign-on.`,
		Example: `  scimproof mock --listen 127.0.0.1:8080 --target-out acme.yaml
  scimproof mock --listen 127.0.0.1:8080 --target-out acme.yaml --defect sessions-survive-deactivate,delete-ignored`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			server, err := serve.Start(serve.Options{Listen: listen, Defects: defects, Profile: targetOut, TLS: tls})
			if err != nil {
				return usageError{err}
			}
			cmd.Println(server)
			<-cmd.Context().Done()
			return server.Close()
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "address to listen on")
	cmd.Flags().StringSliceVar(&defects, "defect", nil, "defects to switch on, by name, separated by commas")
	cmd.Flags().BoolVar(&tls, "tls", false, "serve https, with a certificate made for this run")
	cmd.Flags().StringVar(&targetOut, "target-out", "", "write a target profile to this file")
	return cmd
}
