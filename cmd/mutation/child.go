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

// selection says which checks a defect is held against. What is harmless, and the
// application without any, meets all of them: there a false alarm shows. Defects of who
// gets in, and of what they hold, meet the plain ways in and all that they declare: one
// way in alone takes a run half of its time. All others, which are two in three, meet the
// plain credentials in the events of every leaver.
func selection(d defects.Defect, all []reports.Spec) string {
	touches := slices.ContainsFunc(d.Checks, func(pattern string) bool { return strings.HasPrefix(pattern, "survival.") })
	switch {
	case d.Family == defects.Channel:
		return "!survival" // whose events would meet a broken channel at some moment or other
	case d.Name == "" || d.Harmless():
		return ""
	case touches || slices.Contains([]defects.Family{defects.Survival, defects.Leaver, defects.Members}, d.Family):
		return "check: containsAny {" + strings.Join(near(d, all), ", ") + "}"
	}
	return defects.PlainChecks
}

// plain are the ways in that no try spends, and those of the people who stay.
var plain = []target.Kind{
	target.WebSession, target.AccessToken, target.PersonalToken, target.LocalPassword,
	target.GroupAccess, target.RoleAccess, target.DirectGrant, target.ActingAs,
}

// near lists the checks that a defect is held against: what it declares, what asks SCIM
// alone, and the plain ways in.
func near(d defects.Defect, all []reports.Spec) []string {
	var ids []string
	for _, s := range all {
		ids = append(ids, s.ID)
	}
	declared := d.Expected(ids)
	return slices.DeleteFunc(ids, func(id string) bool {
		s := all[slices.IndexFunc(all, func(s reports.Spec) bool { return s.ID == id })]
		return s.Credential != "" && !slices.Contains(plain, target.Kind(s.Credential)) && !slices.Contains(declared, id)
	})
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
	all, err := runner.List("")
	if err != nil {
		return err
	}
	record, _, err := runner.Run(ctx, runner.Options{Target: profile, Only: selection(d, all), Tool: reports.Tool{Name: "scimproof"}, Progress: runner.Silent})
	if err != nil {
		return err
	}
	report := reports.Judge(*record)
	return json.NewEncoder(out).Encode(reports.Report{Verdict: report.Verdict, Checks: report.Checks, Gaps: report.Gaps})
}
