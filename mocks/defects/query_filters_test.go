package defects_test

import (
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// filterStatus tells how a filter on users is answered.
func filterStatus(filter string) func(*Client) any {
	return func(c *Client) any { return c.Find("/Users", filter).Status }
}

var _ = show(map[string]shown{
	"filter-co-is-sw":          {finds(`displayName co "the ada"`), "bob", ""},
	"filter-gt-is-ge":          {finds(`userName gt "ada@example.com"`), "bob", "ada bob"},
	"filter-booleans-in-order": {filterStatus(`active gt true`), 400, 200},
	"filter-active-ignored":    {finds(`active eq false`), "", "ada bob"},
	"filter-schemas-ignored":   {finds(`schemas eq "` + Enterprise + `"`), "ada", "ada bob"},
	"filter-urn-refused":       {finds(User + `:title pr`), "ada", 400},
	"filter-complex-compared":  {filterStatus(`name eq "Ada"`), 400, 200},
	"filter-escapes-left-in":   {finds(`displayName eq "\u0041da"`), "ada", ""},
	"filter-forgets-defaults":  {finds(`active eq true`), "ada bob", ""},
	"filter-compares-passwords": {func(c *Client) any {
		c.NewUser(ada, password)
		c.NewUser(bob, another)
		return names(c.Find("/Users", `password eq "`+another+`"`))
	}, 400, "bob"},
	"filter-value-reaches-the-query": {finds(`displayName eq "x' or '1'='1"`), "", "ada bob"},
	"filter-unclaimed-and-ignored":   {finds(`userName eq "nobody"`), "", "ada bob"},
	"filter-long-500":                {filterStatus(`displayName eq "` + strings.Repeat("x", 3000) + `"`), 200, 500},
	"filter-on-one-user-500": {func(c *Client) any {
		return c.Find("/Users/"+person(c, ada, nil), "userName pr").Status
	}, 200, 500},
	"root-query-too-many-413": {func(c *Client) any { return c.SCIM("GET", "", nil).Status }, 200, 413},
})
