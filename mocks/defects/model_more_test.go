package defects_test

import (
	"strings"
	"time"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"names-case-exact":          {creating(Object{"NICKNAME": "Ada"}, func(r *Reply) any { return r.Get("nickName") != nil }), true, false},
	"name-with-a-dot":           {answers(func(r *Reply) any { return r.Get("display.short") != nil }), false, true},
	"schemas-last-refused":      {statusOf("POST", "/Users", `{"userName": "ada", "schemas": ["`+User+`"]}`), 201, 400},
	"created-active-as-text":    {creatingShows(nil, "active"), true, "true"},
	"odd-active-ignored":        {func(c *Client) any { return c.Patch("/Users/"+person(c, ada, nil), op("replace", "active", 0)).Status }, 400, 200},
	"put-answers-with-old-name": {familyNameInAnswer, "King", "Byron"},
	"users-read-by-name": {func(c *Client) any {
		person(c, ada, nil)
		return c.SCIM("GET", "/Users/"+ada, nil).Status
	}, 404, 200},
	"written-hint-withheld": {func(c *Client) any {
		return c.Patch("/Users/"+person(c, ada, nil), op("replace", Workplace+":recoveryHint", "dog")).Get(Workplace, "recoveryHint") != nil
	}, true, false},

	"two-primaries-stored": {creating(Object{"emails": List{primary("a"), primary("b")}}, status), 400, 201},
	"primary-made-up":      {creatingShows(Object{"emails": List{Object{"value": "a"}}}, "emails"), List{Object{"value": "a"}}, List{primary("a")}},
	"base64-needs-padding": {creating(Object{"x509Certificates": List{Object{"value": "aGVsbG8"}}}, status), 201, 400},
	"patch-to-nothing-ignored": {func(c *Client) any {
		return afterPatch("emails", op("replace", "emails", List{}))(c) == none
	}, true, false},
	"external-id-in-lower-case":        {creatingShows(Object{"externalId": "AbC"}, "externalId"), "AbC", "abc"},
	"usernames-compared-by-code-point": {secondZoe, 409, 201},
	"filter-compares-code-points":      {findZoe, 1.0, 0.0},

	"ids-with-bulk-id":            {creating(nil, func(r *Reply) any { return strings.Contains(r.ID(), "bulkId") }), false, true},
	"groups-share-ids-with-users": {func(c *Client) any { id := person(c, ada, nil); return c.NewGroup("crew", id) == id }, false, true},
	"put-answers-another-id": {func(c *Client) any {
		id := person(c, ada, nil)
		return c.SCIM("PUT", "/Users/"+id, Object{"schemas": List{User}, "userName": ada}).ID() == id
	}, true, false},
	"ids-in-any-letter-case": {func(c *Client) any { return c.SCIM("GET", "/Users/"+strings.ToUpper(person(c, ada, nil)), nil).Status }, 404, 200},

	"schemas-of-groups-shown": {reads(nil, "schemas"), List{User}, List{User, Group}},
	"schemas-not-needed":      {creating(Object{"schemas": nil}, status), 400, 201},
	"schemas-as-sent":         {creatingShows(Object{"schemas": List{User, User}}, "schemas"), List{User}, List{User, User}},
	"schemas-base-first":      {creating(Object{"schemas": List{Enterprise, User}}, status), 201, 400},
	"schemas-unknown-shown":   {creatingShows(Object{"schemas": List{User, "urn:scimproof:x"}}, "schemas"), List{User}, List{User, "urn:scimproof:x"}},

	"meta-without-created":         {isText(reads(nil, "meta", "created")), true, false},
	"last-modified-after-creation": {reads(nil, "meta", "lastModified"), "2026-03-01T09:00:00Z", "2026-03-01T09:00:05Z"},
	"put-believes-meta":            {createdAfterPut, "2026-03-01T09:00:00Z", "1999-12-31T00:00:00Z"},
})

func primary(value string) Object { return Object{"value": value, "primary": true} }

func familyNameInAnswer(c *Client) any {
	id := person(c, ada, Object{"name": Object{"familyName": "Byron"}})
	return c.SCIM("PUT", "/Users/"+id, Object{"schemas": List{User}, "userName": ada, "name": Object{"familyName": "King"}}).Get("name", "familyName")
}

func secondZoe(c *Client) any {
	person(c, "zo\u00eb", nil)
	return c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": "zoe\u0308"}).Status
}

func findZoe(c *Client) any {
	person(c, "zo\u00eb", nil)
	return c.Find("/Users", "userName eq \"zoe\u0308\"").Get("totalResults")
}

func createdAfterPut(c *Client) any {
	id := person(c, ada, nil)
	c.Clock.Advance(time.Minute)
	return c.SCIM("PUT", "/Users/"+id, Object{
		"schemas": List{User}, "userName": ada, "title": "Countess", "meta": Object{"created": "1999-12-31T00:00:00Z"},
	}).Get("meta", "created")
}
