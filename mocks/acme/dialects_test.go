package acme_test

import (
	"net/http"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// The forms in which a deactivation is sent. Those that are no deactivation must
// either say so or leave everything as it was.
func TestDeactivationShapes(t *testing.T) {
	for _, tt := range []struct {
		id         string
		operations func(id string) List
		status     int
		active     bool
	}{
		{"DX-01 path", plain(op("replace", "active", false)), 200, false},
		{"DX-02 path-less, as Okta", plain(op("replace", "", Object{"active": false})), 200, false},
		{"DX-03 string, as Entra", plain(op("Replace", "active", "False")), 200, false},
		{"DX-04 lower-case string", plain(op("replace", "active", "false")), 200, false},
		{"DX-05 path-less string", plain(op("Replace", "", Object{"active": "False"})), 200, false},
		{"DX-06 add", plain(op("Add", "active", false)), 200, false},
		{"DX-07 other letter case", plain(op("replace", "Active", false)), 200, false},
		{"DX-08 URN path", plain(op("replace", User+":active", false)), 200, false},
		{"DX-09 last of several", plain(op("Replace", "displayName", "Left"), op("Replace", "active", "False")), 200, false},
		{"DX-10 path-less with id", func(id string) List {
			return List{op("replace", "", Object{"id": id, "displayName": "Left", "active": false})}
		}, 200, false},
		{"DX-11 wrapped in a list", plain(op("Replace", "active", List{Object{"value": "False"}})), 200, false},
		{"DX-12 remove, which falls back to what was", plain(op("remove", "active", nil)), 200, true},
		{"DX-13 beside an operation that fails", plain(op("replace", "active", false), op("replace", "id", "x")), 400, true},
	} {
		c, g := start(t)
		id := c.NewUser("ada", "a-long-password")
		held := c.Arm("ada", "a-long-password")

		reply := c.SCIM(http.MethodPatch, "/Users/"+id, Object{"schemas": List{PatchOp}, "Operations": tt.operations(id)})

		g.Expect(reply.Status).To(Equal(tt.status), tt.id)
		g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Get("active")).To(Equal(tt.active), tt.id)
		if tt.active {
			g.Expect(held.Open()).To(Equal(Kinds()), tt.id)
		} else {
			g.Expect(held.Open()).To(BeEmpty(), tt.id)
		}
	}
}

func plain(operations ...any) func(string) List {
	return func(string) List { return operations }
}

// The forms in which B is taken out of a group of A, B and C; D is no member.
func TestMemberRemovals(t *testing.T) {
	for _, tt := range []struct {
		id         string
		operations func(a, b, c, d string) List
		want       []string
	}{
		{"MX-01 filtered", func(_, b, _, _ string) List { return List{op("remove", `members[value eq "`+b+`"]`, nil)} }, []string{"a", "c"}},
		{"MX-02 value list", func(_, b, _, _ string) List { return List{op("Remove", "members", Members(b))} }, []string{"a", "c"}},
		{"MX-03 value list with $ref null", func(_, b, _, _ string) List {
			return List{op("Remove", "members", List{Object{"$ref": nil, "value": b}})}
		}, []string{"a", "c"}},
		{"MX-04 two removals and an addition", func(_, b, c, d string) List {
			return List{op("remove", `members[value eq "`+b+`"]`, nil), op("remove", `members[value eq "`+c+`"]`, nil), op("add", "members", Members(d))}
		}, []string{"a", "d"}},
		{"MX-05 or", func(_, b, c, _ string) List {
			return List{op("remove", `members[value eq "`+b+`" or value eq "`+c+`"]`, nil)}
		}, []string{"a"}},
		{"MX-06 operator in capitals", func(_, b, _, _ string) List { return List{op("remove", `members[value EQ "`+b+`"]`, nil)} }, []string{"a", "c"}},
		{"MX-07 replace", func(a, _, _, _ string) List { return List{op("replace", "members", Members(a))} }, []string{"a"}},
		{"MX-08 replace by none", func(_, _, _, _ string) List { return List{op("replace", "members", List{})} }, nil},
		{"MX-09 path-less replace", func(a, _, _, _ string) List { return List{op("replace", "", Object{"members": Members(a)})} }, []string{"a"}},
		{"MX-10 remove all", func(_, _, _, _ string) List { return List{op("remove", "members", nil)} }, nil},
		{"MX-11 value list of a stranger", func(_, _, _, d string) List { return List{op("Remove", "members", Members(d))} }, []string{"a", "b", "c"}},
	} {
		c, g := start(t)
		ids := map[string]string{}
		for _, name := range []string{"a", "b", "c", "d"} {
			ids[name] = c.NewUser(name, "a-long-password")
		}
		group := c.NewGroup("staff", ids["a"], ids["b"], ids["c"])

		reply := c.SCIM(http.MethodPatch, "/Groups/"+group, Object{"schemas": List{PatchOp}, "Operations": tt.operations(ids["a"], ids["b"], ids["c"], ids["d"])})

		g.Expect(reply.Status).To(Equal(http.StatusOK), tt.id)
		var members []string
		list, _ := c.SCIM(http.MethodGet, "/Groups/"+group, nil).Get("members").(List)
		for _, m := range list {
			members = append(members, m.(Object)["value"].(string))
		}
		var want []string
		for _, name := range tt.want {
			want = append(want, ids[name])
		}
		g.Expect(members).To(Equal(want), tt.id)
		for name, id := range ids {
			groups := c.SCIM(http.MethodGet, "/Users/"+id, nil).Get("groups")
			g.Expect(groups != nil).To(Equal(slices.Contains(tt.want, name)), "%s: groups of %s", tt.id, name)
		}
	}
}

// Okta renames a group with the readOnly id beside the name.
func TestGroupRenameWithItsID(t *testing.T) {
	c, g := start(t)
	id := c.NewGroup("staff")
	reply := c.Patch("/Groups/"+id, op("replace", "", Object{"id": id, "displayName": "people"}))
	g.Expect(reply.Status).To(Equal(http.StatusOK))
	g.Expect(reply.Get("displayName")).To(Equal("people"))
}
