package defects_test

import (
	"fmt"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"if-match-ignored":       {writeTo(`W/"0"`), 412, 200},
	"if-match-conflict-409":  {writeTo(`W/"0"`), 412, 409},
	"if-none-match-ignored":  {readUnless(func(tag string) string { return tag }), 304, 200},
	"unchanged-by-any-tag":   {readUnless(func(string) string { return `W/"0"` }), 200, 304},
	"etag-missing":           {tagged, true, false},
	"etag-differs-from-meta": {tagged, true, false},
	"version-stands-still":   {versionMoves, true, false},

	"if-match-refused-and-applied": {refusedAndApplied, "412 <nil>", "412 x"},
})

func writeTo(version string) func(*Client) any {
	return func(c *Client) any {
		path := "/scim/v2/Users/" + c.NewUser(ada, password)
		return c.Ask("PATCH", path, Object{"schemas": List{PatchOp}, "Operations": List{op("replace", "title", "x")}}, "If-Match", version).Status
	}
}

func refusedAndApplied(c *Client) any {
	path := "/Users/" + c.NewUser(ada, password)
	reply := c.Ask("PATCH", "/scim/v2"+path, Object{"schemas": List{PatchOp}, "Operations": List{op("replace", "title", "x")}}, "If-Match", `W/"0"`)
	return fmt.Sprint(reply.Status, " ", c.SCIM("GET", path, nil).Get("title"))
}

func readUnless(tag func(string) string) func(*Client) any {
	return func(c *Client) any {
		id := c.NewUser(ada, password)
		version, _ := c.SCIM("GET", "/Users/"+id, nil).Get("meta", "version").(string)
		return c.Ask("GET", "/scim/v2/Users/"+id, nil, "If-None-Match", tag(version)).Status
	}
}

// tagged reports whether the header says what meta says.
func tagged(c *Client) any {
	reply := c.SCIM("GET", "/Users/"+c.NewUser(ada, password), nil)
	return reply.Header.Get("ETag") == reply.Get("meta", "version")
}

func versionMoves(c *Client) any {
	path := "/Users/" + c.NewUser(ada, password)
	before := c.SCIM("GET", path, nil).Get("meta", "version")
	return c.Patch(path, op("replace", "title", "x")).Get("meta", "version") != before
}
