package access

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

const (
	maxMail   = 1 << 20 // what is read of a mail, in bytes
	maxLooked = 200     // new mails that are looked at for each question, the newest first
)

// mailbox is somewhere that mail arrives. It is used by one goroutine.
type mailbox interface {
	// mark remembers what is there: only what comes later is new.
	mark(ctx context.Context) error
	// newest returns the newest of the new mails that is wanted, as it was sent, or
	// errNoMail.
	newest(ctx context.Context, w wanted) ([]byte, error)
	close()
}

var errNoMail = errors.New("no such mail has come yet")

// wanted says which mail is looked for.
type wanted struct {
	to      string
	subject *regexp.Regexp
}

// openMailboxes opens the mailbox of each mail step before the first step is
// carried out, so that a mail counts as new by what was there, not by clocks.
func (d *Driver) openMailboxes(ctx context.Context, c *Credential) *ArmError {
	for i, step := range c.Path.Arm {
		if step.Mail == nil {
			continue
		}
		box, err := d.openMailbox(*step.Mail, c.values)
		if err == nil {
			c.mailboxes = append(c.mailboxes, box)
			err = box.mark(ctx)
		}
		if err != nil {
			return &ArmError{Path: c.Path.Name, Step: i + 1, Passing: true, Problem: mailPlace(step.Mail) + ": " + err.Error()}
		}
	}
	return nil
}

func (d *Driver) openMailbox(m target.Mail, values map[string]string) (mailbox, error) {
	if m.IMAP == nil {
		return &maildir{dir: m.Maildir}, nil
	}
	username, err := target.Expand(m.IMAP.Username, values)
	if err != nil {
		return nil, err
	}
	password, err := target.Expand(m.IMAP.Password, values)
	if err != nil {
		return nil, err
	}
	return &imapBox{at: *m.IMAP, username: username, password: password, timeout: d.Transport.Timeout, roots: d.mailRoots}, nil
}

// closeMailboxes ends the connections that openMailboxes has made.
func (c *Credential) closeMailboxes() {
	for _, box := range c.mailboxes {
		box.close()
	}
	c.mailboxes = nil
}

// mailboxOf is the mailbox that was opened for an arm step.
func (c *Credential) mailboxOf(index int) mailbox {
	before := 0
	for _, step := range c.Path.Arm[:index] {
		if step.Mail != nil {
			before++
		}
	}
	return c.mailboxes[before]
}

// armMail looks for the mail of an arm step once.
func (d *Driver) armMail(ctx context.Context, c *Credential, index int) *ArmError {
	step := c.Path.Arm[index]
	place := mailPlace(step.Mail)
	w, err := wantedOf(step.Mail, c.values)
	if err != nil {
		return &ArmError{Problem: place + ": " + err.Error()}
	}
	began := time.Now()
	raw, err := c.mailboxOf(index).newest(ctx, w)
	text := ""
	if err == nil {
		text, err = mailText(raw)
	}
	d.noteMail(ctx, place, w, raw, err, began)
	switch {
	case errors.Is(err, errNoMail):
		return &ArmError{Problem: fmt.Sprintf("%s: no mail to %s has come since the arming began%s", place, w.to, hintOf(step))}
	case err != nil:
		return &ArmError{Passing: true, Problem: place + ": " + err.Error()}
	}
	return d.keep(c, step, &reply{body: []byte(text)}, place+" has the mail")
}

// noteMail records a look into a mailbox. The mail itself is not kept: it is made to
// hold a secret.
func (d *Driver) noteMail(ctx context.Context, place string, w wanted, raw []byte, err error, began time.Time) {
	seen := reports.Exchange{
		Method: exchange.MethodMail, URL: place, RequestHeaders: map[string]string{"To": w.to},
		ResponseHeaders: map[string]string{"Mail": fmt.Sprintf("%d bytes, not kept", len(raw))},
	}
	switch {
	case errors.Is(err, errNoMail):
		seen.ResponseHeaders["Mail"] = "none yet"
	case err != nil:
		seen.ResponseHeaders, seen.Error = nil, err.Error()
	}
	d.Transport.Recorder.Note(ctx, seen, began)
}

func wantedOf(m *target.Mail, values map[string]string) (wanted, error) {
	to, err := target.Expand(m.To, values)
	if err != nil {
		return wanted{}, err
	}
	subject, err := regexp.Compile(m.Subject)
	if err != nil {
		return wanted{}, errors.New("subject is no regular expression")
	}
	return wanted{to: to, subject: subject}, nil
}

// mailPlace names a mailbox for people.
func mailPlace(m *target.Mail) string {
	if m.IMAP != nil {
		return "mail at " + m.IMAP.Address + " in " + m.IMAP.Mailbox
	}
	return "mail in " + m.Maildir
}

func hintOf(step target.Step) string {
	if step.WaitUpTo == 0 {
		return " (a mail takes its time: set waitUpTo)"
	}
	return " (" + step.WaitUpTo.String() + " waited)"
}
