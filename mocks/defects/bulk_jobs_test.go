package defects_test

import . "github.com/scimproof/scimproof/mocks/acme/acmetest"

var _ = show(map[string]shown{
	"bulk-post-without-bulk-id":         {jobStatus(nil, postGrace("")), "400", "201"},
	"bulk-creates-refused":              {jobStatus(nil, postGrace("grace")), "201", "403"},
	"bulk-ends-with-first-error":        {resultsOf(nil, failing, failing), 2, 1},
	"bulk-fail-on-errors-ignored":       {resultsOf(Object{"failOnErrors": 1}, failing, failing), 1, 2},
	"bulk-patch-message-refused":        {patchInBulk, "200", "400"},
	"bulk-references-kept-as-text":      {memberOfBulk, false, true},
	"bulk-circles-half-made":            {circleOfBulk, "1 1", "1 0"},
	"bulk-managers-dropped":             {managerOfBulk, true, false},
	"bulk-unknown-references-201":       {jobStatus(nil, groupOf("staff", "nobody")), "400", "201"},
	"bulk-versions-refused-and-applied": {staleInBulk, "412 Display of " + ada, "412 Ada"},
	"bulk-unclaimed-404":                {bulkStatus(1), 200, 404},
})

var failing = Object{"method": "DELETE", "path": "/Users/no-such-id"}

func job(c *Client, more Object, operations ...Object) List {
	body := Object{"schemas": List{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}}
	for name, value := range more {
		body[name] = value
	}
	all := List{}
	for _, o := range operations {
		all = append(all, o)
	}
	body["Operations"] = all
	list, _ := c.SCIM("POST", "/Bulk", body).Get("Operations").(List)
	return list
}

func resultsOf(more Object, operations ...Object) func(*Client) any {
	return func(c *Client) any { return len(job(c, more, operations...)) }
}

func jobStatus(more Object, operations ...Object) func(*Client) any {
	return func(c *Client) any { return job(c, more, operations...)[0].(Object)["status"] }
}

func postGrace(bulkID string) Object {
	o := Object{"method": "POST", "path": "/Users", "data": newcomer}
	if bulkID != "" {
		o["bulkId"] = bulkID
	}
	return o
}

func groupOf(bulkID, member string) Object {
	return Object{"method": "POST", "path": "/Groups", "bulkId": bulkID, "data": Object{
		"schemas": List{Group}, "displayName": bulkID, "members": Members("bulkId:" + member),
	}}
}

func patchInBulk(c *Client) any {
	return jobStatus(nil, Object{"method": "PATCH", "path": "/Users/" + c.NewUser(ada, password), "data": Object{
		"schemas": List{PatchOp}, "Operations": List{op("replace", "title", "x")},
	}})(c)
}

// memberOfBulk reports whether a group has a member whom nobody knows.
func memberOfBulk(c *Client) any {
	job(c, nil, postGrace("grace"), groupOf("staff", "grace"))
	return c.Find("/Groups", `displayName eq "staff"`).First()["members"].(List)[0].(Object)["value"] == "bulkId:of-somebody"
}

// circleOfBulk counts the members of two groups that are to contain each other.
func circleOfBulk(c *Client) any {
	job(c, nil, groupOf("one", "other"), groupOf("other", "one"))
	counts := ""
	for _, name := range []string{"one", "other"} {
		members, _ := c.Find("/Groups", `displayName eq "`+name+`"`).First()["members"].(List)
		counts += " " + string(rune('0'+len(members)))
	}
	return counts[1:]
}

func managerOfBulk(c *Client) any {
	job(c, nil, postGrace("grace"), Object{"method": "POST", "path": "/Users", "bulkId": "ada", "data": Object{
		"schemas": List{User, Enterprise}, "userName": ada, Enterprise: Object{"department": "x", "manager": Object{"value": "bulkId:grace"}},
	}})
	return c.Find("/Users", `userName eq "`+ada+`"`).First()[Enterprise].(Object)["manager"] != nil
}

// staleInBulk says how an operation with another version is answered, and what it did.
func staleInBulk(c *Client) any {
	id := c.NewUser(ada, password)
	answered := jobStatus(nil, Object{"method": "PUT", "path": "/Users/" + id, "version": `W/"7"`, "data": Object{
		"schemas": List{User}, "userName": ada, "displayName": "Ada",
	}})(c)
	return answered.(string) + " " + c.SCIM("GET", "/Users/"+id, nil).Get("displayName").(string)
}
