package defects_test

import (
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"audit-forgets-deactivations":    {logged("identity-provider user.deactivate success"), true, false},
	"audit-forgets-scim":             {logged("identity-provider user.create success"), true, false},
	"audit-names-nobody":             {logged("system user.deactivate success"), false, true},
	"audit-without-refusals":         {logged(ada + " login denied"), true, false},
	"audit-without-console":          {logged("admin " + boss + " document.grant success"), true, false},
	"audit-calls-refusals-successes": {logged(ada + " login denied"), true, false},
	"audit-without-times":            {timed, true, false},
	"failing-channel-not-shown":      {consoleStatus("/api/admin/provisioning"), 200, 404},
	"no-inventory-of-credentials":    {consoleStatus("/api/inventory/credentials"), 200, 404},
})

// auditOf lets somebody come, be granted something, leave and be refused, and returns the
// audit log.
func auditOf(c *Client) []Object {
	c.NewPerson(boss, password, boss)
	admin := c.Arm(boss, password).Access
	id := c.NewUser(ada, password)
	c.API("PUT", "/api/admin/users/"+id+"/documents/plan", admin, nil)
	c.SetActive(id, false)
	c.SignIn(ada, password)
	return c.API("GET", "/api/audit", admin, nil).Items()
}

func logged(line string) func(*Client) any {
	return func(c *Client) any {
		for _, e := range auditOf(c) {
			if line == e["actor"].(string)+" "+e["action"].(string)+" "+e["outcome"].(string) {
				return true
			}
		}
		return false
	}
}

func timed(c *Client) any { return strings.HasPrefix(auditOf(c)[0]["at"].(string), "2026") }

func consoleStatus(path string) func(*Client) any {
	return func(c *Client) any {
		c.NewPerson(boss, password, boss)
		return c.API("GET", path, c.Arm(boss, password).Access, nil).Status
	}
}
