package defects_test

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"active-zero-ignored":             {patching(Object{}, status, op("replace", "active", 0)), 400, 200},
	"active-anything-lets-back-in":    {patching(Object{"active": false}, shownOf("active"), op("replace", "active", "no")), none, true},
	"active-text-ignored-at-creation": {creatingShows(Object{"active": "False"}, "active"), false, true},
	"primary-as-text": {
		creatingShows(Object{"emails": List{Object{"value": "a@x.example", "primary": true}}}, "emails"),
		List{Object{"value": "a@x.example", "primary": true}}, List{Object{"value": "a@x.example", "primary": "true"}},
	},

	"empty-list-refused": {creating(Object{"phoneNumbers": List{}}, status), 201, 400},

	"group-ids-of-users": {func(c *Client) any {
		id := person(c, ada, nil)
		return c.NewGroup("crew") == id
	}, false, true},
	"ids-with-bulk-id": {func(c *Client) any { return strings.HasPrefix(person(c, ada, nil), "bulkId") }, false, true},
	"id-moves-with-the-name": {func(c *Client) any {
		id := person(c, ada, nil)
		c.Patch("/Users/"+id, op("replace", "userName", "lovelace"))
		return c.SCIM("GET", "/Users/"+id, nil).ID() == id
	}, true, false},
	"ids-ignore-letter-case": {func(c *Client) any {
		return c.SCIM("GET", "/Users/"+strings.ToUpper(person(c, ada, nil)), nil).Status
	}, 404, 200},
	"external-id-for-life": {patching(Object{"externalId": "A-1"}, shownOf("externalId"), op("replace", "externalId", "B-2")), "B-2", "A-1"},

	"meta-without-created": {func(c *Client) any { return reads(nil, "meta", "created")(c) != nil }, true, false},
	"last-modified-after-creation": {
		reads(nil, "meta", "lastModified"), "2026-03-01T09:00:00Z", "2026-03-01T09:01:00Z",
	},
	"put-takes-created": {func(c *Client) any {
		body := Object{"schemas": List{User}, "userName": ada, "title": "Countess", "meta": Object{"created": "2001-02-03T04:05:06Z"}}
		return c.SCIM("PUT", "/Users/"+person(c, ada, nil), body).Get("meta", "created")
	}, "2026-03-01T09:00:00Z", "2001-02-03T04:05:06Z"},

	"schemas-with-message":            {func(c *Client) any { return len(reads(nil, "schemas")(c).(List)) }, 1, 2},
	"create-without-schemas-accepted": {creating(Object{"schemas": List{}}, status), 400, 201},
	"create-by-extension-accepted":    {creating(Object{"schemas": List{Enterprise}}, status), 400, 201},
	"schemas-as-sent-twice":           {creatingShows(Object{"schemas": List{User, User}}, "schemas"), List{User}, List{User, User}},
	"schemas-as-sent-unknown":         {creatingShows(Object{"schemas": List{User, "urn:x"}}, "schemas"), List{User}, List{User, "urn:x"}},
	"first-schema-counts":             {creatingShows(Object{"schemas": List{Enterprise, User}, "displayName": "Ada"}, "displayName"), "Ada", none},

	"names-read-exactly":        {creatingShows(Object{"ACTIVE": false}, "active"), false, true},
	"name-with-a-space":         {func(c *Client) any { return reads(nil, "meta", "last seen")(c) == nil }, true, false},
	"operation-begins-with-op":  {patchedInOrder, 200, 400},
	"two-primaries-accepted":    {creating(Object{"emails": List{primary("a"), primary("b")}}, status), 400, 201},
	"only-address-made-primary": {creatingShows(Object{"emails": List{Object{"value": "a"}}}, "emails"), List{Object{"value": "a"}}, List{primary("a")}},
	"duplicates-kept": {
		creatingShows(Object{"emails": List{Object{"value": "a"}, Object{"value": "a"}}}, "emails"),
		List{Object{"value": "a"}}, List{Object{"value": "a"}, Object{"value": "a"}},
	},
	"certificate-of-any-text": {patching(nil, status, op("replace", "x509Certificates", List{Object{"value": "!!!"}})), 400, 200},
	"patch-null-ignored":      {patching(Object{"title": "Countess"}, shownOf("title"), op("replace", "title", nil)), none, "Countess"},

	"group-read-answers-206": {func(c *Client) any { return c.SCIM("GET", "/Groups/"+c.NewGroup("crew"), nil).Status }, 200, 206},
	"read-by-username": {func(c *Client) any {
		person(c, ada, nil)
		return c.SCIM("GET", "/Users/"+url.PathEscape(ada), nil).Status
	}, 404, 200},
	"request-never-shows": {creatingShows(Object{Workplace: Object{"recoveryHint": "dog"}}, Workplace), Object{"recoveryHint": "dog"}, Object{}},
	"put-answered-from-before": {func(c *Client) any {
		body := Object{"schemas": List{User}, "userName": ada, "displayName": "New"}
		return c.SCIM("PUT", "/Users/"+person(c, ada, Object{"displayName": "Old"}), body).Get("displayName")
	}, "New", "Old"},
	"accents-told-apart":         {twins, 409, 201},
	"filter-tells-accents-apart": {findAccented, 1.0, 0.0},
})

// patching changes Ada and looks at the answer.
func patching(more Object, look func(*Reply) any, operations ...Object) func(*Client) any {
	return func(c *Client) any {
		id := person(c, ada, more)
		c.Clock.Advance(time.Second)
		return look(c.Patch("/Users/"+id, operations...))
	}
}

// shownOf is an attribute in a reply.
func shownOf(name string) func(*Reply) any {
	return func(r *Reply) any { return orNone(r.Get(name)) }
}

func primary(address string) Object { return Object{"value": address, "primary": true} }

// patchedInOrder sends an operation that begins with its value.
func patchedInOrder(c *Client) any {
	body := `{"schemas":["` + PatchOp + `"],"Operations":[{"value":"Countess","path":"title","op":"replace"}]}`
	r, err := http.NewRequest(http.MethodPatch, "http://acme.test/scim/v2/Users/"+person(c, ada, nil), strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+Token)
	r.Header.Set("Content-Type", "application/scim+json")
	return c.Send(r).Status
}

// twins creates two users whose names look alike.
func twins(c *Client) any {
	person(c, "zo\u00eb", nil)
	return c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": "zoe\u0308"}).Status
}

func findAccented(c *Client) any {
	person(c, "zo\u00eb", nil)
	return c.Find("/Users", "userName eq \"zoe\u0308\"").Get("totalResults")
}
