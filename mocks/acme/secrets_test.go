package acme_test

import (
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// No reply may hold a password, nor a token but the one that it hands out.
func TestRepliesHoldNoSecrets(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	secrets := []string{password, Token, held.Session, held.Access, held.Refresh, held.Personal, "passwordHash"}
	user := Object{"schemas": List{User}, "userName": "other", "password": password}

	for name, reply := range map[string]*Reply{
		"create":             c.SCIM(http.MethodPost, "/Users", user),
		"conflict":           c.SCIM(http.MethodPost, "/Users", user),
		"wrong create":       c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "password": password}),
		"password as a list": c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": "x", "password": List{password}}),
		"broken body":        c.SCIM(http.MethodPost, "/Users", `{"password":"`+password+`"`),
		"replace":            c.SCIM(http.MethodPut, "/Users/"+id, Object{"schemas": List{User}, "userName": ada, "password": password}),
		"patch":              c.Patch("/Users/"+id, op("replace", "password", password)),
		"patch without path": c.Patch("/Users/"+id, op("replace", "", Object{"password": password})),
		"wrong patch":        c.Patch("/Users/"+id, op("replace", "active", password)),
		"password in filter": c.Find("/Users", `password eq "`+password+`"`),
		"broken filter":      c.Find("/Users", `userName "`+password+`"`),
		"read":               c.SCIM(http.MethodGet, "/Users/"+id, nil),
		"read the password":  c.SCIM(http.MethodGet, "/Users/"+id+"?attributes=password,userName", nil),
		"list":               c.SCIM(http.MethodGet, "/Users", nil),
		"not authorised":     c.API(http.MethodGet, "/scim/v2/Users", "x"+Token, nil),
		"form":               c.Page("/login", ""),
		"wrong sign-in":      c.SignIn("nobody", password),
		"home":               c.Page("/home", held.Session),
		"me":                 c.API(http.MethodGet, "/api/me", held.Access, nil),
		"tokens":             c.API(http.MethodGet, "/api/tokens", held.Access, nil),
		"wrong grant":        c.PasswordGrant("nobody", password),
		"wrong refresh":      c.Redeem(held.Access),
	} {
		for _, secret := range secrets {
			// A plain BeFalse keeps the secret out of the test's own output, too.
			g.Expect(strings.Contains(reply.Text, secret)).To(BeFalse(), name)
		}
	}
	g.Expect(c.SignIn(ada, password).Status).To(Equal(http.StatusSeeOther), "the changes were real")
}
