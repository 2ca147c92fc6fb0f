package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/launch"
)

// closingTime is how long it may take to remove what was started.
const closingTime = 30 * time.Second

// openTarget opens the target of a profile. What is returned beside it closes it, also when
// the command has been interrupted; that something is left is said, and changes no verdict.
func openTarget(cmd *cobra.Command, profile, image string) (*launch.Opened, func(), error) {
	t := tool()
	opened, err := launch.Open(cmd.Context(), profile, launch.Options{
		Image: image, Agent: exchange.Agent(t.Version, "seed"),
		Say: func(text string) { cmd.PrintErrln(text) },
	})
	if err != nil {
		return nil, nil, err
	}
	return opened, func() {
		ctx, stop := context.WithTimeout(context.WithoutCancel(cmd.Context()), closingTime)
		defer stop()
		if err := opened.Close(ctx); err != nil {
			cmd.PrintErrln("scimproof: " + err.Error())
		}
	}, nil
}
