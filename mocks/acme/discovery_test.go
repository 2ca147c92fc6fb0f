package acme_test

import (
	"fmt"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// Every claim is tried out.
func TestServiceProviderConfigSaysWhatIsSupported(t *testing.T) {
	c, g := start(t)
	reply := c.SCIM(http.MethodGet, "/ServiceProviderConfig", nil)
	g.Expect(reply.Status).To(Equal(http.StatusOK))
	g.Expect(c.SCIM(http.MethodGet, "/ServiceProviderConfig?filter=patch%20pr", nil)).To(beError(403, ""))
	ids := crowd(c, 3)
	path := "/Users/" + ids[0]
	for name, works := range map[string]func() bool{
		"patch":  func() bool { return c.Patch(path, op("replace", "title", "x")).Get("title") == "x" },
		"filter": func() bool { return len(names(c.Find("/Users", `userName eq "u01"`))) == 1 },
		"sort": func() bool {
			return names(c.SCIM(http.MethodGet, "/Users?sortBy=userName&sortOrder=descending", nil))[0] == "u02"
		},
		"etag": func() bool {
			return c.Ask(http.MethodGet, "/scim/v2"+path, nil, "If-None-Match", c.SCIM(http.MethodGet, path, nil).Header.Get("ETag")).Status == http.StatusNotModified
		},
		"bulk": func() bool {
			return bulk(c, patchOf(path, op("replace", "title", "y"))).Status == http.StatusOK && c.SCIM(http.MethodGet, path, nil).Get("title") == "y"
		},
		"changePassword": func() bool {
			c.Patch(path, op("replace", "password", password))
			return c.SignIn("u00", password).Status == http.StatusSeeOther
		},
	} {
		g.Expect(reply.Get(name, "supported")).To(BeTrue(), name)
		g.Expect(works()).To(BeTrue(), name)
	}
	g.Expect(reply.Get("pagination", "cursor")).To(Equal(turn(c, "count=1", "").Get("nextCursor") != nil))
	g.Expect(reply.Get("pagination", "index")).To(Equal(len(names(c.SCIM(http.MethodGet, "/Users?startIndex=3", nil))) == 1))
	g.Expect(reply.Get("pagination", "defaultPaginationMethod")).To(Equal("index"))
	g.Expect(c.SCIM(http.MethodGet, "/Users?count=1", nil).Doc).To(And(HaveKey("startIndex"), Not(HaveKey("nextCursor"))))
}

// The limits are what they are said to be. Those of bulk and of cursors' time are tried
// out with bulk and cursors.
func TestServiceProviderConfigSaysTheLimits(t *testing.T) {
	c, g := start(t)
	reply := c.SCIM(http.MethodGet, "/ServiceProviderConfig", nil)
	for i := range 201 {
		c.NewGroup(fmt.Sprint(i))
	}
	for _, query := range []string{"", "?count=201", "?cursor", "?cursor&count=201"} {
		size := c.SCIM(http.MethodGet, "/Groups"+query, nil).Get("itemsPerPage")
		g.Expect(reply.Get("filter", "maxResults")).To(Equal(size), query)
		g.Expect(reply.Get("pagination", "maxPageSize")).To(Equal(size), query)
		g.Expect(reply.Get("pagination", "defaultPageSize")).To(Equal(size), query)
	}
	g.Expect(reply.Get("bulk", "maxOperations")).To(Equal(1000.0))
	g.Expect(reply.Get("bulk", "maxPayloadSize")).To(Equal(float64(1 << 20)))
	schemes := reply.Get("authenticationSchemes").(List)
	g.Expect(schemes).To(ConsistOf(And(HaveKeyWithValue("type", "oauthbearertoken"), HaveKeyWithValue("name", Not(BeEmpty())), HaveKeyWithValue("description", Not(BeEmpty())))))
	g.Expect(reply.Get("meta", "location")).To(Equal("http://acme.test/scim/v2/ServiceProviderConfig"))
}

// Every endpoint that is declared is there, with the schemas that are declared for it.
func TestResourceTypesAreThere(t *testing.T) {
	c, g := start(t)
	for _, one := range c.SCIM(http.MethodGet, "/ResourceTypes", nil).Get("Resources").(List) {
		kind := one.(Object)
		g.Expect(c.SCIM(http.MethodGet, kind["endpoint"].(string), nil).Status).To(Equal(http.StatusOK))
		g.Expect(c.SCIM(http.MethodGet, "/Schemas/"+kind["schema"].(string), nil).Status).To(Equal(http.StatusOK))
		extensions, _ := kind["schemaExtensions"].(List)
		for _, e := range extensions {
			g.Expect(c.SCIM(http.MethodGet, "/Schemas/"+e.(Object)["schema"].(string), nil).Status).To(Equal(http.StatusOK))
		}
	}
}

func TestDefinitionsAreListedAndFound(t *testing.T) {
	c, g := start(t)
	for path, ids := range map[string][]string{"/ResourceTypes": {"User", "Group"}, "/Schemas": {User, Group, Enterprise, Workplace}} {
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
