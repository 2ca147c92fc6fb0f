package defects_test

import . "github.com/scimproof/scimproof/mocks/acme/acmetest"

var _ = show(map[string]shown{
	"sort-ignored":                {firstBy("sortBy=userName"), "ada", "bob"},
	"sort-always-ascending":       {firstBy("sortBy=userName&sortOrder=descending"), "bob", "ada"},
	"cursor-begins-again":         {secondPage, "ada", "bob"},
	"cursor-never-ends":           {lastPageGoesOn, false, true},
	"cursor-unusable-accepted":    {unusableCursor, 400, 200},
	"search-by-post-missing":      {searchStatus, 200, 404},
	"root-query-shows-users-only": {rootTotal, 3.0, 2.0},
})

// bobAndAda makes two users, bob first.
func bobAndAda(c *Client) {
	person(c, "bob", nil)
	person(c, "ada", nil)
}

func firstBy(parameters string) func(*Client) any {
	return func(c *Client) any {
		bobAndAda(c)
		return c.SCIM("GET", "/Users?"+parameters, nil).First()["userName"]
	}
}

func secondPage(c *Client) any {
	bobAndAda(c)
	next, _ := c.SCIM("GET", "/Users?count=1&cursor=", nil).Get("nextCursor").(string)
	return c.SCIM("GET", "/Users?count=1&cursor="+next, nil).First()["userName"]
}

func lastPageGoesOn(c *Client) any {
	bobAndAda(c)
	return c.SCIM("GET", "/Users?cursor=", nil).Get("nextCursor") != nil
}

func unusableCursor(c *Client) any { return c.SCIM("GET", "/Users?cursor=made-up", nil).Status }

func searchStatus(c *Client) any {
	bobAndAda(c)
	return c.SCIM("POST", "/Users/.search", Object{"schemas": List{"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}}).Status
}

func rootTotal(c *Client) any {
	bobAndAda(c)
	c.NewGroup("crew")
	return c.Ask("GET", "/scim/v2", nil).Get("totalResults")
}
