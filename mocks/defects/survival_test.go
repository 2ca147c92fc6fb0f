package defects_test

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

type kinds = []acme.CredentialKind

// story is who can still get in at each point of a leaver's story.
type story struct {
	deactivated, reactivated kinds
	deleted, recreated       kinds
}

// Without a defect nothing is open, but that the password works again after the
// reactivation.
func TestSurvivalDefects(t *testing.T) {
	none, password := kinds{}, kinds{acme.Password}
	tokens, bearing := kinds{acme.AccessToken, acme.PersonalToken}, kinds{acme.AccessToken, acme.RefreshToken, acme.PersonalToken}
	session, refresh := kinds{acme.Session}, kinds{acme.RefreshToken}
	// A refresh token that was used while its owner was away has a successor, which
	// no departure has ended.
	successor := kinds{acme.RefreshToken, acme.Password}
	for name, want := range map[string]story{
		"sessions-survive-deactivate":        {session, password, none, none},
		"tokens-survive-deactivate":          {tokens, password, none, none},
		"refresh-survives-deactivate":        {refresh, successor, none, none},
		"password-login-survives-deactivate": {password, password, none, none},
		"sessions-survive-delete":            {none, password, session, session},
		"tokens-survive-delete":              {none, password, tokens, tokens},
		"refresh-survives-delete":            {none, password, refresh, refresh},
		"password-login-survives-delete":     {none, password, password, password},
		"old-session-revives-on-reactivate":  {none, kinds{acme.Session, acme.Password}, none, none},
		"old-tokens-revive-on-reactivate":    {none, append(bearing, acme.Password), none, none},
		"recreate-inherits-tokens":           {none, password, none, bearing},
		"recreate-inherits-sessions":         {none, password, none, session},
		"recreate-inherits-password":         {none, password, none, password},
		"revocation-delayed-3s":              {Kinds(), successor, Kinds(), Kinds()},
	} {
		got := tell(t, name)
		g := NewWithT(t)
		g.Expect(got.deactivated).To(Equal(want.deactivated), "%s: deactivated", name)
		g.Expect(got.reactivated).To(Equal(want.reactivated), "%s: reactivated", name)
		g.Expect(got.deleted).To(Equal(want.deleted), "%s: deleted", name)
		g.Expect(got.recreated).To(Equal(want.recreated), "%s: recreated", name)
	}
}

// tell plays both halves of the story, each with a user of its own, and looks that
// a bystander loses nothing.
func tell(t *testing.T, defect string) (s story) {
	t.Helper()
	c, g := with(t, defect)
	c.NewUser("bob", password)
	bob := c.Arm("bob", password)

	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	c.SetActive(id, false)
	s.deactivated = held.Open()
	c.SetActive(id, true)
	s.reactivated = held.Open()

	id = c.NewUser("eve", password)
	held = c.Arm("eve", password)
	c.SCIM("DELETE", "/Users/"+id, nil)
	s.deleted = held.Open()
	c.NewUser("eve", another)
	s.recreated = held.Open()

	g.Expect(bob.Open()).To(Equal(Kinds()), defect)
	g.Expect(c.Arm("eve", another).Open()).To(Equal(Kinds()), "%s: the new person's own", defect)
	return s
}

// A survivor of a deletion speaks for the old person, an heir for the new one.
func TestAsWhom(t *testing.T) {
	for defect, want := range map[string]string{
		"sessions-survive-delete": "Display of eve", "tokens-survive-delete": "Display of eve",
		"password-login-survives-delete": "Display of eve",
		"recreate-inherits-sessions":     "The new Eve", "recreate-inherits-tokens": "The new Eve", "recreate-inherits-password": "The new Eve",
	} {
		c, g := with(t, defect)
		id := c.NewUser("eve", password)
		held := c.Arm("eve", password)
		c.SCIM("DELETE", "/Users/"+id, nil)
		c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": "eve", "displayName": "The new Eve", "password": another})
		seen := 0
		for _, kind := range Kinds() {
			if name := held.Use(kind); name != "" {
				seen++
				g.Expect(name).To(Equal(want), "%s: %s", defect, kind)
			}
		}
		g.Expect(seen).NotTo(BeZero(), defect)
	}
}

func TestPasswordSurvivesEverywhere(t *testing.T) {
	c, g := with(t, "password-login-survives-deactivate")
	id := c.NewUser(ada, password)
	c.SetActive(id, false)
	g.Expect(c.SignIn(ada, password).Status).To(Equal(303))
	g.Expect(c.PasswordGrant(ada, password).Status).To(Equal(200))
	g.Expect(c.API("POST", "/api/login", "", Object{"username": ada, "password": password}).Status).To(Equal(200))
	g.Expect(c.SignIn(ada, "wrong").Status).To(Equal(401))
}

func TestRevocationIsDelayedByThreeSeconds(t *testing.T) {
	c, g := with(t, "revocation-delayed-3s")
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	c.SetActive(id, false)
	c.Clock.Advance(3*time.Second - 1)
	g.Expect(held.Open()).To(Equal(Kinds()))
	c.Clock.Advance(1)
	g.Expect(held.Open()).To(BeEmpty())

	c.SCIM("DELETE", "/Users/"+id, nil)
	g.Expect(held.Use(acme.Session)).NotTo(BeEmpty(), "the deletion starts the three seconds again")
	c.Clock.Advance(3 * time.Second)
	g.Expect(held.Open()).To(BeEmpty())
}
