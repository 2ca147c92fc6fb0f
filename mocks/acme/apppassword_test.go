package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func TestAppPasswords(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	c.NewUser("bob", password)
	held, bob := c.Arm(ada, password), c.Arm("bob", password)
	made := c.API(http.MethodPost, "/api/app-passwords", held.Access, Object{"label": "calendar"})
	g.Expect(made.Status).To(Equal(http.StatusCreated))
	secret := made.Get("password").(string)

	list := c.Dav("ADA@example.com", secret)
	g.Expect(list.Status).To(Equal(http.StatusOK))
	g.Expect(list.Text).To(ContainSubstring("Display of " + ada))
	for _, wrong := range [][2]string{{ada, password}, {"bob", secret}, {"", secret}, {ada, ""}, {ada, held.Personal}, {ada, held.Session}, {ada, held.Access}} {
		reply := c.Dav(wrong[0], wrong[1])
		g.Expect(reply.Status).To(Equal(http.StatusUnauthorized))
		g.Expect(reply.Header.Get("WWW-Authenticate")).To(HavePrefix(`Basic realm="dav"`))
	}
	g.Expect(c.API(http.MethodGet, "/dav/", held.Access, nil).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.API(http.MethodGet, "/api/me", secret, nil).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.SignIn(ada, secret).Status).To(Equal(http.StatusUnauthorized))

	g.Expect(c.API(http.MethodGet, "/api/app-passwords", held.Access, nil).Text).To(MatchJSON(`[{"id":"` + made.ID() + `","label":"calendar"}]`))
	g.Expect(c.API(http.MethodGet, "/api/tokens", held.Access, nil).Text).NotTo(ContainSubstring(made.ID()))
	g.Expect(c.API(http.MethodDelete, "/api/tokens/"+made.ID(), held.Access, nil).Status).To(Equal(http.StatusNotFound), "of another kind")
	g.Expect(c.API(http.MethodDelete, "/api/app-passwords/"+made.ID(), bob.Access, nil).Status).To(Equal(http.StatusNotFound), "another's")
	g.Expect(c.API(http.MethodDelete, "/api/app-passwords/"+made.ID(), held.Access, nil).Status).To(Equal(http.StatusNoContent))
	g.Expect(c.Dav(ada, secret).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.API(http.MethodPost, "/api/app-passwords", held.Access, Object{}).Status).To(Equal(http.StatusBadRequest))
	g.Expect(c.API(http.MethodPost, "/api/app-passwords", held.Personal, Object{"label": "x"}).Status).To(Equal(http.StatusUnauthorized))
}

func TestEveryWayOutEndsAppPasswords(t *testing.T) {
	for name, out := range ways {
		c, g := start(t)
		id := c.NewUser(ada, password)
		secret := c.AppPassword(c.Arm(ada, password).Access)
		out(c, id)
		g.Expect(c.Dav(ada, secret).Status).To(Equal(http.StatusUnauthorized), name)
	}
}

func TestAnAppPasswordGoesWithTheNewName(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	secret := c.AppPassword(c.Arm(ada, password).Access)
	c.Patch("/Users/"+id, op("replace", "userName", "countess"))
	g.Expect(c.Dav(ada, secret).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.Dav("countess", secret).Status).To(Equal(http.StatusOK))
	c.NewUser(ada, password)
	g.Expect(c.Dav(ada, secret).Status).To(Equal(http.StatusUnauthorized), "somebody else's name now")
}
