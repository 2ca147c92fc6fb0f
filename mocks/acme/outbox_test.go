package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

const adaMail = "ada@mail.example"

// startMail is start for an application whose mails can be read.
func startMail(t *testing.T) (*Client, *WithT) {
	t.Helper()
	return New(t, acme.Config{OutboxToken: OutboxToken}), NewWithT(t)
}

func TestTheOutboxListsMails(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	g.Expect(c.API(http.MethodGet, "/outbox?to="+adaMail, OutboxToken, nil).Text).To(MatchJSON(`[]`))
	c.Form("/password/forgot", "", "email", adaMail)
	c.Form("/password/forgot", "", "username", ada)
	mails := c.Mails("ADA@mail.example")
	g.Expect(mails).To(HaveLen(2))
	g.Expect(mails[1].Link).To(Equal("/password/reset?token=" + mails[1].Token))
	g.Expect(mails[1]).To(And(HaveField("To", adaMail), HaveField("Subject", Not(BeEmpty())), HaveField("At", c.Clock.Now())))
	g.Expect(c.API(http.MethodGet, "/outbox?to="+adaMail, OutboxToken, nil).Text).To(ContainSubstring(`"at":"2026-03-01T09:00:00Z"`))
	g.Expect(c.Mails("bob@mail.example")).To(BeEmpty())
}

func TestTheOutboxIsGuarded(t *testing.T) {
	c, g := startMail(t)
	for _, token := range []string{"", "wrong", Token} {
		g.Expect(c.API(http.MethodGet, "/outbox?to=x", token, nil).Status).To(Equal(http.StatusUnauthorized))
	}
	c, g = start(t)
	for _, token := range []string{"", OutboxToken} {
		g.Expect(c.API(http.MethodGet, "/outbox?to=x", token, nil).Status).To(Equal(http.StatusNotFound), "off")
	}
}

func TestTheOutboxKeepsTheNewest(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	c.NewPerson("bob", password, "bob@mail.example")
	c.Form("/password/forgot", "", "username", "bob")
	for range 9999 {
		c.Form("/password/forgot", "", "username", ada)
	}
	g.Expect(c.Mails("bob@mail.example")).To(HaveLen(1))
	c.Form("/password/forgot", "", "username", ada)
	g.Expect(c.Mails("bob@mail.example")).To(BeEmpty())
	g.Expect(c.Mails(adaMail)).To(HaveLen(10_000))
}
