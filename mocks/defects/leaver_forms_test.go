package defects_test

import (
	"fmt"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"text-false-read-as-true":                 {activeAfter(op("Replace", "active", "False")), false, true},
	"lower-case-false-ignored":                {activeAfter(op("replace", "active", "false")), false, true},
	"add-of-active-ignored":                   {activeAfter(op("Add", "active", false)), false, true},
	"list-for-active-ignored":                 {activeAfter(op("Replace", "active", List{Object{"value": "False"}})), false, true},
	"removal-of-active-half-applied":          {statusAndActive(op("remove", "active", nil)), "200 true", "400 false"},
	"path-active-in-capitals-ignored":         {activeAfter(op("replace", "Active", false)), false, true},
	"urn-path-of-active-ignored":              {activeAfter(op("replace", User+":active", false)), false, true},
	"active-among-others-ignored":             {activeAfter(op("Replace", "title", "Left"), op("Replace", "active", "False")), false, true},
	"echoed-id-refused":                       {deactivateWithID, 200, 400},
	"deactivation-loses-the-rest":             {afterPatch("title", op("replace", "title", "Left"), op("replace", "active", false)), "Left", none},
	"put-without-active-reactivates":          {activeAfterSync(putWithoutActive), false, true},
	"renaming-reactivates":                    {activeAfterSync(rename), false, true},
	"inactive-users-hidden-from-filters":      {findInactive, 1.0, 0.0},
	"second-delete-204":                       {statusOf("DELETE", "/Users/no-such-id", nil), 404, 204},
	"deactivation-refused-for-administrators": {deactivateAdmin, 200, 409},
})

// activeAfter reads active after a PATCH.
func activeAfter(operations ...Object) func(*Client) any { return afterPatch("active", operations...) }

// statusAndActive sends a PATCH, and then reads active.
func statusAndActive(operation Object) func(*Client) any {
	return func(c *Client) any {
		id := withEmails(c)
		status := c.Patch("/Users/"+id, operation).Status
		return fmt.Sprint(status, " ", c.SCIM("GET", "/Users/"+id, nil).Get("active"))
	}
}

func deactivateWithID(c *Client) any {
	id := withEmails(c)
	return c.Patch("/Users/"+id, Object{"op": "replace", "value": Object{"id": id, "active": false}}).Status
}

// activeAfterSync reads active of somebody inactive after what comes later.
func activeAfterSync(later func(*Client, string)) func(*Client) any {
	return func(c *Client) any {
		id := withEmails(c)
		c.SetActive(id, false)
		later(c, id)
		return c.SCIM("GET", "/Users/"+id, nil).Get("active")
	}
}

func putWithoutActive(c *Client, id string) {
	c.SCIM("PUT", "/Users/"+id, Object{"schemas": List{User}, "userName": ada, "displayName": "Ada"})
}

func rename(c *Client, id string) { c.Patch("/Users/"+id, op("replace", "displayName", "Countess")) }

func findInactive(c *Client) any {
	c.SetActive(withEmails(c), false)
	return c.Find("/Users", `userName eq "`+ada+`"`).Get("totalResults")
}

func deactivateAdmin(c *Client) any {
	id := withEmails(c)
	c.Patch("/Users/"+id, op("add", "roles", List{Object{"value": "admin"}}))
	return c.SetActive(id, false).Status
}
