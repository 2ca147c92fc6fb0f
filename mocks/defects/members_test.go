package defects_test

import (
	"fmt"
	"time"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"members-value-list-removes-all":        {leftAfter(removeListed), "bob grace", ""},
	"members-value-list-refused":            {leftAfter(removeListed), "bob grace", "ada bob grace"},
	"members-value-list-ignored":            {statusAfter(removeListed), "200 bob grace", "200 ada bob grace"},
	"members-removal-of-a-stranger-empties": {leftAfter(removeStranger), "ada bob grace", ""},
	"members-replace-keeps-stale":           {leftAfter(replaceMembers), "bob", "ada bob grace"},
	"members-replace-with-none-refused":     {leftAfter(replaceByNone), "", "ada bob grace"},
	"members-or-filter-takes-one":           {leftAfter(removeEither), "grace", "bob grace"},
	"members-filter-in-capitals-ignored":    {leftAfter(removeInCapitals), "bob grace", "ada bob grace"},
	"members-add-replaces":                  {leftAfter(addEve), "ada bob eve grace", "eve"},
	"members-unknown-accepted":              {addNobody, 400, 200},
	"members-nested-refused":                {nest, 200, 400},
	"members-beyond-100-dropped":            {addMany, 150, 100},
	"groups-missing-on-users":               {groupsOf, 1, 0},
	"deleted-user-stays-a-member":           {leftAfterDeletion, 2, 3},
	"inactive-user-leaves-groups":           {leftAfterReturn, 3, 2},
	"removed-member-keeps-access":           {pageOfFormerMember(time.Hour), 403, 200},
	"membership-cached-3s":                  {pageOfFormerMember(2 * time.Second), 403, 200},
	"removed-role-keeps-access":             {pageOfFormerRole, 403, 200},
	"withdrawn-grant-keeps-access":          {pageOfWithdrawn, 403, 200},
	"members-only-pages-open-to-all":        {pageOfStranger, 403, 200},
	"console-open-to-all":                   {consoleOfStranger, 403, 200},
})

// crew is a group with its people.
type crew struct{ group, ada, bob, grace string }

func newCrew(c *Client) crew {
	m := crew{ada: c.NewUser(ada, password), bob: c.NewUser("bob", password), grace: c.NewUser("grace", password)}
	m.group = c.NewGroup("crew", m.ada, m.bob, m.grace)
	return m
}

// left names the members of the crew, in the order of the alphabet.
func left(c *Client, m crew) string {
	there := map[any]bool{}
	for _, member := range c.SCIM("GET", "/Groups/"+m.group, nil).List("members") {
		there[member["value"]] = true
	}
	out := ""
	eve, _ := c.Find("/Users", `userName eq "eve"`).First()["id"].(string)
	for _, p := range [][2]string{{m.ada, " ada"}, {m.bob, " bob"}, {eve, " eve"}, {m.grace, " grace"}} {
		if there[p[0]] {
			out += p[1]
		}
	}
	if out == "" {
		return ""
	}
	return out[1:]
}

func leftAfter(change func(crew, *Client) *Reply) func(*Client) any {
	return func(c *Client) any {
		m := newCrew(c)
		change(m, c)
		return left(c, m)
	}
}

func statusAfter(change func(crew, *Client) *Reply) func(*Client) any {
	return func(c *Client) any {
		m := newCrew(c)
		return fmt.Sprint(change(m, c).Status, " ", left(c, m))
	}
}

func removeListed(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, op("Remove", "members", Members(m.ada)))
}

func removeStranger(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, op("Remove", "members", Members(c.NewUser("eve", password))))
}

func replaceMembers(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, op("replace", "members", Members(m.bob)))
}

func replaceByNone(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, op("replace", "members", List{}))
}

func removeEither(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, Object{"op": "remove", "path": `members[value eq "` + m.ada + `" or value eq "` + m.bob + `"]`})
}

func removeInCapitals(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, Object{"op": "remove", "path": `members[value EQ "` + m.ada + `"]`})
}

func addEve(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, op("add", "members", Members(c.NewUser("eve", password))))
}

func addNobody(c *Client) any {
	return c.Patch("/Groups/"+newCrew(c).group, op("add", "members", Members("nobody"))).Status
}

func nest(c *Client) any {
	return c.Patch("/Groups/"+newCrew(c).group, op("add", "members", Members(c.NewGroup("inner")))).Status
}

func addMany(c *Client) any {
	var people []string
	for n := range 150 {
		people = append(people, c.NewPerson(fmt.Sprint("person", n), ""))
	}
	group := "/Groups/" + c.NewGroup("many")
	c.Patch(group, op("add", "members", Members(people...)))
	return len(c.SCIM("GET", group, nil).List("members"))
}

func groupsOf(c *Client) any { return len(c.SCIM("GET", "/Users/"+newCrew(c).ada, nil).List("groups")) }

func leftAfterDeletion(c *Client) any {
	m := newCrew(c)
	remove(c, m.ada)
	return len(c.SCIM("GET", "/Groups/"+m.group, nil).List("members"))
}

func leftAfterReturn(c *Client) any {
	m := newCrew(c)
	deactivateAndReactivate(c, m.ada)
	return len(c.SCIM("GET", "/Groups/"+m.group, nil).List("members"))
}

func pageOfFormerMember(later time.Duration) func(*Client) any {
	return func(c *Client) any {
		m := newCrew(c)
		removeListed(m, c)
		c.Clock.Advance(later)
		return c.API("GET", "/api/groups/"+m.group+"/page", c.Arm(ada, password).Access, nil).Status
	}
}

func pageOfFormerRole(c *Client) any {
	path := "/Users/" + c.NewUser(ada, password)
	c.Patch(path, op("add", "roles", List{Object{"value": "auditor"}}))
	c.Patch(path, Object{"op": "remove", "path": "roles"})
	return c.API("GET", "/api/roles/auditor/page", c.Arm(ada, password).Access, nil).Status
}

func pageOfWithdrawn(c *Client) any {
	c.NewPerson(boss, password, boss)
	grant, admin := "/api/admin/users/"+c.NewUser(ada, password)+"/documents/plan", c.Arm(boss, password).Access
	c.API("PUT", grant, admin, nil)
	c.API("DELETE", grant, admin, nil)
	return c.API("GET", "/api/documents/plan", c.Arm(ada, password).Access, nil).Status
}

func pageOfStranger(c *Client) any {
	c.NewUser(ada, password)
	return c.API("GET", "/api/groups/"+c.NewGroup("crew")+"/page", c.Arm(ada, password).Access, nil).Status
}

func consoleOfStranger(c *Client) any {
	c.NewUser(ada, password)
	return c.API("GET", "/api/audit", c.Arm(ada, password).Access, nil).Status
}
