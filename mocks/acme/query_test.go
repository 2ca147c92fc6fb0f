package acme_test

import (
	"fmt"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// people creates three users to look for.
func people(t *testing.T) (*Client, *WithT) {
	t.Helper()
	c, g := start(t)
	for _, body := range []Object{
		{
			"userName": "ada@example.com", "externalId": "E-1", "displayName": "Ada", "title": "Countess", "active": true,
			"name":     Object{"familyName": "Lovelace"},
			"emails":   List{Object{"value": "ada@example.com", "type": "work"}, Object{"value": "ada@home.test", "type": "home"}},
			Enterprise: Object{"employeeNumber": "7", "manager": Object{"value": "42"}},
		},
		{
			"userName": "bob@example.com", "externalId": "e-1", "displayName": `B"o\b`, "active": false,
			"emails": List{Object{"value": "bob@home.test", "type": "home"}},
		},
		{"userName": "eve", "active": true, "password": "a-long-password"},
	} {
		body["schemas"] = List{User, Enterprise}
		g.Expect(c.SCIM(http.MethodPost, "/Users", body).Status).To(Equal(http.StatusCreated))
		c.Clock.Advance(60e9)
	}
	return c, g
}

// names lists the userNames in a ListResponse.
func names(reply *Reply) []string {
	out := []string{}
	list, _ := reply.Get("Resources").(List)
	for _, r := range list {
		name, _ := r.(Object)["userName"].(string)
		out = append(out, name)
	}
	return out
}

func TestFilters(t *testing.T) {
	c, g := people(t)
	const ada, bob, eve = "ada@example.com", "bob@example.com", "eve"
	for filter, want := range map[string][]string{
		`userName eq "ada@example.com"`:                         {ada},
		`USERNAME EQ "ADA@EXAMPLE.COM"`:                         {ada},
		`userName eq "ada"`:                                     {},
		`userName ne "eve"`:                                     {ada, bob},
		`userName co "EXAMPLE"`:                                 {ada, bob},
		`userName sw "b"`:                                       {bob},
		`userName ew ".com"`:                                    {ada, bob},
		`userName gt "ada@example.com"`:                         {bob, eve},
		`userName ge "bob@example.com"`:                         {bob, eve},
		`userName lt "bob@example.com"`:                         {ada},
		`userName le "bob@example.com"`:                         {ada, bob},
		`externalId eq "e-1"`:                                   {bob}, // caseExact
		`title pr`:                                              {ada},
		`not (title pr)`:                                        {bob, eve},
		`title eq null`:                                         {bob, eve},
		`title ne "Countess"`:                                   {bob, eve},
		`active eq true`:                                        {ada, eve},
		`active ne true`:                                        {bob},
		`name.familyName eq "lovelace"`:                         {ada},
		`name pr`:                                               {ada},
		`displayName eq "B\"o\\b"`:                              {bob},
		`emails eq "bob@home.test"`:                             {bob}, // the value of a complex attribute
		`emails.value ew "home.test"`:                           {ada, bob},
		`emails[type eq "work"]`:                                {ada},
		`emails[type eq "work" and value ew "home.test"]`:       {},
		`emails.type eq "work" and emails.value ew "home.test"`: {ada},
		`emails[not (type eq "home")]`:                          {ada},
		`userName eq "eve" or active eq false`:                  {bob, eve},
		// and binds more tightly than or (RFC 7644 §3.4.2.2).
		`userName eq "eve" or userName sw "a" and active eq false`:     {eve},
		`(userName eq "eve" or userName sw "a") and active eq true`:    {ada, eve},
		`meta.created gt "2026-03-01T09:00:30Z"`:                       {bob, eve},
		`meta.created eq "2026-03-01T10:00:00+01:00"`:                  {ada}, // the same moment
		`urn:ietf:params:scim:schemas:core:2.0:User:userName eq "eve"`: {eve},
		Enterprise + `:employeeNumber eq "7"`:                          {ada},
		Enterprise + `:manager.value eq "42"`:                          {ada},
		Enterprise + `:manager eq "42"`:                                {ada},
		`schemas eq "` + Enterprise + `"`:                              {ada},
	} {
		reply := c.Find("/Users", filter)
		g.Expect(reply.Status).To(Equal(http.StatusOK), "%s: %s", filter, reply.Text)
		g.Expect(names(reply)).To(Equal(want), filter)
	}
}

func TestFilterRefusals(t *testing.T) {
	full, _ := people(t)
	empty, g := start(t)
	for _, filter := range []string{
		`userName`, `userName eq`, `userName eq jyoung`, `userName is "x"`, `(userName pr`, `userName eq "x" and`, `]`, `"`,
		`shoeSize eq 5`, `name.shoeSize eq 5`, `emails[shoeSize eq 5]`, `displayName[type eq "x"]`, `urn:example:x:y eq "z"`,
		`active gt true`, `meta.created gt "yesterday"`, `name eq "Lovelace"`, `meta co "2026"`, ``,
		`password eq "a-long-password"`, `password pr`, `password sw "a"`, `User:password co "a"`,
	} {
		g.Expect(full.Find("/Users", filter)).To(beError(400, "invalidFilter"), filter)
	}
	// A wrong name is found out without a resource to look at.
	g.Expect(empty.Find("/Users", `shoeSize eq 5`)).To(beError(400, "invalidFilter"))
	g.Expect(empty.Find("/Users", `emails[shoeSize eq 5]`)).To(beError(400, "invalidFilter"))
}

func TestPaging(t *testing.T) {
	c, g := start(t)
	for i := range 205 {
		c.NewGroup(fmt.Sprintf("g%03d", i))
	}
	for _, tt := range []struct {
		query              string
		start, items, from int
	}{
		{"", 1, 200, 0},
		{"?startIndex=204", 204, 2, 203},
		{"?startIndex=1&count=2", 1, 2, 0},
		{"?startIndex=206", 206, 0, 0},
		{"?startIndex=0&count=1", 1, 1, 0},
		{"?startIndex=-5&count=1", 1, 1, 0},
		{"?count=0", 1, 0, 0},
		{"?count=-1", 1, 0, 0},
		{"?count=1000", 1, 200, 0},
		{"?startIndex=x&count=y", 1, 200, 0},
		{"?startIndex=9223372036854775807&count=2", 9223372036854775807, 0, 0},
	} {
		reply := c.SCIM(http.MethodGet, "/Groups"+tt.query, nil)
		g.Expect(reply.Status).To(Equal(http.StatusOK), tt.query)
		g.Expect(reply.Get("schemas")).To(Equal(List{"urn:ietf:params:scim:api:messages:2.0:ListResponse"}))
		g.Expect(reply.Get("totalResults")).To(Equal(205.0), tt.query)
		g.Expect(reply.Get("startIndex")).To(Equal(float64(tt.start)), tt.query)
		g.Expect(reply.Get("itemsPerPage")).To(Equal(float64(tt.items)), tt.query)
		resources := reply.Get("Resources").(List)
		g.Expect(resources).To(HaveLen(tt.items), tt.query)
		if tt.items > 0 {
			g.Expect(resources[0]).To(HaveKeyWithValue("displayName", fmt.Sprintf("g%03d", tt.from)), tt.query)
		}
	}
}

func TestAttributes(t *testing.T) {
	c, g := people(t)
	id := c.Find("/Users", `userName sw "ada"`).Get("Resources").(List)[0].(Object)["id"].(string)
	for query, want := range map[string]Object{
		"?attributes=userName":                      {"userName": "ada@example.com"},
		"?attributes=USERNAME,%20title":             {"userName": "ada@example.com", "title": "Countess"},
		"?attributes=name.familyName":               {"name": Object{"familyName": "Lovelace"}},
		"?attributes=emails.type":                   {"emails": List{Object{"type": "work"}, Object{"type": "home"}}},
		"?attributes=emails.type,emails.value":      {"emails": List{Object{"type": "work", "value": "ada@example.com"}, Object{"type": "home", "value": "ada@home.test"}}},
		"?attributes=shoeSize":                      {},
		"?attributes=password":                      {},
		"?attributes=" + Enterprise:                 {Enterprise: Object{"employeeNumber": "7", "manager": Object{"value": "42"}}},
		"?attributes=" + Enterprise + ":manager":    {Enterprise: Object{"manager": Object{"value": "42"}}},
		"?attributes=" + Enterprise + ":department": {},
		"?attributes=" + User + ":title":            {"title": "Countess"},
	} {
		want["id"], want["schemas"] = id, List{User, Enterprise}
		g.Expect(c.SCIM(http.MethodGet, "/Users/"+id+query, nil).Doc).To(Equal(want), query)
	}
	for query, gone := range map[string]string{
		"?excludedAttributes=emails": "emails", "?excludedAttributes=Name,emails": "name", "?excludedAttributes=" + Enterprise: Enterprise,
	} {
		reply := c.SCIM(http.MethodGet, "/Users/"+id+query, nil)
		g.Expect(reply.Doc).NotTo(HaveKey(gone), query)
		g.Expect(reply.Doc).To(HaveKey("userName"), query)
	}
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id+"?excludedAttributes=id,schemas", nil).Doc).To(And(HaveKey("id"), HaveKey("schemas")))
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id+"?excludedAttributes=emails.type", nil).Get("emails")).To(Equal(List{Object{"value": "ada@example.com"}, Object{"value": "ada@home.test"}}))
	g.Expect(c.SCIM(http.MethodGet, "/Users?attributes=userName&count=1", nil).Get("Resources")).To(Equal(List{
		Object{"schemas": List{User, Enterprise}, "id": id, "userName": "ada@example.com"},
	}))
}
