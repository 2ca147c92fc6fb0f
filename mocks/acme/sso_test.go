package acme_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func startSSO(t *testing.T) (*Client, *WithT) {
	t.Helper()
	return New(t, acme.Config{SSOKey: SSOKey}), NewWithT(t)
}

func TestSSOLetsAUserIn(t *testing.T) {
	c, g := startSSO(t)
	c.NewPerson(ada, password, adaMail)
	said := c.Assertion("ADA@example.com", adaMail, nil)
	in := c.SSO(said)
	g.Expect(in.Status).To(Equal(http.StatusSeeOther))
	g.Expect(c.Page("/home", in.Cookie("acme_session")).Text).To(ContainSubstring("Display of " + ada))
	g.Expect(c.SSO(said).Status).To(Equal(http.StatusUnauthorized), "it works once")
	g.Expect(c.SCIM(http.MethodGet, "/Users", nil).Get("totalResults")).To(Equal(1.0))
}

func TestSSOMakesAnAccountJustInTime(t *testing.T) {
	c, g := startSSO(t)
	in := c.SSO(c.Assertion("bob", bobMail, Object{"name": "Bob"}))
	g.Expect(in.Status).To(Equal(http.StatusSeeOther))
	g.Expect(c.Page("/home", in.Cookie("acme_session")).Text).To(ContainSubstring("Welcome, Bob"))
	bob := c.Find("/Users", `userName eq "bob"`).Get("Resources").(List)[0].(Object)
	g.Expect(bob).To(And(HaveKeyWithValue("displayName", "Bob"), HaveKeyWithValue("active", true), Not(HaveKey("groups"))))
	g.Expect(c.SignIn("bob", "").Status).To(Equal(http.StatusUnauthorized), "there is no password")
	c.SCIM(http.MethodDelete, "/Users/"+bob["id"].(string), nil)
	g.Expect(c.Page("/home", in.Cookie("acme_session")).Status).To(Equal(http.StatusSeeOther))
}

func TestSSOBringsNobodyBack(t *testing.T) {
	for name, leave := range map[string]func(c *Client, id string){
		"inactive": func(c *Client, id string) { c.SetActive(id, false) },
		"deleted":  func(c *Client, id string) { c.SCIM(http.MethodDelete, "/Users/"+id, nil) },
	} {
		c, g := startSSO(t)
		leave(c, c.NewPerson("bob", password, bobMail))
		c.Clock.Advance(time.Minute)
		before := c.SCIM(http.MethodGet, "/Users", nil).Text
		for _, said := range []string{
			c.Assertion("bob", bobMail, nil), c.Assertion("BOB", "new@mail.example", nil),
			c.Assertion("robert", bobMail, nil), c.Assertion(bobMail, "new@mail.example", nil),
		} {
			reply := c.SSO(said)
			g.Expect(reply.Status).To(Equal(http.StatusForbidden), name)
			g.Expect(reply.Cookie("acme_session")).To(BeEmpty(), name)
		}
		g.Expect(c.SCIM(http.MethodGet, "/Users", nil).Text).To(Equal(before), name)
	}
}

func TestAnAssertionEndsWithADeparture(t *testing.T) {
	for name, leave := range map[string]func(c *Client, id string){
		"deactivation and back": ways["deactivation and back"],
		"deletion and a new account": func(c *Client, id string) {
			c.SCIM(http.MethodDelete, "/Users/"+id, nil)
			c.NewPerson("bob", password, bobMail)
		},
	} {
		c, g := startSSO(t)
		id := c.NewPerson("bob", password, bobMail)
		said := c.Assertion("bob", bobMail, nil)
		c.Clock.Advance(time.Second)
		leave(c, id)
		g.Expect(c.SSO(said).Status).To(Equal(http.StatusForbidden), name)
		g.Expect(c.SSO(c.Assertion("bob", bobMail, nil)).Status).To(Equal(http.StatusSeeOther), name+": a new one")
	}
}

func TestAnAddressAloneLetsNobodyIn(t *testing.T) {
	c, g := startSSO(t)
	c.NewPerson(ada, password, adaMail)
	g.Expect(c.SSO(c.Assertion("eve", adaMail, nil)).Status).To(Equal(http.StatusForbidden))
}

func TestWrongAssertions(t *testing.T) {
	c, g := startSSO(t)
	c.NewPerson(ada, password, adaMail)
	now := c.Clock.Now()
	for name, claims := range map[string]Object{
		"issuer":            {"iss": "another"},
		"audience":          {"aud": "globex"},
		"no audience":       {"aud": nil},
		"no subject":        {"sub": " "},
		"no id":             {"jti": nil},
		"no address":        {"email": "ada"},
		"no expiry":         {"exp": nil},
		"no issue":          {"iat": nil},
		"expired":           {"exp": now.Unix()},
		"too long":          {"exp": now.Add(5*time.Minute + time.Second).Unix()},
		"from the future":   {"iat": now.Add(time.Second).Unix()},
		"subject is a list": {"sub": List{ada}},
	} {
		g.Expect(c.SSO(c.Assertion(ada, adaMail, claims)).Status).To(Equal(http.StatusUnauthorized), name)
	}
	good := c.Assertion(ada, adaMail, nil)
	parts := strings.Split(good, ".")
	for name, said := range map[string]string{
		"none":         "",
		"no signature": parts[0] + "." + parts[1] + ".",
		"alg none":     "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + parts[1] + ".",
		"of the API":   c.Arm(ada, password).Access,
	} {
		g.Expect(c.SSO(said).Status).To(Equal(http.StatusUnauthorized), name)
	}
	g.Expect(c.SSO(good).Status).To(Equal(http.StatusSeeOther))
	g.Expect(c.SSO(c.Assertion(ada, adaMail, Object{"exp": now.Add(5 * time.Minute).Unix()})).Status).To(Equal(http.StatusSeeOther))
	c, g = start(t)
	g.Expect(c.SSO(good).Status).To(Equal(http.StatusNotFound), "off by default")
}

// Of two assertions for a stranger that come at once, both let them in and one makes
// the account.
func TestSSORaces(t *testing.T) {
	c, g := startSSO(t)
	var in atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if c.SSO(c.Assertion("bob", bobMail, nil)).Status == http.StatusSeeOther {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	g.Expect(in.Load()).To(Equal(int64(8)))
	g.Expect(c.SCIM(http.MethodGet, "/Users", nil).Get("totalResults")).To(Equal(1.0))
}
