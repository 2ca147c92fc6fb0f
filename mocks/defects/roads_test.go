package defects_test

import (
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"session-cached-3s":     {openAfter(deactivate, 2*time.Second), kinds{}, kinds{acme.Session}},
	"login-accepted-for-3s": {openAfter(deactivate, 2*time.Second), kinds{}, kinds{acme.Password}},
	"replicas-disagree":     {usedThrice(acme.AccessToken), "refused refused refused", "allowed refused allowed"},
	"first-use-after-departure-works": {
		usedThrice(acme.Session), "refused refused refused", "allowed refused refused",
	},
	"access-comes-back-after-1s":       {openAfter(deactivate, time.Second), kinds{}, kinds{acme.PersonalToken}},
	"active-flag-never-read":           {openAfter(deactivate, 0), kinds{}, Kinds()},
	"deleted-only-in-scim":             {openAfter(remove, 0), kinds{}, Kinds()},
	"put-keeps-sessions":               {openAfter(put, 0), kinds{}, kinds{acme.Session}},
	"keys-matched-by-label":            {openAfter(deactivate, 0), kinds{}, kinds{acme.PersonalToken}},
	"renamed-leaver-keeps-tokens":      {openAfter(renameAndDeactivate, 0), kinds{}, kinds{acme.AccessToken, acme.PersonalToken}},
	"delete-of-inactive-opens-again":   {openAfter(deactivateAndRemove, 0), kinds{}, kinds{acme.PersonalToken}},
	"members-of-a-group-stay":          {openAfter(joinAndDeactivate, 0), kinds{}, kinds{acme.Session}},
	"administrators-stay":              {openAfter(promoteAndDeactivate, 0), kinds{}, Kinds()},
	"new-password-keeps-sessions":      {openAfter(newPassword, 0), kinds{}, kinds{acme.Session}},
	"new-password-keeps-tokens":        {openAfter(newPassword, 0), kinds{}, kinds{acme.AccessToken, acme.RefreshToken}},
	"second-deactivation-ends-nothing": {openAfterReturn, kinds{}, kinds{acme.Session, acme.AccessToken, acme.RefreshToken, acme.PersonalToken}},
	"token-minted-at-the-same-moment-survives": {
		mintedBefore, "", "allowed",
	},
})

func deactivate(c *Client, id string) { c.SetActive(id, false) }

func remove(c *Client, id string) { c.SCIM("DELETE", "/Users/"+id, nil) }

func put(c *Client, id string) {
	c.SCIM("PUT", "/Users/"+id, Object{"schemas": List{User}, "userName": ada, "displayName": "Ada", "active": false})
}

func renameAndDeactivate(c *Client, id string) {
	c.Patch("/Users/"+id, op("replace", "userName", "augusta@example.com"))
	deactivate(c, id)
}

func deactivateAndRemove(c *Client, id string) {
	deactivate(c, id)
	remove(c, id)
}

func joinAndDeactivate(c *Client, id string) {
	c.NewGroup("staff", id)
	deactivate(c, id)
}

func promoteAndDeactivate(c *Client, id string) {
	c.Patch("/Users/"+id, op("add", "roles", List{Object{"value": "admin"}}))
	deactivate(c, id)
}

func newPassword(c *Client, id string) { c.Patch("/Users/"+id, op("replace", "password", another)) }

// openAfter arms somebody, lets something happen, waits, and looks what still works.
func openAfter(happens func(*Client, string), wait time.Duration) func(*Client) any {
	return func(c *Client) any {
		id := c.NewUser(ada, password)
		c.Clock.Advance(time.Minute) // nothing is minted in the last second
		held := c.Arm(ada, password)
		c.Clock.Advance(time.Minute)
		happens(c, id)
		c.Clock.Advance(wait)
		return held.Open()
	}
}

// openAfterReturn looks at what was obtained between two departures.
func openAfterReturn(c *Client) any {
	id := c.NewUser(ada, password)
	c.SetActive(id, false)
	c.SetActive(id, true)
	c.Clock.Advance(time.Minute)
	held := c.Arm(ada, password)
	c.Clock.Advance(time.Minute)
	c.SetActive(id, false)
	return held.Open()
}

func mintedBefore(c *Client) any {
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	c.SetActive(id, false)
	if held.Use(acme.PersonalToken) != "" {
		return "allowed"
	}
	return ""
}

// usedThrice tries one credential of a leaver three times.
func usedThrice(kind acme.CredentialKind) func(*Client) any {
	return func(c *Client) any {
		id := c.NewUser(ada, password)
		held := c.Arm(ada, password)
		c.SetActive(id, false)
		tries := ""
		for range 3 {
			word := " refused"
			if held.Use(kind) != "" {
				word = " allowed"
			}
			tries += word
		}
		return tries[1:]
	}
}
