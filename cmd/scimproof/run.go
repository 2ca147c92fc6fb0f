package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/target"
)

func runCommand() *cobra.Command {
	var (
		profile, only string
		budget        time.Duration
		seed          int64
		subjects      int
		clients       []string
		long          laterFlags
		judged        basisFlags
		files         reportFiles
		origin        originFlags
	)
	cmd := &cobra.Command{
		Use:   "run --target FILE --out DIR",
		Short: "Test a target and write report.html, report.json and run.json",
		Long: `Tests a target and writes report.html and report.json, and run.json with what was seen, which scimproof judge judges
again without the target. --gate says what passes, --exceptions which gaps somebody has accepted for a time, and with
--previous the last report each gap has its age, and what is worse shows.

With --marks the test users of deletions, and of deactivations in their four main forms, stay after the watch, with those
of their credentials that last: not what a try spends, nor open streams and addresses of the listener, nor what has used
up its maxTries. scimproof resume tries them again later. What that needs stands in --state, all of it sealed with the key
in $` + later.KeyVariable + ` or in --state-key-file (16 bytes or more). Up to 10 marks may be given, in the order of time,
each later than the watch (giveUpAfter) and no later than 720h. Until three days after the last mark other runs leave
those users alone; scimproof clean removes them.`,
		Example: `  scimproof run --target target.yaml --out out
  scimproof run --target target.yaml --out out --only lifecycle
  scimproof run --target target.yaml --out out --only 'credential:web-session'
  scimproof run --target target.yaml --out out --client okta-oin,entra
  scimproof run --target target.yaml --out out --only 'check: containsAny {survival.delete.web-session}'
  scimproof run --target target.yaml --out out --gate gate.yaml --exceptions exceptions.yaml --previous last/report.json
  scimproof run --target target.yaml --out out --marks 15m,24h --state watch.age`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := target.Load(profile)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("budget") {
				if budget <= 0 {
					return usageError{errBudget}
				}
				t.GiveUpAfter = budget
			}
			if cmd.Flags().Changed("subjects") {
				if subjects < 1 || subjects > target.MaxSubjects {
					return usageError{fmt.Errorf("--subjects %d: give a number from 1 to %d", subjects, target.MaxSubjects)}
				}
				t.Subjects = subjects
			}
			if cmd.Flags().Changed("client") {
				if err := dialects.CheckClients(clients); err != nil {
					return usageError{fmt.Errorf("--client: %w", err)}
				}
				t.Clients = clients
			}
			then, err := long.options(cmd, t)
			if err != nil {
				return err
			}
			if err := files.choose(); err != nil {
				return err
			}
			basis, err := judged.basis()
			if err != nil {
				return err
			}
			options := runner.Options{Target: t, Only: only, Seed: seed, Later: then}
			if err := origin.apply(cmd, &options); err != nil {
				return err
			}
			return runAndReport(cmd, options, basis, files)
		},
	}
	cmd.Flags().StringVar(&profile, "target", "", "target profile, a YAML file")
	files.register(cmd, "", "folder for report.html, report.json and run.json")
	cmd.Flags().StringVar(&only, "only", "", "run only the checks with such labels (see scimproof list)")
	cmd.Flags().DurationVar(&budget, "budget", 0, "how long to watch access after an event, instead of the profile's giveUpAfter")
	cmd.Flags().Int64Var(&seed, "seed", 0, "make the names of test users from this number; 0 takes a random one")
	cmd.Flags().IntVar(&subjects, "subjects", 0, "play each event for so many leavers, instead of the profile's subjects")
	cmd.Flags().StringSliceVar(&clients, "client", nil, "only the identity providers with these ids, instead of the profile's clients (default all): "+strings.Join(dialects.ClientIDs(), ", "))
	judged.register(cmd)
	long.register(cmd)
	origin.register(cmd)
	must(cmd.MarkFlagRequired("target"))
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

// must reports a mistake in the program itself.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
