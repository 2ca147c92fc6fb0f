package defects_test

import (
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"group-without-name-accepted":   {statusOf("POST", "/Groups", Object{"schemas": List{Group}}), 400, 201},
	"group-without-members-refused": {statusOf("POST", "/Groups", Object{"schemas": List{Group}, "displayName": "crew"}), 201, 400},
	"group-external-id-dropped":     {externalIDOfGroup, "x", none},
	"members-listed-twice":          {membersAfter(addAdaAgain), 3, 4},
	"members-exchanged-200":         {crewStatus(exchangeAda), 400, 200},
	"members-unknown-500":           {addNobody, 400, 500},
	"members-cycle-500":             {closeCircle, 200, 500},
	"members-not-inherited":         {groupsInOuter, 2, 1},
	"deleted-group-stays-on-users":  {groupsAfterDeletion, 0, 1},
})

func externalIDOfGroup(c *Client) any {
	reply := c.SCIM("POST", "/Groups", Object{"schemas": List{Group}, "displayName": "crew", "externalId": "x"})
	return orNone(reply.Get("externalId"))
}

func addAdaAgain(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, op("add", "members", Members(m.ada)))
}

func exchangeAda(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, op("replace", `members[value eq "`+m.ada+`"].value`, m.bob))
}

// crewStatus is the answer to a change of the crew.
func crewStatus(change func(crew, *Client) *Reply) func(*Client) any {
	return func(c *Client) any { return change(newCrew(c), c).Status }
}

// membersAfter counts the members that the crew lists after a change.
func membersAfter(change func(crew, *Client) *Reply) func(*Client) any {
	return func(c *Client) any {
		m := newCrew(c)
		change(m, c)
		return len(c.SCIM("GET", "/Groups/"+m.group, nil).List("members"))
	}
}

// closeCircle makes a group a member of the one that it contains.
func closeCircle(c *Client) any {
	inner := c.NewGroup("inner")
	outer := c.NewGroup("outer", inner)
	return c.Patch("/Groups/"+inner, op("add", "members", Members(outer))).Status
}

func groupsInOuter(c *Client) any {
	id := c.NewUser(ada, password)
	c.NewGroup("outer", c.NewGroup("inner", id))
	return len(c.SCIM("GET", "/Users/"+id, nil).List("groups"))
}

func groupsAfterDeletion(c *Client) any {
	id := c.NewUser(ada, password)
	c.SCIM("DELETE", "/Groups/"+c.NewGroup("crew", id), nil)
	return len(c.SCIM("GET", "/Users/"+id, nil).List("groups"))
}
