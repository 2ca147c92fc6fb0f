package access

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
)

func TestWhatAMailServerMayAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*testing.T, *target.IMAP)
		want   string
	}{
		"no such user":    {func(_ *testing.T, m *target.IMAP) { m.Username = "nobody" }, "refuses username and password"},
		"no such mailbox": {func(_ *testing.T, m *target.IMAP) { m.Mailbox = "Other" }, "the mail server refuses: "},
		"nothing there":   {func(t *testing.T, m *target.IMAP) { m.Address = "127.0.0.1:" + freePort(t) }, "connection refused"},
		"a certificate that is not trusted": {func(t *testing.T, m *target.IMAP) {
			m.Address, m.TLS = tlsServer(t), true
		}, "certificate is not trusted"},
		"no word at all": {func(t *testing.T, m *target.IMAP) { m.Address = saying(t, "") }, "no complete answer in time"},
		"words without end": {func(t *testing.T, m *target.IMAP) {
			m.Address = saying(t, "* OK hello\r\n"+strings.Repeat("* 1 EXISTS\r\n", maxSession/12+1))
		}, "more than 8 MiB"},
		"another protocol": {func(t *testing.T, m *target.IMAP) { m.Address = saying(t, "HTTP/1.1 400 Bad Request\r\n\r\n") }, "mail at 127.0.0.1:"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := newIMAP(t)
			c.change(t, p.mail.IMAP)
			d, recorder := newDriver(t)
			d.Transport.Timeout = time.Minute
			if strings.Contains(c.want, "in time") {
				d.Transport.Timeout = 200 * time.Millisecond
			}
			d.Secrets = map[string]string{"secret.mail": mailPassword}
			_, err := d.Arm(t.Context(), target.AccessPath{Name: "link", Arm: []target.Step{{Mail: &p.mail}}}, "polled", nil)
			g.Expect(err).To(MatchError(SatisfyAll(ContainSubstring(`access path "link", arm step 1`), ContainSubstring(c.want), Not(ContainSubstring(mailPassword)))))
			g.Expect(err).To(HaveField("Passing", true))
			g.Expect(fmt.Sprint(recorder.Exchanges())).NotTo(ContainSubstring(mailPassword))
		})
	}
}

// tlsServer is a server whose certificate nobody has signed.
func tlsServer(t *testing.T) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// saying is a server that says something to everybody and then nothing.
func saying(t *testing.T, words string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed below
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				_, _ = io.WriteString(conn, words)
				_, _ = io.Copy(io.Discard, conn) // until the client goes
			}()
		}
	}()
	return listener.Addr().String()
}

func TestAMailServerIsTrustedByItsCertificate(t *testing.T) {
	g := NewWithT(t)
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	defer server.Close()
	p := newIMAP(t)
	front, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: server.TLS.Certificates, MinVersion: tls.VersionTLS12})
	must(t, err)
	defer func() { _ = front.Close() }()
	go forward(front, p.mail.IMAP.Address)
	at := *p.mail.IMAP
	at.Address, at.TLS = front.Addr().String(), true
	pool := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	box := &imapBox{at: at, username: "box", password: mailPassword, timeout: 5 * time.Second, roots: pool}
	defer box.close()
	must(t, box.mark(t.Context()))
	p.deliver(post("ada@example.com", "Hello", "code one"))
	w, err := wantedOf(&target.Mail{To: "ada@example.com"}, nil)
	g.Expect(err).NotTo(HaveOccurred())
	raw, err := box.newest(t.Context(), w)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(raw)).To(ContainSubstring("code one"))
}

// forward carries each connection on to another address.
func forward(from net.Listener, to string) {
	for {
		near, err := from.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", to) //nolint:noctx // closed with the near side
		if err != nil {
			_ = near.Close()
			continue
		}
		go func() { _, _ = io.Copy(far, near); _ = far.Close() }()
		go func() { _, _ = io.Copy(near, far); _ = near.Close() }()
	}
}
