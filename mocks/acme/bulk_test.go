package acme_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// bulk sends operations as one request.
func bulk(c *Client, operations ...Object) *Reply { return bulkWith(c, nil, operations...) }

func bulkWith(c *Client, extra Object, operations ...Object) *Reply {
	list := List{}
	for _, o := range operations {
		list = append(list, o)
	}
	body := Object{"schemas": List{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "Operations": list}
	for key, value := range extra {
		body[key] = value
	}
	return c.SCIM(http.MethodPost, "/Bulk", body)
}

func post(path, bulkID string, data Object) Object {
	return Object{"method": "POST", "path": path, "bulkId": bulkID, "data": data}
}

func postUser(bulkID, userName string) Object {
	return post("/Users", bulkID, Object{"schemas": List{User}, "userName": userName})
}

func postGroup(bulkID string, members ...string) Object {
	return post("/Groups", bulkID, Object{"schemas": List{Group}, "displayName": "Group " + bulkID, "members": Members(members...)})
}

func patchOf(path string, operations ...Object) Object {
	list := List{}
	for _, o := range operations {
		list = append(list, o)
	}
	return Object{"method": "PATCH", "path": path, "data": Object{"schemas": List{PatchOp}, "Operations": list}}
}

// outcomes lists the results' statuses.
func outcomes(reply *Reply) (out []string) {
	for _, o := range entries(reply) {
		out = append(out, o["status"].(string))
	}
	return out
}

func entries(reply *Reply) (out []Object) {
	list, _ := reply.Get("Operations").(List)
	for _, o := range list {
		out = append(out, o.(Object))
	}
	return out
}

// idOf is the last part of an entry's location.
func idOf(entry Object) string {
	location, _ := entry["location"].(string)
	return location[strings.LastIndex(location, "/")+1:]
}

func TestBulkDoesAllKindsOfOperations(t *testing.T) {
	for _, config := range []acme.Config{{}, {PatchNoContent: true}} {
		c, g := New(t, config), NewWithT(t)
		ada, bob, eve := c.NewUser("ada", "a-long-password"), c.NewUser("bob", "a-long-password"), c.NewUser("eve", "a-long-password")
		reply := bulk(c,
			postUser("q", "new"),
			Object{"method": "PUT", "path": "/Users/" + ada, "version": `W/"1"`, "data": Object{"schemas": List{User}, "userName": "ada", "title": "x"}},
			patchOf("/Users/"+bob, op("replace", "active", false)),
			Object{"method": "DELETE", "path": "/Users/" + eve},
		)
		g.Expect(reply.Status).To(Equal(http.StatusOK), reply.Text)
		g.Expect(reply.Get("schemas")).To(Equal(List{"urn:ietf:params:scim:api:messages:2.0:BulkResponse"}))
		patched := "200"
		if config.PatchNoContent {
			patched = "204"
		}
		at := "http://acme.test/scim/v2/Users/"
		created := idOf(entries(reply)[0])
		g.Expect(entries(reply)).To(Equal([]Object{
			{"method": "POST", "bulkId": "q", "status": "201", "location": at + created, "version": `W/"1"`},
			{"method": "PUT", "status": "200", "location": at + ada, "version": `W/"2"`},
			{"method": "PATCH", "status": patched, "location": at + bob, "version": `W/"2"`},
			{"method": "DELETE", "status": "204", "location": at + eve},
		}))
		g.Expect(c.SCIM(http.MethodGet, "/Users/"+created, nil).Get("userName")).To(Equal("new"))
		g.Expect(c.SCIM(http.MethodGet, "/Users/"+ada, nil).Get("title")).To(Equal("x"))
		g.Expect(c.SCIM(http.MethodGet, "/Users/"+bob, nil).Get("active")).To(BeFalse())
		g.Expect(c.SCIM(http.MethodGet, "/Users/"+eve, nil)).To(beError(404, ""))
	}
}

// Each operation fails by itself, and says why as a request of its own would.
func TestBulkTellsWhatWentWrong(t *testing.T) {
	c, g := start(t)
	ada := c.NewUser("ada", "a-long-password")
	for _, tt := range []struct {
		name, status, scimType string
		operation              Object
	}{
		{"a taken userName", "409", "uniqueness", postUser("q", "ADA")},
		{"a body that does not fit", "400", "invalidValue", post("/Users", "q", Object{"schemas": List{User}})},
		{"an unknown user", "404", "", Object{"method": "DELETE", "path": "/Users/0"}},
		{"another version", "412", "", Object{"method": "DELETE", "path": "/Users/" + ada, "version": `W/"7"`}},
		{"data that is text", "400", "invalidSyntax", Object{"method": "PUT", "path": "/Users/" + ada, "data": "x"}},
		{"no data", "400", "invalidSyntax", Object{"method": "PATCH", "path": "/Users/" + ada}},
		{"no bulkId", "400", "invalidValue", Object{"method": "POST", "path": "/Users", "data": Object{}}},
		{"a bulkId that is a number", "400", "invalidValue", Object{"method": "POST", "path": "/Users", "bulkId": 5, "data": Object{}}},
		{"no method", "400", "invalidValue", Object{"path": "/Users/" + ada}},
		{"GET", "400", "invalidValue", Object{"method": "GET", "path": "/Users/" + ada}},
		{"POST to a resource", "400", "invalidPath", post("/Users/"+ada, "q", Object{})},
		{"DELETE of a type", "400", "invalidPath", Object{"method": "DELETE", "path": "/Users"}},
		{"DELETE of a type, with a slash", "400", "invalidPath", Object{"method": "DELETE", "path": "/Users/"}},
		{"no path", "400", "invalidPath", Object{"method": "DELETE"}},
		{"bulk in bulk", "400", "invalidPath", post("/Bulk", "q", Object{})},
		{"a way out", "400", "invalidPath", Object{"method": "DELETE", "path": "/Users/../../../api/tokens/1"}},
		{"parameters in the path", "404", "", Object{"method": "DELETE", "path": "/Users/" + ada + "?x=y"}},
		{"an absolute address", "400", "invalidPath", Object{"method": "DELETE", "path": "http://acme.test/scim/v2/Users/" + ada}},
		{"an unknown bulkId", "400", "invalidValue", postGroup("q", "bulkId:nobody")},
		{"an unknown bulkId in the path", "400", "invalidValue", Object{"method": "DELETE", "path": "/Users/bulkId:nobody"}},
	} {
		reply := bulk(c, tt.operation, patchOf("/Users/"+ada, op("replace", "title", tt.name)))
		g.Expect(reply.Status).To(Equal(http.StatusOK), tt.name)
		g.Expect(outcomes(reply)).To(Equal([]string{tt.status, "200"}), "%s: %s", tt.name, reply.Text)
		response := entries(reply)[0]["response"].(Object)
		g.Expect(response).To(And(HaveKeyWithValue("status", tt.status), HaveKeyWithValue("detail", Not(BeEmpty()))), tt.name)
		if tt.scimType != "" {
			g.Expect(response).To(HaveKeyWithValue("scimType", tt.scimType), tt.name)
		}
		if tt.operation["method"] == "POST" {
			g.Expect(entries(reply)[0]).NotTo(HaveKey("location"), tt.name)
		}
	}
	g.Expect(entries(bulk(c, Object{"method": "DELETE", "path": "/Users/0"}))[0]).To(HaveKeyWithValue("location", "http://acme.test/scim/v2/Users/0"))
	g.Expect(outcomes(bulk(c, postUser("q", "one"), postUser("q", "two")))).To(Equal([]string{"201", "400"}), "a bulkId is unique")
}

func TestBulkRequestsThatAreRefused(t *testing.T) {
	c, g := start(t)
	for _, body := range []any{
		Object{}, Object{"schemas": List{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}}, `[]`, `{"schemas":`,
		Object{"schemas": List{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "Operations": List{}}, Object{"schemas": List{User}, "Operations": List{postUser("q", "x")}},
	} {
		g.Expect(c.SCIM(http.MethodPost, "/Bulk", body)).To(beError(400, "invalidSyntax"), "%v", body)
	}
	for _, limit := range []any{0, -1, "1", 1.5} {
		g.Expect(bulkWith(c, Object{"failOnErrors": limit}, postUser("q", "x"))).To(beError(400, "invalidValue"), "%v", limit)
	}
	many := make([]Object, 1001)
	for i := range many {
		many[i] = Object{"method": "DELETE", "path": "/Users/0"}
	}
	reply := bulk(c, many...)
	g.Expect(reply).To(beError(413, ""))
	g.Expect(reply.Get("detail")).To(And(ContainSubstring("maxOperations"), ContainSubstring("1000")))
	g.Expect(bulk(c, many[:1000]...).Status).To(Equal(http.StatusOK))
	reply = bulk(c, postUser("q", strings.Repeat("x", 1<<20)))
	g.Expect(reply).To(beError(413, ""))
	g.Expect(reply.Get("detail")).To(And(ContainSubstring("maxPayloadSize"), ContainSubstring("1048576")))
	g.Expect(c.SCIM(http.MethodGet, "/Users", nil).Get("totalResults")).To(Equal(0.0))
}

func TestBulkStopsAfterSoManyErrors(t *testing.T) {
	c, g := start(t)
	gone := Object{"method": "DELETE", "path": "/Users/0"}
	operations := []Object{postUser("1", "a"), gone, postUser("2", "b"), gone, postUser("3", "c")}
	g.Expect(outcomes(bulkWith(c, Object{"failOnErrors": 2}, operations...))).To(Equal([]string{"201", "404", "201", "404"}))
	g.Expect(names(c.SCIM(http.MethodGet, "/Users", nil))).To(Equal([]string{"a", "b"}), "what was done stays done")
	g.Expect(outcomes(bulk(c, operations...))).To(Equal([]string{"409", "404", "409", "404", "201"}))
}

func TestBulkResolvesReferences(t *testing.T) {
	c, g := start(t)
	// The group comes before its member, and what uses an id in a path before both.
	reply := bulk(c,
		patchOf("/Users/bulkId:bob", op("replace", "title", "boss")),
		postGroup("staff", "bulkId:ada"),
		postUser("ada", "ada"),
		post("/Users", "bob", Object{"schemas": List{User, Enterprise}, "userName": "bob", Enterprise: Object{"employeeNumber": "1", "manager": Object{"value": "bulkId:ada", "$ref": "../Users/bulkId:ada"}}}),
		patchOf("/Groups/bulkId:staff", op("add", "members", Members("bulkId:bob")), op("remove", `members[value eq "bulkId:ada"]`, nil)),
		Object{"method": "DELETE", "path": "/Users/bulkId:ada"},
	)
	g.Expect(outcomes(reply)).To(Equal([]string{"200", "201", "201", "201", "200", "204"}), reply.Text)
	list := entries(reply)
	ada, bob := idOf(list[2]), idOf(list[3])
	g.Expect(idOf(list[0])).To(Equal(bob))
	g.Expect(list[5]["location"]).To(HaveSuffix("/Users/" + ada))
	staff := c.SCIM(http.MethodGet, "/Groups/"+idOf(list[1]), nil)
	g.Expect(staff.Get("members")).To(ConsistOf(HaveKeyWithValue("value", bob)))
	user := c.SCIM(http.MethodGet, "/Users/"+bob, nil)
	g.Expect(user.Get("title")).To(Equal("boss"))
	g.Expect(user.Get(Enterprise, "manager", "value")).To(Equal(ada))
	g.Expect(reply.Text).NotTo(ContainSubstring("bulkId:"))
}

// RFC 7644 §3.7.1 has two groups that are members of each other.
func TestBulkResolvesCircularReferences(t *testing.T) {
	c, g := start(t)
	reply := bulk(c, postGroup("a", "bulkId:b"), postGroup("b", "bulkId:a"))
	g.Expect(outcomes(reply)).To(Equal([]string{"201", "201"}), reply.Text)
	for i, entry := range entries(reply) {
		group := c.SCIM(http.MethodGet, "/Groups/"+idOf(entry), nil)
		g.Expect(group.Get("members")).To(ConsistOf(HaveKeyWithValue("value", idOf(entries(reply)[1-i]))))
		g.Expect(entry["version"]).To(Equal(group.Header.Get("ETag")), "the version after all of it")
	}
	boss := func(bulkID, manager string) Object {
		return post("/Users", bulkID, Object{"schemas": List{User, Enterprise}, "userName": bulkID, Enterprise: Object{"department": "D", "manager": Object{"value": "bulkId:" + manager}}})
	}
	reply = bulk(c, boss("x", "z"), boss("y", "x"), boss("z", "y"), boss("self", "self"))
	g.Expect(outcomes(reply)).To(Equal([]string{"201", "201", "201", "201"}), reply.Text)
	for i, manager := range []int{2, 0, 1, 3} {
		user := c.SCIM(http.MethodGet, "/Users/"+idOf(entries(reply)[i]), nil)
		g.Expect(user.Get(Enterprise)).To(And(HaveKeyWithValue("department", "D"), HaveKeyWithValue("manager", HaveKeyWithValue("value", idOf(entries(reply)[manager])))))
	}
}

func TestBulkLeavesNothingHalfMade(t *testing.T) {
	c, g := start(t)
	c.NewUser("taken", "a-long-password")
	reply := bulk(c, postGroup("a", "bulkId:u"), post("/Users", "u", Object{"schemas": List{User}, "userName": "taken"}), postGroup("b", "bulkId:u"))
	g.Expect(outcomes(reply)).To(Equal([]string{"409", "409", "409"}))
	// b is made, a is not, as it has no name: b cannot have it as a member.
	reply = bulk(c, postGroup("b", "bulkId:a"), post("/Groups", "a", Object{"schemas": List{Group}, "members": Members("bulkId:b")}))
	g.Expect(outcomes(reply)).To(Equal([]string{"409", "400"}), reply.Text)
	g.Expect(c.SCIM(http.MethodGet, "/Groups", nil).Get("totalResults")).To(Equal(0.0))
}

// Whatever holds for a request holds for an operation.
func TestBulkOperationsAreRequests(t *testing.T) {
	var changes, replies int
	hooks := acme.Hooks{
		BeforeChange: []func(*acme.Change){func(c *acme.Change) { changes++ }},
		WriteReply:   []func(*acme.Reply){func(r *acme.Reply) { replies++ }},
		OnRequest: []func(http.ResponseWriter, *http.Request) bool{func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodDelete {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			return r.Method == http.MethodDelete
		}},
	}
	c, g := New(t, acme.Config{Hooks: hooks, Sister: &acme.Config{SCIMToken: "sister-token"}}), NewWithT(t)
	reply := bulk(c, postUser("1", "a"), postUser("2", "b"), Object{"method": "DELETE", "path": "/Users/bulkId:1"})
	g.Expect(outcomes(reply)).To(Equal([]string{"201", "201", "503"}))
	g.Expect(entries(reply)[2]["response"]).To(HaveKeyWithValue("status", "503"))
	g.Expect(changes).To(Equal(2))
	g.Expect(replies).To(Equal(3))

	there := c.Ask(http.MethodPost, "/globex/scim/v2/Bulk", Object{
		"schemas": List{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "Operations": List{postUser("1", "a")},
	}, "Authorization", "Bearer sister-token")
	g.Expect(outcomes(there)).To(Equal([]string{"201"}), there.Text)
	g.Expect(entries(there)[0]["location"]).To(HavePrefix("http://acme.test/globex/scim/v2/Users/"))
}

func FuzzBulk(f *testing.F) {
	for _, operations := range []List{
		{postUser("q", "ada"), postGroup("r", "bulkId:q")}, {postGroup("a", "bulkId:b"), postGroup("b", "bulkId:a", "bulkId:b")},
		{patchOf("/Users/bulkId:q", op("replace", "active", false)), postUser("q", "ada")}, {5, nil, Object{"method": "DELETE", "path": "/Users/"}},
	} {
		raw, err := json.Marshal(operations)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw), "1")
	}
	f.Fuzz(func(t *testing.T, operations, limit string) {
		c := New(t, acme.Config{})
		c.NewUser("eve", "")
		for _, extra := range []string{"", `,"failOnErrors":` + limit} {
			reply := c.SCIM(http.MethodPost, "/Bulk", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":%s%s}`, operations, extra))
			mustAnswer(t, reply)
			for _, o := range entries(reply) {
				if strings.HasPrefix(o["status"].(string), "5") {
					t.Fatalf("an operation answered %v", o)
				}
			}
		}
	})
}
