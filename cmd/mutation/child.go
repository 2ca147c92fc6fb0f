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

// onlySCIM selects what looks at SCIM alone.
const onlySCIM = "!survival"

// selection says which checks a defect is held against. Passing trouble, and the
// application without any defect, meet all of them; what the RFCs allow meets all of SCIM
// and the plain ways in: there a false alarm shows. Defects of who
// gets in, and of what they hold, meet all that they declare and the plain ways in. All
// others, which are two in three, meet the plain credentials in the events of every leaver. The
// checks are listed by all, where they are needed.
func selection(d defects.Defect, all func() ([]reports.Spec, error)) (string, error) {
	touches := slices.ContainsFunc(d.Checks, func(pattern string) bool { return strings.HasPrefix(pattern, "survival.") })
	switch {
	case d.Family == defects.Channel:
		return onlySCIM, nil // whose events would meet a broken channel at some moment or other
	case d.Only != "":
		return d.Only, nil
	case d.Family == defects.Lawful:
		return defects.PlainChecks, nil
	case d.Name == "" || d.Harmless():
		return "", nil
	case touches || slices.Contains([]defects.Family{defects.Survival, defects.Leaver, defects.Members}, d.Family):
		list, err := all()
		return "check: containsAny {" + strings.Join(near(d, list), ", ") + "}", err
	}
	return onlySCIM, nil
}

// near lists the checks that a defect is held against: what it declares, what asks SCIM
// alone, the plain ways in through the events of every leaver, and for groups and roles
// what these open.
func near(d defects.Defect, all []reports.Spec) []string {
	var ids []string
	for _, s := range all {
		ids = append(ids, s.ID)
	}
	declared := d.Expected(ids)
	beside := map[string]bool{} // the events of which something is held against access
	for _, s := range all {
		if s.Credential == "" && slices.Contains(declared, s.ID) {
			beside[event(s)] = true
		}
	}
	ids = ids[:0]
	for _, s := range all {
		opens := s.Credential == string(target.GroupAccess) || s.Credential == string(target.RoleAccess)
		usual := s.Credential == "" || slices.Contains(plain, target.Kind(s.Credential))
		switch {
		case asksSCIM(s) && (d.Family != defects.Survival || strings.HasPrefix(s.ID, "lifecycle.")), slices.Contains(declared, s.ID), everyLeavers(s) && usual,
			beside[event(s)] && (usual || opens), opens && d.Family == defects.Members:
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// asksSCIM reports a check that looks at SCIM alone. What lets people in shows in none of
// them, so that defects of survival meet the lifecycle's only.
func asksSCIM(s reports.Spec) bool { return !strings.HasPrefix(s.ID, "survival.") }

// event names the event of a check, in its form.
func event(s reports.Spec) string { return string(s.Event) + " " + s.Shape }

// plain are the ways in that no try spends.
var plain = []target.Kind{target.WebSession, target.AccessToken, target.PersonalToken, target.LocalPassword}

// everyLeavers reports a check on an event that every leaver meets.
func everyLeavers(s reports.Spec) bool {
	switch s.Event {
	case reports.EventDelete, reports.EventRecreate, reports.EventReactivate:
		return true
	case reports.EventDeactivate:
		return slices.Contains([]string{"patch-pathless", "patch-path", "patch-string", "put"}, s.Shape)
	}
	return false
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
	only, err := selection(d, func() ([]reports.Spec, error) { return runner.List("") })
	if err != nil {
		return err
	}
	record, _, err := runner.Run(ctx, runner.Options{Target: profile, Only: only, Tool: reports.Tool{Name: "scimproof"}, Progress: runner.Silent})
	if err != nil {
		return err
	}
	report := reports.Judge(*record)
	return json.NewEncoder(out).Encode(reports.Report{Verdict: report.Verdict, Checks: report.Checks, Gaps: report.Gaps, Matrix: report.Matrix})
}
