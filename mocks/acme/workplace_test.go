package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// employee is a user with a workplace.
func employee(userName string, workplace Object) Object {
	return Object{"schemas": List{User, Workplace}, "userName": userName, Workplace: workplace}
}

// The published schema is a promise: an attribute of each kind keeps it.
func TestTypesAreChecked(t *testing.T) {
	for attribute, tt := range map[string]struct{ good, bad List }{
		"badgeNumber":  {List{7, -1.0}, List{"7", 7.5, true}},
		"payGrade":     {List{7, 7.5}, List{"7.5", List{}}},
		"hiredAt":      {List{"2026-03-01T09:00:00Z", "2026-03-01T10:00:00.5+01:00"}, List{"2026-03-01", "now", 5}},
		"badgePhoto":   {List{"aGVsbG8=", "aGVsbG8", ""}, List{"not base64!", 5}},
		"clearance":    {List{"visitor", "vault"}, List{"roof", "VAULT"}},
		"homepage":     {List{"https://acme.example/ada", "ada"}, List{"http://%zz", 5}},
		"tags":         {List{List{"a", "b"}}, List{"a", List{5}}},
		"recoveryHint": {List{"dog"}, List{5, Object{}}},
	} {
		for _, value := range tt.good {
			c, g := start(t)
			reply := c.SCIM(http.MethodPost, "/Users", employee("ada", Object{attribute: value}))
			g.Expect(reply.Status).To(Equal(http.StatusCreated), "%s: %v: %s", attribute, value, reply.Text)
		}
		for _, value := range tt.bad {
			if list, ok := value.(List); ok && len(list) == 0 {
				continue // which is the same as nothing
			}
			c, g := start(t)
			reply := c.SCIM(http.MethodPost, "/Users", employee("ada", Object{attribute: value}))
			g.Expect(reply.Status).To(Equal(http.StatusBadRequest), "%s: %v", attribute, value)
			g.Expect(reply.Get("scimType")).To(Equal("invalidValue"), "%s: %v", attribute, value)
		}
	}
}

func TestNumbersSurviveTheRoundTripAndAreCompared(t *testing.T) {
	c, g := start(t)
	low := c.SCIM(http.MethodPost, "/Users", employee("ada", Object{"payGrade": 9.5, "badgeNumber": 7})).ID()
	c.SCIM(http.MethodPost, "/Users", employee("bob", Object{"payGrade": 10}))
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+low, nil).Get(Workplace)).To(Equal(Object{"payGrade": 9.5, "badgeNumber": 7.0}))
	g.Expect(names(c.Find("/Users", Workplace+":payGrade lt 10"))).To(ConsistOf("ada"), "as text, 9.5 would come after 10")
	g.Expect(names(c.Find("/Users", Workplace+":payGrade ge 9.5"))).To(ConsistOf("ada", "bob"))
	g.Expect(c.Find("/Users", Workplace+`:payGrade gt "x"`).Get("scimType")).To(Equal("invalidFilter"))
	g.Expect(c.Find("/Users", Workplace+`:badgePhoto gt "x"`).Get("scimType")).To(Equal("invalidFilter"))
}

func TestImmutableIsSetOnce(t *testing.T) {
	c, g := start(t)
	path := "/Users/" + c.SCIM(http.MethodPost, "/Users", employee("ada", Object{"payGrade": 1})).ID()
	set := func(number any) *Reply { return c.Patch(path, op("replace", Workplace+":badgeNumber", number)) }
	g.Expect(set(7).Status).To(Equal(http.StatusOK), "a first value may be set (RFC 7644 §3.5.2)")
	g.Expect(set(7).Status).To(Equal(http.StatusOK))
	for _, reply := range []*Reply{
		set(8),
		c.Patch(path, op("remove", Workplace+":badgeNumber", nil)),
		c.SCIM(http.MethodPut, path, employee("ada", Object{"badgeNumber": 8})),
	} {
		g.Expect(reply.Status).To(Equal(http.StatusBadRequest))
		g.Expect(reply.Get("scimType")).To(Equal("mutability"))
	}
	g.Expect(c.SCIM(http.MethodGet, path, nil).Get(Workplace, "badgeNumber")).To(Equal(7.0))

	locker := func(o Object) int { return c.Patch(path, op("replace", Workplace+":locker", o)).Status }
	g.Expect(locker(Object{"number": 1, "serial": "a"})).To(Equal(http.StatusOK))
	g.Expect(locker(Object{"number": 2})).To(Equal(http.StatusOK), "the rest of it may change")
	g.Expect(locker(Object{"serial": "b"})).To(Equal(http.StatusBadRequest))
	g.Expect(c.Patch(path, op("replace", Workplace+":locker.building", "x")).Get("scimType")).To(Equal("mutability"))
}

func TestMembersAreImmutable(t *testing.T) {
	c, g := start(t)
	a, b := c.NewUser("ada", password), c.NewUser("bob", password)
	path := "/Groups/" + c.NewGroup("staff", a)
	reply := c.Patch(path, op("replace", `members[value eq "`+a+`"].value`, b))
	g.Expect(reply.Status).To(Equal(http.StatusBadRequest))
	g.Expect(reply.Get("scimType")).To(Equal("mutability"))
	g.Expect(c.SCIM(http.MethodGet, path, nil).Get("members").(List)[0]).To(HaveKeyWithValue("value", a))
}

func TestReturnedOnRequestAndNever(t *testing.T) {
	c, g := start(t)
	created := c.SCIM(http.MethodPost, "/Users", employee("ada", Object{"recoveryHint": "dog", "deskPin": "1234", "payGrade": 1}))
	path := "/Users/" + created.ID()
	g.Expect(created.Get(Workplace)).To(Equal(Object{"recoveryHint": "dog", "payGrade": 1.0}), "what was just written is shown (RFC 7643 §7)")
	g.Expect(c.SCIM(http.MethodGet, path, nil).Get(Workplace)).To(Equal(Object{"payGrade": 1.0}))
	g.Expect(c.SCIM(http.MethodGet, path+"?attributes="+Workplace+":recoveryHint", nil).Get(Workplace)).To(Equal(Object{"recoveryHint": "dog"}))
	g.Expect(c.SCIM(http.MethodGet, path+"?attributes="+Workplace+":deskPin", nil).Doc).NotTo(HaveKey(Workplace))
	g.Expect(c.Patch(path, op("replace", "title", "x")).Get(Workplace)).To(Equal(Object{"payGrade": 1.0}))
	g.Expect(c.Find("/Users", Workplace+`:deskPin eq "1234"`).Get("scimType")).To(Equal("invalidFilter"), "it cannot be found out by asking")
}

func TestUniquenessIsAsDeclared(t *testing.T) {
	c, g := start(t)
	path := "/Users/" + c.SCIM(http.MethodPost, "/Users", employee("ada", Object{"costCode": "A1"})).ID()
	taken := c.SCIM(http.MethodPost, "/Users", employee("bob", Object{"costCode": "A1"}))
	g.Expect(taken.Status).To(Equal(http.StatusConflict))
	g.Expect(taken.Get("scimType")).To(Equal("uniqueness"))
	bob := "/Users/" + c.SCIM(http.MethodPost, "/Users", employee("bob", Object{"costCode": "a1"})).ID()
	g.Expect(bob).NotTo(Equal("/Users/"), "it is caseExact")
	g.Expect(c.Patch(bob, op("replace", Workplace+":costCode", "A1")).Status).To(Equal(http.StatusConflict))
	g.Expect(c.Patch(path, op("replace", Workplace+":costCode", "A1")).Status).To(Equal(http.StatusOK), "one's own is free")
}

// RFC 7644 §5: names are prepared before they are compared.
func TestNamesThatCountAsOne(t *testing.T) {
	c, g := start(t)
	c.NewUser("josé@example.com", password) // composed
	for _, twin := range []string{"JOSÉ@example.com", "jose\u0301@example.com", "ｊosé@example.com"} {
		reply := c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": twin})
		g.Expect(reply.Status).To(Equal(http.StatusConflict), twin)
		g.Expect(names(c.Find("/Users", `userName eq "`+twin+`"`))).To(ConsistOf("josé@example.com"), twin)
		g.Expect(c.API(http.MethodPost, "/api/login", "", Object{"username": twin, "password": password}).Status).To(Equal(http.StatusOK), twin)
	}
}
