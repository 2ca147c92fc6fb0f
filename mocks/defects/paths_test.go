package defects_test

import (
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// way arms somebody with a credential and returns what tries it: true if it opens what
// it is for.
type way func(c *Client, held *Credentials) func() bool

// ways are those into the product that no profile arms by itself.
var ways = map[acme.CredentialKind]way{
	acme.RememberMe: func(c *Client, _ *Credentials) func() bool {
		cookie := c.SignIn(ada, password, "remember", "1").Cookie("acme_remember")
		return func() bool { return c.Browse("/home", "acme_remember="+cookie).Status == http.StatusOK }
	},
	acme.AppPassword: func(c *Client, held *Credentials) func() bool {
		secret := c.AppPassword(held.Access)
		return func() bool { return c.Dav(ada, secret).Status == http.StatusOK }
	},
	acme.ResetLink: func(c *Client, _ *Credentials) func() bool {
		c.Form("/password/forgot", "", "email", ada)
		token := c.LinkToken(ada)
		return func() bool {
			return c.Form("/password/reset", "", "token", token, "password", another).Status == http.StatusSeeOther
		}
	},
	acme.MagicLink: func(c *Client, _ *Credentials) func() bool {
		c.Form("/login/magic", "", "email", ada)
		link := c.Link(ada)
		return func() bool { return c.Page(link, "").Status == http.StatusSeeOther }
	},
	acme.InvitationLink: func(c *Client, held *Credentials) func() bool {
		c.API(http.MethodPost, "/api/invitations", held.Access, Object{"email": "grace@example.com"})
		token := c.LinkToken("grace@example.com")
		return func() bool {
			return c.Form("/invitation", "", "token", token, "userName", "grace", "password", another).Status == http.StatusSeeOther
		}
	},
}

var _ = show(survivingWays())

// survivingWays are the demonstrations of every way × event.
func survivingWays() map[string]shown {
	all := map[string]shown{}
	for kind, arm := range ways {
		slug := strings.ReplaceAll(strings.ToLower(string(kind)), " ", "-")
		all[slug+"-survives-deactivate"] = shown{opensAfter(arm, deactivate), false, true}
		if kind != acme.ResetLink { // there is nobody left to set a password for
			all[slug+"-survives-delete"] = shown{opensAfter(arm, remove), false, true}
		}
	}
	for _, kind := range []acme.CredentialKind{acme.RememberMe, acme.AppPassword} {
		slug := strings.ReplaceAll(strings.ToLower(string(kind)), " ", "-")
		all[slug+"-revives-on-reactivate"] = shown{opensAfter(ways[kind], deactivateAndReactivate), false, true}
	}
	return all
}

func deactivateAndReactivate(c *Client, id string) {
	c.SetActive(id, false)
	c.SetActive(id, true)
}

// opensAfter arms somebody in a way, lets something happen, and tries it.
func opensAfter(arm way, happens func(*Client, string)) func(*Client) any {
	return func(c *Client) any {
		id := c.NewPerson(ada, password, ada)
		opens := arm(c, c.Arm(ada, password))
		happens(c, id)
		return opens()
	}
}
