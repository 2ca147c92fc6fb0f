package acme_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func TestPathsMayBePercentEncoded(t *testing.T) {
	c, g := start(t)
	id := c.NewUser("ada", "a-long-password")
	for path, want := range map[string]string{
		"/Schemas/" + strings.ReplaceAll(User, ":", "%3A"): User,
		"/Schemas/" + strings.ReplaceAll(User, ":", "%3a"): User,
		"/%55sers/" + strings.ReplaceAll(id, "-", "%2D"):   id,
	} {
		g.Expect(c.SCIM(http.MethodGet, path, nil).ID()).To(Equal(want), path)
	}
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+url.PathEscape(id+"/x"), nil)).To(beError(404, ""))
}

// RFC 7644 §3.13: without a version the newest one is meant.
func TestVersionsOfTheProtocol(t *testing.T) {
	c, g := start(t)
	id := c.NewUser("ada", "a-long-password")
	reply := c.Ask(http.MethodGet, "/scim/Users/"+id, nil)
	g.Expect(reply.Status).To(Equal(http.StatusOK))
	g.Expect(reply.Get("meta", "location")).To(Equal("http://acme.test/scim/v2/Users/" + id))
	for _, path := range []string{"/scim/v1/Users", "/scim/v1/Users/" + id, "/scim/v3/Users", "/scim/v2/v2/Users", "/scim/v2Users", "/scim/v1"} {
		g.Expect(c.Ask(http.MethodGet, path, nil)).To(beError(404, ""), path)
	}
}

// RFC 9110 §15.5.6: a 405 says which methods there are.
func TestMethodsThatAPathDoesNotHave(t *testing.T) {
	c, g := start(t)
	id := c.NewUser("ada", "a-long-password")
	for path, allowed := range map[string]string{
		"/Users": "GET, POST, HEAD", "/Groups": "GET, POST, HEAD", "/Users/" + id: "GET, PUT, PATCH, DELETE, HEAD",
		"/ServiceProviderConfig": "GET, HEAD", "/Schemas": "GET, HEAD", "/Schemas/" + User: "GET, HEAD",
		"/ResourceTypes": "GET, HEAD", "/ResourceTypes/User": "GET, HEAD",
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			if strings.Contains(allowed, method) {
				continue
			}
			reply := c.SCIM(method, path, Object{})
			g.Expect(reply).To(beError(405, ""), method+" "+path)
			g.Expect(reply.Header.Get("Allow")).To(Equal(allowed), method+" "+path)
		}
	}
	g.Expect(c.SCIM(http.MethodHead, "/Users/"+id, nil).Status).To(Equal(http.StatusOK))
	g.Expect(c.SCIM(http.MethodPut, "/Robots", Object{})).To(beError(404, ""))
}

func TestMediaTypesOfAnswers(t *testing.T) {
	c, g := start(t)
	const scim, plain = "application/scim+json", "application/json"
	for accept, want := range map[string]string{
		"": scim, scim: scim, "APPLICATION/SCIM+JSON": scim, "*/*": scim, "application/*": scim, scim + ", " + plain: scim,
		plain + ", " + scim: scim, plain: plain, plain + "; charset=utf-8": plain, "text/html, application/json;q=0.9": plain,
		scim + ";q=0.5, " + plain: plain, scim + ";q=0, */*": plain, "text/html, */*;q=0.1": scim, "nonsense, " + scim: scim,
	} {
		for _, path := range []string{"/scim/v2/Users", "/scim/v2/Users/0"} { // errors, too
			reply := c.Ask(http.MethodGet, path, nil, "Accept", accept)
			g.Expect(reply.Status).NotTo(Equal(http.StatusNotAcceptable), accept)
			g.Expect(reply.Header.Get("Content-Type")).To(Equal(want), accept)
		}
	}
	for _, accept := range []string{"text/html", "application/xml, text/*", scim + ";q=0, " + plain + ";q=0", "nonsense"} {
		g.Expect(c.Ask(http.MethodGet, "/scim/v2/Users", nil, "Accept", accept)).To(beError(406, ""), accept)
	}
}

func TestMediaTypesOfBodies(t *testing.T) {
	c, g := start(t)
	id := c.NewUser("ada", "a-long-password")
	body := Object{"schemas": List{User}, "userName": "ada"}
	for _, sent := range []string{"", "application/scim+json", "application/json", "application/scim+json; charset=UTF-8", "Application/JSON;charset=utf-8"} {
		g.Expect(c.Ask(http.MethodPut, "/scim/v2/Users/"+id, body, "Content-Type", sent).Status).To(Equal(http.StatusOK), sent)
	}
	for _, sent := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=iso-8859-1", "json", "/"} {
		g.Expect(c.Ask(http.MethodPut, "/scim/v2/Users/"+id, body, "Content-Type", sent)).To(beError(415, ""), sent)
	}
	g.Expect(c.Ask(http.MethodDelete, "/scim/v2/Users/"+id, nil, "Content-Type", "text/plain").Status).To(Equal(http.StatusNoContent), "no body, no type")
}

func TestBodiesThatCouldBeReadInTwoWays(t *testing.T) {
	c, g := start(t)
	user := func(extra string) string { return `{"schemas":["` + User + `"],"userName":"ada"` + extra + `}` }
	nested := func(levels int) string {
		return user(`,"x":` + strings.Repeat("[", levels-1) + strings.Repeat("]", levels-1))
	}
	for name, body := range map[string]string{
		"a key twice":                   user(`,"userName":"eve"`),
		"a key twice, once escaped":     user(`,"user\u004eame":"eve"`),
		"a key twice, further down":     user(`,"name":{"givenName":"a","givenName":"b"}`),
		"a key twice in an unused part": user(`,"x":[{"y":1,"y":1}]`),
		"another object after it":       user("") + "{}",
		"text after it":                 user("") + " x",
		"a comma too many":              user(","),
		"no UTF-8":                      user(`,"title":"` + "\xff" + `"`),
		"101 levels":                    nested(101),
		"100000 levels":                 nested(100000),
		"a number of no size":           user(`,"x":1e999`),
	} {
		g.Expect(c.SCIM(http.MethodPost, "/Users", body)).To(beError(400, "invalidSyntax"), name)
	}
	g.Expect(c.SCIM(http.MethodPost, "/Users", "\n"+nested(100)+"\n").Status).To(Equal(http.StatusCreated))
	reply := c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": "Žofie 👩‍💻", "displayName": "<Ž>"})
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+reply.ID(), nil).Doc).To(And(HaveKeyWithValue("userName", "Žofie 👩‍💻"), HaveKeyWithValue("displayName", "<Ž>")))
}
