package defects_test

import (
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"patch-200-without-the-resource":      {patchAnswer(op("replace", "title", "x")), true, false},
	"patch-without-schemas-ignored":       {patchMessage(Object{"Operations": List{op("replace", "title", "x")}}), 400, 200},
	"patch-without-operations-200":        {patchMessage(Object{"schemas": List{PatchOp}, "Operations": List{}}), 400, 200},
	"patch-unknown-op-200":                {patchStatus(op("move", "title", "x")), 400, 200},
	"patch-lower-case-operations-ignored": {afterMessage(Object{"schemas": List{PatchOp}, "operations": List{op("replace", "title", "x")}}), "x", none},
	"patch-error-without-schemas":         {patchAnswer(op("move", "title", "x")), true, false},
	"patch-unknown-id-400":                {func(c *Client) any { return c.Patch("/Users/no-such-id", op("replace", "title", "x")).Status }, 404, 400},

	"patch-pathless-add-ignored": {afterPatch("title", op("add", "", Object{"title": "x"})), "x", none},
	"patch-add-drops-parts": {
		afterPatch("name", op("add", "name", Object{"middleName": "A"})),
		Object{"givenName": "Ada", "familyName": "Lovelace", "middleName": "A"}, Object{"middleName": "A"},
	},
	"patch-add-keeps-the-old-value": {afterEach("title", op("add", "title", "x"), op("add", "title", "y")), "y", "x"},
	"patch-add-of-absent-ignored":   {afterPatch("nickName", op("add", "nickName", "x")), "x", none},
	"patch-add-again-is-a-change":   {isLater(op("add", "displayName", "Ada")), false, true},
	"patch-add-no-match-ignored":    {afterPatch("phoneNumbers", op("add", `phoneNumbers[type eq "fax"].value`, "1")), List{Object{"type": "fax", "value": "1"}}, none},

	"patch-remove-all-refused":         {patchStatus(op("remove", "emails", nil)), 200, 400},
	"patch-filtered-removal-takes-all": {emailsAfter(op("remove", `emails[type eq "home"]`, nil)), "a@x", ""},
	"patch-remove-absent-500":          {patchStatus(op("remove", "nickName", nil)), 200, 500},

	"patch-pathless-replace-drops-the-rest": {afterPatch("displayName", op("replace", "", Object{"title": "x"})), "Ada", none},
	"patch-replace-appends":                 {emailsAfter(op("replace", "emails", List{Object{"value": "c@x"}})), "c@x", "a@x b@x c@x"},
	"patch-replace-of-absent-refused":       {patchStatus(op("replace", "preferredLanguage", "en")), 200, 400},
	"patch-chosen-part-ignored":             {emailsAfter(op("replace", `emails[type eq "home"].value`, "c@x")), "a@x c@x", "a@x b@x"},
	"patch-dotted-keys-ignored": {
		afterPatch("name", op("replace", "", Object{"name.givenName": "A"})),
		Object{"givenName": "A", "familyName": "Lovelace"}, Object{"givenName": "Ada", "familyName": "Lovelace"},
	},

	"patch-last-member-kept":           {lastMember, 200, 400},
	"patch-stranger-empties-the-group": {leftAfter(removeUnknown), "ada bob grace", ""},
	"patch-operations-by-kind":         {leftAfter(emptyAndAdd), "bob", ""},
	"patch-many-operations-cut":        {leftAfter(inAndOut), "ada grace", "ada bob grace"},
	"patch-echoed-group-id-refused":    {echoedGroupID, 200, 400},
})

// patchAnswer tells whether an answer says what it is.
func patchAnswer(operations ...Object) func(*Client) any {
	return func(c *Client) any { return c.Patch("/Users/"+withEmails(c), operations...).Get("schemas") != nil }
}

func patchMessage(message Object) func(*Client) any {
	return func(c *Client) any { return c.SCIM("PATCH", "/Users/"+withEmails(c), message).Status }
}

func afterMessage(message Object) func(*Client) any {
	return func(c *Client) any {
		path := "/Users/" + withEmails(c)
		c.SCIM("PATCH", path, message)
		return orNone(c.SCIM("GET", path, nil).Get("title"))
	}
}

// afterEach is afterPatch with a request for each operation.
func afterEach(name string, operations ...Object) func(*Client) any {
	return func(c *Client) any {
		path := "/Users/" + withEmails(c)
		for _, o := range operations {
			c.Patch(path, o)
		}
		return orNone(c.SCIM("GET", path, nil).Get(name))
	}
}

// isLater tells whether an operation has moved the time of the last change on.
func isLater(o Object) func(*Client) any {
	return func(c *Client) any {
		path := "/Users/" + withEmails(c)
		before := c.SCIM("GET", path, nil).Get("meta", "lastModified")
		c.Patch(path, o)
		return c.SCIM("GET", path, nil).Get("meta", "lastModified") != before
	}
}

func lastMember(c *Client) any {
	id := c.NewUser(ada, password)
	return c.Patch("/Groups/"+c.NewGroup("one", id), Object{"op": "remove", "path": `members[value eq "` + id + `"]`}).Status
}

func removeUnknown(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, Object{"op": "remove", "path": `members[value eq "nobody"]`})
}

func emptyAndAdd(m crew, c *Client) *Reply {
	return c.Patch("/Groups/"+m.group, Object{"op": "remove", "path": "members"}, op("add", "members", Members(m.bob)))
}

// inAndOut takes bob out and in again ten times, and then out.
func inAndOut(m crew, c *Client) *Reply {
	var operations []Object
	for range 10 {
		operations = append(operations, Object{"op": "remove", "path": `members[value eq "` + m.bob + `"]`}, op("add", "members", Members(m.bob)))
	}
	return c.Patch("/Groups/"+m.group, append(operations, Object{"op": "remove", "path": `members[value eq "` + m.bob + `"]`})...)
}

func echoedGroupID(c *Client) any {
	m := newCrew(c)
	return c.Patch("/Groups/"+m.group, op("replace", "", Object{"id": m.group, "displayName": "crew"})).Status
}
