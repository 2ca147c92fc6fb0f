package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func TestServiceProviderConfigSaysWhatIsSupported(t *testing.T) {
	c, g := start(t)
	reply := c.SCIM(http.MethodGet, "/ServiceProviderConfig", nil)
	g.Expect(reply.Status).To(Equal(http.StatusOK))
	for name, want := range map[string]bool{"patch": true, "filter": true, "changePassword": true, "bulk": true, "sort": true, "etag": true} {
		g.Expect(reply.Get(name, "supported")).To(Equal(want), name)
	}
	g.Expect(reply.Get("filter", "maxResults")).To(Equal(200.0))
	g.Expect(c.SCIM(http.MethodGet, "/ServiceProviderConfig?filter=patch%20pr", nil)).To(beError(403, ""))
}

func TestDefinitionsAreListedAndFound(t *testing.T) {
	c, g := start(t)
	for path, ids := range map[string][]string{"/ResourceTypes": {"User", "Group"}, "/Schemas": {User, Group, Enterprise}} {
		list := c.SCIM(http.MethodGet, path, nil)
		g.Expect(list.Get("totalResults")).To(Equal(float64(len(ids))))
		for i, id := range ids {
			one := c.SCIM(http.MethodGet, path+"/"+id, nil)
			g.Expect(one.Status).To(Equal(http.StatusOK), id)
			g.Expect(one.ID()).To(Equal(id))
			g.Expect(one.Get("meta", "location")).To(Equal("http://acme.test/scim/v2" + path + "/" + id))
			g.Expect(list.Get("Resources").(List)[i]).To(Equal(one.Doc))
		}
		g.Expect(c.SCIM(http.MethodGet, path+"/Robot", nil)).To(beError(404, ""))
		// RFC 7644 §4: a filter is answered 403, so that nobody believes in its result.
		g.Expect(c.SCIM(http.MethodGet, path+"?filter=id%20pr", nil)).To(beError(403, ""))
	}
}

// RFC 7643 §8.7.1 gives these definitions.
func TestSchemaDefinitions(t *testing.T) {
	c, g := start(t)
	characteristics := func(schema, name string) Object {
		list, _ := c.SCIM(http.MethodGet, "/Schemas/"+schema, nil).Get("attributes").(List)
		for _, a := range list {
			if a.(Object)["name"] == name {
				return a.(Object)
			}
		}
		return nil
	}
	g.Expect(characteristics(User, "userName")).To(And(
		HaveKeyWithValue("required", true), HaveKeyWithValue("caseExact", false), HaveKeyWithValue("uniqueness", "server")))
	g.Expect(characteristics(User, "password")).To(And(HaveKeyWithValue("mutability", "writeOnly"), HaveKeyWithValue("returned", "never")))
	g.Expect(characteristics(User, "active")).To(HaveKeyWithValue("type", "boolean"))
	g.Expect(characteristics(User, "groups")).To(HaveKeyWithValue("mutability", "readOnly"))
	g.Expect(characteristics(User, "emails")).To(And(HaveKeyWithValue("multiValued", true), HaveKeyWithValue("subAttributes", HaveLen(4))))
	g.Expect(characteristics(Group, "members")).To(HaveKeyWithValue("multiValued", true))
	g.Expect(characteristics(Enterprise, "manager")).To(HaveKeyWithValue("type", "complex"))
}
