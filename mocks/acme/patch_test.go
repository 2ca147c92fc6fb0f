package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// patched creates a user with two e-mails and sends operations.
func patched(t *testing.T, operations ...Object) (*Reply, *WithT) {
	t.Helper()
	c, g := start(t)
	created := c.SCIM(http.MethodPost, "/Users", Object{
		"schemas": List{User}, "userName": "ada", "displayName": "Ada", "name": Object{"givenName": "Ada", "familyName": "Lovelace"},
		"emails": List{
			Object{"value": "w@example.com", "type": "work", "primary": true},
			Object{"value": "h@example.com", "type": "home"},
		},
	})
	return c.Patch("/Users/"+created.ID(), operations...), g
}

func op(name, path string, value any) Object {
	o := Object{"op": name}
	if path != "" {
		o["path"] = path
	}
	if value != nil || name != "remove" {
		o["value"] = value
	}
	return o
}

func TestPatch(t *testing.T) {
	work := Object{"value": "w@example.com", "type": "work", "primary": true}
	home := Object{"value": "h@example.com", "type": "home"}
	for _, tt := range []struct {
		name string
		op   Object
		at   []string
		want any
	}{
		{"replace a simple attribute", op("replace", "displayName", "Countess"), []string{"displayName"}, "Countess"},
		{"op in capitals", op("REPLACE", "displayName", "Countess"), []string{"displayName"}, "Countess"},
		{"path in another letter case", op("replace", "DISPLAYNAME", "Countess"), []string{"displayName"}, "Countess"},
		{"path with the schema's URN", op("replace", User+":displayName", "Countess"), []string{"displayName"}, "Countess"},
		{"add in place of replace", op("add", "displayName", "Countess"), []string{"displayName"}, "Countess"},
		{"replace what is not there", op("replace", "title", "Countess"), []string{"title"}, "Countess"},
		{"replace by null", op("replace", "displayName", nil), []string{"displayName"}, nil},
		{"remove a simple attribute", op("remove", "displayName", nil), []string{"displayName"}, nil},
		{"replace a sub-attribute", op("replace", "name.familyName", "King"), []string{"name"}, Object{"givenName": "Ada", "familyName": "King"}},
		{"add a sub-attribute", op("add", "name.middleName", "B"), []string{"name"}, Object{"givenName": "Ada", "middleName": "B", "familyName": "Lovelace"}},
		{"remove a sub-attribute", op("remove", "name.givenName", nil), []string{"name"}, Object{"familyName": "Lovelace"}},
		{"replace parts of a complex attribute", op("replace", "name", Object{"familyName": "King"}), []string{"name"}, Object{"givenName": "Ada", "familyName": "King"}},
		{"without a path", op("replace", "", Object{"displayName": "Countess"}), []string{"displayName"}, "Countess"},
		{"without a path, dotted as Entra sends it", op("replace", "", Object{"name.familyName": "King"}), []string{"name", "familyName"}, "King"},
		{"without a path, with stored readOnly values", op("replace", "", Object{"schemas": List{User}, "title": "x"}), []string{"title"}, "x"},
		{"an extension's attribute", op("add", Enterprise+":employeeNumber", "42"), []string{Enterprise}, Object{"employeeNumber": "42"}},
		{"without a path, an extension", op("add", "", Object{Enterprise: Object{"department": "R"}}), []string{Enterprise}, Object{"department": "R"}},
		{"without a path, an extension's attribute", op("add", "", Object{Enterprise + ":department": "R"}), []string{Enterprise}, Object{"department": "R"}},
		{"manager as a bare id", op("add", Enterprise+":manager", "7"), []string{Enterprise, "manager"}, Object{"value": "7"}},
		{"remove in an unused extension", op("remove", Enterprise+":department", nil), []string{Enterprise}, nil},
		{"add an e-mail", op("add", "emails", List{Object{"value": "o@example.com", "type": "other"}}), []string{"emails"}, List{work, home, Object{"value": "o@example.com", "type": "other"}}},
		{"add an e-mail not in a list", op("add", "emails", Object{"value": "o@example.com"}), []string{"emails"}, List{work, home, Object{"value": "o@example.com"}}},
		{"add one that is there", op("add", "emails", List{home}), []string{"emails"}, List{work, home}},
		{"add a primary one", op("add", "emails", List{Object{"value": "o", "primary": true}}), []string{"emails"}, List{
			Object{"value": "w@example.com", "type": "work", "primary": false}, home, Object{"value": "o", "primary": true},
		}},
		{"replace all e-mails", op("replace", "emails", List{Object{"value": "o"}}), []string{"emails"}, List{Object{"value": "o"}}},
		{"replace by none", op("replace", "emails", List{}), []string{"emails"}, nil},
		{"change the chosen one", op("replace", `emails[type eq "work"].value`, "x"), []string{"emails"}, List{Object{"value": "x", "type": "work", "primary": true}, home}},
		{"change the chosen one's parts", op("replace", `emails[type eq "home"]`, Object{"value": "x"}), []string{"emails"}, List{work, Object{"value": "x", "type": "home"}}},
		{"make the chosen one primary", op("replace", `emails[type eq "home"].primary`, true), []string{"emails"}, List{
			Object{"value": "w@example.com", "type": "work", "primary": false}, Object{"value": "h@example.com", "type": "home", "primary": true},
		}},
		{"change all", op("replace", "emails.display", "x"), []string{"emails"}, List{
			Object{"value": "w@example.com", "type": "work", "primary": true, "display": "x"}, Object{"value": "h@example.com", "type": "home", "display": "x"},
		}},
		{"add the one that is missing, as Entra has it", op("add", `emails[type eq "other"].value`, "o"), []string{"emails"}, List{work, home, Object{"type": "other", "value": "o"}}},
		{"remove the chosen one", op("remove", `emails[type eq "home"]`, nil), []string{"emails"}, List{work}},
		{"remove by two conditions", op("remove", `emails[type eq "work" and value ew "example.com"]`, nil), []string{"emails"}, List{home}},
		{"remove the chosen one's part", op("remove", `emails[type eq "home"].type`, nil), []string{"emails"}, List{work, Object{"value": "h@example.com"}}},
		{"remove one that is not there", op("remove", `emails[type eq "other"]`, nil), []string{"emails"}, List{work, home}},
		{"remove all", op("remove", "emails", nil), []string{"emails"}, nil},
	} {
		reply, g := patched(t, tt.op)
		g.Expect(reply.Status).To(Equal(http.StatusOK), "%s: %s", tt.name, reply.Text)
		if tt.want == nil {
			g.Expect(reply.Get(tt.at...)).To(BeNil(), tt.name)
		} else {
			g.Expect(reply.Get(tt.at...)).To(Equal(tt.want), tt.name)
		}
	}
}

func TestPatchNotesTheExtension(t *testing.T) {
	reply, g := patched(t, op("add", Enterprise+":employeeNumber", "42"))
	g.Expect(reply.Get("schemas")).To(Equal(List{User, Enterprise}))
	reply, g = patched(t, op("add", Enterprise+":employeeNumber", "42"), op("remove", Enterprise+":employeeNumber", nil))
	g.Expect(reply.Get("schemas")).To(Equal(List{User}))
}

func TestPatchRefusals(t *testing.T) {
	for _, tt := range []struct {
		name, scimType string
		op             Object
	}{
		{"a readOnly attribute", "mutability", op("replace", "id", "x")},
		{"a readOnly attribute without a path", "mutability", op("replace", "", Object{"id": "x"})},
		{"schemas", "mutability", op("replace", "schemas", List{"x"})},
		{"meta", "mutability", op("replace", "meta.created", "x")},
		{"removal of what is required", "mutability", op("remove", "userName", nil)},
		{"remove without a path", "noTarget", op("remove", "", nil)},
		{"replace of a value that is not there", "noTarget", op("replace", `emails[type eq "other"].value`, "x")},
		{"replace in no value", "noTarget", op("replace", "phoneNumbers.value", "x")},
		{"an unknown attribute", "invalidPath", op("replace", "shoeSize", "x")},
		{"an unknown sub-attribute", "invalidPath", op("replace", "name.shoeSize", "x")},
		{"an unknown schema", "invalidPath", op("replace", "urn:example:x:shoeSize", "x")},
		{"an unknown attribute in the filter", "invalidPath", op("replace", `phoneNumbers[shoeSize eq "x"].value`, "x")},
		{"a filter on a single value", "invalidPath", op("replace", `name[familyName eq "x"]`, Object{})},
		{"a path that is none", "invalidPath", op("replace", "emails[", "x")},
		{"a path that is a number", "invalidPath", Object{"op": "replace", "path": 5, "value": "x"}},
		{"text without a path", "invalidValue", op("replace", "", "x")},
		{"nothing without a path", "invalidValue", op("add", "", nil)},
		{"a wrong type", "invalidValue", op("replace", "displayName", 5)},
		{"a wrong type in a sub-attribute", "invalidValue", op("replace", "name.familyName", List{})},
		{"text for e-mails' primary", "invalidValue", op("replace", `emails[type eq "work"].primary`, "maybe")},
		{"a blank userName", "invalidValue", op("replace", "userName", " ")},
		{"a value of which nothing can be used", "invalidValue", op("add", "emails", Object{"emails": List{Object{"value": "x"}}})},
		{"parts of which none can be used", "invalidValue", op("replace", `emails[type eq "work"]`, Object{"shoeSize": "x"})},
		{"an empty wrapping of active", "invalidValue", op("replace", "active", List{Object{}})},
		{"an unknown op", "invalidSyntax", op("move", "displayName", "x")},
		{"no op", "invalidSyntax", Object{"path": "displayName", "value": "x"}},
	} {
		reply, g := patched(t, tt.op)
		g.Expect(reply).To(beError(400, tt.scimType), tt.name)
	}
	c, g := start(t)
	id := c.NewUser("ada", "a-long-password")
	for _, body := range []any{
		Object{"Operations": List{op("replace", "title", "x")}}, Object{"schemas": List{PatchOp}}, Object{"schemas": List{PatchOp}, "Operations": List{}},
		Object{"schemas": List{PatchOp}, "Operations": List{"x"}}, Object{"schemas": List{PatchOp}, "Operations": Object{}},
	} {
		g.Expect(c.SCIM(http.MethodPatch, "/Users/"+id, body)).To(beError(400, "invalidSyntax"), "%v", body)
	}
}

// RFC 7644 §3.5.2: "Regardless of the number of operations, a PATCH request SHALL
// be treated as atomic."
func TestPatchIsAtomic(t *testing.T) {
	c, g := start(t)
	id := c.NewUser("ada", "a-long-password")
	before := c.SCIM(http.MethodGet, "/Users/"+id, nil).Doc
	c.Clock.Advance(1e9)
	g.Expect(c.Patch("/Users/"+id, op("replace", "displayName", "x"), op("replace", "name.familyName", "x"), op("replace", "id", "x"))).To(beError(400, "mutability"))
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Doc).To(Equal(before))
}

func TestPatchOfThePassword(t *testing.T) {
	c, g := start(t)
	id := c.NewUser("ada", "a-long-password")
	g.Expect(c.Patch("/Users/"+id, op("replace", "", Object{"password": "another-password"})).Status).To(Equal(http.StatusOK))
	g.Expect(c.SignIn("ada", "a-long-password").Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.SignIn("ada", "another-password").Status).To(Equal(http.StatusSeeOther))
	g.Expect(c.Patch("/Users/"+id, op("remove", "password", nil)).Status).To(Equal(http.StatusOK))
	g.Expect(c.SignIn("ada", "another-password").Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.SignIn("ada", "").Status).To(Equal(http.StatusUnauthorized))
}

// What a request leaves out or takes apart must not leave a trace of nothing.
func TestPatchOfPartsAndOfNothing(t *testing.T) {
	for _, tt := range []struct {
		name   string
		op     Object
		status int
		at     string
		want   any
	}{
		{"add without a value", Object{"op": "add", "path": "title"}, 400, "title", nil},
		{"replace without a value", Object{"op": "replace", "path": "displayName"}, 400, "displayName", "Ada"},
		{"keys in other letter cases", Object{"OP": "replace", "Path": "displayName", "VALUE": "x"}, 200, "displayName", "x"},
		{"a part by null", op("replace", "name", Object{"givenName": nil}), 200, "name", Object{"familyName": "Lovelace"}},
		{"every part by null", op("replace", "name", Object{"givenName": nil, "familyName": nil}), 200, "name", nil},
		{"add of null", op("add", "name", Object{"givenName": nil}), 200, "name", Object{"givenName": "Ada", "familyName": "Lovelace"}},
		{"nothing that a name has", op("replace", "name", Object{"x": "y"}), 400, "name", Object{"givenName": "Ada", "familyName": "Lovelace"}},
		{"text that is no reference", op("replace", "profileUrl", "http://%zz"), 400, "profileUrl", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			reply, g := patched(t, tt.op)
			g.Expect(reply.Status).To(Equal(tt.status), "%s", reply.Text)
			if tt.status == 200 {
				if tt.want == nil {
					g.Expect(reply.Doc).NotTo(HaveKey(tt.at))
				} else {
					g.Expect(reply.Get(tt.at)).To(Equal(tt.want))
				}
			}
		})
	}
	c, g := start(t)
	path := "/Users/" + c.NewUser(ada, password)
	c.Patch(path, op("add", "name.givenName", "Ada"))
	gone := c.Patch(path, op("remove", "name.givenName", nil), op("remove", "name.familyName", nil))
	g.Expect(gone.Status).To(Equal(200))
	g.Expect(gone.Doc).NotTo(HaveKey("name"))
	group := "/Groups/" + c.NewGroup("staff")
	nested := c.Patch(group, op("add", "members", Object{"members": Members(c.NewUser("bob", password))}))
	g.Expect(nested.Status).To(Equal(400), "Salesforce's own form is not ours, and must not look like a success")
}
