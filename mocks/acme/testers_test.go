package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// Public SCIM testers disagree on what follows. The RFCs decide.

// RFC 7644 §3.5.2: a PATCH is answered 200 with the resource, or 204 without; and if
// attributes are asked for, 200 with those.
func TestWhatAPatchIsAnsweredWith(t *testing.T) {
	for _, noContent := range []bool{false, true} {
		c, g := New(t, acme.Config{PatchNoContent: noContent}), NewWithT(t)
		path := "/Users/" + c.NewUser(ada, password)
		plain := c.Patch(path, op("replace", "title", "x"))
		if noContent {
			g.Expect(plain.Status).To(Equal(http.StatusNoContent))
			g.Expect(plain.Text).To(BeEmpty())
			g.Expect(plain.Header.Get("ETag")).NotTo(BeEmpty())
		} else {
			g.Expect(plain.Status).To(Equal(http.StatusOK))
			g.Expect(plain.Doc).To(And(HaveKeyWithValue("title", "x"), HaveKeyWithValue("userName", ada), HaveKey("meta")))
		}
		chosen := c.Patch(path+"?attributes=title", op("replace", "title", "y"))
		g.Expect(chosen.Status).To(Equal(http.StatusOK))
		g.Expect(chosen.Doc).To(Equal(Object{"schemas": List{User}, "id": path[len("/Users/"):], "title": "y"}))
		g.Expect(c.SCIM(http.MethodPut, path, Object{"schemas": List{User}, "userName": ada}).Status).To(Equal(http.StatusOK), "a PUT is always answered with the resource")
	}
}

// groups is readOnly (RFC 7643 §4.1.2), and a POST's readOnly attributes SHALL be
// ignored (RFC 7644 §3.3).
func TestGroupsOnCreateAreIgnored(t *testing.T) {
	c, g := start(t)
	group := c.NewGroup("staff")
	reply := c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": ada, "groups": List{Object{"value": group}}})
	g.Expect(reply.Status).To(Equal(http.StatusCreated))
	g.Expect(reply.Doc).NotTo(HaveKey("groups"))
	g.Expect(c.SCIM(http.MethodGet, "/Groups/"+group, nil).Doc).NotTo(HaveKey("members"))
}

// password is writeOnly and never returned (RFC 7643 §4.1.1), whoever asks and how.
func TestPasswordsAreTakenAndNeverShown(t *testing.T) {
	c, g := start(t)
	created := c.SCIM(http.MethodPost, "/Users?attributes=password", Object{"schemas": List{User}, "userName": ada, "password": password})
	g.Expect(created.Status).To(Equal(http.StatusCreated))
	path := "/Users/" + created.ID()
	g.Expect(c.SignIn(ada, password).Status).To(Equal(http.StatusSeeOther), "it was taken")
	for _, reply := range []*Reply{
		created, c.SCIM(http.MethodGet, path, nil), c.SCIM(http.MethodGet, path+"?attributes=password,userName", nil),
		c.SCIM(http.MethodGet, "/Users?attributes=password", nil), c.Patch(path+"?attributes=password", op("replace", "password", "another-password")),
		c.SCIM(http.MethodPost, "/.search", searchRequest(Object{"attributes": List{"password"}, "filter": "id pr"})),
		bulk(c, Object{"method": "PUT", "path": path, "data": Object{"schemas": List{User}, "userName": ada, "password": "a-third-password"}}),
	} {
		g.Expect(reply.Text).NotTo(Or(ContainSubstring(`"password"`), ContainSubstring("-password")))
	}
}
