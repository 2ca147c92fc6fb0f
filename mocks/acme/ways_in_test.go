package acme_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// waysIn obtain a credential of ada's, and return how to use it.
var waysIn = map[acme.CredentialKind]func(c *Client) (use func() *Reply){
	acme.RememberMe: func(c *Client) func() *Reply {
		cookie := c.RememberMe(ada, password)
		return func() *Reply { return c.Browse("/home", "acme_remember="+cookie) }
	},
	acme.ResetLink: func(c *Client) func() *Reply {
		token := c.ForgotPassword(adaMail)
		return func() *Reply { return c.ResetPassword(token, fresh) }
	},
	acme.MagicLink: func(c *Client) func() *Reply {
		link := c.MagicLink(adaMail)
		return func() *Reply { return c.Page(link, "") }
	},
	acme.InvitationLink: func(c *Client) func() *Reply {
		_, token := c.Invite(c.Arm(ada, password).Access, bobMail)
		return func() *Reply { return c.Join(token, "bob", fresh) }
	},
	acme.SSOAssertion: func(c *Client) func() *Reply {
		said := c.Assertion(ada, adaMail, nil)
		return func() *Reply { return c.SSO(said) }
	},
	acme.AppPassword: func(c *Client) func() *Reply {
		secret := c.AppPassword(c.Arm(ada, password).Access)
		return func() *Reply { return c.Dav(ada, secret) }
	},
}

// letsIn is the status of an answer that lets somebody in.
var letsIn = map[acme.CredentialKind]int{
	acme.RememberMe: http.StatusOK, acme.ResetLink: http.StatusSeeOther, acme.MagicLink: http.StatusSeeOther,
	acme.InvitationLink: http.StatusSeeOther, acme.SSOAssertion: http.StatusSeeOther, acme.AppPassword: http.StatusOK,
}

// Every way in is judged in one place, where a hook can keep somebody out or let a
// leaver in.
func TestHooksJudgeEveryWayIn(t *testing.T) {
	for kind, obtain := range waysIn {
		var seen []acme.Credential
		verdict := true
		hook := func(c *acme.Credential) {
			if c.Kind == kind {
				seen = append(seen, *c)
				c.Allowed = verdict
			}
		}
		c := New(t, acme.Config{OutboxToken: OutboxToken, SSOKey: SSOKey, Hooks: acme.Hooks{JudgeCredential: []func(*acme.Credential){hook}}})
		g := NewWithT(t)
		id := c.NewPerson(ada, password, adaMail)
		kept, left := obtain(c), obtain(c)

		verdict = false
		g.Expect(kept().Status).NotTo(Equal(letsIn[kind]), string(kind))
		g.Expect(seen).NotTo(BeEmpty(), string(kind))
		g.Expect(seen[0].Allowed).To(BeTrue(), string(kind))
		g.Expect(seen[0].Owner.State).To(Equal(acme.Active), string(kind))

		verdict = true
		c.SetActive(id, false)
		seen = nil
		g.Expect(left().Status).To(Equal(letsIn[kind]), string(kind))
		g.Expect(seen[0].Allowed).To(BeFalse(), string(kind))
		g.Expect(seen[0].Owner.State).To(Equal(acme.Inactive), string(kind))
		g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Get("active")).To(BeFalse(), "%s makes nobody active", kind)
	}
}

// Nothing of what comes of a way in outlives a deactivation that happens meanwhile.
func TestNoWayInSlipsThroughADeactivation(t *testing.T) {
	for _, kind := range []acme.CredentialKind{acme.RememberMe, acme.MagicLink, acme.SSOAssertion} {
		for range 10 {
			c := New(t, acme.Config{OutboxToken: OutboxToken, SSOKey: SSOKey})
			g := NewWithT(t)
			id := c.NewPerson(ada, password, adaMail)
			use := waysIn[kind](c)
			var reply *Reply
			var wg sync.WaitGroup
			wg.Go(func() { reply = use() })
			wg.Go(func() { c.SetActive(id, false) })
			wg.Wait()
			c.SetActive(id, true)
			for _, name := range []string{"acme_session", "acme_remember"} {
				if value := reply.Cookie(name); value != "" {
					g.Expect(c.Browse("/home", name+"="+value).Status).To(Equal(http.StatusSeeOther), "%s: %s", kind, name)
				}
			}
		}
	}
}

func TestOfManyWhoUseARememberMeCookieOneIsLetIn(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	cookie := "acme_remember=" + c.RememberMe(ada, password)
	var in atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if c.Browse("/home", cookie).Status == http.StatusOK {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	g.Expect(in.Load()).To(Equal(int64(1)))
}

// Below a prefix, every path that people are led to begins with it.
func TestWaysInOfTheSisterOrganisation(t *testing.T) {
	const sisterToken = "sister-secret-for-tests"
	c := New(t, acme.Config{SSOKey: SSOKey, Sister: &acme.Config{
		SCIMToken: sisterToken, OutboxToken: OutboxToken, SSOKey: SSOKey, SelfRegistration: true, CookieCache: 1,
	}})
	g := NewWithT(t)
	user := Object{"schemas": List{User}, "userName": ada, "password": password, "emails": List{Object{"value": adaMail}}}
	c.API(http.MethodPost, "/globex/scim/v2/Users", sisterToken, user)

	in := c.Form("/globex/login", "acme_csrf=x", "username", ada, "password", password, "csrf", "x", "remember", "yes")
	g.Expect(in.Header.Get("Location")).To(Equal("/globex/home"))
	for _, set := range in.Header.Values("Set-Cookie") {
		g.Expect(set).To(ContainSubstring("; Path=/globex/;"))
	}
	remember := "acme_remember=" + in.Cookie("acme_remember")
	g.Expect(c.Browse("/home", remember).Status).To(Equal(http.StatusSeeOther), "nothing is shared")
	g.Expect(c.Browse("/globex/home", remember).Status).To(Equal(http.StatusOK))

	said := Object{"aud": "globex"}
	g.Expect(c.Form("/sso", "", "assertion", c.Assertion(ada, adaMail, said)).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.Form("/globex/sso", "", "assertion", c.Assertion(ada, adaMail, said)).Header.Get("Location")).To(Equal("/globex/home"))
	c.Form("/globex/register", "", "email", bobMail, "userName", "bob", "password", fresh)
	g.Expect(c.API(http.MethodGet, "/globex/outbox?to="+bobMail, OutboxToken, nil).Text).To(ContainSubstring(`"/globex/register/confirm?token=`))
}
