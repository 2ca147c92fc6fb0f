package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/mocks/serve"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// childVariable tells a process to make one run: it holds the defect's name.
const childVariable = "SCIMPROOF_MUTATION_CHILD"

// Timing for an application in the same process.
const (
	revokeWithin = 500 * time.Millisecond
	giveUpAfter  = 1500 * time.Millisecond
)

// selection says which checks a defect is held against: all of them where it touches
// who gets in, or might be mistaken for such a defect. The others, which are two in
// three, meet the plain credentials alone, as a whole run takes three times as long.
func selection(d defects.Defect) string {
	if d.Family == defects.Channel {
		return "!survival" // whose events would meet a broken channel at some moment or other
	}
	touches := slices.ContainsFunc(d.Checks, func(pattern string) bool { return strings.HasPrefix(pattern, "survival.") })
	if touches || d.Name == "" || slices.Contains([]defects.Family{defects.Survival, defects.Leaver, defects.Members, defects.Lawful, defects.Operational}, d.Family) {
		return ""
	}
	return defects.PlainChecks
}

// runOnce serves the application with one defect, or with none, tests it as the
// command does, and writes what was judged.
func runOnce(ctx context.Context, name string, out io.Writer) error {
	options := serve.Options{
		Listen: "127.0.0.1:0", Profile: filepath.Join(os.Getenv(subject.StateDirVariable), "acme.yaml"),
		RevokeWithin: revokeWithin, GiveUpAfter: giveUpAfter,
		Connections: 1, Subjects: 1, // three would say the same of a defect that is always on
	}
	d, ok := defects.Get(name)
	if ok {
		options.Defects = []string{name}
		options.GiveUpAfter = max(giveUpAfter, d.Watch)
	}
	server, err := serve.Start(options)
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	profile, err := target.Load(options.Profile)
	if err != nil {
		return err
	}
	record, _, err := runner.Run(ctx, runner.Options{Target: profile, Only: selection(d), Tool: reports.Tool{Name: "scimproof"}, Progress: runner.Silent})
	if err != nil {
		return err
	}
	report := reports.Judge(*record)
	return json.NewEncoder(out).Encode(reports.Report{Verdict: report.Verdict, Checks: report.Checks, Gaps: report.Gaps})
}
