package acme_test

import (
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

const bobMail = "bob@mail.example"

func join(c *Client, token, userName string) int { return c.Join(token, userName, fresh).Status }

func TestAnInvitationMakesAnAccount(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	_, token := c.Invite(c.Arm(ada, password).Access, bobMail)
	form := c.Page("/invitation?token="+token, "")
	g.Expect(form.Status).To(Equal(http.StatusOK))
	g.Expect(form.Text).To(And(ContainSubstring("Display of "+ada), ContainSubstring(bobMail)))

	for _, wrong := range [][]string{{"userName", "", "password", fresh}, {"userName", "bob", "password", "elevenchars"}} {
		g.Expect(c.Form("/invitation", "", append(wrong, "token", token)...).Status).To(Equal(http.StatusBadRequest))
	}
	for _, taken := range []string{ada, "ADA@example.com", adaMail} {
		g.Expect(join(c, token, taken)).To(Equal(http.StatusConflict), taken)
	}
	g.Expect(join(c, token, "bob")).To(Equal(http.StatusSeeOther))
	g.Expect(join(c, token, "bob2")).To(Equal(http.StatusForbidden), "it works once")

	bob := c.Find("/Users", `userName eq "bob"`).Get("Resources").(List)[0].(Object)
	g.Expect(bob).To(And(HaveKeyWithValue("active", true), HaveKeyWithValue("displayName", "bob"), Not(HaveKey("groups")), Not(HaveKey("roles"))))
	g.Expect(bob["emails"]).To(Equal(List{Object{"value": bobMail, "type": "work", "primary": true}}))
	held := c.Arm("bob", fresh)
	g.Expect(held.Open()).To(Equal(Kinds()))
	c.SetActive(bob["id"].(string), false)
	g.Expect(held.Open()).To(BeEmpty(), "SCIM ends it like any other")
}

func TestWhatEndsAnInvitation(t *testing.T) {
	ends := map[string]func(c *Client, access, ada, invitation string){
		"cancelled": func(c *Client, access, _, id string) { c.API(http.MethodDelete, "/api/invitations/"+id, access, nil) },
		"expired":   func(c *Client, _, _, _ string) { c.Clock.Advance(7 * 24 * time.Hour) },
		"an account of the address": func(c *Client, _, _, _ string) {
			c.NewPerson("robert", password, "Bob@Mail.Example")
		},
		"an account named like the address": func(c *Client, _, _, _ string) { c.NewUser(bobMail, password) },
		"an account of the address, now inactive": func(c *Client, _, _, _ string) {
			c.SetActive(c.NewPerson("robert", password, "x@y", bobMail), false)
		},
		"an account of the address, now deleted": func(c *Client, _, _, _ string) {
			c.SCIM(http.MethodDelete, "/Users/"+c.NewPerson("robert", password, bobMail), nil)
		},
		"somebody got the address, and left": func(c *Client, _, id, _ string) {
			robert := c.NewPerson("robert", password)
			c.Patch("/Users/"+robert, op("replace", "emails", List{Object{"value": bobMail}}))
			c.SetActive(robert, false)
		},
	}
	for name, out := range ways {
		ends["the inviter: "+name] = func(c *Client, _, ada, _ string) { out(c, ada) }
	}
	for name, end := range ends {
		c, g := startMail(t)
		adaID := c.NewPerson(ada, password, adaMail)
		access := c.Arm(ada, password).Access
		id, token := c.Invite(access, bobMail)
		end(c, access, adaID, id)
		before := c.SCIM(http.MethodGet, "/Users", nil).Text
		g.Expect(c.Page("/invitation?token="+token, "").Status).To(Equal(http.StatusForbidden), name)
		g.Expect(join(c, token, "bob")).To(Equal(http.StatusForbidden), name)
		g.Expect(c.SCIM(http.MethodGet, "/Users", nil).Text).To(Equal(before), name)
	}
}

func TestInvitingTellsNothingOfAccounts(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	c.SetActive(c.NewPerson("bob", password, bobMail), false)
	access := c.Arm(ada, password).Access
	for _, email := range []string{adaMail, bobMail, "nobody@mail.example"} {
		made := c.API(http.MethodPost, "/api/invitations", access, Object{"email": email})
		g.Expect(made.Status).To(Equal(http.StatusCreated), email)
		g.Expect(made.Doc).To(Equal(Object{"id": made.ID(), "email": email}))
		g.Expect(c.API(http.MethodDelete, "/api/invitations/"+made.ID(), access, nil).Status).To(Equal(http.StatusNoContent), email)
	}
	g.Expect(c.Mails(adaMail)).To(BeEmpty())
	g.Expect(c.Mails(bobMail)).To(BeEmpty())
	g.Expect(c.Mails("nobody@mail.example")).To(HaveLen(1))
}

func TestAfterADeletionAnInvitationBeginsAnew(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	old := c.NewPerson("bob", password, bobMail)
	c.NewGroup("staff", old)
	held := c.Arm("bob", password)
	c.SCIM(http.MethodDelete, "/Users/"+old, nil)
	_, token := c.Invite(c.Arm(ada, password).Access, bobMail)
	g.Expect(join(c, token, "bob")).To(Equal(http.StatusSeeOther))
	g.Expect(held.Open()).To(BeEmpty())
	g.Expect(c.API(http.MethodGet, "/api/me", c.Arm("bob", fresh).Access, nil).Doc).To(And(
		HaveKeyWithValue("groups", List{}), HaveKeyWithValue("id", Not(Equal(old)))))
}

func TestWhoMayInvite(t *testing.T) {
	c, g := startMail(t)
	c.NewPerson(ada, password, adaMail)
	c.NewPerson("eve", password)
	held, eve := c.Arm(ada, password), c.Arm("eve", password)
	for _, token := range []string{"", held.Personal, held.Refresh} {
		g.Expect(c.API(http.MethodPost, "/api/invitations", token, Object{"email": bobMail}).Status).To(Equal(http.StatusUnauthorized))
	}
	for _, body := range []any{Object{}, "{", Object{"email": "bob"}, Object{"email": "Bob <bob@mail.example>"}, Object{"email": ""}} {
		g.Expect(c.API(http.MethodPost, "/api/invitations", held.Access, body).Status).To(Equal(http.StatusBadRequest))
	}
	id, token := c.Invite(held.Access, bobMail)
	g.Expect(c.API(http.MethodDelete, "/api/invitations/"+id, eve.Access, nil).Status).To(Equal(http.StatusNotFound), "another's")
	g.Expect(join(c, held.Access, "bob")).To(Equal(http.StatusForbidden))
	g.Expect(join(c, token, "bob")).To(Equal(http.StatusSeeOther))
}

func TestHooksJudgeInvitations(t *testing.T) {
	hook := func(c *acme.Credential) {
		if c.Kind == acme.InvitationLink && c.Ended != nil && c.Ended.Why == acme.Deletion && c.Label == bobMail {
			c.Allowed = true
		}
	}
	c := New(t, acme.Config{OutboxToken: OutboxToken, Hooks: acme.Hooks{JudgeCredential: []func(*acme.Credential){hook}}})
	g := NewWithT(t)
	c.NewPerson(ada, password, adaMail)
	_, token := c.Invite(c.Arm(ada, password).Access, bobMail)
	c.SCIM(http.MethodDelete, "/Users/"+c.NewPerson("robert", password, bobMail), nil)
	g.Expect(join(c, token, "robert")).To(Equal(http.StatusSeeOther), "a leaver comes back")
}
