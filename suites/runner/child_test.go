package runner_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimproof/scimproof/mocks/serve"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// Ginkgo keeps its tree in globals, so one process holds one run at a time. The
// tests that need many run each in a child, which is this test binary once more.
const childVariable = "SCIMPROOF_TEST_CHILD"

// order is what a child is asked to do.
type order struct {
	Defects                   []string
	Only                      string
	RevokeWithin, GiveUpAfter time.Duration
	// Subjects is how many leavers each event has; 0 is one, which saves time.
	Subjects int
	// Without takes the access paths of a kind out of the profile; Asserted says
	// that somebody vouches for there being none.
	Without  target.Kind
	Asserted bool
	// Acts says what becomes of the acts past SCIM: "spoilt" sends them elsewhere, "unsaid"
	// takes them out of the profile, "asserted" has somebody vouch for there being none.
	Acts string
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		os.Exit(child(text))
	}
	os.Exit(m.Run())
}

// child serves the application, runs against it and prints the report.
func child(text string) int {
	report, err := obey(text)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(report)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func obey(text string) (*reports.Report, error) {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return nil, err
	}
	dir := os.Getenv(subject.StateDirVariable)
	profile := filepath.Join(dir, "acme.yaml")
	server, err := serve.Start(serve.Options{
		Listen: "127.0.0.1:0", Defects: o.Defects, Profile: profile, RevokeWithin: o.RevokeWithin, GiveUpAfter: o.GiveUpAfter,
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.Close() }()
	t, err := target.Load(profile)
	if err != nil {
		return nil, err
	}
	t.Subjects = max(1, o.Subjects)
	if len(o.Defects) > 0 {
		t.Limits.Connections = 1 // a defect that is always on is so over each
	}
	t.Access = slices.DeleteFunc(t.Access, func(p target.AccessPath) bool { return p.Kind == o.Without })
	if o.Asserted {
		t.NotApplicable = append(t.NotApplicable, target.NotApplicable{Kind: o.Without, AssertedBy: "Ada Okafor", Reason: "there are none"})
	}
	o.turnActs(t)
	record, _, err := runner.Run(context.Background(), runner.Options{Target: t, Only: o.Only, Tool: reports.Tool{Name: "scimproof", Version: "test"}, Progress: runner.Silent})
	if err != nil {
		return nil, err
	}
	return reports.Judge(*record), nil
}

// turnActs does to the acts past SCIM what the order says.
func (o order) turnActs(t *target.Target) {
	switch o.Acts {
	case "spoilt":
		for i := range t.OutOfBand {
			last := len(t.OutOfBand[i].Steps) - 1
			t.OutOfBand[i].Steps[last].URL += "/nowhere"
		}
	case "unsaid":
		t.OutOfBand = nil
	case "asserted":
		t.OutOfBand = nil
		for _, act := range append(target.Acts(), target.ActSignOut) {
			t.NotApplicable = append(t.NotApplicable, target.NotApplicable{Act: act, AssertedBy: "Ada Okafor", Reason: "nobody can"})
		}
	}
}

// runChild carries an order out in a child of its own.
func runChild(t *testing.T, o order) *reports.Report {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(text), subject.StateDirVariable+"="+t.TempDir())
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("the run failed: %v\n%s", err, strings.TrimSpace(errs.String()))
	}
	var report reports.Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	return &report
}
