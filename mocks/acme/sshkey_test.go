package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func TestSSHKeys(t *testing.T) {
	c, g := startMail(t)
	c.NewUser(ada, password)
	c.NewUser("bob", password)
	held, bob := c.Arm(ada, password), c.Arm("bob", password)
	id := c.SSHKey(held.Access)
	g.Expect(id).NotTo(BeEmpty())
	g.Expect(c.AuthorizedKeys(ada)).To(Equal(PublicKey + "\n"))
	g.Expect(c.AuthorizedKeys("bob")).To(BeEmpty())
	g.Expect(c.API(http.MethodGet, "/ssh/authorized-keys?user="+ada, held.Access, nil).Status).To(Equal(http.StatusUnauthorized), "not for people")
	for _, wrong := range []Object{{}, {"label": "x"}, {"label": "x", "key": "AAAA"}, {"label": "x", "key": "ssh-rsa A\nssh-rsa B"}} {
		g.Expect(c.API(http.MethodPost, "/api/ssh-keys", held.Access, wrong).Status).To(Equal(http.StatusBadRequest))
	}
	g.Expect(c.API(http.MethodDelete, "/api/ssh-keys/"+id, bob.Access, nil).Status).To(Equal(http.StatusNotFound), "another's")
	g.Expect(c.API(http.MethodDelete, "/api/ssh-keys/"+id, held.Access, nil).Status).To(Equal(http.StatusNoContent))
	g.Expect(c.AuthorizedKeys(ada)).To(BeEmpty())
}

func TestEveryWayOutEndsSSHKeys(t *testing.T) {
	for name, out := range ways {
		c, g := startMail(t)
		id := c.NewUser(ada, password)
		c.SSHKey(c.Arm(ada, password).Access)
		out(c, id)
		if name == "new password" { // with which a key has nothing to do
			g.Expect(c.AuthorizedKeys(ada)).To(Equal(PublicKey+"\n"), name)
			continue
		}
		g.Expect(c.AuthorizedKeys(ada)).To(BeEmpty(), name)
	}
}
