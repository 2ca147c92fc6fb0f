package access

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// maxHeader is what is read of a mail's header to tell whether it is wanted, in
// bytes.
const maxHeader = 64 << 10

// maxSession is what a mail server may send for one question, in bytes.
const maxSession = 8 << 20

var errTooMuch = errors.New("the mail server sent more than 8 MiB for one question")

// imapBox is a mailbox on an IMAP server (RFC 9051, RFC 3501). It is opened to be
// read only and mails are peeked at, so that nothing changes for whoever reads them.
type imapBox struct {
	at                 target.IMAP
	username, password string
	timeout            time.Duration // for one question
	roots              *x509.CertPool

	client *imapclient.Client
	conn   *bounded
	// What is new: UIDs from next on, as long as validity stays (RFC 9051 §2.3.1.1).
	next     imap.UID
	validity uint32
}

func (b *imapBox) mark(ctx context.Context) error {
	return b.ask(ctx, func() error { return nil }, true)
}

func (b *imapBox) newest(ctx context.Context, w wanted) (raw []byte, err error) {
	err = b.ask(ctx, func() error {
		raw, err = b.search(w)
		return err
	}, false)
	return raw, err
}

// ask opens the mailbox if it is not open and puts a question, all within the
// timeout. After an error the connection is given up; the next question makes a new
// one.
func (b *imapBox) ask(ctx context.Context, question func() error, marking bool) error {
	if b.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, b.timeout)
		defer cancel()
	}
	err := b.open(ctx, marking)
	if err == nil {
		b.conn.left.Store(maxSession)
		stop := context.AfterFunc(ctx, func() { _ = b.conn.Close() })
		err = question()
		stop()
	}
	if err == nil || errors.Is(err, errNoMail) {
		return err
	}
	if b.conn != nil && b.conn.left.Load() <= 0 {
		err = errTooMuch
	}
	b.close()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return explainMail(err)
}

// open connects, signs in and opens the mailbox.
func (b *imapBox) open(ctx context.Context, marking bool) error {
	if b.client != nil {
		return nil
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", b.at.Address)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if b.at.TLS {
		secure := tls.Client(conn, &tls.Config{ServerName: b.at.Host, RootCAs: b.roots, MinVersion: tls.VersionTLS12})
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return err
		}
		conn = secure
	}
	b.conn = &bounded{Conn: conn}
	b.conn.left.Store(maxSession)
	b.client = imapclient.New(b.conn, nil)
	if err := b.client.Login(b.username, b.password).Wait(); err != nil {
		return loginProblem(err)
	}
	box, err := b.client.Select(b.at.Mailbox, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return err
	}
	if marking {
		b.next, b.validity = box.UIDNext, box.UIDValidity
	}
	if box.UIDValidity != b.validity {
		return errors.New("the mail server has numbered its mails anew, so that new ones cannot be told")
	}
	return nil
}

// search looks at the new mails, the newest first.
func (b *imapBox) search(w wanted) ([]byte, error) {
	// Servers tell of new mail only when they are spoken to (RFC 9051 §7).
	if err := b.client.Noop().Wait(); err != nil {
		return nil, err
	}
	fresh := imap.UIDSet{imap.UIDRange{Start: b.next, Stop: 0}}
	found, err := b.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{fresh}}, nil).Wait()
	if err != nil {
		return nil, err
	}
	// The range n:* always holds the last mail, also an old one (RFC 9051 §9).
	uids := slices.DeleteFunc(found.AllUIDs(), func(uid imap.UID) bool { return uid < b.next })
	slices.Sort(uids)
	slices.Reverse(uids)
	for _, uid := range uids[:min(len(uids), maxLooked)] {
		header, err := b.fetch(uid, imap.PartSpecifierHeader, maxHeader)
		if err != nil {
			return nil, err
		}
		if w.isWanted(header) {
			return b.fetch(uid, imap.PartSpecifierNone, maxMail)
		}
	}
	return nil, errNoMail
}

// fetch reads a mail or its header, up to a limit.
func (b *imapBox) fetch(uid imap.UID, what imap.PartSpecifier, limit int64) ([]byte, error) {
	section := &imap.FetchItemBodySection{Specifier: what, Peek: true, Partial: &imap.SectionPartial{Size: limit}}
	list, err := b.client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		for _, s := range m.BodySection {
			return s.Bytes, nil
		}
	}
	return nil, nil // it was removed meanwhile, and matches nothing
}

func (b *imapBox) close() {
	if b.client != nil {
		_ = b.client.Close()
	}
	b.client, b.conn = nil, nil
}

// loginProblem tells a refused password from a broken connection. It drops the
// server's words: some repeat what they were sent.
func loginProblem(err error) error {
	var refused *imap.Error
	if errors.As(err, &refused) {
		return errors.New("the mail server refuses username and password (compare mail.imap with the secret)")
	}
	return err
}

func explainMail(err error) error {
	var refused *imap.Error
	switch {
	case errors.As(err, &refused):
		return errors.New("the mail server refuses: " + exchange.Printable(refused.Text, maxReason))
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("the mail server gave no complete answer in time (limits.requestTimeout)")
	case exchange.IsTLS(err):
		return errors.New("the mail server's certificate is not trusted: " + err.Error())
	}
	return errors.New(exchange.Explain(err))
}

// bounded is a connection from which only so much can be read.
type bounded struct {
	net.Conn
	left atomic.Int64 // the client reads in a goroutine of its own
}

// Read implements net.Conn.
func (b *bounded) Read(p []byte) (int, error) {
	left := b.left.Load()
	if left <= 0 {
		return 0, errTooMuch
	}
	n, err := b.Conn.Read(p[:min(int64(len(p)), left)])
	b.left.Add(-int64(n))
	return n, err
}
