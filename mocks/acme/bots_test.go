package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func TestABotEndsWithItsOwner(t *testing.T) {
	c, g, _, adaID, held := startAdmin(t)
	bot := c.API("POST", "/api/bots", held.Access, Object{"label": "deploy"})
	token := bot.Get("token").(string)
	works := func(token string) bool { return c.API("GET", "/api/me", token, nil).Status == http.StatusOK }
	g.Expect(works(token)).To(BeTrue())
	g.Expect(c.API("POST", "/api/bots", token, Object{"label": "more"}).Status).To(Equal(http.StatusUnauthorized), "a bot makes no bots")
	c.Patch("/Users/"+adaID, op("replace", "password", fresh))
	g.Expect(works(token)).To(BeTrue(), "a new password is none of its business")
	c.SetActive(adaID, false)
	g.Expect(works(token)).To(BeFalse())
	c.SetActive(adaID, true)
	g.Expect(works(token)).To(BeFalse())
}

func TestABotIsHandedOver(t *testing.T) {
	c, g, admin, adaID, held := startAdmin(t)
	bot := c.API("POST", "/api/bots", held.Access, Object{"label": "deploy"})
	path := "/api/bots/" + bot.ID() + "/transfer"
	g.Expect(c.API("POST", path, held.Access, Object{"to": "nobody"}).Status).To(Equal(http.StatusBadRequest))
	g.Expect(c.API("POST", path, admin, Object{"to": root}).Status).To(Equal(http.StatusNotFound), "it is not hers to give")
	fresh := c.API("POST", path, held.Access, Object{"to": root})
	g.Expect(fresh.Status).To(Equal(http.StatusOK))
	g.Expect(c.API("GET", "/api/me", bot.Get("token").(string), nil).Status).To(Equal(http.StatusUnauthorized))
	c.SetActive(adaID, false)
	g.Expect(c.API("GET", "/api/me", fresh.Get("token").(string), nil).Get("userName")).To(Equal(root))
}

func TestSharesAndFeedsEndWithWhoMadeThem(t *testing.T) {
	for _, path := range []string{"/api/shares", "/api/feeds"} {
		c, g, _, adaID, held := startAdmin(t)
		made := c.API("POST", path, held.Access, Object{"label": "plan"})
		open := func(reply *Reply) *Reply { return c.Page(reply.Get("url").(string), "") }
		g.Expect(open(made).Status).To(Equal(http.StatusOK))
		g.Expect(open(made).Text).To(ContainSubstring("Display of " + ada))
		second := c.API("POST", path, held.Access, Object{"label": "other"})
		g.Expect(c.API("DELETE", path+"/"+second.ID(), held.Access, nil).Status).To(Equal(http.StatusNoContent))
		g.Expect(open(second).Status).To(Equal(http.StatusNotFound))
		c.SetActive(adaID, false)
		g.Expect(open(made).Status).To(Equal(http.StatusNotFound))
		c.SetActive(adaID, true)
		g.Expect(open(made).Status).To(Equal(http.StatusNotFound))
	}
}
