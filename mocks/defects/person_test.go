package defects_test

import (
	"sync"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"create-shows-id-only":         {creatingHas("userName"), true, false},
	"create-twins-in-a-race":       {creatingAtOnce, 1, 2},
	"create-again-overwrites":      {displayNameAfterTwin, "Ada", none},
	"create-grants-groups":         {membersAfterCreation, 0, 1},
	"create-other-type-accepted":   {statusOf("POST", "/Users", Object{"schemas": List{Group}, "displayName": "crew", "userName": "crew"}), 400, 201},
	"create-drops-wrong-values":    {creating(Object{"emails": "x"}, status), 400, 201},
	"create-refused-and-stored":    {refusedAndFound, 0.0, 1.0},
	"create-unknown-attribute-500": {creating(Object{"unknown": 1}, status), 201, 500},

	"profile-url-without-query": {creatingShows(Object{"profileUrl": "https://x.example/a?b#c"}, "profileUrl"), "https://x.example/a?b#c", "https://x.example/a"},
	"locale-without-region":     {creatingShows(Object{"locale": "en-US"}, "locale"), "en-US", "en"},
	"country-in-lower-case":     {creatingShows(Object{"addresses": List{Object{"country": "US"}}}, "addresses"), List{Object{"country": "US"}}, List{Object{"country": "us"}}},
	"role-stays-when-removed":   {rolesAfterRemoval, 1, 2},
	"manager-as-text":           {manager, Object{"value": "m"}, "m"},
	"manager-name-as-sent":      {manager, Object{"value": "m"}, Object{"value": "m", "displayName": "Boss"}},

	"deleted-user-found-by-external-id": {findDeleted, 0.0, 1.0},
	"deleted-user-changed-200":          {changeDeleted, 404, 204},
})

// creatingAtOnce counts the users of two creations at the same time.
func creatingAtOnce(c *Client) any {
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": ada}) })
	}
	both.Wait()
	return len(c.SCIM("GET", "/Users", nil).List("Resources"))
}

func displayNameAfterTwin(c *Client) any {
	id := person(c, ada, Object{"displayName": "Ada"})
	c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": ada})
	return orNone(c.SCIM("GET", "/Users/"+id, nil).Get("displayName"))
}

func membersAfterCreation(c *Client) any {
	group := c.NewGroup("crew")
	person(c, ada, Object{"groups": List{Object{"value": group}}})
	return len(c.SCIM("GET", "/Groups/"+group, nil).List("members"))
}

func refusedAndFound(c *Client) any {
	c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": ada, "name": Object{"familyName": 5}})
	return c.Find("/Users", `userName eq "`+ada+`"`).Get("totalResults")
}

func rolesAfterRemoval(c *Client) any {
	id := person(c, ada, Object{"roles": List{Object{"value": "one"}, Object{"value": "other"}}})
	c.Patch("/Users/"+id, Object{"op": "remove", "path": `roles[value eq "one"]`})
	return len(c.SCIM("GET", "/Users/"+id, nil).List("roles"))
}

// manager reads the manager of a user, who came with a made-up name.
func manager(c *Client) any {
	id := person(c, ada, Object{"schemas": List{User, Enterprise}, Enterprise: Object{"manager": Object{"value": "m", "displayName": "Boss"}}})
	return c.SCIM("GET", "/Users/"+id, nil).Get(Enterprise, "manager")
}

func findDeleted(c *Client) any {
	c.SCIM("DELETE", "/Users/"+person(c, ada, Object{"externalId": "x"}), nil)
	return c.Find("/Users", `externalId eq "x"`).Get("totalResults")
}

func changeDeleted(c *Client) any {
	id := person(c, ada, nil)
	c.SCIM("DELETE", "/Users/"+id, nil)
	return c.Patch("/Users/"+id, op("replace", "title", "x")).Status
}
