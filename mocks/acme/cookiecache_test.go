package acme_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// cached signs in and returns the cookie that the first page sets.
func cached(c *Client, name string) string {
	return "acme_cache=" + c.Page("/home", c.SignIn(name, password).Cookie("acme_session")).Cookie("acme_cache")
}

func TestTheCookieCacheIsBelievedForItsTime(t *testing.T) {
	for name, out := range ways {
		c, g := New(t, acme.Config{CookieCache: 90 * time.Second}), NewWithT(t)
		id := c.NewUser(ada, password)
		cookie := cached(c, ada)
		g.Expect(c.Browse("/api/me", cookie).Get("id")).To(Equal(id), name)

		out(c, id)
		c.Clock.Advance(90*time.Second - 1)
		g.Expect(c.Browse("/home", cookie).Text).To(ContainSubstring("Display of "+ada), name)
		g.Expect(c.Browse("/api/me", cookie).Get("userName")).To(Equal(ada), name)
		g.Expect(c.Browse("/home", cookie).Cookie("acme_cache")).To(BeEmpty(), "it does not prolong its own life")
		c.Clock.Advance(1)
		g.Expect(c.Browse("/home", cookie).Status).To(Equal(http.StatusSeeOther), name)
		g.Expect(c.Browse("/api/me", cookie).Status).To(Equal(http.StatusUnauthorized), name)
	}
}

func TestTheCookieCacheOpensNothingElse(t *testing.T) {
	c, g := New(t, acme.Config{CookieCache: time.Minute}), NewWithT(t)
	c.NewUser(ada, password)
	cookie := cached(c, ada)
	g.Expect(c.Browse("/api/tokens", cookie).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.API(http.MethodGet, "/api/me", strings.TrimPrefix(cookie, "acme_cache="), nil).Status).To(Equal(http.StatusUnauthorized))
}

func TestALiveSessionRenewsTheCookieCache(t *testing.T) {
	c, g := New(t, acme.Config{CookieCache: time.Minute}), NewWithT(t)
	c.NewUser(ada, password)
	session := c.SignIn(ada, password).Cookie("acme_session")
	cookie := c.Page("/api/me", session).Cookie("acme_cache")
	c.Clock.Advance(time.Minute)
	g.Expect(c.Browse("/home", "acme_session="+session+"; acme_cache="+cookie).Cookie("acme_cache")).NotTo(Or(BeEmpty(), Equal(cookie)))
	out := c.Form("/logout", "acme_session="+session)
	g.Expect(out.Header.Values("Set-Cookie")).To(ContainElement(HavePrefix("acme_cache=; Path=/; Max-Age=0")))
}

func TestTheCookieCacheOfAnotherIsRemoved(t *testing.T) {
	c, g := New(t, acme.Config{CookieCache: time.Minute}), NewWithT(t)
	c.NewUser(ada, password)
	c.NewUser("bob", password)
	cached(c, ada)
	for _, signIn := range []*Reply{c.SignIn("bob", password), c.SignIn("bob", password, "remember", "yes")} {
		g.Expect(signIn.Header.Values("Set-Cookie")).To(ContainElement(HavePrefix("acme_cache=; Path=/; Max-Age=0")))
	}
}

func TestOnlyTheCookieCacheIsOne(t *testing.T) {
	c, g := New(t, acme.Config{CookieCache: time.Minute}), NewWithT(t)
	c.NewUser(ada, password)
	good := cached(c, ada)
	for _, cookie := range []string{
		"acme_cache=", "acme_cache=x", good + "x", "acme_cache=" + c.Arm(ada, password).Access, // of the same key
		cached(other(t), ada),
	} {
		g.Expect(c.Browse("/home", cookie).Status).To(Equal(http.StatusSeeOther))
	}
	c, g = start(t)
	c.NewUser(ada, password)
	g.Expect(cached(c, ada)).To(Equal("acme_cache="), "off by default")
}

// other is another application with the same user.
func other(t *testing.T) *Client {
	t.Helper()
	c := New(t, acme.Config{CookieCache: time.Minute})
	c.NewUser(ada, password)
	return c
}

func TestHooksJudgeTheCookieCache(t *testing.T) {
	var seen []acme.Credential
	hook := func(c *acme.Credential) {
		if c.Kind == acme.CachedCookie {
			seen = append(seen, *c)
			c.Allowed = !c.Allowed
		}
	}
	c, g := New(t, acme.Config{CookieCache: time.Minute, Hooks: acme.Hooks{JudgeCredential: []func(*acme.Credential){hook}}}), NewWithT(t)
	id := c.NewUser(ada, password)
	cookie, start := cached(c, ada), c.Clock.Now()
	g.Expect(c.Browse("/home", cookie).Status).To(Equal(http.StatusSeeOther))
	c.SetActive(id, false)
	c.Clock.Advance(time.Minute)
	g.Expect(c.Browse("/home", cookie).Status).To(Equal(http.StatusOK))

	g.Expect(seen).To(HaveLen(2))
	g.Expect(seen[0].Allowed).To(BeTrue())
	g.Expect(seen[1].Allowed).To(BeFalse())
	g.Expect(seen[1].IssuedAt).To(BeTemporally("==", start))
	g.Expect(seen[1].Owner.State).To(Equal(acme.Inactive), "as it is now")
	g.Expect(seen[1].Ended.Why).To(Equal(acme.Deactivation))
}
