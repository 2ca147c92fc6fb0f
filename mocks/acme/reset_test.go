package acme_test

import (
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

const fresh = "a-fresh-password"

func reset(c *Client, token, password string) int { return c.ResetPassword(token, password).Status }

func TestPasswordReset(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	held := c.Arm(ada, password)
	cookie := c.RememberMe(ada, password)
	link := c.ForgotPassword(adaMail)

	form := c.Page("/password/reset?token="+link, "")
	g.Expect(form.Status).To(Equal(http.StatusOK))
	g.Expect(form.Text).To(And(ContainSubstring("Display of "+ada), ContainSubstring(`value="`+link+`"`)))
	g.Expect(reset(c, link, "elevenchars")).To(Equal(http.StatusBadRequest))
	g.Expect(held.Open()).To(Equal(Kinds()), "nothing has happened yet")

	g.Expect(reset(c, link, fresh)).To(Equal(http.StatusSeeOther))
	g.Expect(held.Open()).To(BeEmpty())
	g.Expect(c.Browse("/home", "acme_remember="+cookie).Status).To(Equal(http.StatusSeeOther))
	g.Expect(c.Arm(ada, fresh).Open()).To(Equal(Kinds()))
	g.Expect(reset(c, link, "yet-another-password")).To(Equal(http.StatusForbidden), "it works once")
	g.Expect(c.Page("/password/reset?token="+link, "").Status).To(Equal(http.StatusForbidden))
}

func TestAskingForAResetRevealsNothing(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	left := c.NewPerson("bob", password, "bob@mail.example")
	c.SetActive(left, false)
	gone := c.NewPerson("eve", password, "eve@mail.example")
	c.SCIM(http.MethodDelete, "/Users/"+gone, nil)
	want := c.Form("/password/forgot", "", "email", adaMail)
	g.Expect(want.Status).To(Equal(http.StatusAccepted))
	for _, fields := range [][]string{
		{"username", ada}, {"email", "bob@mail.example"}, {"username", "bob"}, {"email", "eve@mail.example"},
		{"username", "eve"}, {"email", "nobody@mail.example"}, {"username", "nobody"}, {}, {"email", ada},
	} {
		reply := c.Form("/password/forgot", "", fields...)
		g.Expect(reply.Status).To(Equal(want.Status))
		g.Expect(reply.Text).To(Equal(want.Text))
	}
	g.Expect(c.Mails(adaMail)).To(HaveLen(2), "a userName is no address")
	for _, address := range []string{"bob@mail.example", "eve@mail.example", "nobody@mail.example", ada} {
		g.Expect(c.Mails(address)).To(BeEmpty(), address)
	}
}

func TestEveryWayOutEndsAResetLink(t *testing.T) {
	for name, out := range ways {
		c, g := startMail(t)
		id := c.NewPerson(ada, password, adaMail)
		link := c.ForgotPassword(adaMail)
		out(c, id)
		before := c.SCIM(http.MethodGet, "/Users/"+id, nil).Text
		g.Expect(c.Page("/password/reset?token="+link, "").Status).To(Equal(http.StatusForbidden), name)
		g.Expect(reset(c, link, fresh)).To(Equal(http.StatusForbidden), name)
		g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Text).To(Equal(before), name)
	}
}

func TestAResetLinkLastsAnHour(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	link := c.ForgotPassword(adaMail)
	c.Clock.Advance(time.Hour)
	g.Expect(reset(c, link, fresh)).To(Equal(http.StatusForbidden))
	link = c.ForgotPassword(adaMail)
	c.Clock.Advance(time.Hour - 1)
	g.Expect(reset(c, link, fresh)).To(Equal(http.StatusSeeOther))
}

func TestLinksFollowTheAddress(t *testing.T) {
	c, g := startMail(t)
	id := c.NewPerson(ada, password, adaMail, "ada@home.example")
	first, second := c.ForgotPassword(adaMail), c.ForgotPassword("Ada@Home.Example")
	c.Patch("/Users/"+id, op("replace", "emails", List{Object{"value": "ada@home.example"}}), op("replace", "userName", "countess"))
	g.Expect(reset(c, first, fresh)).To(Equal(http.StatusForbidden), "the mailbox may be another's by now")
	g.Expect(reset(c, second, fresh)).To(Equal(http.StatusSeeOther))

	sent := len(c.Mails(adaMail))
	c.Form("/password/forgot", "", "email", adaMail)
	c.Form("/password/forgot", "", "username", ada)
	g.Expect(c.Mails(adaMail)).To(HaveLen(sent), "the old name and address are nobody's")
}

func TestTheFirstPasswordIsSetByALink(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, "", adaMail)
	g.Expect(c.SignIn(ada, "").Status).To(Equal(http.StatusUnauthorized))
	g.Expect(reset(c, c.ForgotPassword(adaMail), fresh)).To(Equal(http.StatusSeeOther))
	g.Expect(c.SignIn(ada, fresh).Status).To(Equal(http.StatusSeeOther))
}

func TestChangingOnesOwnPassword(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	held := c.Arm(ada, password)
	session := "acme_session=" + held.Session
	for _, tt := range []struct {
		cookies, old, new string
		want              int
	}{
		{"", password, fresh, http.StatusUnauthorized},
		{session, "wrong", fresh, http.StatusForbidden},
		{session, "", fresh, http.StatusForbidden},
		{session, password, "elevenchars", http.StatusBadRequest},
	} {
		g.Expect(c.Form("/account/password", tt.cookies, "old", tt.old, "new", tt.new).Status).To(Equal(tt.want))
	}
	g.Expect(held.Open()).To(Equal(Kinds()))

	link := c.ForgotPassword(adaMail)
	changed := c.Form("/account/password", session, "old", password, "new", fresh)
	g.Expect(changed.Status).To(Equal(http.StatusSeeOther))
	g.Expect(held.Open()).To(BeEmpty())
	g.Expect(reset(c, link, "yet-another-password")).To(Equal(http.StatusForbidden))
	g.Expect(c.Page("/home", changed.Cookie("acme_session")).Status).To(Equal(http.StatusOK), "who did it stays")
}

func TestLinksOfTheSisterOrganisation(t *testing.T) {
	c := New(t, acme.Config{OutboxToken: OutboxToken, Sister: &acme.Config{OutboxToken: OutboxToken, SCIMToken: "sister-secret-for-tests"}})
	g := NewWithT(t)
	user := Object{"schemas": List{User}, "userName": ada, "password": password, "emails": List{Object{"value": adaMail}}}
	c.API(http.MethodPost, "/globex/scim/v2/Users", "sister-secret-for-tests", user)
	c.Form("/globex/password/forgot", "", "email", adaMail)
	g.Expect(c.Mails(adaMail)).To(BeEmpty(), "of this organisation")
	mails := c.API(http.MethodGet, "/globex/outbox?to="+adaMail, OutboxToken, nil)
	g.Expect(mails.Text).To(ContainSubstring(`"link":"/globex/password/reset?token=`))
}
