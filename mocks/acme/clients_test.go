package acme_test

import (
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// organisations starts an application with a sister and clients of every scope.
func organisations(t *testing.T) (*Client, *WithT) {
	t.Helper()
	c := New(t, acme.Config{
		Clients: []acme.SCIMClient{
			{Name: "reader", Token: "reader-token", Scope: acme.ReadOnly},
			{Name: "nobody", Token: "nobody-token"},
			{Name: "former", Token: "former-token", Scope: acme.ReadWrite, Expires: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)},
			{Name: "passing", Token: "passing-token", Scope: acme.ReadWrite, Expires: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)},
		},
		Sister: &acme.Config{SCIMToken: "sister-token"},
	})
	return c, NewWithT(t)
}

// as sends a request with another token.
func as(c *Client, token, method, path string, body any) *Reply {
	return c.Ask(method, path, body, "Authorization", "Bearer "+token)
}

// Who may do what: each scope with each method at each endpoint.
func TestScopes(t *testing.T) {
	c, g := organisations(t)
	c.NewUser(ada, password)
	own := c.Arm(ada, password).Access
	group := c.NewGroup("staff")
	id := c.NewUser("eve", "")
	patch := Object{"schemas": List{PatchOp}, "Operations": List{op("replace", "displayName", "x")}}
	put := Object{"schemas": List{User}, "userName": "eve"}
	putGroup := Object{"schemas": List{Group}, "displayName": "staff"}
	bulkBody := Object{"schemas": List{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "Operations": List{Object{"method": "DELETE", "path": "/Users/0"}}}
	for _, tt := range []struct {
		method, path                     string
		body                             any
		readWrite, readOnly, own, nobody int
	}{
		{"GET", "", nil, 200, 200, 403, 401},
		{"GET", "/Users", nil, 200, 200, 403, 401},
		{"HEAD", "/Users", nil, 200, 200, 403, 401},
		{"GET", "/Users/" + id, nil, 200, 200, 403, 401},
		{"GET", "/Groups", nil, 200, 200, 403, 401},
		{"GET", "/Groups/" + group, nil, 200, 200, 403, 401},
		{"POST", "/.search", searchRequest(nil), 200, 200, 403, 401},
		{"POST", "/Users/.search", searchRequest(nil), 200, 200, 403, 401},
		{"POST", "/Groups/.search", searchRequest(nil), 200, 200, 403, 401},
		{"PUT", "/Users/.search", put, 405, 403, 403, 401},
		{"POST", "/Users", Object{}, 400, 403, 403, 401},
		{"POST", "/Groups", Object{}, 400, 403, 403, 401},
		{"PUT", "/Users/" + id, put, 200, 403, 403, 401},
		{"PUT", "/Groups/" + group, putGroup, 200, 403, 403, 401},
		{"PATCH", "/Users/" + id, patch, 200, 403, 403, 401},
		{"PATCH", "/Groups/" + group, patch, 200, 403, 403, 401},
		{"POST", "/Bulk", bulkBody, 200, 403, 403, 401},
		{"GET", "/ServiceProviderConfig", nil, 200, 200, 200, 401},
		{"GET", "/Schemas", nil, 200, 200, 200, 401},
		{"GET", "/Schemas/" + User, nil, 200, 200, 200, 401},
		{"GET", "/ResourceTypes", nil, 200, 200, 200, 401},
		{"GET", "/ResourceTypes/User", nil, 200, 200, 200, 401},
		{"DELETE", "/Schemas/" + User, nil, 405, 403, 403, 401},
		{"GET", "/Me", nil, 501, 501, 200, 401},
		{"PATCH", "/Me", patch, 501, 403, 403, 401},
		{"PUT", "/Me", put, 501, 403, 403, 401},
		{"DELETE", "/Me", nil, 501, 403, 403, 401},
		{"GET", "/Robots", nil, 404, 404, 403, 401},
		{"DELETE", "/Groups/" + group, nil, 204, 403, 403, 401},
		{"DELETE", "/Users/" + id, nil, 204, 403, 403, 401},
	} {
		for _, caller := range []struct {
			token string
			want  int
		}{{"nobody-token", tt.nobody}, {own, tt.own}, {"reader-token", tt.readOnly}, {Token, tt.readWrite}} {
			reply := as(c, caller.token, tt.method, "/scim/v2"+tt.path, tt.body)
			g.Expect(reply.Status).To(Equal(caller.want), "%s %s: %s", tt.method, tt.path, reply.Text)
			challenge := reply.Header.Get("WWW-Authenticate")
			switch reply.Status {
			case http.StatusUnauthorized:
				g.Expect(challenge).To(Equal(`Bearer realm="scim", error="invalid_token"`))
			case http.StatusForbidden:
				g.Expect(challenge).To(Equal(`Bearer realm="scim", error="insufficient_scope"`))
			default:
				g.Expect(challenge).To(BeEmpty())
			}
		}
	}
}

func TestAuthorizationHeaders(t *testing.T) {
	c, g := organisations(t)
	for header, challenge := range map[string]string{
		"": `Bearer realm="scim"`, "Bearer": `Bearer realm="scim"`, "Bearer ": `Bearer realm="scim"`, Token: `Bearer realm="scim"`, "Basic " + Token: `Bearer realm="scim"`,
		"Bearer wrong":               `Bearer realm="scim", error="invalid_token"`,
		"Bearer " + Token + " x":     `Bearer realm="scim", error="invalid_token"`,
		"Bearer " + Token[1:]:        `Bearer realm="scim", error="invalid_token"`,
		"Bearer former-token":        `Bearer realm="scim", error="invalid_token"`,
		"Bearer sister-token":        `Bearer realm="scim", error="invalid_token"`,
		"Bearer\t" + Token:           `Bearer realm="scim"`,
		"Bearer " + Token + "\u0000": `Bearer realm="scim", error="invalid_token"`,
	} {
		for _, path := range []string{"/scim/v2/Users", "/scim/v2/ServiceProviderConfig", "/scim/v2/Robots", "/scim/v1/Users", "/scim"} {
			reply := c.Ask(http.MethodGet, path, nil, "Authorization", header)
			if header == "" && path == "/scim/v2/ServiceProviderConfig" { // which says how to sign in
				g.Expect(reply.Status).To(Equal(http.StatusOK))
				continue
			}
			g.Expect(reply).To(beError(401, ""), "%q %s", header, path)
			g.Expect(reply.Header.Get("WWW-Authenticate")).To(Equal(challenge), "%q", header)
		}
	}
	g.Expect(as(c, "passing-token", http.MethodGet, "/scim/v2/Users", nil).Status).To(Equal(http.StatusOK))
	c.Clock.Advance(time.Hour)
	g.Expect(as(c, "passing-token", http.MethodGet, "/scim/v2/Users", nil)).To(beError(401, ""), "it has expired")
}

// One organisation's credential reaches nothing of the other's.
func TestOrganisationsAreApart(t *testing.T) {
	c, g := organisations(t)
	body := Object{"schemas": List{User}, "userName": ada, "externalId": "e-1", "password": password}
	here := as(c, Token, http.MethodPost, "/scim/v2/Users", body)
	there := as(c, "sister-token", http.MethodPost, "/globex/scim/v2/Users", body)
	g.Expect(here.Status).To(Equal(http.StatusCreated))
	g.Expect(there.Status).To(Equal(http.StatusCreated), "the same names may be used by both")
	g.Expect(there.Get("meta", "location")).To(Equal("http://acme.test/globex/scim/v2/Users/" + there.ID()))
	own := c.Arm(ada, password).Access

	for _, token := range []string{Token, "reader-token", own} {
		g.Expect(as(c, token, http.MethodGet, "/globex/scim/v2/Users", nil)).To(beError(401, ""))
		g.Expect(as(c, token, http.MethodGet, "/globex/scim/v2/Me", nil)).To(beError(401, ""))
	}
	g.Expect(as(c, "sister-token", http.MethodGet, "/scim/v2/Users", nil)).To(beError(401, ""))
	for _, side := range []struct{ token, base, foreign, own string }{
		{Token, "/scim/v2", there.ID(), here.ID()}, {"sister-token", "/globex/scim/v2", here.ID(), there.ID()},
	} {
		for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
			g.Expect(as(c, side.token, method, side.base+"/Users/"+side.foreign, body)).To(beError(404, ""), method)
		}
		list := as(c, side.token, http.MethodGet, side.base+"/Users", nil)
		g.Expect(list.Get("totalResults")).To(Equal(1.0))
		g.Expect(list.Get("Resources").(List)[0]).To(HaveKeyWithValue("id", side.own))
		group := Object{"schemas": List{Group}, "displayName": "g", "members": Members(side.foreign)}
		g.Expect(as(c, side.token, http.MethodPost, side.base+"/Groups", group)).To(beError(400, "invalidValue"), "nor as a member")
	}
}

func TestMe(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	group := c.NewGroup("staff", id)
	own := c.Arm(ada, password).Access
	me := as(c, own, http.MethodGet, "/scim/v2/Me", nil)
	user := c.SCIM(http.MethodGet, "/Users/"+id, nil)
	g.Expect(me.Status).To(Equal(http.StatusOK))
	g.Expect(me.Doc).To(Equal(user.Doc), "the same as by its own address")
	g.Expect(me.Get("groups").(List)[0]).To(HaveKeyWithValue("value", group))
	g.Expect(me.Header.Get("Location")).To(Equal("http://acme.test/scim/v2/Users/" + id))
	g.Expect(me.Header.Get("ETag")).To(Equal(user.Header.Get("ETag")))
	g.Expect(c.Ask(http.MethodGet, "/scim/v2/Me", nil, "Authorization", "Bearer "+own, "If-None-Match", me.Header.Get("ETag")).Status).To(Equal(http.StatusNotModified))
	g.Expect(as(c, own, http.MethodGet, "/scim/v2/Me?attributes=userName", nil).Doc).To(Equal(Object{"schemas": List{User}, "id": id, "userName": ada}))

	nobody := c.SCIM(http.MethodGet, "/Me", nil)
	g.Expect(nobody).To(beError(501, ""))
	g.Expect(nobody.Get("detail")).To(ContainSubstring("provisioning client"))
	c.SetActive(id, false)
	g.Expect(as(c, own, http.MethodGet, "/scim/v2/Me", nil)).To(beError(401, ""))
	c.SetActive(id, true)
	g.Expect(as(c, own, http.MethodGet, "/scim/v2/Me", nil)).To(beError(401, ""), "what has ended stays ended")
}
