// Package subject makes the test users of a run and removes them again. Each one
// is entered in a ledger file before it is created, so that a run that dies
// leaves nobody behind who cannot be found.
package subject

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// Prefix begins every userName that scimproof ever makes.
const Prefix = "scimproof-"

// Subject is a test user: somebody who will leave, or the control user beside
// them.
type Subject struct {
	ID         string // given by the target; empty until created
	UserName   string
	Email      string
	Password   string
	ExternalID string
	// DisplayName holds Marker, so that any page of the application that shows
	// the user's name shows the marker.
	DisplayName string
	Marker      string
	RunID       string
	formerly    []string // userNames before renames
}

// Values are the placeholders that the steps of an access path may use.
func (s *Subject) Values() map[string]string {
	return map[string]string{
		"user.id": s.ID, "user.userName": s.UserName, "user.email": s.Email, "user.password": s.Password,
		"user.displayName": s.DisplayName, "user.marker": s.Marker, "run.id": s.RunID,
	}
}

// Document is the subject as a SCIM User (RFC 7643 §4.1), with the attributes
// that an identity provider sends.
func (s *Subject) Document(extra map[string]any) scim.Document {
	d := scim.Document{
		"schemas":     []any{scim.UserSchema},
		"userName":    s.UserName,
		"externalId":  s.ExternalID,
		"displayName": s.DisplayName,
		"name":        map[string]any{"givenName": "Scimproof", "familyName": s.Marker},
		"emails":      []any{map[string]any{"value": s.Email, "type": "work", "primary": true}},
		"active":      true,
		"password":    s.Password,
	}
	maps.Copy(d, extra)
	return d
}

// Factory makes and removes subjects. All methods are safe for concurrent use.
type Factory struct {
	client *scim.Client
	vault  *redact.Vault
	ledger *Ledger
	target *target.Target
	runID  string

	mu     sync.Mutex
	made   int
	names  map[string]bool // userNames that were created
	sent   map[string]int  // how often a name was sent to be created
	stayed int             // removals that had no effect
	nonce  nonce
	// elsewhere makes what a run creates in another tenant, with a ledger of its own.
	elsewhere *Factory
	cleanup   reports.Cleanup

	gone atomic.Bool // the target, with all that was made there
}

// Gone says that the target is gone, and all that was made there with it: nothing is removed any
// more, and nothing is left.
func (f *Factory) Gone() {
	f.gone.Store(true)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.elsewhere != nil {
		f.elsewhere.Gone()
	}
}

// erase removes one thing, while the target is there.
func (f *Factory) erase(ctx context.Context, e eraser, name, id string) error {
	if f.gone.Load() {
		return nil
	}
	if err := e.erase(ctx, name, id); err != nil && !f.gone.Load() {
		return err
	}
	return nil
}

// enoughStayed is after how many removals without effect nobody waits for the next one
// to show: a target that deletes nobody would hold a run up for minutes.
const enoughStayed = 3

// patience is how long a read may still show what was removed.
func (f *Factory) patience() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stayed >= enoughStayed {
		return 0
	}
	return f.target.Limits.ReadLag
}

// NewFactory returns a factory for the run; names hold runID.
func NewFactory(t *target.Target, client *scim.Client, vault *redact.Vault, ledger *Ledger, runID string) *Factory {
	return &Factory{client: client, vault: vault, ledger: ledger, target: t, runID: runID, names: map[string]bool{}, sent: map[string]int{}}
}

// Draft makes up a subject without sending anything.
func (f *Factory) Draft() *Subject {
	f.mu.Lock()
	f.made++
	n := f.made
	f.mu.Unlock()
	local := fmt.Sprintf("%s%s-%03d", Prefix, f.runID, n)
	mail := local + "@" + f.target.SCIM.MailDomain
	marker := "mark-" + random(6)
	s := &Subject{
		UserName: mail, Email: mail, ExternalID: local,
		Marker: marker, DisplayName: "Scimproof " + marker, RunID: f.runID,
	}
	f.NewPassword(s)
	return s
}

// NewPassword gives the subject another password: long, random, and with a
// character of each class that password rules ask for.
func (f *Factory) NewPassword(s *Subject) {
	s.Password = "Sp-" + random(12) + "-7aZ!"
	f.vault.Learn("password", s.Password)
}

// Create enters the subject in the ledger and creates it. The reply is returned
// whatever its status; Subject.ID is set when the target gave one.
func (f *Factory) Create(ctx context.Context, s *Subject, extra map[string]any) (*scim.Reply, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx, cancel := outlasting(ctx)
	defer cancel()
	if err := f.ledger.Enter(s.UserName); err != nil {
		return nil, err
	}
	f.Sends(s.UserName)
	attributes := maps.Clone(f.target.SCIM.UserExtra)
	if attributes == nil {
		attributes = map[string]any{}
	}
	maps.Copy(attributes, extra)
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "create test user"})
	reply, err := f.client.CreateUser(ctx, s.Document(attributes))
	if err != nil || reply.Recovered {
		f.Sends(s.UserName) // and perhaps twice
	}
	if err != nil {
		return nil, err
	}
	if id := reply.Doc.Text("id"); id != "" && reply.OK() {
		s.ID = id
		f.count(s.UserName)
		return reply, f.ledger.Created(s.UserName, id)
	}
	return reply, nil
}

// Elsewhere returns a factory for another tenant, where who provisions. Its ledger stands
// under the tenant's address, which a sweep looks at, too.
func (f *Factory) Elsewhere(who *scim.Client) (*Factory, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.elsewhere == nil {
		ledger, err := OpenLedger(who.Base().String(), f.runID)
		if err != nil {
			return nil, err
		}
		f.elsewhere = NewFactory(f.target, who, f.vault, ledger, f.runID)
	}
	return f.elsewhere, nil
}

// Close ends the ledger of another tenant, if there is one.
func (f *Factory) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.elsewhere == nil {
		return nil
	}
	return f.elsewhere.ledger.Close()
}

// Sends notes that a name is sent to the target to be created. One that was sent more than
// once is looked for when its user has been removed.
func (f *Factory) Sends(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent[name]++
}

// has reports a name that a subject of the run was created with.
func (f *Factory) has(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.names[name]
}

// once reports a name that was sent one time and answered.
func (f *Factory) once(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sent[name] == 1
}

// Expect enters in the ledger somebody who will get an account past SCIM.
func (f *Factory) Expect(s *Subject) error { return f.ledger.Enter(s.UserName) }

// CreateTwin creates a subject whose userName may be taken. The reply is the answer to
// the POST itself: a look-up after a lost answer would find whoever has the name.
func (f *Factory) CreateTwin(ctx context.Context, s *Subject) (*scim.Reply, error) {
	if err := f.ledger.Enter(s.UserName); err != nil {
		return nil, err
	}
	f.Sends(s.UserName)
	reply, err := f.client.Do(ctx, http.MethodPost, "/Users", s.Document(f.target.SCIM.UserExtra))
	if err != nil {
		return nil, err
	}
	if id := reply.Doc.Text("id"); id != "" && reply.OK() {
		s.ID = id
		f.count(s.UserName + " " + id)
		return reply, f.ledger.Created(s.UserName, id)
	}
	return reply, nil
}

// createGrace is how long a create may go on after an interrupt.
const createGrace = 20 * time.Second

// outlasting returns a context that ends some time after the given one. A create
// that is cut off on its way may still take effect at the target, after the clean-up
// has looked for the user in vain.
func outlasting(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(createGrace, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}

// count notes that a user exists. One who is created again under the same name is
// still one to remove.
func (f *Factory) count(userName string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.names[userName] {
		f.names[userName] = true
		f.cleanup.Created++
	}
}

// Admit creates a subject as Make does, with further attributes.
func (f *Factory) Admit(ctx context.Context, s *Subject, extra map[string]any) error {
	_, err := f.AdmitReply(ctx, s, extra)
	return err
}

// Make drafts and creates a subject. Unlike Create it takes any answer but a 2xx
// with an id for an error.
func (f *Factory) Make(ctx context.Context) (*Subject, *scim.Reply, error) {
	s := f.Draft()
	reply, err := f.AdmitReply(ctx, s, nil)
	return s, reply, err
}

// AdmitReply is Admit with the answer.
func (f *Factory) AdmitReply(ctx context.Context, s *Subject, extra map[string]any) (*scim.Reply, error) {
	putBack := f.lendNonce(s, extra)
	reply, err := f.Create(ctx, s, extra)
	putBack()
	if err != nil {
		return nil, err
	}
	if s.ID == "" {
		return reply, &RefusedError{Reply: reply, Request: "POST /Users for test user " + s.UserName}
	}
	return reply, nil
}

// RefusedError is the error for a test user or group that the target would not create.
type RefusedError struct {
	Reply   *scim.Reply
	Request string // what was sent, and for whom
}

// Error quotes the target's own words.
func (e *RefusedError) Error() string {
	detail := e.Reply.Doc.Text("detail")
	if detail == "" {
		detail = "no detail given"
	}
	if e.Reply.OK() {
		detail = "the reply holds no id"
	}
	return fmt.Sprintf("%s answered %d: %s", e.Request, e.Reply.Status, detail)
}

// Remove deletes the subject, also one that was created again under its name, and
// strikes it from the ledger once a read shows that it is gone. What stays is
// listed in the report.
func (f *Factory) Remove(ctx context.Context, s *Subject) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "clean up", Brief: true})
	e := userEraser(f.client, s.UserName, f.patience())
	e.once = f.once(s.UserName)
	f.struck(s.UserName, s.ID, f.erase(ctx, e, s.UserName, s.ID))
	for _, old := range s.formerly {
		_ = f.ledger.Removed(old) // the same user under another name
	}
}

// struck notes what became of a removal. id is empty for what never came to be.
func (f *Factory) struck(name, id string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.stayed++
		f.cleanup.Left = append(f.cleanup.Left, fmt.Sprintf("%s: %v", name, err))
		return
	}
	if id != "" && !f.gone.Load() {
		f.cleanup.Removed++
	}
	// A ledger that cannot be written only means that the next clean-up looks for
	// what is gone.
	_ = f.ledger.Removed(name)
}

// Keep leaves the subject at the target for a long watch: the ledger notes its state file,
// and until when a sweep leaves the subject alone.
func (f *Factory) Keep(s *Subject, watch string, until time.Time) error {
	return f.ledger.Keep(s.UserName, s.ID, watch, until)
}

// Release removes a subject who was kept. From now on a sweep takes it like any other, should
// the removal fail.
func (f *Factory) Release(ctx context.Context, s *Subject) {
	// A ledger that cannot be written only means that a sweep leaves it alone for longer.
	_ = f.ledger.Created(s.UserName, s.ID)
	f.Remove(ctx, s)
}

// Rename enters another userName for the subject in the ledger and takes it as the
// subject's own. The caller sends it to the target: whichever name the user then has, the
// ledger has it.
func (f *Factory) Rename(s *Subject) error {
	renamed := f.Draft()
	if err := f.ledger.Created(renamed.UserName, s.ID); err != nil {
		return err
	}
	s.formerly = append(s.formerly, s.UserName)
	s.UserName, s.Email = renamed.UserName, renamed.Email
	return nil
}

// Cleanup sums up what was made and what is left.
func (f *Factory) Cleanup() reports.Cleanup {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.cleanup
	c.Left = append([]string{}, c.Left...)
	if f.elsewhere != nil {
		there := f.elsewhere.Cleanup()
		c.Created, c.Removed, c.Left = c.Created+there.Created, c.Removed+there.Removed, append(c.Left, there.Left...)
	}
	return c
}

func random(bytes int) string {
	b := make([]byte, bytes)
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
