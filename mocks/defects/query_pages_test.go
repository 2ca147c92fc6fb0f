package defects_test

import (
	"net/url"
	"time"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

const searchRequest = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

var _ = show(map[string]shown{
	"list-unknown-parameter-400": {statusOf("GET", "/Users?other=1", nil), 200, 400},
	"page-max-results-exceeded":  {config("filter", "maxResults"), 200.0, 3.0},
	"page-five-at-most":          {config("pagination", "maxPageSize"), 200.0, 5.0},
	"page-count-text-500":        {statusOf("GET", "/Users?count=abc", nil), 200, 500},

	"sort-missing-first": {func(c *Client) any {
		person(c, "ada", Object{"title": "Countess"})
		person(c, "bob", nil)
		return names(c.SCIM("GET", "/Users?sortBy=title", nil))
	}, "ada bob", "bob ada"},
	"sort-by-bytes": {func(c *Client) any {
		person(c, "ada", nil)
		person(c, "Bob", nil)
		return names(c.SCIM("GET", "/Users?sortBy=userName", nil))
	}, "ada Bob", "Bob ada"},
	"sort-by-first-value": {byMail, "ada bob", "bob ada"},
	"sort-parts-ignored":  {byMail, "ada bob", "bob ada"},
	"sort-unclaimed-500":  {statusOf("GET", "/Users?sortBy=userName", nil), 200, 500},

	"search-answers-201":               {searchStatus, 200, 201},
	"search-without-schemas-accepted":  {searched(Object{}, "status"), 400, 200},
	"search-pages-ignored":             {searched(Object{"schemas": List{searchRequest}, "count": 1}, "itemsPerPage"), 1.0, 2.0},
	"search-filter-unreadable-ignored": {searched(Object{"schemas": List{searchRequest}, "filter": "userName equals"}, "status"), 400, 200},

	"attributes-with-excluded-500": {statusOf("GET", "/Users?attributes=userName&excludedAttributes=userName", nil), 400, 500},
	"attributes-whole-complex": {func(c *Client) any {
		id := person(c, "ada", Object{"name": Object{"familyName": "Lovelace", "givenName": "Ada"}})
		return c.SCIM("GET", "/Users/"+id+"?attributes=name.familyName", nil).Get("name", "givenName") != nil
	}, false, true},
	"attributes-ignored-in-lists": {func(c *Client) any {
		person(c, "ada", Object{"title": "Countess"})
		return c.SCIM("GET", "/Users?attributes=userName", nil).First()["title"] != nil
	}, false, true},
	"patch-path-urn-case-sensitive": {func(c *Client) any {
		id := person(c, "ada", nil)
		return c.Patch("/Users/"+id, op("replace", "URN:ietf:params:scim:schemas:core:2.0:user:title", "Countess")).Status
	}, 200, 400},

	"cursor-bare-refused":     {statusOf("GET", "/Users?count=1&cursor", nil), 200, 400},
	"cursor-altered-accepted": {onFrom(func(next string) string { return "&count=1&cursor=" + next[:len(next)-4] }), 400, "bob"},
	"cursor-count-may-change": {onFrom(func(next string) string { return "&count=2&cursor=" + next }), 400, "ada"},
	"cursor-forgets-filter":   {onFrom(func(next string) string { return "&cursor=" + next }), "ada", "ada somebody.else"},
	"cursor-previous-on-first-page": {func(c *Client) any {
		bobAndAda(c)
		return c.SCIM("GET", "/Users?count=1&cursor=", nil).Get("previousCursor") != nil
	}, false, true},
	"cursor-with-reserved-characters": {func(c *Client) any {
		bobAndAda(c)
		next, _ := c.SCIM("GET", "/Users?count=1&cursor=", nil).Get("nextCursor").(string)
		return url.QueryEscape(next) != next
	}, false, true},
	"cursor-expired-begins-again": {late, "ada", "bob"},
	"cursors-end-after-a-second":  {late, "ada", 400},
	"cursors-forward-only": {func(c *Client) any {
		bobAndAda(c)
		return c.SCIM("GET", "/Users?count=1&cursor=", nil).Get("totalResults") != nil
	}, true, false},
	"cursor-not-in-searches":    {searchedNext, true, false},
	"cursor-default-misnamed":   {config("pagination", "defaultPaginationMethod"), "index", "cursor"},
	"cursor-only-and-not-said":  {config("pagination", "index"), true, false},
	"cursor-page-size-exceeded": {config("pagination", "maxPageSize"), 200.0, 3.0},
})

// byMail lists two users by their addresses: of Ada, who comes first by the primary one, the
// other is the first.
func byMail(c *Client) any {
	person(c, "bob", Object{"emails": List{Object{"value": "m@example.com", "primary": true}}})
	person(c, "ada", Object{"emails": List{Object{"value": "z@example.com"}, Object{"value": "a@example.com", "primary": true}}})
	return names(c.SCIM("GET", "/Users?sortBy=emails.value", nil))
}

// searched returns the status or a number of a search by POST.
func searched(body Object, what string) func(*Client) any {
	return func(c *Client) any {
		bobAndAda(c)
		reply := c.SCIM("POST", "/Users/.search", body)
		if what == "status" {
			return reply.Status
		}
		return reply.Get(what)
	}
}

func searchedNext(c *Client) any {
	bobAndAda(c)
	return c.SCIM("POST", "/Users/.search", Object{"schemas": List{searchRequest}, "count": 1, "cursor": ""}).Get("nextCursor") != nil
}

// onFrom tells who is on the page after the first, by parameters that have its nextCursor.
func onFrom(parameters func(next string) string) func(*Client) any {
	return func(c *Client) any {
		bobAndAda(c)
		next, _ := c.SCIM("GET", "/Users?count=1&cursor=", nil).Get("nextCursor").(string)
		return names(c.SCIM("GET", "/Users?"+parameters(next)[1:], nil))
	}
}

// late tells who is on the second page when it is asked for after more than a second.
func late(c *Client) any {
	bobAndAda(c)
	next, _ := c.SCIM("GET", "/Users?count=1&cursor=", nil).Get("nextCursor").(string)
	time.Sleep(1100 * time.Millisecond) // what remembers cursors goes by the time of day
	return names(c.SCIM("GET", "/Users?count=1&cursor="+url.QueryEscape(next), nil))
}
