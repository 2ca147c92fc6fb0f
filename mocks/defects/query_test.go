package defects_test

import (
	"maps"
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

const bob = "bob@example.com"

// person creates a user with some attributes and returns the id.
func person(c *Client, userName string, more Object) string {
	body := Object{"schemas": List{User}, "userName": userName}
	maps.Copy(body, more)
	return c.SCIM("POST", "/Users", body).ID()
}

// adaAndBob are two users who differ in everything that filters are tried on.
func adaAndBob(c *Client) {
	person(c, ada, Object{
		"displayName": "Ada", "title": "Countess", "externalId": "A-1",
		"emails":   List{Object{"type": "work", "value": "ada@work.example"}, Object{"type": "home", "value": "ada@home.example"}},
		Enterprise: Object{"department": "Engines"},
	})
	person(c, bob, Object{"displayName": "Bob the Ada fan", "emails": List{Object{"type": "work", "value": "bob@work.example"}}})
}

// finds tells which of Ada and Bob a filter finds, in the order of their creation.
func finds(filter string) func(*Client) any {
	return func(c *Client) any {
		adaAndBob(c)
		return names(c.Find("/Users", filter))
	}
}

// names lists the resources in a reply by their names, or says what came instead.
func names(r *Reply) any {
	if r.Status != 200 {
		return r.Status
	}
	list := []string{}
	for _, resource := range items(r) {
		name, _ := resource["userName"].(string)
		name, _, _ = strings.Cut(name, "@")
		list = append(list, name)
	}
	return strings.Join(list, " ")
}

// items are the resources of a list.
func items(r *Reply) (out []Object) {
	list, _ := r.Get("Resources").(List)
	for _, item := range list {
		resource, _ := item.(Object)
		out = append(out, resource)
	}
	return out
}

// page tells who is on a page of the list of three users.
func page(query string) func(*Client) any {
	return func(c *Client) any { return names(threeUsers(c, query)) }
}

// pageSays returns one of the numbers that a page of the list of three users has.
func pageSays(name, query string) func(*Client) any {
	return func(c *Client) any { return threeUsers(c, query).Get(name) }
}

// pageHas reports whether such a page has the number at all.
func pageHas(name, query string) func(*Client) any {
	return func(c *Client) any { return threeUsers(c, query).Get(name) != nil }
}

func threeUsers(c *Client, query string) *Reply {
	for _, name := range []string{"a", "b", "c"} {
		person(c, name, nil)
	}
	return c.SCIM("GET", "/Users?"+query, nil)
}

var _ = show(map[string]shown{
	"filter-username-case-exact": {finds(`userName eq "ADA@example.com"`), "ada", ""},
	"filter-username-wildcards":  {finds(`userName eq "a_a@example.com"`), "", "ada"},

	"filter-unknown-attribute-ignored": {finds(`shoeSize eq "43"`), 400, "ada bob"},
	"filter-unreadable-ignored":        {finds(`userName equals`), 400, "ada bob"},
	"filter-unreadable-500":            {finds(`userName equals`), 400, 500},
	"filter-names-case-exact":          {finds(`username eq "ada@example.com"`), "ada", 400},
	"filter-operators-lower-case-only": {finds(`userName EQ "ada@example.com"`), "ada", 400},
	"filter-no-group-404":              {func(c *Client) any { return c.Find("/Groups", `displayName eq "nobody"`).Status }, 200, 404},
	"filter-decoded-twice": {func(c *Client) any {
		person(c, "ada+1@example.com", nil)
		return c.Find("/Users", `userName eq "ada+1@example.com"`).Get("totalResults")
	}, 1.0, 0.0},
	"filter-omits-inactive": {func(c *Client) any {
		person(c, ada, Object{"active": false})
		return c.Find("/Users", `userName eq "ada@example.com"`).Get("totalResults")
	}, 1.0, 0.0},

	"filter-eq-is-co":               {finds(`displayName eq "Ada"`), "ada", "ada bob"},
	"filter-sw-finds-in-the-middle": {finds(`displayName sw "ada"`), "ada", "ada bob"},
	"filter-ew-ignored":             {finds(`displayName ew "fan"`), "bob", "ada bob"},
	"filter-ne-finds-nothing":       {finds(`displayName ne "Ada"`), "bob", ""},
	"filter-pr-finds-all":           {finds(`title pr`), "ada", "ada bob"},
	// 10:30 two hours east of UTC is 8:30 there, before both are made at 9:00.
	"filter-dates-as-text":            {finds(`meta.lastModified gt "2026-03-01T10:30:00+02:00"`), "ada bob", ""},
	"filter-external-id-ignores-case": {finds(`externalId eq "a-1"`), "", "ada"},
	"filter-extension-finds-nothing":  {finds(Enterprise + `:department eq "Engines"`), "ada", ""},

	"filter-and-is-or":          {finds(`title pr and displayName eq "Bob the Ada fan"`), "", "ada bob"},
	"filter-or-only-left":       {finds(`title pr or displayName eq "Bob the Ada fan"`), "ada bob", "ada"},
	"filter-not-ignored":        {finds(`not (title pr)`), "bob", "ada"},
	"filter-without-precedence": {finds(`displayName eq "Ada" or title pr and displayName sw "Bob"`), "ada", ""},

	"filter-brackets-across-values": {finds(`emails[type eq "work" and value co "home"]`), "", "ada"},
	"filter-first-value-only":       {finds(`emails.value eq "ada@home.example"`), "ada", ""},

	"page-past-the-end-wraps":      {page("startIndex=7"), "", "a b c"},
	"page-start-counts-from-0":     {page("startIndex=1"), "a b c", "b c"},
	"page-repeats-the-last":        {page("startIndex=2&count=1"), "b", "a"},
	"page-count-ignored":           {page("count=2"), "a b", "a b c"},
	"page-count-0-gives-resources": {page("count=0"), "", "a b c"},
	"page-count-0-400":             {page("count=0"), "", 400},
	"page-count-negative-400":      {page("count=-1"), "", 400},
	"page-order-changes":           {page("startIndex=3&count=1"), "c", "a"},
	"page-items-echo-count":        {pageSays("itemsPerPage", "count=10"), 3.0, 10.0},
	"page-total-is-page-size":      {pageSays("totalResults", "count=2"), 3.0, 2.0},
	"page-without-start-index":     {pageHas("startIndex", "count=2"), true, false},
})
