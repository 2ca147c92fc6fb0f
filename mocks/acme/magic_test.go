package acme_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestAMagicLinkSignsInOnce(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	link := c.MagicLink(adaMail)
	signedIn := c.Page(link, "")
	g.Expect(signedIn.Status).To(Equal(http.StatusSeeOther))
	g.Expect(signedIn.Header.Get("Location")).To(Equal("/home"))
	g.Expect(c.Page("/home", signedIn.Cookie("acme_session")).Text).To(ContainSubstring("Display of " + ada))
	g.Expect(c.Page(link, "").Status).To(Equal(http.StatusForbidden))
	g.Expect(c.Page("/login/magic?token=x", "").Status).To(Equal(http.StatusForbidden))
	g.Expect(c.Page("/login/magic", "").Status).To(Equal(http.StatusForbidden))
}

func TestOfManyWhoFollowALinkOneIsLetIn(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	link := c.MagicLink(adaMail)
	var in atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if c.Page(link, "").Status == http.StatusSeeOther {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	g.Expect(in.Load()).To(Equal(int64(1)))
}

func TestAskingForAMagicLinkRevealsNothing(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	left := c.NewPerson("bob", password, "bob@mail.example")
	c.SetActive(left, false)
	want := c.Form("/login/magic", "", "email", adaMail)
	for _, email := range []string{"bob@mail.example", "nobody@mail.example", "", ada} {
		reply := c.Form("/login/magic", "", "email", email)
		g.Expect(reply.Status).To(Equal(want.Status))
		g.Expect(reply.Text).To(Equal(want.Text))
		g.Expect(c.Mails(email)).To(BeEmpty())
	}
}

func TestEveryWayOutEndsAMagicLink(t *testing.T) {
	for name, out := range ways {
		c, g := startMail(t)
		id := c.NewPerson(ada, password, adaMail)
		link := c.MagicLink(adaMail)
		out(c, id)
		reply := c.Page(link, "")
		g.Expect(reply.Status).To(Equal(http.StatusForbidden), name)
		g.Expect(reply.Cookie("acme_session")).To(BeEmpty(), name)
	}
}

func TestAMagicLinkLastsAQuarterOfAnHour(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	link := c.MagicLink(adaMail)
	c.Clock.Advance(15*time.Minute - 1)
	g.Expect(c.Page(link, "").Status).To(Equal(http.StatusSeeOther))
	link = c.MagicLink(adaMail)
	c.Clock.Advance(15 * time.Minute)
	g.Expect(c.Page(link, "").Status).To(Equal(http.StatusForbidden))
}

// A link is for its own endpoint.
func TestLinksAreNotMixedUp(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	c.Form("/login/magic", "", "email", adaMail)
	token := c.LinkToken(adaMail)
	g.Expect(reset(c, token, fresh)).To(Equal(http.StatusForbidden))
	g.Expect(c.Page("/login/magic?token="+c.ForgotPassword(adaMail), "").Status).To(Equal(http.StatusForbidden))
	g.Expect(c.API(http.MethodGet, "/api/me", token, nil).Status).To(Equal(http.StatusUnauthorized))
}
