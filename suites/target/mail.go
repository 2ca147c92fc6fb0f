package target

import (
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// defaultMailbox is where a server puts what comes in (RFC 9051 §5.1).
const defaultMailbox = "INBOX"

// Mail is a mail that a step looks for: the newest that matches, of those that came
// after the credential's arming had begun.
type Mail struct {
	Maildir string // absolute or relative to the working folder; empty if IMAP is set
	IMAP    *IMAP
	// To is an address that the mail was sent or delivered to; placeholders allowed.
	To string
	// Subject is a regular expression (RE2), empty for any.
	Subject string
}

// IMAP is a mailbox on a server.
type IMAP struct {
	Address  string // host:port
	Host     string // name to expect in the certificate
	TLS      bool   // false only on this machine
	Username string // placeholders allowed
	Password string // the placeholder of a secret
	Mailbox  string // default INBOX
}

// onlySecret matches a value that is one placeholder of a secret and nothing else.
var onlySecret = regexp.MustCompile(`^\{\{\s*secret\.[^{}]*\}\}$`)

// mail checks where a mail is looked for. Captures are not known to it: the
// mailbox is opened before the first step.
func (b *builder) mail(at path, m *documentMail, known []string) *Mail {
	out := &Mail{Maildir: b.resolver.resolve(m.Maildir), To: m.To, Subject: m.Subject}
	b.template(at.Child("to"), m.To, known)
	if _, err := regexp.Compile(m.Subject); err != nil {
		b.faults.add(at.Child("subject"), "this must be a regular expression (RE2)", "")
	}
	switch {
	case (m.Maildir == "") == (m.IMAP == nil):
		b.faults.add(at, "exactly one of maildir and imap must be given", "")
	case m.Maildir != "":
		if info, err := os.Stat(out.Maildir); err != nil || !info.IsDir() {
			b.faults.add(at.Child("maildir"), "there is no folder "+out.Maildir, "paths are relative to the profile")
		}
	default:
		out.IMAP = b.imap(at.Child("imap"), m.IMAP)
	}
	return out
}

func (b *builder) imap(at path, m *documentIMAP) *IMAP {
	out := &IMAP{Username: m.Username, Password: m.Password, Mailbox: orDefault(m.Mailbox, defaultMailbox)}
	b.template(at.Child("username"), m.Username, b.unarmed())
	b.template(at.Child("password"), m.Password, b.unarmed())
	if !onlySecret.MatchString(m.Password) {
		b.faults.add(at.Child("password"), "a secret must not stand here", "name it under secrets and write \"{{secret.NAME}}\"")
	}
	b.imapServer(at.Child("server"), m.Server, out)
	return out
}

// imapServer reads the address of a mail server. The password travels to it, so
// only TLS will do, but for a server on this machine.
func (b *builder) imapServer(at path, text string, out *IMAP) {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme != "imap" && u.Scheme != "imaps", u.Hostname() == "":
		b.faults.add(at, "not the address of a mail server", "write one such as imaps://imap.example.com:993")
		return
	case u.User != nil, strings.Trim(u.Path, "/") != "", u.RawQuery != "", u.Fragment != "":
		b.faults.add(at, "the address must hold nothing but host and port", "username, password and mailbox are keys of their own")
		return
	case u.Scheme == "imap" && !loopback(u.Hostname()):
		b.faults.add(at, "the password would be sent without TLS", "use imaps; imap is for this machine alone")
		return
	}
	out.Host, out.TLS = u.Hostname(), u.Scheme == "imaps"
	port := u.Port()
	if port == "" {
		port = map[bool]string{true: "993", false: "143"}[out.TLS] // RFC 8314 §7.3 and RFC 9051 §2.1
	}
	out.Address = net.JoinHostPort(out.Host, port)
}
