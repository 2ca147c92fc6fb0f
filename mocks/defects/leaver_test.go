package defects_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// The forms of deactivation, by the last part of their check's id.
var shapes = map[string]func(c *Client, id string) *Reply{
	"patch-pathless": func(c *Client, id string) *Reply {
		return c.Patch("/Users/"+id, op("replace", "", Object{"active": false}))
	},
	"patch-path":   func(c *Client, id string) *Reply { return c.SetActive(id, false) },
	"patch-string": func(c *Client, id string) *Reply { return c.Patch("/Users/"+id, op("Replace", "active", "False")) },
	"put": func(c *Client, id string) *Reply {
		return c.SCIM(http.MethodPut, "/Users/"+id, Object{"schemas": List{User}, "userName": ada, "displayName": "New", "active": false})
	},
}

// outcome is how an application answered, and whether it obeyed.
type outcome struct {
	status int
	obeyed bool
}

func TestDeactivationDefects(t *testing.T) {
	obeys, ignores := outcome{200, true}, outcome{200, false}
	for name, want := range map[string]map[string]outcome{
		"patch-active-ignored":   {"patch-pathless": ignores, "patch-path": ignores, "patch-string": ignores, "put": obeys},
		"patch-pathless-ignored": {"patch-pathless": ignores, "patch-path": obeys, "patch-string": obeys, "put": obeys},
		"patch-string-refused":   {"patch-pathless": obeys, "patch-path": obeys, "patch-string": {400, false}, "put": obeys},
		"put-active-ignored":     {"patch-pathless": obeys, "patch-path": obeys, "patch-string": obeys, "put": ignores},
	} {
		for shape, send := range shapes {
			c, g := with(t, name)
			id := c.NewUser(ada, password)
			held := c.Arm(ada, password)

			status := send(c, id).Status

			active := c.SCIM(http.MethodGet, "/Users/"+id, nil).Get("active").(bool)
			g.Expect(outcome{status, !active}).To(Equal(want[shape]), "%s %s", name, shape)
			open := []acme.CredentialKind{}
			if active {
				open = Kinds()
			}
			g.Expect(held.Open()).To(Equal(open), "%s %s: access follows active", name, shape)
		}
	}
}

func TestIgnoredFormsStoreTheRest(t *testing.T) {
	c, g := with(t, "put-active-ignored", "patch-active-ignored")
	id := c.NewUser(ada, password)
	g.Expect(shapes["put"](c, id).Get("displayName")).To(Equal("New"))
	g.Expect(c.Patch("/Users/"+id, op("replace", "", Object{"active": false, "title": "Left"})).Get("title")).To(Equal("Left"))
}

func TestPatchStringRefused(t *testing.T) {
	c, g := with(t, "patch-string-refused")
	id := c.NewUser(ada, password)
	reply := c.Patch("/Users/"+id, op("replace", "", Object{"active": "False"}))
	g.Expect(reply.Status).To(Equal(400))
	g.Expect(reply.Get("scimType")).To(Equal("invalidValue"))
	g.Expect(c.Patch("/Users/"+id, op("replace", "displayName", "False")).Status).To(Equal(200), "other text is welcome")
}

func TestDeleteIgnored(t *testing.T) {
	c, g := with(t, "delete-ignored")
	id, group := c.NewUser(ada, password), c.NewGroup("staff")
	held := c.Arm(ada, password)
	g.Expect(c.SCIM("DELETE", "/Users/"+id, nil).Status).To(Equal(204))
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Status).To(Equal(200))
	g.Expect(held.Open()).To(Equal(Kinds()))
	g.Expect(c.SCIM("DELETE", "/Groups/"+group, nil).Status).To(Equal(204))
	g.Expect(c.SCIM("GET", "/Groups/"+group, nil).Status).To(Equal(404))
}

func TestDeletedUserListed(t *testing.T) {
	c, g := with(t, "deleted-user-listed")
	id := c.NewUser(ada, password)
	g.Expect(c.SCIM("DELETE", "/Users/"+id, nil).Status).To(Equal(204))
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Status).To(Equal(404))
	g.Expect(c.Find("/Users", `userName eq "`+ada+`"`).Get("totalResults")).To(Equal(1.0))
	g.Expect(c.Find("/Users", `userName eq "nobody"`).Get("totalResults")).To(Equal(0.0))
}

func TestDeleteAnswers200(t *testing.T) {
	c, g := with(t, "delete-answers-200")
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	g.Expect(c.SCIM("DELETE", "/Users/"+id, nil).Status).To(Equal(200))
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Status).To(Equal(404))
	g.Expect(c.SCIM("DELETE", "/Users/"+id, nil).Status).To(Equal(404))
	g.Expect(held.Open()).To(BeEmpty())
}

func TestReactivateIgnored(t *testing.T) {
	c, g := with(t, "reactivate-ignored")
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	g.Expect(c.SetActive(id, false).Get("active")).To(BeFalse())
	g.Expect(c.SetActive(id, true).Status).To(Equal(200))
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Get("active")).To(BeFalse())
	g.Expect(held.Open()).To(BeEmpty())
	g.Expect(c.Patch("/Users/"+id, op("replace", "title", "x")).Get("title")).To(Equal("x"))
}

func TestReactivateLocksOut(t *testing.T) {
	c, g := with(t, "reactivate-locks-out")
	id := c.NewUser(ada, password)
	c.SetActive(id, false)
	g.Expect(c.SetActive(id, true).Get("active")).To(BeTrue())
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Get("active")).To(BeTrue())
	g.Expect(c.SignIn(ada, password).Status).To(Equal(401))
	c.NewUser("bob", password)
	g.Expect(c.SignIn("bob", password).Status).To(Equal(303))
}

func TestRecreateConflicts(t *testing.T) {
	c, g := with(t, "recreate-conflicts")
	c.SCIM("DELETE", "/Users/"+c.NewUser(ada, password), nil)
	reply := c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": "ADA@example.com"})
	g.Expect(reply.Status).To(Equal(409))
	g.Expect(reply.Get("scimType")).To(Equal("uniqueness"))
	g.Expect(c.NewUser("bob", password)).NotTo(BeEmpty())
}

func TestRecreateReusesID(t *testing.T) {
	c, g := with(t, "recreate-reuses-id")
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	c.SCIM("DELETE", "/Users/"+id, nil)
	g.Expect(c.NewUser("bob", password)).NotTo(Equal(id))
	g.Expect(c.NewUser(ada, another)).To(Equal(id))
	g.Expect(held.Open()).To(BeEmpty(), "the id alone opens nothing")
	g.Expect(c.Arm(ada, another).Open()).To(Equal([]acme.CredentialKind{
		acme.Session, acme.AccessToken, acme.RefreshToken, acme.PersonalToken, acme.Password,
	}))
	g.Expect(c.SCIM("DELETE", "/Users/"+id, nil).Status).To(Equal(204))
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Status).To(Equal(404))
}
