// Command mutation measures the tester: it tests the reference application as it is
// and with each known defect, as scimproof run does, and compares the checks that turn
// red with those that must. A check that is red for no reason is a false alarm;
// one that stays green in spite of its defect is a miss. Either fails.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"golang.org/x/sync/errgroup"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/reports"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutation: "+err.Error())
		os.Exit(1)
	}
}

// start makes one run in a process that was asked for that, and all of them otherwise.
func start(ctx context.Context) error {
	if name, ok := os.LookupEnv(childVariable); ok {
		return runOnce(ctx, name, os.Stdout)
	}
	return run(ctx, os.Args[1:])
}

// errScore says that the score printed above is not what it must be.
var errScore = errors.New("the checks that turned red are not those that must")

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("mutation", flag.ContinueOnError)
	jobs := flags.Int("jobs", 8, "how many runs go side by side; more of them delay each other, and a delay that is measured is missed")
	table := flags.String("table", "", "write the table of defects and checks to this file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := choose(flags.Args())
	if err != nil {
		return err
	}
	bench, err := newBench()
	if err != nil {
		return err
	}
	defer bench.close()

	results := make([]result, len(chosen))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(*jobs)
	for _, i := range turns(chosen) {
		d := chosen[i]
		group.Go(func() (err error) {
			results[i], err = bench.measure(ctx, d)
			if err != nil && ctx.Err() == nil { // the others are worth to be seen
				results[i], err = result{defect: d, gaps: err.Error()}, nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	score := tally(results)
	score.print(os.Stdout)
	if *table != "" {
		if err := writeTable(*table, results); err != nil {
			return err
		}
	}
	if !score.right() {
		return errScore
	}
	return nil
}

// turns puts runs that wait for access to end and runs that only compute side by side all the
// way, so that the processors are never idle. Passing trouble goes first, as it waits longest, and
// among the computing those with most checks to turn red: each red one has waited for a read to
// show what never came. The numbers are those of chosen.
func turns(chosen []defects.Defect) []int {
	var trouble, waiting, computing []int
	for i, d := range chosen {
		switch {
		case d.Family == defects.Operational:
			trouble = append(trouble, i)
		case computes(d):
			computing = append(computing, i)
		default:
			waiting = append(waiting, i)
		}
	}
	slices.SortStableFunc(computing, func(a, b int) int { return len(chosen[b].Checks) - len(chosen[a].Checks) })
	order, places := make([]int, len(chosen)), make([]float64, len(chosen))
	for _, group := range [][]int{append(trouble, waiting...), computing} {
		for rank, i := range group {
			order[i], places[i] = i, (float64(rank)+0.5)/float64(len(group))
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(places[a], places[b]) })
	return order
}

// computes reports a defect that is held against SCIM alone.
func computes(d defects.Defect) bool {
	only, _ := selection(d, func() ([]reports.Spec, error) { return nil, nil })
	return only == onlySCIM
}

// choose lists the defects with the names, or, without names, the application as it
// is and then every defect.
func choose(names []string) ([]defects.Defect, error) {
	if len(names) == 0 {
		return append([]defects.Defect{{Name: "none", Family: defects.Lawful, Summary: "The reference application as it is."}}, defects.All()...), nil
	}
	var chosen []defects.Defect
	for _, name := range names {
		d, ok := defects.Get(name)
		if !ok {
			return nil, fmt.Errorf("no defect has the name %q; scimproof defects lists them", name)
		}
		chosen = append(chosen, d)
	}
	return chosen, nil
}
