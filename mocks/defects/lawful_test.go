package defects_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// titled creates Ada with a title and replaces her by a body without one.
func titled(c *Client) any {
	id := person(c, ada, Object{"title": "Countess"})
	return c.SCIM("PUT", "/Users/"+id, Object{"schemas": List{User}, "userName": ada}).Get("title") != nil
}

// withoutToken asks for a definition as anybody.
func withoutToken(path string) func(*Client) any {
	return func(c *Client) any {
		return c.Send(httptest.NewRequest(http.MethodGet, "http://acme.test/scim/v2"+path, nil)).Status
	}
}

// inOrder reports whether id comes before userName in a reply.
func inOrder(r *Reply) any {
	return strings.Index(r.Text, `"id"`) < strings.Index(r.Text, `"userName"`)
}

var _ = show(map[string]shown{
	"patch-answers-204": {func(c *Client) any {
		return c.Patch("/Users/"+person(c, ada, nil), op("replace", "title", "Countess")).Status
	}, 200, 204},
	"put-keeps-what-is-omitted": {titled, false, true},
	"unknown-attributes-refused": {
		statusOf("POST", "/Users", Object{"schemas": List{User}, "userName": ada, "shoeSize": "43"}), 201, 400,
	},
	"ids-not-uuids": {func(c *Client) any { return uuid.Validate(person(c, ada, nil)) == nil }, true, false},

	"attribute-names-in-lower-case": {answers(func(r *Reply) any { return r.Get("username") != nil }), false, true},
	"null-for-nothing":              {answers(func(r *Reply) any { return strings.Contains(r.Text, `"title":null`) }), false, true},
	"times-with-an-offset":          {reads(nil, "meta", "created"), "2026-03-01T09:00:00Z", "2026-03-01T11:00:00+02:00"},
	"references-relative":           {member(func(m Object) any { return strings.HasPrefix(m["$ref"].(string), "Users/") }), false, true},
	"attributes-in-another-order":   {answers(inOrder), true, false},

	"list-without-page-numbers": {pageHas("itemsPerPage", ""), true, false},
	"list-without-resources":    {func(c *Client) any { return c.SCIM("GET", "/Users", nil).Get("Resources") != nil }, true, false},
	"content-type-with-charset": {
		answers(func(r *Reply) any { return strings.HasSuffix(r.Header.Get("Content-Type"), "; charset=utf-8") }), false, true,
	},
	"headers-of-a-proxy":       {answers(func(r *Reply) any { return r.Header.Get("Via") != "" }), false, true},
	"discovery-without-token":  {withoutToken("/Schemas"), 401, 200},
	"config-denies-patch":      {config("patch", "supported"), true, false},
	"asynchronous-answers-202": {preferringLater, 200, 202},
	"foreign-home-pages-refused": {
		statusOf("POST", "/Users", Object{"schemas": List{User, Workplace}, "userName": ada, Workplace: Object{"homepage": "https://example.com/"}}), 201, 400,
	},
	"unsupported-method-501": {statusOf("PUT", "/Users", Object{}), 405, 501},
})

// What comes in another order is the same.
func TestAnotherOrderSaysTheSame(t *testing.T) {
	look := func(c *Client) any {
		adaAndBob(c)
		doc := c.SCIM("GET", "/Users?attributes=userName,emails,active", nil).Doc
		for _, resource := range items(&Reply{Doc: doc}) {
			delete(resource, "id") // is made up anew each time
		}
		return doc
	}
	reference, g := with(t)
	reordered, _ := with(t, "attributes-in-another-order")
	seen := look(reference)
	g.Expect(seen).NotTo(BeNil())
	g.Expect(look(reordered)).To(Equal(seen))
}
