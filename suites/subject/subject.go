// Package subject makes the test users of a run and removes them again. Each one
// is entered in a ledger file before it is created, so that a run that dies
// leaves nobody behind who cannot be found.
package subject

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"
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

	mu      sync.Mutex
	made    int
	names   map[string]bool // userNames that were created
	cleanup reports.Cleanup
}

// NewFactory returns a factory for the run; names hold runID.
func NewFactory(t *target.Target, client *scim.Client, vault *redact.Vault, ledger *Ledger, runID string) *Factory {
	return &Factory{client: client, vault: vault, ledger: ledger, target: t, runID: runID, names: map[string]bool{}}
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
	ctx, cancel := outlasting(ctx, createGrace)
	defer cancel()
	if err := f.ledger.Enter(s.UserName); err != nil {
		return nil, err
	}
	attributes := maps.Clone(f.target.SCIM.UserExtra)
	if attributes == nil {
		attributes = map[string]any{}
	}
	maps.Copy(attributes, extra)
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "create test user"})
	reply, err := f.client.CreateUser(ctx, s.Document(attributes))
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

// createGrace is how long a create may go on after an interrupt.
const createGrace = 20 * time.Second

// outlasting returns a context that ends some time after the given one. A create
// that is cut off on its way may still take effect at the target, after the clean-up
// has looked for the user in vain.
func outlasting(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
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

// Make drafts and creates a subject. Unlike Create it takes any answer but a 2xx
// with an id for an error.
func (f *Factory) Make(ctx context.Context) (*Subject, *scim.Reply, error) {
	s := f.Draft()
	reply, err := f.Create(ctx, s, nil)
	if err != nil {
		return s, nil, err
	}
	if s.ID == "" {
		return s, reply, &RefusedError{Reply: reply, UserName: s.UserName}
	}
	return s, reply, nil
}

// RefusedError is the error for a test user that the target would not create.
type RefusedError struct {
	Reply    *scim.Reply
	UserName string
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
	return fmt.Sprintf("POST /Users for test user %s answered %d: %s", e.UserName, e.Reply.Status, detail)
}

// Remove deletes the subject, also one that was created again under its name, and
// strikes it from the ledger once a read shows that it is gone. What stays is
// listed in the report.
func (f *Factory) Remove(ctx context.Context, s *Subject) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "clean up"})
	err := Erase(ctx, f.client, s.UserName, s.ID, f.target.Limits.ReadLag)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.cleanup.Left = append(f.cleanup.Left, fmt.Sprintf("%s: %v", s.UserName, err))
		return
	}
	if s.ID != "" {
		f.cleanup.Removed++
	}
	// A ledger that cannot be written only means that the next clean-up looks for
	// a user who is gone.
	_ = f.ledger.Removed(s.UserName)
}

// Cleanup sums up what was made and what is left.
func (f *Factory) Cleanup() reports.Cleanup {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.cleanup
	c.Left = append([]string{}, c.Left...)
	return c
}

// Erase deletes the user with this userName. The id is a hint and may be empty or
// stale; the look-up decides. Only a name that begins with Prefix is touched. lag is
// how long a read may still show a user who is gone.
func Erase(ctx context.Context, client *scim.Client, userName, id string, lag time.Duration) error {
	if len(userName) < len(Prefix) || userName[:len(Prefix)] != Prefix {
		return fmt.Errorf("%q is not a test user of scimproof", userName)
	}
	if id != "" {
		if gone, err := eraseID(ctx, client, id, lag); err != nil || !gone {
			return orStill(err)
		}
	}
	reply, err := client.FindUser(ctx, userName)
	if err != nil {
		return err
	}
	found := reply.Doc.FindUser(userName)
	if found == nil || found.Text("id") == "" || found.Text("id") == id {
		return nil
	}
	gone, err := eraseID(ctx, client, found.Text("id"), lag)
	if err != nil || !gone {
		return orStill(err)
	}
	return nil
}

func orStill(err error) error {
	if err != nil {
		return err
	}
	return errors.New("the target acknowledged the DELETE, but the user can still be read; remove it by hand")
}

// eraseID deletes by id and reads back until the user is gone or the lag is over.
func eraseID(ctx context.Context, client *scim.Client, id string, lag time.Duration) (gone bool, err error) {
	reply, err := client.DeleteUser(ctx, id)
	if errors.Is(err, scim.ErrAnswerLost) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if reply.Status == http.StatusNotFound {
		return true, nil
	}
	if !reply.OK() {
		return false, fmt.Errorf("DELETE answered %d", reply.Status)
	}
	for start := time.Now(); ; {
		read, err := client.GetUser(ctx, id)
		if err != nil {
			return false, err
		}
		gone := read.Status == http.StatusNotFound || read.Status == http.StatusGone
		if gone || time.Since(start) >= lag {
			return gone, nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

func random(bytes int) string {
	b := make([]byte, bytes)
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
