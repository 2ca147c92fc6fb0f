package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func TestEveryCredentialWorksBefore(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	held := c.Arm(ada, password)
	g.Expect(held.Open()).To(Equal(Kinds()))
	for _, kind := range Kinds() {
		g.Expect(held.Use(kind)).To(Equal("Display of "+ada), string(kind))
	}
}

// Every road by which somebody leaves ends every credential at once, of that person
// alone.
func TestLeavingEndsEverything(t *testing.T) {
	for name, leave := range map[string]func(c *Client, id string) *Reply{
		"PATCH": func(c *Client, id string) *Reply { return c.SetActive(id, false) },
		"PUT": func(c *Client, id string) *Reply {
			return c.SCIM(http.MethodPut, "/Users/"+id, Object{"schemas": List{User}, "userName": ada, "active": false})
		},
		"DELETE": func(c *Client, id string) *Reply { return c.SCIM(http.MethodDelete, "/Users/"+id, nil) },
	} {
		c, g := start(t)
		id := c.NewUser(ada, password)
		c.NewUser("bob", password)
		held, bob := c.Arm(ada, password), c.Arm("bob", password)

		g.Expect(leave(c, id).Status).To(BeNumerically("<", 300), name)

		g.Expect(held.Open()).To(BeEmpty(), name)
		g.Expect(c.SignIn(ada, password).Status).To(Equal(http.StatusUnauthorized), name)
		g.Expect(c.PasswordGrant(ada, password).Doc).To(Equal(Object{"error": "invalid_grant"}), name)
		g.Expect(c.Page("/home", held.Session).Status).To(Equal(http.StatusSeeOther), name)
		g.Expect(bob.Open()).To(Equal(Kinds()), name)
	}
}

// Revoked, not suspended: what was ended stays dead, but the person may sign in.
func TestReactivationBringsBackThePasswordAlone(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	c.SetActive(id, false)
	c.SetActive(id, true)
	g.Expect(held.Open()).To(Equal([]acme.CredentialKind{acme.Password}))
	g.Expect(c.Arm(ada, password).Open()).To(Equal(Kinds()), "new ones")
	g.Expect(held.Open()).To(Equal([]acme.CredentialKind{acme.Password}))
}

func TestSecondDeactivationEndsWhatCameSince(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	c.SetActive(id, false)
	c.SetActive(id, true)
	held := c.Arm(ada, password)
	c.SetActive(id, false)
	g.Expect(held.Open()).To(BeEmpty())
	c.SetActive(id, true)
	g.Expect(held.Open()).To(Equal([]acme.CredentialKind{acme.Password}))
}

func TestRecreationInheritsNothing(t *testing.T) {
	c, g := start(t)
	old := c.NewUser(ada, password)
	c.NewGroup("staff", old)
	held := c.Arm(ada, password)
	c.SCIM(http.MethodDelete, "/Users/"+old, nil)
	id := c.NewUser(ada, "another-password")

	g.Expect(held.Open()).To(BeEmpty(), "the old password does not open the new account either")
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Doc).NotTo(HaveKey("groups"))
	fresh := c.Arm(ada, "another-password")
	g.Expect(fresh.Open()).To(Equal(Kinds()))
	g.Expect(c.API(http.MethodGet, "/api/tokens", fresh.Access, nil).Text).NotTo(ContainSubstring(`},{`), "one token, the new one")
}

func TestUpdatesOfAnotherKindEndNothing(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	c.Patch("/Users/"+id, op("replace", "displayName", "Countess"), op("replace", "userName", "countess"))
	held.UserName = "countess"
	for _, kind := range Kinds() {
		g.Expect(held.Use(kind)).To(Equal("Countess"), string(kind))
	}
	g.Expect(c.SignIn(ada, password).Status).To(Equal(http.StatusUnauthorized), "the old name is free")
	g.Expect(c.NewUser(ada, "another-password")).NotTo(Equal(id))
}

func TestAUserCreatedInactiveCannotSignIn(t *testing.T) {
	c, g := start(t)
	id := c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": ada, "password": password, "active": false}).ID()
	g.Expect(c.SignIn(ada, password).Status).To(Equal(http.StatusUnauthorized))
	c.SetActive(id, true)
	g.Expect(c.SignIn(ada, password).Status).To(Equal(http.StatusSeeOther))
}
