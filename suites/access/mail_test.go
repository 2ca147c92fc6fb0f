package access

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

const mailPassword = "the-mail-password-1"

// post is a mail of one plain part.
func post(to, subject, text string) string {
	return "From: App <app@example.com>\r\nTo: " + to + "\r\nSubject: " + subject + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n"
}

// place is somewhere that mail is put and looked for.
type place struct {
	mail    target.Mail
	deliver func(text string)
}

// newMaildir returns an empty Maildir.
func newMaildir(t *testing.T) place {
	t.Helper()
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "new"), 0o700))
	var n atomic.Int64
	return place{target.Mail{Maildir: dir}, func(text string) {
		must(t, os.WriteFile(filepath.Join(dir, "new", fmt.Sprintf("1700000000.M%06d.host", n.Add(1))), []byte(text), 0o600))
	}}
}

// newIMAP starts a mail server with an empty INBOX.
func newIMAP(t *testing.T) place {
	t.Helper()
	user := imapmemserver.NewUser("box", mailPassword)
	must(t, user.Create("INBOX", nil))
	memory := imapmemserver.New()
	memory.AddUser(user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed below
	must(t, err)
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	at := target.IMAP{Address: listener.Addr().String(), Host: "127.0.0.1", Username: "box", Password: "{{secret.mail}}", Mailbox: "INBOX"}
	return place{target.Mail{IMAP: &at}, func(text string) {
		_, err := user.Append("INBOX", literal{strings.NewReader(text)}, &imap.AppendOptions{})
		must(t, err)
	}}
}

type literal struct{ *strings.Reader }

// Size implements imap.LiteralReader.
func (l literal) Size() int64 { return l.Reader.Size() }

var places = map[string]func(*testing.T) place{"Maildir": newMaildir, "IMAP": newIMAP}

// inPlaces runs a test with each kind of mailbox.
func inPlaces(t *testing.T, test func(*testing.T, place)) {
	t.Helper()
	for name, open := range places {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// armed arms a path that waits for a mail with a code, after a step in which
// deliver is called: the application sends its mail.
func armed(t *testing.T, p place, deliver func(*exchange.Recorder), change func(*target.Step)) (string, error) {
	t.Helper()
	d, recorder := newDriver(t)
	d.Secrets = map[string]string{"secret.mail": mailPassword}
	d.Vault.Learn("mail", mailPassword)
	m := p.mail
	m.To = "{{user.email}}"
	step := target.Step{Mail: &m, WaitUpTo: 10 * time.Second, Capture: map[string]target.Capture{"code": {Body: true, Match: "code ([a-z0-9-]+)"}}}
	if change != nil {
		change(&step)
	}
	c, err := d.Arm(t.Context(), target.AccessPath{Name: "link", Arm: []target.Step{
		{Method: "POST", URL: serving(t, func(http.ResponseWriter, *http.Request) { deliver(recorder) })}, step,
	}}, "polled", map[string]string{"user.email": "ada@example.com"})
	g := NewWithT(t)
	g.Expect(fmt.Sprint(recorder.Exchanges(), err)).NotTo(ContainSubstring(mailPassword))
	if err != nil {
		return "", err
	}
	list := recorder.Exchanges()
	last := list[len(list)-1]
	g.Expect(last.Method).To(Equal("MAIL"))
	g.Expect(last.RequestHeaders).To(HaveKeyWithValue("To", "ada@example.com"))
	g.Expect(last.ResponseHeaders["Mail"]).To(HaveSuffix("bytes, not kept"))
	g.Expect(fmt.Sprint(list)).NotTo(ContainSubstring(c.values["code"]))
	g.Expect(c.mailboxes).To(BeEmpty(), "closed when it is armed")
	return c.values["code"], nil
}

func TestTheNewestMailOfTheUserWins(t *testing.T) {
	inPlaces(t, func(t *testing.T, p place) {
		g := NewWithT(t)
		p.deliver(post("ada@example.com", "Hello", "code of-yesterday"))
		code, err := armed(t, p, func(*exchange.Recorder) {
			p.deliver(post("ada@example.com", "Hello", "code the-older-one"))
			p.deliver(post("Ada <ADA@example.com>", "Hello", "code the-newer-one"))
			p.deliver(post("bob@example.com", "Hello", "code of-somebody-else"))
			p.deliver(post("xada@example.com", "Hello", "code of-another-one"))
		}, nil)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(code).To(Equal("the-newer-one"))
	})
}

func TestAMailOfBeforeIsNotTaken(t *testing.T) {
	inPlaces(t, func(t *testing.T, p place) {
		p.deliver(post("ada@example.com", "Hello", "code of-yesterday"))
		_, err := armed(t, p, func(*exchange.Recorder) {}, func(s *target.Step) { s.WaitUpTo = 0 })
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("no mail to ada@example.com has come since the arming began (a mail takes its time: set waitUpTo)")))
	})
}

func TestAMailIsAskedForUntilItIsThere(t *testing.T) {
	inPlaces(t, func(t *testing.T, p place) {
		g := NewWithT(t)
		late := make(chan struct{})
		code, err := armed(t, p, func(r *exchange.Recorder) {
			go func() {
				defer close(late)
				for r.Health().Requests < 2 { // the request, and the first look
					time.Sleep(time.Millisecond)
				}
				p.deliver(post("ada@example.com", "Hello", "code the-late-one"))
			}()
		}, nil)
		<-late
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(code).To(Equal("the-late-one"))
	})
}

func TestASubjectIsLookedAt(t *testing.T) {
	inPlaces(t, func(t *testing.T, p place) {
		g := NewWithT(t)
		code, err := armed(t, p, func(*exchange.Recorder) {
			p.deliver(post("ada@example.com", "=?utf-8?q?Best=C3=A4tigen?=", "code the-right-one"))
			p.deliver(post("ada@example.com", "News", "code of-the-newsletter"))
		}, func(s *target.Step) { s.Mail.Subject = "^Bestätigen$" })
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(code).To(Equal("the-right-one"))
	})
}

func TestAMailWithoutTheTextIsSaid(t *testing.T) {
	inPlaces(t, func(t *testing.T, p place) {
		_, err := armed(t, p, func(*exchange.Recorder) { p.deliver(post("ada@example.com", "Hello", "a secret word")) }, func(s *target.Step) { s.WaitUpTo = 0 })
		NewWithT(t).Expect(err).To(MatchError(SatisfyAll(
			ContainSubstring(`has the mail, but "code" cannot be captured: the value does not match`), Not(ContainSubstring("a secret word")))))
	})
}

func TestAMailThatAReaderHasSeenIsStillKnown(t *testing.T) {
	g := NewWithT(t)
	p := newMaildir(t)
	p.deliver(post("ada@example.com", "Hello", "code of-yesterday"))
	cur := filepath.Join(p.mail.Maildir, "cur")
	must(t, os.Mkdir(cur, 0o700))
	_, err := armed(t, p, func(*exchange.Recorder) {
		must(t, os.Rename(filepath.Join(p.mail.Maildir, "new", "1700000000.M000001.host"), filepath.Join(cur, "1700000000.M000001.host:2,S")))
	}, func(s *target.Step) { s.WaitUpTo = 0 })
	g.Expect(err).To(MatchError(ContainSubstring("no mail to")))
}

func TestTheNewestIsToldByWhenItCame(t *testing.T) {
	g := NewWithT(t)
	p := newMaildir(t)
	code, err := armed(t, p, func(*exchange.Recorder) {
		p.deliver(post("ada@example.com", "Hello", "code the-newer-one"))
		p.deliver(post("ada@example.com", "Hello", "code the-older-one"))
		before := time.Now().Add(-time.Hour)
		must(t, os.Chtimes(filepath.Join(p.mail.Maildir, "new", "1700000000.M000002.host"), before, before))
	}, nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(code).To(Equal("the-newer-one"))
}

func TestReadingChangesNoMail(t *testing.T) {
	g := NewWithT(t)
	p := newIMAP(t)
	_, err := armed(t, p, func(*exchange.Recorder) { p.deliver(post("ada@example.com", "Hello", "code one")) }, nil)
	g.Expect(err).NotTo(HaveOccurred())
	box := &imapBox{at: *p.mail.IMAP, username: "box", password: mailPassword}
	defer box.close()
	must(t, box.mark(t.Context()))
	list, err := box.client.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{Flags: true}).Collect()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list).To(HaveLen(1))
	g.Expect(list[0].Flags).NotTo(ContainElement(imap.FlagSeen))
}
