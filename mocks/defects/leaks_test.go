package defects_test

import (
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// hasPassword reports whether the answer to a read of a user has a password. What it
// is must not get into the output of tests.
func hasPassword(query string) func(*Client) any {
	return func(c *Client) any {
		_, shown := c.SCIM("GET", "/Users/"+c.NewUser(ada, password)+query, nil).Doc["password"]
		return shown
	}
}

// asThemselves has Ada read a user with an access token of her own.
func asThemselves(id string) func(*Client) any {
	return func(c *Client) any {
		c.NewUser(ada, password)
		return c.API("GET", "/scim/v2/Users/"+id, c.Arm(ada, password).Access, nil).Status
	}
}

var _ = show(map[string]shown{
	"password-shown-on-create": {func(c *Client) any {
		_, shown := c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": ada, "password": password}).Doc["password"]
		return shown
	}, false, true},
	"password-hash-shown":      {hasPassword(""), false, true},
	"password-hash-on-request": {hasPassword("?attributes=password"), false, true},
	"password-guessed-by-filter": {func(c *Client) any {
		c.NewUser(ada, password)
		c.NewUser(bob, another)
		return names(c.Find("/Users", `password sw "an"`))
	}, 400, "bob"},
	"password-in-error": {func(c *Client) any {
		reply := c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": "", "password": password})
		return strings.Contains(reply.Text, password)
	}, false, true},
	"token-in-error":        {outside(func(r *Reply) any { return strings.Contains(r.Text, "no-token-of-anybody") }), false, true},
	"ids-told-apart-by-403": {asThemselves("5f0c7b1e-53a5-4c1e-8a2f-0d8f6a3c9b11"), 403, 404},
	"deleted-users-counted": {func(c *Client) any {
		c.SCIM("DELETE", "/Users/"+person(c, ada, nil), nil)
		return c.SCIM("GET", "/Users", nil).Get("totalResults")
	}, 0.0, 1.0},
	"headers-show-software": {answers(func(r *Reply) any { return r.Header.Get("Server") != "" }), false, true},
})
