package defects_test

import (
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"create-answers-200":               {creating(Object{}, status), 201, 200},
	"create-location-elsewhere":        {creating(Object{}, locationHost), "acme.test", "scim.internal"},
	"create-drops-external-id":         {creatingShows(Object{"externalId": "x"}, "externalId"), "x", none},
	"create-invents-external-id":       {creatingHas("externalId"), false, true},
	"create-ignores-inactive":          {creatingShows(Object{"active": false}, "active"), false, true},
	"create-drops-extension":           {creatingShows(Object{"schemas": List{User, Enterprise}, Enterprise: Object{"department": "x"}}, Enterprise), Object{"department": "x"}, none},
	"create-takes-the-id":              {creating(Object{"id": "mine"}, func(r *Reply) any { return r.ID() == "mine" }), false, true},
	"create-duplicate-accepted":        {creatingTwice(ada), 409, 201},
	"create-case-twin-accepted":        {creatingTwice(strings.ToUpper(ada)), 409, 201},
	"create-refuses-nulls":             {creating(Object{"title": nil}, status), 201, 400},
	"create-without-username-accepted": {statusOf("POST", "/Users", Object{"schemas": List{User}}), 400, 201},
	"create-external-id-unique":        {sameExternalID, 201, 409},

	"username-stored-in-lower-case": {creating(Object{"userName": "Ada"}, func(r *Reply) any { return r.Get("userName") }), "Ada", "ada"},
	"rename-ignored":                {afterPatch("userName", op("replace", "userName", "augusta")), "augusta", ada},
	"second-address-dropped":        {emailsAfter(), "a@x b@x", "a@x"},
	"address-types-dropped":         {firstEmail("type"), "work", none},
	"primary-dropped":               {primariesAfter(), 1, 0},
	"new-password-ignored":          {signInWithNewPassword, 303, 401},

	"put-creates":                    {statusOf("PUT", "/Users/no-such-id", Object{"schemas": List{User}, "userName": ada}), 404, 200},
	"put-null-keeps":                 {afterPut(Object{"displayName": nil}, "displayName"), none, "Ada"},
	"put-blanks-password":            {passwordAfterPut, true, false},
	"put-drops-extension":            {afterPut(Object{"schemas": List{User, Enterprise}, Enterprise: Object{"department": "x"}}, Enterprise), Object{"department": "x"}, none},
	"put-without-username-200":       {putting(Object{"userName": nil}), 400, 200},
	"put-taken-username-200":         {putting(Object{"userName": "bob"}), 409, 200},
	"put-immutable-200":              {putting(Object{"schemas": List{User, Workplace}, Workplace: Object{"badgeNumber": 8}}), 400, 200},
	"put-adds-members":               {leftAfter(putBob), "bob", "ada bob grace"},
	"put-groups-changes-memberships": {leftAfter(putAda), "ada bob grace", "bob grace"},
})

func creating(more Object, look func(*Reply) any) func(*Client) any {
	return func(c *Client) any {
		body := Object{"schemas": List{User}, "userName": ada}
		for name, value := range more {
			body[name] = value
		}
		return look(c.SCIM("POST", "/Users", body))
	}
}

func creatingShows(more Object, name string) func(*Client) any {
	return creating(more, shownOf(name))
}

func creatingHas(name string) func(*Client) any {
	return creating(Object{}, func(r *Reply) any { return r.Get(name) != nil })
}

func locationHost(r *Reply) any { return strings.Split(r.Header.Get("Location"), "/")[2] }

func creatingTwice(twin string) func(*Client) any {
	return func(c *Client) any {
		c.NewUser(ada, password)
		return c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": twin}).Status
	}
}

func sameExternalID(c *Client) any {
	person(c, "bob", Object{"externalId": "x"})
	return c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": ada, "externalId": "x"}).Status
}

func firstEmail(part string) func(*Client) any {
	return func(c *Client) any {
		list, _ := afterPatch("emails")(c).(List)
		return orNone(list[0].(Object)[part])
	}
}

func signInWithNewPassword(c *Client) any {
	c.Patch("/Users/"+c.NewUser(ada, password), op("replace", "password", another))
	return c.SignIn(ada, another).Status
}

// putUser replaces ada, who has a badge, by a body with something changed.
func putUser(c *Client, id string, more Object) *Reply {
	body := Object{"schemas": List{User}, "userName": ada, "displayName": "Ada"}
	for name, value := range more {
		body[name] = value
	}
	return c.SCIM("PUT", "/Users/"+id, body)
}

func afterPut(more Object, name string) func(*Client) any {
	return func(c *Client) any {
		id := withEmails(c)
		putUser(c, id, more)
		return orNone(c.SCIM("GET", "/Users/"+id, nil).Get(name))
	}
}

func putting(more Object) func(*Client) any {
	return func(c *Client) any {
		id := withEmails(c)
		c.Patch("/Users/"+id, op("add", Workplace+":badgeNumber", 7))
		if _, changed := more[Workplace]; !changed {
			more[Workplace] = Object{"badgeNumber": 7}
			more["schemas"] = List{User, Workplace}
		}
		return putUser(c, id, more).Status
	}
}

func passwordAfterPut(c *Client) any {
	putUser(c, c.NewUser(ada, password), nil)
	return c.SignIn(ada, password).Status == 303
}

func putBob(m crew, c *Client) *Reply {
	return c.SCIM("PUT", "/Groups/"+m.group, Object{"schemas": List{Group}, "displayName": "crew", "members": Members(m.bob)})
}

func putAda(m crew, c *Client) *Reply { return putUser(c, m.ada, nil) }
