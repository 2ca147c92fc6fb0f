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

func TestRememberMeBeginsNewSessions(t *testing.T) {
	c, g := New(t, acme.Config{SessionTTL: time.Hour}), NewWithT(t)
	c.NewUser(ada, password)
	g.Expect(c.SignIn(ada, password).Cookie("acme_remember")).To(BeEmpty(), "only if asked for")
	signedIn := c.SignIn(ada, password, "remember", "yes")
	cookie := signedIn.Cookie("acme_remember")
	g.Expect(strings.Join(signedIn.Header.Values("Set-Cookie"), "\n")).To(MatchRegexp(`acme_remember=\w+; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`))

	c.Clock.Advance(time.Hour)
	both := "acme_session=" + signedIn.Cookie("acme_session") + "; acme_remember=" + cookie
	home := c.Browse("/home", both)
	g.Expect(home.Text).To(ContainSubstring("Display of " + ada))
	g.Expect(c.Page("/api/me", home.Cookie("acme_session")).Status).To(Equal(http.StatusOK))
	next := home.Cookie("acme_remember")
	g.Expect(next).NotTo(Or(BeEmpty(), Equal(cookie)))
	g.Expect(c.Browse("/api/me", "acme_remember="+next).Get("userName")).To(Equal(ada), "the API knows it, too")
}

func TestALiveSessionLeavesTheRememberMeCookieAlone(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	signedIn := c.SignIn(ada, password, "remember", "yes")
	home := c.Browse("/home", "acme_session="+signedIn.Cookie("acme_session")+"; acme_remember="+signedIn.Cookie("acme_remember"))
	g.Expect(home.Header.Values("Set-Cookie")).To(BeEmpty())
}

func TestReuseOfARememberMeCookieEndsTheSeries(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	first, other := c.RememberMe(ada, password), c.RememberMe(ada, password)
	second := c.Browse("/home", "acme_remember="+first)
	g.Expect(c.Browse("/home", "acme_remember="+first).Status).To(Equal(http.StatusSeeOther))
	g.Expect(c.Browse("/home", "acme_remember="+second.Cookie("acme_remember")).Status).To(Equal(http.StatusSeeOther), "the successor")
	g.Expect(c.Page("/home", second.Cookie("acme_session")).Status).To(Equal(http.StatusSeeOther), "the session that came of it")
	g.Expect(c.Browse("/home", "acme_remember="+other).Status).To(Equal(http.StatusOK), "another series")
}

func TestRememberMeExpires(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	early, late := c.RememberMe(ada, password), c.RememberMe(ada, password)
	c.Clock.Advance(30*24*time.Hour - time.Second)
	g.Expect(c.Browse("/home", "acme_remember="+early).Status).To(Equal(http.StatusOK))
	c.Clock.Advance(time.Second)
	g.Expect(c.Browse("/home", "acme_remember="+late).Status).To(Equal(http.StatusSeeOther))
}

func TestLogoutForgetsTheBrowser(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	cookie := c.RememberMe(ada, password)
	next := c.Browse("/home", "acme_remember="+cookie)
	out := c.Form("/logout", "acme_remember="+next.Cookie("acme_remember"))
	g.Expect(out.Header.Values("Set-Cookie")).To(ContainElement(HavePrefix("acme_remember=; Path=/; Max-Age=0")))
	g.Expect(c.Browse("/home", "acme_remember="+next.Cookie("acme_remember")).Status).To(Equal(http.StatusSeeOther))
	g.Expect(c.Page("/home", next.Cookie("acme_session")).Status).To(Equal(http.StatusSeeOther))
}

// ways lists how a person can lose what they hold. Each brings them back where it can.
var ways = map[string]func(c *Client, id string){
	"deactivation and back": func(c *Client, id string) { c.SetActive(id, false); c.SetActive(id, true) },
	"deactivation":          func(c *Client, id string) { c.SetActive(id, false) },
	"deletion":              func(c *Client, id string) { c.SCIM(http.MethodDelete, "/Users/"+id, nil) },
	"new password":          func(c *Client, id string) { c.Patch("/Users/"+id, op("replace", "password", "another-long-one")) },
}

func TestEveryWayOutEndsRememberMe(t *testing.T) {
	for name, out := range ways {
		c, g := start(t)
		id := c.NewUser(ada, password)
		cookie := c.RememberMe(ada, password)
		out(c, id)
		reply := c.Browse("/home", "acme_remember="+cookie)
		g.Expect(reply.Status).To(Equal(http.StatusSeeOther), name)
		g.Expect(reply.Cookie("acme_session")).To(BeEmpty(), name)
	}
}

func TestOnlyARememberMeCookieIsOne(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	held := c.Arm(ada, password)
	for _, secret := range []string{"made-up", held.Session, held.Access, held.Personal, held.Refresh} {
		g.Expect(c.Browse("/home", "acme_remember="+secret).Status).To(Equal(http.StatusSeeOther))
	}
	g.Expect(held.Open()).To(Equal(Kinds()))
	cookie := c.RememberMe(ada, password)
	g.Expect(c.Page("/home", cookie).Status).To(Equal(http.StatusSeeOther))
	g.Expect(c.API(http.MethodGet, "/api/me", cookie, nil).Status).To(Equal(http.StatusUnauthorized))
}
