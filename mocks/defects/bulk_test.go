package defects_test

import . "github.com/scimproof/scimproof/mocks/acme/acmetest"

var _ = show(map[string]shown{
	"bulk-without-bulk-ids":       {resultOf("bulkId", "POST", "/Users", newcomer), "q", none},
	"bulk-status-as-object":       {resultOf("status", "POST", "/Users", newcomer), "201", Object{"code": "201"}},
	"bulk-status-as-number":       {resultOf("status", "POST", "/Users", newcomer), "201", 201.0},
	"bulk-without-locations":      {hasResult("location", "POST", "/Users", newcomer), true, false},
	"bulk-errors-without-reasons": {hasResult("response", "DELETE", "/Users/no-such-id", nil), true, false},
	"bulk-failures-left-out":      {results("DELETE", "/Users/no-such-id", nil), 1, 0},
	"bulk-answered-207":           {bulkStatus(1), 200, 207},
	"bulk-deactivation-ignored":   {activeAfterBulk, false, true},
	"bulk-deletion-ignored":       {readAfterBulkDelete, 404, 200},
	"bulk-duplicates-accepted":    {duplicateInBulk, "409", "201"},
	"bulk-size-without-limit":     {bulkStatus(1001), 413, 200},
})

var newcomer = Object{"schemas": List{User}, "userName": "grace"}

// bulkOf sends operations of one kind.
func bulkOf(c *Client, n int, method, path string, data any) *Reply {
	operations := List{}
	for range n {
		o := Object{"method": method, "path": path, "bulkId": "q"}
		if data != nil {
			o["data"] = data
		}
		operations = append(operations, o)
	}
	return c.SCIM("POST", "/Bulk", Object{"schemas": List{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "Operations": operations})
}

func results(method, path string, data any) func(*Client) any {
	return func(c *Client) any { return len(bulkOf(c, 1, method, path, data).List("Operations")) }
}

func resultOf(name, method, path string, data any) func(*Client) any {
	return func(c *Client) any {
		return orNone(bulkOf(c, 1, method, path, data).List("Operations")[0][name])
	}
}

func hasResult(name, method, path string, data any) func(*Client) any {
	return func(c *Client) any { return resultOf(name, method, path, data)(c) != any(none) }
}

func bulkStatus(n int) func(*Client) any {
	return func(c *Client) any { return bulkOf(c, n, "DELETE", "/Users/no-such-id", nil).Status }
}

// activeAfterBulk reads active after a deactivation inside a Bulk.
func activeAfterBulk(c *Client) any {
	path := "/Users/" + c.NewUser(ada, password)
	bulkOf(c, 1, "PATCH", path, Object{"schemas": List{PatchOp}, "Operations": List{op("replace", "active", false)}})
	return c.SCIM("GET", path, nil).Get("active")
}

func readAfterBulkDelete(c *Client) any {
	path := "/Users/" + c.NewUser(ada, password)
	bulkOf(c, 1, "DELETE", path, nil)
	return c.SCIM("GET", path, nil).Status
}

func duplicateInBulk(c *Client) any {
	c.NewUser("grace", password)
	return resultOf("status", "POST", "/Users", newcomer)(c)
}
