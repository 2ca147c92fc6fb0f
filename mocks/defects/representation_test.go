package defects_test

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// reads creates Ada with some attributes and returns what is at a path when she is
// read.
func reads(more Object, keys ...string) func(*Client) any {
	return func(c *Client) any { return c.SCIM("GET", "/Users/"+person(c, ada, more), nil).Get(keys...) }
}

// lists creates Ada and returns what is at a path of the first resource in a list.
func lists(keys ...string) func(*Client) any {
	return func(c *Client) any {
		person(c, ada, nil)
		first := Reply{Doc: items(c.SCIM("GET", "/Users", nil))[0]}
		return first.Get(keys...)
	}
}

// changed creates Ada, changes her a minute later, and compares meta.created and
// meta.lastModified with what they were.
func changed(c *Client) any {
	id := person(c, ada, nil)
	before := c.SCIM("GET", "/Users/"+id, nil)
	c.Clock.Advance(time.Minute)
	after := c.Patch("/Users/"+id, op("replace", "title", "Countess"))
	return List{before.Get("meta", "created") == after.Get("meta", "created"), before.Get("meta", "lastModified") == after.Get("meta", "lastModified")}
}

// member creates a group with Ada and looks at a part of its first member.
func member(look func(Object) any) func(*Client) any {
	return func(c *Client) any {
		id := c.NewGroup("staff", person(c, ada, nil))
		list, _ := c.SCIM("GET", "/Groups/"+id, nil).Get("members").(List)
		first, _ := list[0].(Object)
		return look(first)
	}
}

// shows lists which attributes a read has, with a parameter.
func shows(query string) func(*Client) any {
	return func(c *Client) any {
		id := person(c, ada, Object{"displayName": "Ada"})
		var shown []string
		for name := range c.SCIM("GET", "/Users/"+id+"?"+query, nil).Doc {
			if name != "schemas" && name != "meta" && name != "active" {
				shown = append(shown, name)
			}
		}
		slices.Sort(shown)
		return strings.Join(shown, " ")
	}
}

// answers returns something about the reply to a read of Ada.
func answers(look func(*Reply) any) func(*Client) any {
	return func(c *Client) any {
		return look(c.SCIM("GET", "/Users/"+person(c, ada, Object{"displayName": "Zoë"}), nil))
	}
}

// isText reports whether a value is text.
func isText(look func(*Client) any) func(*Client) any {
	return func(c *Client) any {
		_, ok := look(c).(string)
		return ok
	}
}

// begins reports whether text has a prefix.
func begins(prefix string, look func(*Client) any) func(*Client) any {
	return func(c *Client) any {
		text, _ := look(c).(string)
		return strings.HasPrefix(text, prefix)
	}
}

var _ = show(map[string]shown{
	"location-of-another-host":    {begins("http://acme.test/", reads(nil, "meta", "location")), true, false},
	"location-is-a-path":          {begins("http://", reads(nil, "meta", "location")), true, false},
	"last-modified-as-number":     {isText(reads(nil, "meta", "lastModified")), true, false},
	"created-in-database-form":    {reads(nil, "meta", "created"), "2026-03-01T09:00:00Z", "2026-03-01 09:00:00"},
	"created-moves":               {changed, List{true, false}, List{false, false}},
	"last-modified-stands-still":  {changed, List{true, false}, List{true, true}},
	"resource-type-in-lower-case": {reads(nil, "meta", "resourceType"), "User", "user"},
	"listed-without-schemas":      {func(c *Client) any { return lists("schemas")(c) != nil }, true, false},
	"schemas-without-extension": {
		reads(Object{Enterprise: Object{"department": "Engines"}}, "schemas"), List{User, Enterprise}, List{User},
	},
	"listed-id-as-number": {isText(lists("id")), true, false},

	"listed-active-as-text": {lists("active"), true, "True"},
	"roles-as-text": {
		reads(Object{"roles": List{Object{"value": "admin"}}}, "roles"), List{Object{"value": "admin"}}, List{"admin"},
	},
	"extension-flattened": {func(c *Client) any {
		return reads(Object{Enterprise: Object{"department": "Engines"}}, "department")(c) == nil
	}, true, false},
	"members-without-value":     {member(func(m Object) any { return m["value"] != nil }), true, false},
	"members-ref-from-the-root": {member(func(m Object) any { return strings.HasPrefix(m["$ref"].(string), "/Users/") }), false, true},
	"members-ref-to-groups":     {member(func(m Object) any { return strings.Contains(m["$ref"].(string), "/Users/") }), true, false},
	"username-in-lower-case":    {func(c *Client) any { return c.SCIM("GET", "/Users/"+person(c, "Ada", nil), nil).Get("userName") }, "Ada", "ada"},

	"list-without-schemas": {pageHas("schemas", ""), true, false},
	"list-of-one-is-an-object": {func(c *Client) any {
		person(c, ada, nil)
		_, ok := c.SCIM("GET", "/Users", nil).Get("Resources").(List)
		return ok
	}, true, false},
	"list-resources-in-lower-case": {pageHas("Resources", ""), true, false},
	"list-total-as-text":           {pageSays("totalResults", ""), 3.0, "3"},

	"attributes-ignored":           {shows("attributes=userName"), "id userName", "displayName id userName"},
	"attributes-drops-id":          {shows("attributes=userName"), "id userName", "userName"},
	"attributes-spelled-exactly":   {shows("attributes=username"), "id userName", "id"},
	"excluded-attributes-ignored":  {shows("excludedAttributes=displayName"), "id userName", "displayName id userName"},
	"excluded-attributes-drops-id": {shows("excludedAttributes=id"), "displayName id userName", "displayName userName"},

	"content-type-json": {answers(func(r *Reply) any { return r.Header.Get("Content-Type") }), "application/scim+json", "application/json"},
	"content-type-html": {answers(func(r *Reply) any { return strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") }), false, true},
	"non-ascii-lost":    {answers(func(r *Reply) any { return r.Get("displayName") }), "Zoë", "Zo?"},
	"non-ascii-mangled": {answers(func(r *Reply) any { return utf8.ValidString(r.Text) }), true, false},
})
