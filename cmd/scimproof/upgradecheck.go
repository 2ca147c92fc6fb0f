package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/scimproof/scimproof/cmd/internal/console"
	"github.com/scimproof/scimproof/cmd/internal/sidebyside"
	"github.com/scimproof/scimproof/reports"
)

// upgradeCheck is one call of the command.
type upgradeCheck struct {
	profile, from, to string
	oneByOne          bool
	seed              int64
	rules             basisFlags
	files             reportFiles
	handedOn          *pflag.FlagSet // those that both runs are given as they are
}

func upgradeCheckCommand() *cobra.Command {
	u := &upgradeCheck{handedOn: pflag.NewFlagSet("handed on", pflag.ContinueOnError)}
	cmd := &cobra.Command{
		Use:   "upgrade-check --target FILE --from IMAGE --to IMAGE --out DIR",
		Short: "Test two versions of an application and tell what the upgrade changes",
		Long: `Tests two versions of an application under the same profile and tells what is new, regressed, fixed, unchanged or no
longer tested. --from is the version of today, --to that of tomorrow: each is an image, or a folder with a Dockerfile,
that is started instead of the one that the profile names under container. Without --target both are target files,
of two versions that run already; they need the same id.

Both are tested at once, where this machine has two processors and the two need not listen at the same port
(listener.address); --one-by-one tests them one after the other. The reports are in from and to below --out, the report
in to held against that in from, and beside them what changed: changes.md and changes.html. Of --seed the second run takes
the number after it, so that the two never share a name. Ctrl-C stops both, and both remove their test users.

Exit codes: 1 on a regression: a gap above info that is new, back, or worse; 0 without one, also where known gaps stay
open; 2 the command line, a profile, the gate or the exceptions are wrong; 3 inconclusive: one of the two could not be
tested to the end; 4 internal error.`,
		Example: `  scimproof upgrade-check --target target.yaml --from registry.example.com/app:4.2 --to registry.example.com/app:4.3 --out upgrade
  scimproof upgrade-check --target target.yaml --from ./v1 --to ./v2 --out upgrade --one-by-one
  scimproof upgrade-check --from old.yaml --to new.yaml --out upgrade --gate builtin:upgrade --format markdown`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return u.run(cmd) },
	}
	u.register(cmd)
	return cmd
}

func (u *upgradeCheck) register(cmd *cobra.Command) {
	own := cmd.Flags()
	own.StringVar(&u.profile, "target", "", "target profile with a container, a YAML file; without it --from and --to are target files")
	own.StringVar(&u.from, "from", "", "the version of today: an image or a folder with a Dockerfile, or a target file")
	own.StringVar(&u.to, "to", "", "the version of tomorrow, likewise")
	own.BoolVar(&u.oneByOne, "one-by-one", false, "test the two one after the other")
	own.Int64Var(&u.seed, "seed", 0, "make the names of test users from this number, and for the second run from the one after it; 0 takes random ones")
	u.rules.registerRules(cmd)
	u.files.register(cmd, "", "folder for from, to, changes.md and changes.html")
	u.handedOn.String("only", "", "run only the checks with such labels (see scimproof list)")
	u.handedOn.Duration("budget", 0, "how long to watch access after an event, instead of the profile's giveUpAfter")
	u.handedOn.Int("subjects", 0, "play each event for so many leavers, instead of the profile's subjects")
	u.handedOn.String("client", "", "only the identity providers with these ids, instead of the profile's clients (see scimproof run --help)")
	own.AddFlagSet(u.handedOn)
	for _, name := range []string{"from", "to", "out"} {
		must(cmd.MarkFlagRequired(name))
	}
}

// run tests both and says what changed. The error carries the exit code.
func (u *upgradeCheck) run(cmd *cobra.Command) error {
	together, err := u.check()
	if err != nil {
		return err
	}
	if err := u.files.choose(); err != nil {
		return err
	}
	// Both runs read these files as well; read here first, a mistake is told once.
	basis, err := u.rules.basis()
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program, which runs once for each version: %w", err)
	}
	begun := time.Now()
	ended, err := sidebyside.Run(cmd.Context(), sidebyside.Options{
		Program: program, Out: cmd.OutOrStdout(), Together: together, Underway: console.Underway,
		GoOn: func(e sidebyside.Ended) bool { return e.Code != exitUsage && e.Code != exitInternal },
	}, sidebyside.Child{Name: "from", Args: u.args("from", u.from, u.seed)}, sidebyside.Child{Name: "to", Args: u.args("to", u.to, nextSeed(u.seed))})
	if err != nil {
		return err
	}
	return (&upgrade{upgradeCheck: u, Outcome: ended, begun: begun, basis: basis}).conclude(cmd)
}

// side is the folder of one of the two runs.
func (u *upgradeCheck) side(name string) string { return filepath.Join(u.files.out, name) }

// args is the command line of one of the two runs.
func (u *upgradeCheck) args(side, version string, seed int64) []string {
	args := []string{"run", "--out=" + u.side(side)}
	if u.profile == "" {
		args = append(args, "--target="+version)
	} else {
		args = append(args, "--target="+u.profile, "--image="+version)
	}
	given := func(name, value string) {
		if value != "" {
			args = append(args, "--"+name+"="+value)
		}
	}
	u.handedOn.VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			args = append(args, "--"+f.Name+"="+f.Value.String())
		}
	})
	if seed != 0 {
		args = append(args, "--seed="+strconv.FormatInt(seed, 10))
	}
	given("gate", u.rules.gate)
	given("exceptions", u.rules.exceptions)
	given("controls", u.rules.controls)
	given("format", u.files.list)
	return args
}

// nextSeed is another seed than the given one: two runs of one target cannot have the same.
func nextSeed(seed int64) int64 {
	switch seed {
	case 0:
		return 0 // random in both
	case -1, math.MaxInt64:
		return 1
	}
	return seed + 1
}

// check refuses what cannot be meant, before anything is started, and reports whether both can
// be tested at once. The errors are usage errors.
func (u *upgradeCheck) check() (together bool, err error) {
	if u.from == "" || u.to == "" || u.files.out == "" {
		return false, usageError{errors.New("--from, --to and --out must not be empty")}
	}
	if u.from == u.to {
		return false, usageError{fmt.Errorf("--from and --to are both %s: name two versions", u.from)}
	}
	here := runtime.NumCPU() >= 2 && !u.oneByOne
	if u.profile != "" {
		p, err := outlineOf(u.profile, "an existing file with --target")
		if err != nil {
			return false, err
		}
		if !p.container {
			return false, usageError{fmt.Errorf("%s names no container, so that --from %s and --to %s cannot be started: add container to it, or leave --target out and give two target files", u.profile, u.from, u.to)}
		}
		return here && !p.meets(p), nil
	}
	from, err := outlineOf(u.from, "two target files, or give --target beside two images")
	if err != nil {
		return false, err
	}
	to, err := outlineOf(u.to, "two target files, or give --target beside two images")
	if err != nil {
		return false, err
	}
	if from.id != "" && to.id != "" && from.id != to.id {
		return false, usageError{fmt.Errorf("%s describes the target %q and %s the target %q: %s", u.from, from.id, u.to, to.id, sameID)}
	}
	return here && !from.meets(to), nil
}

const sameID = "set id: to the same text in both, which says that they are two versions of one application"

// failed tells the runs whose exit codes decide all the rest: nothing more can be made of them.
func failed(e sidebyside.Ended) bool {
	return e.Started && (e.Code == exitUsage || e.Code == exitInternal)
}

// lastWord is what a run has said of its end.
func lastWord(e sidebyside.Ended) string {
	for _, begins := range []string{"scimproof: ", "Verdict: "} {
		for i := len(e.Said) - 1; i >= 0; i-- {
			if text, ok := strings.CutPrefix(e.Said[i], begins); ok {
				return text
			}
		}
	}
	if len(e.Said) > 0 {
		return e.Said[len(e.Said)-1]
	}
	return "it ended with exit code " + strconv.Itoa(e.Code) + " and said nothing"
}

// looked reports whether the earlier run looked for a gap that is new: trouble at the target
// shows nothing of what was there.
func looked(earlier *reports.Report, c reports.GapChange) bool {
	if c.Change != reports.ChangeNew || len(c.Checks) == 0 {
		return true
	}
	for _, check := range earlier.Checks {
		for _, id := range c.Checks {
			if check.ID == id && check.Outcome != reports.OutcomeOperational && check.State != reports.SpecInterrupted {
				return true
			}
		}
	}
	return false
}
