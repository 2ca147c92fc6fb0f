package acme_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func startOpen(t *testing.T) (*Client, *WithT) {
	t.Helper()
	return New(t, acme.Config{OutboxToken: OutboxToken, SelfRegistration: true}), NewWithT(t)
}

func signUp(c *Client, userName string) *Reply {
	return c.Form("/register", "", "email", bobMail, "userName", userName, "password", fresh)
}

func TestSelfRegistration(t *testing.T) {
	c, g := startOpen(t)
	g.Expect(signUp(c, "bob").Status).To(Equal(http.StatusAccepted))
	g.Expect(c.Find("/Users", `userName eq "bob"`).Get("totalResults")).To(Equal(0.0), "not before the click")
	link := c.Link(bobMail)
	g.Expect(c.Page(link, "").Status).To(Equal(http.StatusSeeOther))
	bob := c.Find("/Users", `userName eq "bob"`).Get("Resources").(List)[0].(Object)
	g.Expect(bob).To(And(HaveKeyWithValue("active", true), Not(HaveKey("groups")), Not(HaveKey("roles")), Not(HaveKey("password"))))
	held := c.Arm("bob", fresh)
	g.Expect(held.Open()).To(Equal(Kinds()))
	c.SCIM(http.MethodDelete, "/Users/"+bob["id"].(string), nil)
	g.Expect(held.Open()).To(BeEmpty())
	g.Expect(c.Page(link, "").Status).To(Equal(http.StatusForbidden), "it works once")
}

func TestSelfRegistrationIsOffByDefault(t *testing.T) {
	c, g := startMail(t)
	g.Expect(signUp(c, "bob").Status).To(Equal(http.StatusNotFound))
	g.Expect(c.Page("/register/confirm?token=x", "").Status).To(Equal(http.StatusNotFound))
}

func TestSelfRegistrationRefusesWhoIsHere(t *testing.T) {
	for name, arrive := range map[string]func(c *Client){
		"the name":              func(c *Client) { c.NewUser("BOB", password) },
		"the address":           func(c *Client) { c.NewPerson("robert", password, "Bob@mail.example") },
		"the address as a name": func(c *Client) { c.NewUser(bobMail, password) },
		"inactive":              func(c *Client) { c.SetActive(c.NewPerson("robert", password, bobMail), false) },
	} {
		c, g := startOpen(t)
		want := signUp(c, "bob")
		link := c.Link(bobMail)
		arrive(c)
		before := c.SCIM(http.MethodGet, "/Users", nil).Text
		reply := signUp(c, "bob")
		g.Expect(reply.Status).To(Equal(want.Status), name)
		g.Expect(reply.Text).To(Equal(want.Text), name)
		g.Expect(c.Mails(bobMail)).To(HaveLen(1), name)
		g.Expect(c.Page(link, "").Status).To(Equal(http.StatusForbidden), name)
		g.Expect(c.SCIM(http.MethodGet, "/Users", nil).Text).To(Equal(before), name)
	}
}

func TestAnOldRegistrationBringsNobodyBack(t *testing.T) {
	c, g := startOpen(t)
	signUp(c, "bob")
	link := c.Link(bobMail)
	old := c.NewPerson("bob", password, bobMail)
	c.SCIM(http.MethodDelete, "/Users/"+old, nil)
	g.Expect(c.Page(link, "").Status).To(Equal(http.StatusForbidden))

	signUp(c, "bob")
	g.Expect(c.Page(c.Link(bobMail), "").Status).To(Equal(http.StatusSeeOther), "a new one begins anew")
	g.Expect(c.SignIn("bob", password).Status).To(Equal(http.StatusUnauthorized), "the old password")
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+old, nil).Status).To(Equal(http.StatusNotFound))
}

func TestSelfRegistrationChecksTheForm(t *testing.T) {
	c, g := startOpen(t)
	for _, fields := range [][]string{
		{"email", "bob", "userName", "bob", "password", fresh},
		{"email", bobMail, "userName", " ", "password", fresh},
		{"email", bobMail, "userName", "b\x00b", "password", fresh},
		{"email", bobMail, "userName", "b\xffb", "password", fresh},
		{"email", bobMail, "userName", "bob", "password", "elevenchars"},
		{},
	} {
		g.Expect(c.Form("/register", "", fields...).Status).To(Equal(http.StatusBadRequest))
	}
	signUp(c, "bob")
	c.Clock.Advance(24 * time.Hour)
	g.Expect(c.Page(c.Link(bobMail), "").Status).To(Equal(http.StatusForbidden), "expired")
}

// Of many who confirm registrations of one address, one gets the account.
func TestConfirmingRaces(t *testing.T) {
	c, g := startOpen(t)
	for _, name := range []string{"bob", "rob", "robert", "bobby"} {
		signUp(c, name)
	}
	var wg sync.WaitGroup
	for _, mail := range c.Mails(bobMail) {
		wg.Go(func() { c.Page(mail.Link, "") })
		wg.Go(func() { c.Page(mail.Link, "") })
	}
	wg.Wait()
	g.Expect(c.SCIM(http.MethodGet, "/Users", nil).Get("totalResults")).To(Equal(1.0))
}
