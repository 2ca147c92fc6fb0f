package acme_test

import (
	"net/http"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// registered is a client of somebody's, and what it can do.
type registered struct {
	c              *Client
	path           string
	client, secret string
}

func register(c *Client, access string) registered {
	made := c.RegisterClient(access)
	return registered{c, "/api/oauth-clients/" + made.ID(), made.Get("client_id").(string), made.Get("client_secret").(string)}
}

func (r registered) token() *Reply { return r.c.ClientGrant(r.client, r.secret) }

// opens reports whom the product takes a token's holder for, "" for nobody.
func opens(c *Client, token any) string {
	text, _ := token.(string)
	name, _ := c.API(http.MethodGet, "/api/me", text, nil).Get("userName").(string)
	return name
}

func TestAClientOfSomebodyActsForThem(t *testing.T) {
	c, g, _, _, held := startAdmin(t)
	mine := register(c, held.Access)
	reply := mine.token()
	g.Expect(reply.Status).To(Equal(http.StatusOK))
	g.Expect(reply.Doc).NotTo(HaveKey("refresh_token"), "RFC 6749 §4.4.3")
	g.Expect(reply.Get("token_type")).To(Equal("Bearer"))
	g.Expect(opens(c, reply.Get("access_token"))).To(Equal(ada))
	inBody := c.Form("/oauth/token", "", "grant_type", "client_credentials", "client_id", mine.client, "client_secret", mine.secret)
	g.Expect(inBody.Status).To(Equal(http.StatusOK))
	g.Expect(opens(c, mine.secret)).To(BeEmpty(), "the secret is no token")
	g.Expect(c.API("GET", "/api/oauth-clients", held.Access, nil).Text).NotTo(ContainSubstring(mine.secret))
}

func TestWhatAClientIsRefused(t *testing.T) {
	c, g, _, _, held := startAdmin(t)
	mine, other := register(c, held.Access), register(c, held.Access)
	for name, tt := range map[string]struct {
		reply  *Reply
		status int
		want   string
	}{
		"a wrong secret":       {c.ClientGrant(mine.client, "wrong"), http.StatusUnauthorized, "invalid_client"},
		"another's secret":     {c.ClientGrant(mine.client, other.secret), http.StatusUnauthorized, "invalid_client"},
		"a token as a secret":  {c.ClientGrant(mine.client, held.Access), http.StatusUnauthorized, "invalid_client"},
		"no secret":            {c.Form("/oauth/token", "", "grant_type", "client_credentials", "client_id", mine.client), http.StatusBadRequest, "unauthorized_client"},
		"a public client":      {c.Form("/oauth/token", "", "grant_type", "client_credentials", "client_id", "cli"), http.StatusBadRequest, "unauthorized_client"},
		"a secret of a public": {c.ClientGrant("cli", "x"), http.StatusUnauthorized, "invalid_client"},
		"two ways at once":     {c.TokenAs(mine.client, mine.secret, "grant_type", "client_credentials", "client_secret", mine.secret), http.StatusUnauthorized, "invalid_client"},
		"another grant": {
			c.TokenAs(mine.client, mine.secret, "grant_type", "password", "username", ada, "password", password), http.StatusBadRequest, "unauthorized_client",
		},
		"to introspect": {
			c.Form("/oauth/introspect", "", "token", held.Access, "client_id", mine.client, "client_secret", mine.secret), http.StatusUnauthorized, "invalid_client",
		},
	} {
		g.Expect(tt.reply.Status).To(Equal(tt.status), name)
		g.Expect(tt.reply.Get("error")).To(Equal(tt.want), name)
	}
	g.Expect(mine.token().Status).To(Equal(http.StatusOK))
}

func TestAClientEndsWithItsOwner(t *testing.T) {
	c, g, _, adaID, held := startAdmin(t)
	mine := register(c, held.Access)
	c.Patch("/Users/"+adaID, op("replace", "password", fresh))
	token := mine.token()
	g.Expect(token.Status).To(Equal(http.StatusOK), "a new password is none of its business")
	for _, active := range []bool{false, true} {
		c.SetActive(adaID, active)
		g.Expect(mine.token().Get("error")).To(Equal("invalid_client"), "active: %v", active)
		g.Expect(opens(c, token.Get("access_token"))).To(BeEmpty(), "active: %v", active)
	}
}

func TestADeletedClientTakesItsTokensAlong(t *testing.T) {
	c, g, admin, _, held := startAdmin(t)
	mine := register(c, held.Access)
	token := mine.token().Get("access_token")
	g.Expect(c.API("DELETE", mine.path, admin, nil).Status).To(Equal(http.StatusNotFound), "it is not hers to delete")
	g.Expect(c.API("DELETE", mine.path, held.Access, nil).Status).To(Equal(http.StatusNoContent))
	g.Expect(mine.token().Get("error")).To(Equal("invalid_client"))
	g.Expect(opens(c, token)).To(BeEmpty())
	g.Expect(opens(c, held.Access)).To(Equal(ada))
}

// No token of a client outlives a deactivation or a deletion that happens meanwhile.
func TestNoClientSlipsThrough(t *testing.T) {
	for range 10 {
		c, g, _, adaID, held := startAdmin(t)
		mine := register(c, held.Access)
		var token *Reply
		var wg sync.WaitGroup
		wg.Go(func() { token = mine.token() })
		wg.Go(func() { c.API("DELETE", mine.path, held.Access, nil) })
		wg.Wait()
		g.Expect(opens(c, token.Get("access_token"))).To(BeEmpty(), "deleted")

		mine = register(c, held.Access)
		wg.Go(func() { token = mine.token() })
		wg.Go(func() { c.SetActive(adaID, false) })
		wg.Wait()
		c.SetActive(adaID, true)
		g.Expect(opens(c, token.Get("access_token"))).To(BeEmpty(), "deactivated")
	}
}
