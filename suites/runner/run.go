package runner

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"golang.org/x/time/rate"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/access/chromium"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/features"
	"github.com/scimproof/scimproof/suites/requirements"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/survival"
	"github.com/scimproof/scimproof/suites/target"
)

// Options says what to run.
type Options struct {
	Target *target.Target
	Only   string // label filter; empty runs everything
	Tool   reports.Tool
	// Seed makes up the run's id; 0 takes a random one. It is in the report.
	Seed     int64
	Progress Progress
	// Later keeps what can be tried later for a long watch; nil for none.
	Later *Later
	// Nonce is the buyer's; one test user's displayName carries it. Empty for none; see
	// subject.CheckNonce.
	Nonce    string
	Operator reports.Operator
	// Died tells that the target is no more, such as a container that has ended; nil for a
	// target that is not watched.
	Died <-chan error
	// Released is called when the checks are over, and no signal handler of the process is
	// left: the checks take them all. Nil for a process that has none.
	Released func()
}

// Progress is told how a run gets on, from several goroutines.
type Progress interface {
	survival.Watcher
	// Planned says how many checks were selected.
	Planned(total int)
	// Started says which check runs now.
	Started(check reports.Spec)
	// Finished says what became of a check.
	Finished(check reports.Check)
	// Note is a sentence for the user.
	Note(text string)
}

// specTime bounds a single check; a watch has the whole budget and the time to
// arm and to clean up on top.
const (
	specTime  = 2 * time.Minute
	graceTime = 30 * time.Second
)

// Run runs the selected checks and returns what was seen, redacted, with the vault
// that knows the run's secrets. Errors are *FilterError and *ConfigError, before
// any test user was made, or the ledger's and the state file's. A target that cannot be
// reached is no error: the record says so.
func Run(ctx context.Context, o Options) (*reports.Record, *redact.Vault, error) {
	list, err := chosen(o.Only)
	if err != nil {
		return nil, nil, err
	}
	r, err := newRun(o, list)
	if err != nil {
		return nil, nil, err
	}
	defer r.driver.Close()
	ctx, unwatch := r.watchTarget(ctx)
	defer unwatch()
	if err := r.preflight(ctx); err != nil && deathOf(ctx) == nil {
		return nil, nil, errors.Join(err, r.ledger.Close())
	}
	if r.outage == "" && deathOf(ctx) == nil {
		unheard := context.AfterFunc(ctx, func() {
			if death := deathOf(ctx); death != nil {
				o.Progress.Note("Stopping: " + death.problem + ".")
				return
			}
			o.Progress.Note("Stopping: removing the test users. A second Ctrl-C leaves them to scimproof clean.")
		})
		defer unheard()
		r.sweep(ctx)
		r.specs(ctx)
		if o.Nonce != "" && r.session.Subjects.NonceOwner() == "" {
			o.Progress.Note("No test user carries the nonce: none was created that could.")
		}
	}
	kept := r.keep(ctx)
	record := r.record(ctx)
	if kept != nil {
		record = r.save(ctx, record, kept)
	}
	return record, r.vault, errors.Join(r.session.Subjects.Close(), r.ledger.Close())
}

// CheckFilter returns the *FilterError of a selection that chooses nothing; nil for a good one.
func CheckFilter(only string) error {
	_, err := chosen(only)
	return err
}

// chosen lists all checks, of which a selection chooses at least one.
func chosen(only string) ([]reports.Spec, error) {
	list, err := List(only)
	if err == nil && len(selected(list)) == 0 {
		err = &FilterError{Filter: only, Problem: "no check has such labels; see scimproof list"}
	}
	return list, err
}

// run is one run in progress.
type run struct {
	Options
	id      string
	started time.Time
	list    []reports.Spec
	vault   *redact.Vault
	ledger  *subject.Ledger
	session *spec.Session
	driver  *access.Driver
	stage   *survival.Stage
	outage  string
	watch   *reports.LongWatch // nil if none was asked for
}

func newRun(o Options, list []reports.Spec) (*run, error) {
	if o.Seed == 0 {
		o.Seed = rand.Int64() //nolint:gosec // it makes up names, no secrets
	}
	r := &run{Options: o, id: runID(o.Seed), started: time.Now(), list: list}
	if err := r.equip(); err != nil {
		return nil, err
	}
	if file := r.ledger.Watch(); file != "" {
		problem := fmt.Sprintf("--seed %d makes up the names of users who are kept for the long watch %s: take another seed", o.Seed, file)
		return nil, errors.Join(&ConfigError{problem}, r.ledger.Close())
	}
	return r, nil
}

// equip makes what a run sends and records with, and opens its ledger.
func (r *run) equip() (err error) {
	o := r.Options
	r.vault = redact.New()
	for _, s := range o.Target.Secrets {
		r.vault.Learn(s.Label, s.Value)
	}
	recorder := exchange.NewRecorder(r.vault, subject.Prefix)
	agent := exchange.Agent(o.Tool.Version, r.id)
	client, err := scim.New(o.Target, scim.Options{Agent: agent, Recorder: recorder})
	if err != nil {
		return &ConfigError{Problem: err.Error()}
	}
	base, err := exchange.NewBase(o.Target.SCIM.TLS, true)
	if err != nil {
		return &ConfigError{Problem: err.Error()}
	}
	if r.ledger, err = subject.OpenLedger(o.Target.ID, r.id); err != nil {
		return err
	}
	limits := o.Target.Limits
	subjects := subject.NewFactory(o.Target, client, r.vault, r.ledger, r.id)
	subjects.Carry(o.Nonce)
	r.session = &spec.Session{
		Target: o.Target, SCIM: client, Recorder: recorder, Book: &spec.Book{},
		Features: features.New(client, o.Target), Clients: clientsOf(o.Target),
		Subjects: subjects,
	}
	r.driver = &access.Driver{Vault: r.vault, Secrets: o.Target.SecretValues, Assertions: o.Target.Assertions, Connections: limits.Connections, Listener: o.Target.Listener, Browser: browserOf(o.Target), Transport: &exchange.Transport{
		Base: base, Recorder: recorder, Agent: agent, MaxBody: limits.MaxBodyBytes, Timeout: limits.RequestTimeout,
		Rate:  rate.NewLimiter(rate.Limit(limits.AccessRequestsPerSecond), max(1, int(limits.AccessRequestsPerSecond))),
		Slots: make(chan struct{}, limits.Concurrency),
	}}
	r.session.Access = r.driver
	r.stage = survival.NewStage(r.session, r.driver, o.Progress)
	r.stage.Lasting = o.Later != nil
	return nil
}

// clientsOf are the identity providers that a profile chooses; all of them if it says nothing.
func clientsOf(t *target.Target) []string {
	if len(t.Clients) > 0 {
		return t.Clients
	}
	return dialects.ClientIDs()
}

// browserOf says which browser pages are opened in. Like other requests, they are sent to
// whoever answers if the profile says so.
func browserOf(t *target.Target) chromium.Options {
	return chromium.Options{Executable: t.Browser.Executable, NoSandbox: t.Browser.NoSandbox, IgnoreCertificates: t.SCIM.TLS.InsecureSkipVerify}
}

// runID is eight letters and digits that begin each name the run makes.
func runID(seed int64) string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	source := rand.New(rand.NewPCG(uint64(seed), 0)) //nolint:gosec // names, no secrets
	id := make([]byte, 8)
	for i := range id {
		id[i] = letters[source.IntN(len(letters))]
	}
	return string(id)
}

// sweep removes what runs that died have left behind.
func (r *run) sweep(ctx context.Context) {
	swept, err := subject.Sweep(ctx, r.session.SCIM, r.Target)
	if err != nil {
		r.Progress.Note("Cleaning up after an earlier run failed: " + err.Error())
	}
	if n := len(swept.Removed); n > 0 {
		r.Progress.Note(plural(n, "test user") + " of an earlier run removed.")
	}
	for _, w := range swept.Kept {
		r.Progress.Note(fmt.Sprintf("%s of a long watch left alone until %s: %s. scimproof resume goes on with it, scimproof clean ends it.",
			plural(w.Users, "test user"), w.Until.Local().Format(localTime), w.File))
	}
	for _, w := range swept.Ended {
		r.Progress.Note(fmt.Sprintf("The long watch %s is over: nobody resumed it in time.", w.File))
	}
	for _, left := range swept.Left {
		r.Progress.Note("A test user of an earlier run could not be removed: " + left)
	}
}

// specs runs the tree. The events that its checks need are under way meanwhile.
func (r *run) specs(ctx context.Context) {
	defer build()()
	// Ginkgo goes on swallowing the signals after it has returned.
	defer func() {
		signal.Reset(os.Interrupt, syscall.SIGTERM)
		if r.Released != nil {
			r.Released()
		}
	}()
	ids := selected(r.list)
	r.Progress.Planned(len(ids))
	r.stage.Start(ctx, ids)

	ginkgo.ReportBeforeEach(func(s ginkgo.SpecReport) {
		if i := r.indexOf(s); i >= 0 && r.list[i].State != reports.SpecNotSelected {
			r.Progress.Started(r.list[i])
		}
	})
	ginkgo.ReportAfterEach(func(s ginkgo.SpecReport) { r.finished(s, ctx.Err() != nil) })

	// A check on survival may wait for two watches, and for others to begin first.
	suite, reporter := settings(r.Only, 1)
	suite.Timeout = time.Duration(len(ids)*max(1, r.Target.Subjects))*specTime + 8*r.Target.GiveUpAfter
	suite.GracePeriod = graceTime
	around := ginkgo.AroundNode(func(node context.Context) context.Context {
		return survival.With(spec.With(merged(node, ctx), r.session), r.stage)
	})
	ginkgo.RunSpecs(quiet{}, "scimproof", suite, reporter, around)
	r.session.Close(ctx)
	r.stage.Wait()
}

func (r *run) indexOf(s ginkgo.SpecReport) int {
	return index(r.list, spec.Describe(s.LeafNodeText, s.Labels()).ID)
}

// finished notes how far a check came. What breaks after an interrupt breaks because
// of it.
func (r *run) finished(s ginkgo.SpecReport, interrupted bool) {
	i := r.indexOf(s)
	if i < 0 || r.list[i].State == reports.SpecNotSelected {
		return
	}
	check := &r.list[i]
	check.DurationMs = s.RunTime.Milliseconds()
	message := s.Failure.Message
	skipped := s.State.Is(types.SpecStateSkipped)
	switch {
	case s.State.Is(types.SpecStatePassed):
		check.State = reports.SpecRan
	case interrupted, s.State.Is(types.SpecStateInterrupted), skipped && (message == "" || message == spec.Interrupted):
		check.State, check.Why = reports.SpecInterrupted, "the run was interrupted"
	case skipped:
		check.State = reports.SpecRan
	default:
		check.State, check.Why = reports.SpecBroken, message
		if s.Failure.ForwardedPanic != "" {
			check.Why = "the check itself broke: " + s.Failure.ForwardedPanic
		}
	}
	// Judging each check by itself is a tenth of the work of a run that only computes.
	if check.State != reports.SpecInterrupted && r.Progress != Silent {
		r.Progress.Finished(r.glance(*check))
	}
}

// glance judges one finished check by itself.
func (r *run) glance(s reports.Spec) reports.Check {
	mini := reports.Record{
		Target: describeTarget(r.Target), Specs: []reports.Spec{s}, Events: r.stage.Events(),
		Requirements: requirements.ForReport(s.Requirements...), Capabilities: r.session.Features.Capabilities(),
	}
	for _, o := range r.session.Book.Of(s.ID) {
		mini.Observations = append(mini.Observations, o)
		if o.State != nil {
			mini.Observations = append(mini.Observations, r.stage.Beside(o.State.Event)...)
		}
		if o.Issued != nil {
			mini.Observations = append(mini.Observations, r.stage.Beside(o.Issued.Event)...)
		}
	}
	check := reports.Glance(mini)[0]
	check.Because = r.vault.Text(check.Because)
	return check
}

// quiet takes Ginkgo's word that the suite failed: the verdict is not its own.
type quiet struct{}

func (quiet) Fail() {}
