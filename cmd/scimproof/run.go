package main

import (
	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/target"
)

func runCommand() *cobra.Command {
	var (
		profile, only, image string
		seed                 int64
		instead              insteadFlags
		long                 laterFlags
		judged               basisFlags
		files                reportFiles
		origin               originFlags
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
those users alone; scimproof clean removes them.

A profile may name an image under container instead of something that runs. It is started with its companions on a private
network, seeded as the profile says, tested, and removed. --image tests another one under the same profile. Its users are
gone with it, so that it has no later marks.`,
		Example: `  scimproof run --target target.yaml --out out
  scimproof run --target target.yaml --out out --image registry.example.com/app:4.3
  scimproof run --target target.yaml --out out --only lifecycle
  scimproof run --target target.yaml --out out --only 'credential:web-session'
  scimproof run --target target.yaml --out out --client okta-oin,entra
  scimproof run --target target.yaml --out out --only 'check: containsAny {survival.delete.web-session}'
  scimproof run --target target.yaml --out out --gate gate.yaml --exceptions exceptions.yaml --previous last/report.json
  scimproof run --target target.yaml --out out --marks 15m,24h --state watch.age`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			// Whatever could be wrong with the command line is looked at before a container is
			// started.
			if err := instead.check(cmd); err != nil {
				return err
			}
			read, err := target.Read(profile)
			if err != nil {
				return err
			}
			if read.Container() != nil && (cmd.Flags().Changed("marks") || long.state != "" || long.keyFile != "") {
				return usageError{errMarksOfContainer}
			}
			if err := files.choose(); err != nil {
				return err
			}
			basis, err := judged.basis()
			if err != nil {
				return err
			}
			options := runner.Options{Only: only, Seed: seed, Released: keepHeeding}
			if err := origin.apply(cmd, &options); err != nil {
				return err
			}
			if err := runner.CheckFilter(only); err != nil {
				return err
			}
			opened, closing, err := openTarget(cmd, profile, image)
			if err != nil {
				return err
			}
			defer closing()
			options.Target, options.Died = opened.Target, opened.Died()
			instead.apply(cmd, options.Target)
			if options.Later, err = long.options(cmd, options.Target); err != nil {
				return err
			}
			return runAndReport(cmd, options, basis, files)
		},
	}
	cmd.Flags().StringVar(&profile, "target", "", "target profile, a YAML file")
	files.register(cmd, "", "folder for report.html, report.json and run.json")
	cmd.Flags().StringVar(&only, "only", "", "run only the checks with such labels (see scimproof list)")
	cmd.Flags().Int64Var(&seed, "seed", 0, "make the names of test users from this number; 0 takes a random one")
	cmd.Flags().StringVar(&image, "image", "", "start this image instead of the one that the profile names under container: a reference, or a folder with a Dockerfile")
	instead.register(cmd)
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
