package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/reports/redact"
)

const (
	mailboxPassword = "mailbox-password-for-tests-1"
	outboxToken     = "outbox-token-for-tests-1"
)

// mailServer keeps a mailbox that takes the mail of everybody. deliver puts one into it.
func mailServer(t *testing.T) (address string, deliver func(text string)) {
	t.Helper()
	user := imapmemserver.NewUser("box", mailboxPassword)
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory := imapmemserver.New()
	memory.AddUser(user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed below
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	return "imap://" + listener.Addr().String(), func(text string) {
		if _, err := user.Append("INBOX", literal{strings.NewReader(text)}, &imap.AppendOptions{}); err != nil {
			t.Error(err)
		}
	}
}

type literal struct{ *strings.Reader }

// Size implements imap.LiteralReader.
func (l literal) Size() int64 { return l.Reader.Size() }

// mailing hands on what the application mails when somebody asks it for a link.
func mailing(app http.Handler, secrets *redact.Vault, deliver func(text string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := ""
		if r.Method == http.MethodPost && (r.URL.Path == "/login/magic" || r.URL.Path == "/password/forgot") {
			to = r.PostFormValue("email")
		}
		app.ServeHTTP(w, r)
		if to == "" {
			return
		}
		look := httptest.NewRequestWithContext(r.Context(), http.MethodGet, "/outbox?to="+url.QueryEscape(to), http.NoBody)
		look.Header.Set("Authorization", "Bearer "+outboxToken)
		answer := httptest.NewRecorder()
		app.ServeHTTP(answer, look)
		var mails []acme.Mail
		if json.Unmarshal(answer.Body.Bytes(), &mails) != nil || len(mails) == 0 {
			return
		}
		m := mails[len(mails)-1]
		secrets.Learn("mailed", m.Token)
		deliver(fmt.Sprintf("From: acme@example.com\r\nTo: %s\r\nSubject: %s\r\nContent-Type: text/plain\r\n\r\nhttps://acme.example%s\r\n", m.To, m.Subject, m.Link))
	})
}
