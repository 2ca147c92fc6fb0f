package defects_test

import (
	"time"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"shown-active-again-after-1s":         {activeAfterSync(func(c *Client, _ string) { c.Clock.Advance(time.Second) }), false, true},
	"deleted-shown-again-after-1s":        {laterStatus, 404, 200},
	"old-name-shown-again-after-1s":       {laterName, "ada.king", ada},
	"removed-member-shown-again-after-1s": {laterMembers, "bob grace", "ada bob grace"},
	"removed-role-shown-again-after-1s":   {laterRoles, 0, 1},
})

func laterStatus(c *Client) any {
	path := "/Users/" + c.NewUser(ada, password)
	c.SCIM("DELETE", path, nil)
	c.Clock.Advance(time.Second)
	return c.SCIM("GET", path, nil).Status
}

func laterName(c *Client) any {
	path := "/Users/" + c.NewUser(ada, password)
	c.Patch(path, op("replace", "userName", "ada.king"))
	c.Clock.Advance(time.Second)
	return c.SCIM("GET", path, nil).Get("userName")
}

func laterMembers(c *Client) any {
	m := newCrew(c)
	c.Patch("/Groups/"+m.group, Object{"op": "remove", "path": `members[value eq "` + m.ada + `"]`})
	c.Clock.Advance(time.Second)
	return left(c, m)
}

func laterRoles(c *Client) any {
	path := "/Users/" + c.NewUser(ada, password)
	c.Patch(path, op("add", "roles", List{Object{"value": "auditor"}}))
	c.Patch(path, Object{"op": "remove", "path": "roles"})
	c.Clock.Advance(time.Second)
	return len(c.SCIM("GET", path, nil).List("roles"))
}
