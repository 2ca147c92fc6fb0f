package defects_test

import . "github.com/scimproof/scimproof/mocks/acme/acmetest"

var _ = show(map[string]shown{
	"put-answers-204":     {putting(Object{}), 200, 204},
	"put-merges-lists":    {addressesAfterPut, 1, 2},
	"put-changes-created": {createdAfterPut, false, true},
	"put-follows-body-id": {bobAfterPutOfAda, "Display of bob", "Ada"},
})

func addressesAfterPut(c *Client) any {
	id := person(c, ada, Object{"emails": List{Object{"value": "a@x", "primary": true}}})
	putUser(c, id, Object{"emails": List{Object{"value": "b@x", "primary": true}}})
	return len(c.SCIM("GET", "/Users/"+id, nil).List("emails"))
}

func createdAfterPut(c *Client) any {
	const long = "2001-02-03T04:05:06Z"
	id := c.NewUser(ada, password)
	putUser(c, id, Object{"meta": Object{"created": long}})
	return c.SCIM("GET", "/Users/"+id, nil).Get("meta", "created") == long
}

// bobAfterPutOfAda sends ada's data, with bob's id, to her address.
func bobAfterPutOfAda(c *Client) any {
	bob := c.NewUser("bob", password)
	putUser(c, c.NewUser(ada, password), Object{"id": bob, "userName": "augusta"})
	return c.SCIM("GET", "/Users/"+bob, nil).Get("displayName")
}
