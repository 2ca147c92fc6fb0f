package acme_test

import (
	"net/http"
	"net/url"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// searchRequest is the body of a POST to /.search.
func searchRequest(parameters Object) Object {
	body := Object{"schemas": List{"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}}
	for key, value := range parameters {
		body[key] = value
	}
	return body
}

func TestSorting(t *testing.T) {
	c, g := people(t)
	const ada, bob, eve = "ada@example.com", "bob@example.com", "eve"
	c.NewUser("Carl", "a-long-password")
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"sortBy=userName", []string{ada, bob, "Carl", eve}}, // not caseExact
		{"sortBy=USERNAME&sortOrder=ascending", []string{ada, bob, "Carl", eve}},
		{"sortBy=userName&sortOrder=Descending", []string{eve, "Carl", bob, ada}},
		{"sortBy=" + url.QueryEscape(User+":userName"), []string{ada, bob, "Carl", eve}},
		{"sortBy=externalId", []string{ada, bob, eve, "Carl"}}, // caseExact: E before e; no value last
		{"sortBy=externalId&sortOrder=descending", []string{eve, "Carl", bob, ada}},
		{"sortBy=emails", []string{ada, bob, eve, "Carl"}},
		{"sortBy=emails.type", []string{bob, ada, eve, "Carl"}},
		{"sortBy=meta.created&sortOrder=descending", []string{"Carl", eve, bob, ada}},
		{"sortBy=" + url.QueryEscape(Enterprise+":employeeNumber"), []string{ada, bob, eve, "Carl"}},
		{"sortOrder=descending", []string{ada, bob, eve, "Carl"}}, // without sortBy it means nothing
		{"sortBy=userName&startIndex=2&count=2", []string{bob, "Carl"}},
		{"sortBy=userName&filter=active+eq+true", []string{ada, "Carl", eve}},
	} {
		reply := c.SCIM(http.MethodGet, "/Users?"+tt.query, nil)
		g.Expect(reply.Status).To(Equal(http.StatusOK), "%s: %s", tt.query, reply.Text)
		g.Expect(names(reply)).To(Equal(tt.want), tt.query)
	}
	for _, query := range []string{"sortBy=shoeSize", "sortBy=password", "sortBy=userName&sortOrder=up"} {
		g.Expect(c.SCIM(http.MethodGet, "/Users?"+query, nil).Status).To(Equal(http.StatusBadRequest), query)
	}
}

func TestSearchByPostIsTheSameAsByGet(t *testing.T) {
	c, g := people(t)
	c.NewGroup("staff")
	for _, tt := range []struct {
		path, query string
		body        Object
	}{
		{"/Users", "", Object{}},
		{"/Users", "filter=active+eq+true&sortBy=userName&sortOrder=descending", Object{"filter": "active eq true", "sortBy": "userName", "sortOrder": "descending"}},
		{"/Users", "startIndex=2&count=1&attributes=userName,emails.type", Object{"startIndex": 2, "count": 1, "attributes": List{"userName", "emails.type"}}},
		{"/Users", "excludedAttributes=emails,name", Object{"excludedAttributes": List{"emails", "name"}}},
		{"/Users", "count=-1", Object{"count": -1}},
		{"/Groups", "filter=displayName+sw+%22s%22", Object{"FILTER": `displayName sw "s"`}},
		{"", "filter=meta.created+pr&count=2&startIndex=3", Object{"filter": "meta.created pr", "count": 2, "startIndex": 3}},
	} {
		byGet := c.SCIM(http.MethodGet, tt.path+"?"+tt.query, nil)
		byPost := c.SCIM(http.MethodPost, tt.path+"/.search", searchRequest(tt.body))
		g.Expect(byPost.Status).To(Equal(http.StatusOK), tt.query)
		g.Expect(byPost.Doc).To(Equal(byGet.Doc), tt.query)
	}
	for _, path := range []string{"/Users/.search", "/Groups/.search", "/.search"} {
		for scimType, bodies := range map[string][]any{
			"invalidSyntax": {Object{}, Object{"schemas": List{User}}, `[]`, `{"schemas":`},
			"invalidFilter": {searchRequest(Object{"filter": "x"}), searchRequest(Object{"filter": ""}), searchRequest(Object{"filter": `shoeSize pr`})},
			"invalidValue": {
				searchRequest(Object{"count": "2"}), searchRequest(Object{"startIndex": 1.5}), searchRequest(Object{"filter": 5}),
				searchRequest(Object{"attributes": "userName"}), searchRequest(Object{"attributes": List{1}}), searchRequest(Object{"sortBy": "x"}),
			},
		} {
			for _, body := range bodies {
				g.Expect(c.SCIM(http.MethodPost, path, body)).To(beError(400, scimType), "%s %v", path, body)
			}
		}
		reply := c.SCIM(http.MethodGet, path, nil)
		g.Expect(reply).To(beError(405, ""), path)
		g.Expect(reply.Header.Get("Allow")).To(Equal("POST"), path)
	}
}

// RFC 7644 §3.4.2.1: a query of the root spans all types.
func TestQueryOfTheRoot(t *testing.T) {
	c, g := people(t)
	c.NewGroup("ada@example.com")
	kinds := func(query string) (out []any) {
		for _, path := range []string{"?", "/?"} {
			reply := c.SCIM(http.MethodGet, path+query, nil)
			g.Expect(reply.Status).To(Equal(http.StatusOK), reply.Text)
			out = nil
			for _, r := range reply.Get("Resources").(List) {
				out = append(out, r.(Object)["meta"].(Object)["resourceType"])
			}
		}
		return out
	}
	g.Expect(kinds("")).To(Equal([]any{"User", "User", "User", "Group"}))
	g.Expect(kinds("filter=" + url.QueryEscape(`meta.resourceType eq "Group"`))).To(Equal([]any{"Group"}))
	g.Expect(kinds("filter="+url.QueryEscape(`userName sw "ada"`))).To(Equal([]any{"User"}), "groups have no userName")
	g.Expect(kinds("filter=" + url.QueryEscape(`displayName sw "a"`))).To(Equal([]any{"User", "Group"}))
	g.Expect(kinds("sortBy=meta.created&sortOrder=descending&count=2")).To(Equal([]any{"Group", "User"}))
	g.Expect(c.SCIM(http.MethodGet, "?filter="+url.QueryEscape(`shoeSize pr`), nil)).To(beError(400, "invalidFilter"))
}

func TestQueryOfTheRootIsRefusedWhenItFindsTooMuch(t *testing.T) {
	c, g := New(t, acme.Config{MaxRootResults: 2}), NewWithT(t)
	for _, name := range []string{"a", "b", "c"} {
		g.Expect(c.SCIM(http.MethodGet, "", nil).Status).To(Equal(http.StatusOK))
		c.NewUser(name, "a-long-password")
	}
	g.Expect(c.SCIM(http.MethodGet, "", nil)).To(beError(400, "tooMany"))
	g.Expect(c.SCIM(http.MethodPost, "/.search", searchRequest(nil))).To(beError(400, "tooMany"))
	g.Expect(c.SCIM(http.MethodGet, "?filter=id+pr", nil).Get("totalResults")).To(Equal(3.0))
	g.Expect(c.SCIM(http.MethodGet, "/Users", nil).Get("totalResults")).To(Equal(3.0))
}
