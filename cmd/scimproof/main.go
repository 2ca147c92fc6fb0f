// Command scimproof points at an application's SCIM endpoint and finds out what a
// person can still do there after the identity source has said that they left.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports/saved"
	"github.com/scimproof/scimproof/reports/strictyaml"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/launch"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target/containers"
)

// Exit codes.
const (
	exitPass         = 0
	exitFail         = 1 // the gate failed
	exitUsage        = 2 // usage or configuration
	exitInconclusive = 3
	exitInternal     = 4
)

func main() {
	// A run holds its evidence until the end, and little else that lives long: collecting
	// more often costs a second, and saves half the memory.
	debug.SetGCPercent(30)
	ctx := heedSignals(os.Exit)
	// A reader of the output that went away must not end a run whose test users are still there.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	os.Exit(code)
}

// run carries out one command line and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var verdict verdictError
	if err != nil && !errors.As(err, &verdict) {
		_, _ = fmt.Fprintln(stderr, "scimproof: "+err.Error())
	}
	return exitCode(err)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "scimproof",
		Short: "Finds out what a person can still do after they have left",
		Long: `scimproof tests an application's SCIM endpoint and, beside it, the ways into the
application itself. It arms real credentials of test users, tells the application
over SCIM that they have left, and watches until access is gone or the time is up.
What survives becomes a control gap with a severity, an owner and evidence.

Exit codes: 0 pass, 1 the gate failed, 2 usage or configuration, 3 inconclusive
(no evidence is never a pass), 4 internal error.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		initCommand(), runCommand(), upgradeCheckCommand(), resumeCommand(), tryAccessCommand(), cleanCommand(),
		judgeCommand(), gateCommand(), diffCommand(), certifyCommand(), keygenCommand(), bundleCommand(), verifyCommand(),
		demoCommand(), mockCommand(), defectsCommand(), listCommand(), explainCommand(), recipesCommand(), versionCommand(),
	)
	return root
}

// usageError marks a mistake in the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// verdictError carries a run's exit code; the run has said all there is to say.
type verdictError int

func (e verdictError) Error() string { return fmt.Sprintf("verdict with exit code %d", int(e)) }

// exitCode maps an error to the command's exit code.
func exitCode(err error) int {
	var (
		verdict verdictError
		usage   usageError
		filter  *runner.FilterError
		config  *runner.ConfigError
		outage  *runner.OutageError
		file    *later.FileError
		busy    *subject.BusyError
		faults  strictyaml.Faults // of a profile, a gate or exceptions
		unread  *saved.FileError
		start   *launch.Error
		engine  *containers.Error
	)
	switch {
	case err == nil:
		return exitPass
	case errors.As(err, &verdict):
		return int(verdict)
	case errors.As(err, &start):
		if start.Operational {
			return exitInconclusive
		}
		return exitUsage
	case errors.As(err, &engine): // only what no launch is about: there is no engine
		return exitUsage
	case errors.As(err, &usage), errors.As(err, &filter), errors.As(err, &config), errors.As(err, &faults), errors.As(err, &file),
		errors.As(err, &unread), isCobraUsage(err):
		return exitUsage
	case errors.Is(err, context.Canceled), errors.As(err, &outage), errors.As(err, &busy):
		return exitInconclusive
	}
	return exitInternal
}
