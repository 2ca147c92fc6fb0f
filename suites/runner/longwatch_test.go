package runner_test

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// longWatch is an application in this process, and a long watch of it.
type longWatch struct {
	t       *testing.T
	server  *httptest.Server
	target  *target.Target
	options runner.Later
	notes   *notes
	// judge decides on each credential after the application has; it may be swapped.
	judge atomic.Pointer[func(*acme.Credential)]
}

// notes is a Progress that keeps what is said, and calls out at the first wait.
type notes struct {
	runner.Progress
	mu       sync.Mutex
	text     []string
	watching func()
}

func (n *notes) Note(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.text = append(n.text, text)
}

func (n *notes) Watching(string, time.Time) {
	if n.watching != nil {
		n.watching()
	}
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.text, "\n")
}

func newLongWatch(t *testing.T, marks ...time.Duration) *longWatch {
	t.Helper()
	t.Setenv(subject.StateDirVariable, t.TempDir())
	dir := t.TempDir()
	w := &longWatch{t: t, notes: &notes{Progress: runner.Silent}}
	key, err := later.NewKey("tests know this key: 4711")
	if err != nil {
		t.Fatal(err)
	}
	key.Work = 4
	w.options = runner.Later{Marks: marks, File: filepath.Join(dir, "watch.age"), Key: key}
	app := acme.New(acme.Config{SCIMToken: "scim-token-for-tests-1", Hooks: acme.Hooks{JudgeCredential: []func(*acme.Credential){func(c *acme.Credential) {
		if judge := w.judge.Load(); judge != nil {
			(*judge)(c)
		}
	}}}})
	w.server = httptest.NewServer(app)
	t.Cleanup(func() {
		app.Close()
		w.server.Close()
	})
	profile := filepath.Join(dir, "acme.yaml")
	err = acme.WriteTargetProfile(profile, acme.Profile{
		BaseURL: w.server.URL, SCIMToken: "scim-token-for-tests-1", RevokeWithin: 300 * time.Millisecond, GiveUpAfter: 900 * time.Millisecond, Subjects: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.target, err = target.Load(profile); err != nil {
		t.Fatal(err)
	}
	return w
}

// decide puts a rule in place of the last one.
func (w *longWatch) decide(judge func(*acme.Credential)) { w.judge.Store(&judge) }

// run is what begins the long watch.
func (w *longWatch) run(ctx context.Context, only string) *reports.Report {
	w.t.Helper()
	record, _, err := runner.Run(ctx, runner.Options{Target: w.target, Only: only, Tool: tool, Progress: w.notes, Later: &w.options})
	if err != nil {
		w.t.Fatal(err)
	}
	return reports.Judge(*record)
}

var tool = reports.Tool{Name: "scimproof", Version: "test"}

// resume goes on with it. The report is nil if none was written.
func (w *longWatch) resume(ctx context.Context, change func(*runner.ResumeOptions)) (done runner.Resumed, report *reports.Report, err error) {
	o := runner.ResumeOptions{Target: w.target, File: w.options.File, Key: w.options.Key, Tool: tool, Progress: w.notes}
	o.Publish = func(record *reports.Record, vault *redact.Vault) error {
		report = reports.Judge(*record)
		return nil
	}
	if change != nil {
		change(&o)
	}
	done, err = runner.Resume(ctx, o)
	return done, report, err
}

// pass lets time pass, by moving all that has happened into the past.
func (w *longWatch) pass(d time.Duration) {
	w.t.Helper()
	state, _, err := later.Load(w.options.File, w.options.Key)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range state.Record.Events {
		for k := range state.Record.Events[i].Steps {
			step := &state.Record.Events[i].Steps[k]
			step.Sent, step.Answered = step.Sent.Add(-d), step.Answered.Add(-d)
		}
	}
	for i := range state.Record.LongWatch.Marks {
		m := &state.Record.LongWatch.Marks[i]
		m.Due = m.Due.Add(-d)
	}
	if err := later.Save(w.options.File, w.options.Key, state); err != nil {
		w.t.Fatal(err)
	}
}

// users counts the test users at the application.
func (w *longWatch) users() int {
	w.t.Helper()
	swept, err := subject.Leftovers(w.target.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(swept)
}
