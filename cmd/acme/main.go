// Command acme serves the reference application as a product would come: one program
// that is configured by its environment, and nothing of the tester in it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/scimproof/scimproof/mocks/serve"
)

// Exit codes.
const (
	exitDone      = 0
	exitUnhealthy = 1 // also of a service that ended by itself
	exitUsage     = 2 // usage or configuration
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run carries out one command line and returns its exit code. What is served ends with
// the context.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	s, err := readSettings(args, getenv, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		return fail(stderr, exitUsage, err)
	case s.healthcheck:
		if err := askHealth(ctx, s.listen); err != nil {
			return fail(stderr, exitUnhealthy, err)
		}
		return exitDone
	}
	server, err := serve.Start(serve.Options{Listen: s.listen, Defects: s.defects, SCIMToken: s.scimToken, Around: withHealth})
	if err != nil {
		return fail(stderr, exitUsage, err)
	}
	if s.scimToken == "" {
		// Whoever brought a token knows it; one that was made is shown here and nowhere else.
		_, _ = fmt.Fprintln(stdout, "SCIM token: "+server.SCIMToken)
	}
	_, _ = fmt.Fprintln(stdout, server)
	<-ctx.Done()
	if err := server.End(); err != nil {
		return fail(stderr, exitUnhealthy, err)
	}
	return exitDone
}

// fail says what happened. Nothing is left to do where that cannot be written.
func fail(stderr io.Writer, code int, err error) int {
	_, _ = fmt.Fprintln(stderr, "acme: "+err.Error())
	return code
}
