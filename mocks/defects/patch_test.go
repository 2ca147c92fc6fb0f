package defects_test

import (
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"patch-op-case-sensitive":      {patchStatus(op("Replace", "displayName", "x")), 200, 400},
	"patch-path-case-sensitive":    {patchStatus(op("replace", "DisplayName", "x")), 200, 400},
	"patch-urn-path-ignored":       {afterPatch("title", op("replace", User+":title", "x")), "x", none},
	"patch-only-the-first":         {afterPatch("nickName", op("replace", "title", "x"), op("replace", "nickName", "y")), "y", none},
	"patch-in-reverse-order":       {afterPatch("title", op("replace", "title", "x"), op("replace", "title", "y")), "y", "x"},
	"patch-204-despite-attributes": {patchAsking, 200, 204},
	"patch-unknown-path-200":       {patchStatus(op("replace", "shoeSize", "x")), 400, 200},
	"patch-read-only-200":          {patchStatus(op("replace", "meta", Object{"created": "x"})), 400, 200},
	"patch-no-target-200":          {patchStatus(op("replace", `emails[type eq "other"].value`, "x")), 400, 200},
	"patch-wrong-type-200":         {patchStatus(op("replace", "active", Object{})), 400, 200},
	"patch-taken-username-200":     {patchStatus(op("replace", "userName", "bob")), 409, 200},
	"patch-half-applied":           {afterPatch("title", op("replace", "title", "x"), op("replace", "shoeSize", "y")), none, "x"},
	"patch-add-replaces-values":    {emailsAfter(op("add", "emails", List{Object{"value": "c@x"}})), "a@x b@x c@x", "c@x"},
	"patch-add-null-erases":        {afterPatch("displayName", op("add", "displayName", nil)), "Ada", none},
	"patch-replace-drops-parts": {
		afterPatch("name", op("replace", "name", Object{"givenName": "A"})), Object{"givenName": "A", "familyName": "Lovelace"}, Object{"givenName": "A"},
	},
	"patch-first-match-only":             {emailsAfter(op("replace", `emails[value co "@x"].value`, "c@x")), "c@x c@x", "c@x b@x"},
	"patch-two-primaries":                {primariesAfter(op("add", "emails", List{Object{"value": "c@x", "primary": true}})), 1, 2},
	"patch-part-removal-takes-the-value": {emailsAfter(op("remove", `emails[type eq "work"].type`, nil)), "a@x b@x", "b@x"},
	"patch-removal-leaves-empty-text":    {afterPatch("displayName", op("remove", "displayName", nil)), none, ""},
	"patch-extension-ignored":            {afterPatch(Enterprise, op("add", Enterprise+":department", "x")), Object{"department": "x"}, none},
	"patch-schemas-not-extended":         {afterPatch("schemas", op("add", Enterprise+":department", "x")), List{User, Enterprise}, List{User}},
})

// withEmails makes ada, who has two addresses, and bob.
func withEmails(c *Client) string {
	c.NewUser("bob", password)
	return person(c, ada, Object{
		"displayName": "Ada", "name": Object{"givenName": "Ada", "familyName": "Lovelace"},
		"emails": List{Object{"value": "a@x", "type": "work", "primary": true}, Object{"value": "b@x", "type": "home"}},
	})
}

func patchStatus(operations ...Object) func(*Client) any {
	return func(c *Client) any { return c.Patch("/Users/"+withEmails(c), operations...).Status }
}

func afterPatch(name string, operations ...Object) func(*Client) any {
	return func(c *Client) any {
		path := "/Users/" + withEmails(c)
		c.Patch(path, operations...)
		return orNone(c.SCIM("GET", path, nil).Get(name))
	}
}

func emailsAfter(operations ...Object) func(*Client) any {
	return func(c *Client) any {
		var values []string
		list, _ := afterPatch("emails", operations...)(c).(List)
		for _, e := range list {
			values = append(values, e.(Object)["value"].(string))
		}
		return strings.Join(values, " ")
	}
}

func primariesAfter(operations ...Object) func(*Client) any {
	return func(c *Client) any {
		n := 0
		list, _ := afterPatch("emails", operations...)(c).(List)
		for _, e := range list {
			if e.(Object)["primary"] == true {
				n++
			}
		}
		return n
	}
}

func patchAsking(c *Client) any {
	path := "/Users/" + withEmails(c)
	return c.Patch(path+"?attributes=title", op("replace", "title", "x")).Status
}
