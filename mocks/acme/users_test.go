package acme_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// start returns a client for an application without defects.
func start(t *testing.T) (*Client, *WithT) {
	t.Helper()
	return New(t, acme.Config{}), NewWithT(t)
}

// beError matches an Error body (RFC 7644 §3.12) as a whole.
func beError(status int, scimType string) OmegaMatcher {
	keys := And(
		HaveKeyWithValue("schemas", List{"urn:ietf:params:scim:api:messages:2.0:Error"}),
		HaveKeyWithValue("status", strconv.Itoa(status)),
		HaveKeyWithValue("detail", Not(BeEmpty())),
	)
	if scimType == "" {
		keys = And(keys, Not(HaveKey("scimType")))
	} else {
		keys = And(keys, HaveKeyWithValue("scimType", scimType))
	}
	return And(
		HaveField("Status", status),
		HaveField("Header", HaveKeyWithValue("Content-Type", []string{"application/scim+json"})),
		HaveField("Doc", keys),
	)
}

func TestCreateUser(t *testing.T) {
	c, g := start(t)
	reply := c.SCIM(http.MethodPost, "/Users", Object{
		"schemas": List{User, Enterprise}, "userName": "Ada@Example.com", "externalId": "00u1", "displayName": "Ada",
		"name": Object{"givenName": "Ada", "familyName": "Lovelace"}, "password": "a-long-password",
		"emails":   List{Object{"value": "ada@example.com", "type": "work", "primary": true}},
		Enterprise: Object{"employeeNumber": "42"},
		"groups":   List{Object{"value": "made-up"}}, "id": "made-up", "meta": Object{"resourceType": "Robot"},
	})

	g.Expect(reply.Status).To(Equal(http.StatusCreated))
	g.Expect(reply.Header.Get("Content-Type")).To(Equal("application/scim+json"))
	g.Expect(reply.ID()).NotTo(Or(BeEmpty(), Equal("made-up")), "id is the service's to choose")
	g.Expect(reply.Header.Get("Location")).To(Equal("http://acme.test/scim/v2/Users/" + reply.ID()))
	g.Expect(reply.Doc).To(Equal(Object{
		"schemas": List{User, Enterprise}, "id": reply.ID(), "userName": "Ada@Example.com", "externalId": "00u1", "displayName": "Ada",
		"name": Object{"givenName": "Ada", "familyName": "Lovelace"}, "active": true,
		"emails":   List{Object{"value": "ada@example.com", "type": "work", "primary": true}},
		Enterprise: Object{"employeeNumber": "42"},
		"meta": Object{
			"resourceType": "User", "location": "http://acme.test/scim/v2/Users/" + reply.ID(),
			"version": `W/"1"`, "created": "2026-03-01T09:00:00Z", "lastModified": "2026-03-01T09:00:00Z",
		},
	}))
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+reply.ID(), nil).Doc).To(Equal(reply.Doc))
}

// Microsoft's own example of a create.
func TestCreateToleratesWhatEntraSends(t *testing.T) {
	c, g := start(t)
	reply := c.SCIM(http.MethodPost, "/Users", Object{
		"schemas": List{User, Enterprise}, "externalId": "ada", "userName": "ada@example.com", "active": true,
		"addresses": nil, "displayName": nil, "emails": List{Object{"type": "work", "value": "ada@example.com", "primary": true}},
		"meta": Object{"resourceType": "User"}, "name": Object{"formatted": "Ada Probe", "familyName": "Probe", "givenName": "Ada"},
		"roles": List{}, "phoneNumbers": nil, "title": nil, "department": nil, "manager": nil,
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0User": Object{"department": "R&D"},
	})
	g.Expect(reply.Status).To(Equal(http.StatusCreated))
	for _, absent := range []string{"addresses", "displayName", "roles", "phoneNumbers", "title", "department", "manager"} {
		g.Expect(reply.Doc).NotTo(HaveKey(absent))
	}
}

func TestActiveTakesBooleansAndTheStringsOfEntra(t *testing.T) {
	for _, tt := range []struct {
		sent any
		want any
	}{{true, true}, {false, false}, {"True", true}, {"False", false}, {"false", false}, {nil, true}} {
		c, g := start(t)
		reply := c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": "ada", "active": tt.sent})
		g.Expect(reply.Get("active")).To(Equal(tt.want), "%v", tt.sent)
	}
	for _, wrong := range []any{"no", "", 0, 1, Object{}, List{}, List{true}} {
		c, g := start(t)
		reply := c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": "ada", "active": wrong})
		g.Expect(reply).To(beError(400, "invalidValue"), "%v", wrong)
	}
}

func TestRefusals(t *testing.T) {
	c, g := start(t)
	c.NewUser("taken@example.com", "a-long-password")
	id := c.NewUser("ada@example.com", "a-long-password")
	user := func(extra Object) Object {
		body := Object{"schemas": List{User}, "userName": "new@example.com"}
		for key, value := range extra {
			body[key] = value
		}
		return body
	}
	for _, tt := range []struct {
		name, method, path string
		body               any
		status             int
		scimType           string
	}{
		{"a userName in another letter case", "POST", "/Users", user(Object{"userName": "TAKEN@example.com"}), 409, "uniqueness"},
		{"a PUT to another's userName", "PUT", "/Users/" + id, user(Object{"userName": "taken@example.com"}), 409, "uniqueness"},
		{"no userName", "POST", "/Users", user(Object{"userName": nil}), 400, "invalidValue"},
		{"a blank userName", "POST", "/Users", user(Object{"userName": "  "}), 400, "invalidValue"},
		{"a userName that is a number", "POST", "/Users", user(Object{"userName": 5}), 400, "invalidValue"},
		{"emails as text", "POST", "/Users", user(Object{"emails": "x"}), 400, "invalidValue"},
		{"name as a list", "POST", "/Users", user(Object{"name": List{}}), 400, "invalidValue"},
		{"two primary e-mails", "POST", "/Users", user(Object{"emails": List{Object{"value": "a", "primary": true}, Object{"value": "b", "primary": true}}}), 400, "invalidValue"},
		{"an attribute twice", "POST", "/Users", user(Object{"active": true, "Active": false}), 400, "invalidSyntax"},
		{"an extension as text", "POST", "/Users", user(Object{Enterprise: "x"}), 400, "invalidValue"},
		{"no schemas", "POST", "/Users", Object{"userName": "new@example.com"}, 400, "invalidSyntax"},
		{"another schema", "POST", "/Users", Object{"schemas": List{Group}, "userName": "new@example.com"}, 400, "invalidSyntax"},
		{"a broken body", "POST", "/Users", `{"schemas":`, 400, "invalidSyntax"},
		{"two bodies", "POST", "/Users", `{} {}`, 400, "invalidSyntax"},
		{"a list for a body", "POST", "/Users", `[]`, 400, "invalidSyntax"},
		{"null for a body", "POST", "/Users", `null`, 400, "invalidSyntax"},
		{"no body", "POST", "/Users", nil, 400, "invalidSyntax"},
		{"a body above 1 MiB", "POST", "/Users", `{"x":"` + strings.Repeat("x", 1<<20) + `"}`, 413, ""},
		{"an unknown member", "POST", "/Groups", Object{"schemas": List{Group}, "displayName": "g", "members": Members("nobody")}, 400, "invalidValue"},
		{"a group without a name", "POST", "/Groups", Object{"schemas": List{Group}}, 400, "invalidValue"},
		{"an unknown user", "GET", "/Users/0", nil, 404, ""},
		{"a PUT to an unknown user", "PUT", "/Users/0", user(nil), 404, ""},
		{"a broken PUT to an unknown user", "PUT", "/Users/0", `{"schemas":["x"]}`, 404, ""},
		{"a PATCH of an unknown user", "PATCH", "/Users/0", Object{"schemas": List{PatchOp}}, 404, ""},
		{"a DELETE of an unknown user", "DELETE", "/Users/0", nil, 404, ""},
		{"a user's id below Groups", "GET", "/Groups/" + id, nil, 404, ""},
		{"an endpoint that is not there", "GET", "/Robots", nil, 404, ""},
		{"a method that is not there", "DELETE", "/Users", nil, 405, ""},
	} {
		g.Expect(c.SCIM(tt.method, tt.path, tt.body)).To(beError(tt.status, tt.scimType), tt.name)
	}
	g.Expect(c.SCIM("GET", "/Users", nil).Get("totalResults")).To(Equal(2.0), "what was refused has left nothing behind")
}

func TestProvisioningNeedsTheToken(t *testing.T) {
	c, g := start(t)
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer wrong", "Basic " + Token, Token} {
		r := newRequest(t, http.MethodGet, "/scim/v2/Users")
		r.Header.Set("Authorization", header)
		reply := c.Send(r)
		g.Expect(reply).To(beError(401, ""), header)
		g.Expect(reply.Header.Get("WWW-Authenticate")).To(HavePrefix("Bearer"), header)
	}
	// RFC 9110 §11.1: the scheme's letter case does not matter.
	r := newRequest(t, http.MethodGet, "/scim/v2/Users")
	r.Header.Set("Authorization", "bearer "+Token)
	g.Expect(c.Send(r).Status).To(Equal(http.StatusOK))

	nobody := acme.New(acme.Config{})
	r.Header.Set("Authorization", "Bearer ")
	g.Expect((&Client{App: nobody}).Send(r)).To(beError(401, ""), "an application without a token is closed")
}

func TestReplaceUser(t *testing.T) {
	c, g := start(t)
	id := c.NewUser("ada@example.com", "a-long-password")
	created := c.SCIM(http.MethodGet, "/Users/"+id, nil)
	c.Clock.Advance(1500e6)

	// Okta sends back what it has read.
	body := created.Doc
	body["displayName"], body["groups"] = "Countess", List{}
	delete(body, "name")
	reply := c.SCIM(http.MethodPut, "/Users/"+id, body)

	g.Expect(reply.Status).To(Equal(http.StatusOK))
	g.Expect(reply.Get("displayName")).To(Equal("Countess"))
	g.Expect(reply.Doc).NotTo(HaveKey("name"), "what is not sent is cleared")
	g.Expect(reply.Get("meta", "created")).To(Equal(created.Get("meta", "created")))
	g.Expect(reply.Get("meta", "lastModified")).To(Equal("2026-03-01T09:00:01.5Z"))
	g.Expect(c.SignIn("ada@example.com", "a-long-password").Status).To(Equal(http.StatusSeeOther), "the password, which cannot be read, is kept")
}

// A provider's routine update must not let a leaver in again.
func TestReplaceWithoutActiveDoesNotReactivate(t *testing.T) {
	c, g := start(t)
	id := c.NewUser("ada@example.com", "a-long-password")
	c.SetActive(id, false)
	reply := c.SCIM(http.MethodPut, "/Users/"+id, Object{"schemas": List{User}, "userName": "ada@example.com"})
	g.Expect(reply.Get("active")).To(BeFalse())
	g.Expect(c.Patch("/Users/"+id, Object{"op": "remove", "path": "active"}).Get("active")).To(BeFalse())
}

func TestDeleteUser(t *testing.T) {
	c, g := start(t)
	id := c.NewUser("ada@example.com", "a-long-password")
	group := c.NewGroup("staff", id, c.NewUser("bob@example.com", "a-long-password"))

	reply := c.SCIM(http.MethodDelete, "/Users/"+id, nil)
	g.Expect(reply.Status).To(Equal(http.StatusNoContent))
	g.Expect(reply.Text).To(BeEmpty())
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil)).To(beError(404, ""))
	g.Expect(c.SCIM(http.MethodDelete, "/Users/"+id, nil)).To(beError(404, ""))
	g.Expect(c.Find("/Users", `userName eq "ada@example.com"`).Get("totalResults")).To(Equal(0.0))
	g.Expect(c.SCIM(http.MethodGet, "/Groups/"+group, nil).Get("members")).To(HaveLen(1))

	again := c.NewUser("ada@example.com", "another-password")
	g.Expect(again).NotTo(Equal(id), "an id is never given twice (RFC 7643 §3.1)")
}

func TestGroupsOfAUserFollowTheMembers(t *testing.T) {
	c, g := start(t)
	ada := c.NewUser("ada@example.com", "a-long-password")
	group := c.NewGroup("staff", ada, ada)

	g.Expect(c.SCIM(http.MethodGet, "/Groups/"+group, nil).Get("members")).To(Equal(List{Object{
		"value": ada, "type": "User", "display": "Display of ada@example.com", "$ref": "http://acme.test/scim/v2/Users/" + ada,
	}}), "each member once")
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+ada, nil).Get("groups")).To(Equal(List{Object{
		"value": group, "type": "direct", "display": "staff", "$ref": "http://acme.test/scim/v2/Groups/" + group,
	}}))
	g.Expect(c.Patch("/Users/"+ada, Object{"op": "remove", "path": "groups"})).To(beError(400, "mutability"))

	c.SCIM(http.MethodPut, "/Groups/"+group, Object{"schemas": List{Group}, "displayName": "staff"})
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+ada, nil).Doc).NotTo(HaveKey("groups"))
}
