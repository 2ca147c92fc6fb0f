package users

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// enterpriseKey is that of the user with the extension, whom nobody changes.
const enterpriseKey = "users.enterprise"

// enterpriseSays is whom a client makes a manager out to be.
const enterpriseSays = "Somebody Else"

func registerEnterprise() {
	It("keeps the attributes of the enterprise extension",
		spec.ID("users.enterprise.round-trip"), spec.Covers("RFC7643-4.3-01"), spec.Needs("enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			e := mustEmployee(ctx, t)
			for _, name := range slices.Sorted(maps.Keys(e.texts)) {
				t.CheckThat("RFC7643-4.3-01", "the "+name+" that was sent, in the object of the extension", e.read.Doc.Text(scim.EnterpriseSchema, name), Equal(e.texts[name]))
			}
		})

	It("finds a user by an attribute of the enterprise extension",
		spec.ID("users.enterprise.filter"), spec.Covers("RFC7643-4.3-01"), spec.Needs("enterprise", "filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			e := mustEmployee(ctx, t)
			path := "/Users?" + personQuery(scim.EnterpriseSchema+":employeeNumber", e.texts["employeeNumber"])
			list, _ := t.ReadUntil(ctx, "look up by employeeNumber", personReading(t, path), func(r *scim.Reply) bool { return personFound(r, e.UserName) == "found" })
			t.CheckThat("RFC7643-4.3-01", "the user with the employeeNumber that was asked for", personFound(list, e.UserName), Equal("found"))
		})

	It("shows a manager as an object with the manager's id",
		spec.ID("users.enterprise.manager"), spec.Covers("RFC7643-4.3-02"), spec.Needs("enterprise"),
		func(ctx SpecContext) { enterpriseManager(ctx, spec.From(ctx)) })

	It("ignores the displayName of a manager that comes with a new user",
		spec.ID("users.enterprise.manager-name.create"), spec.Covers("RFC7643-4.3-03"), spec.Needs("enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person, s := mustPerson(ctx, t), t.Subjects.Draft()
			body := s.Document(enterpriseExtra(t, map[string]any{"manager": map[string]any{"value": person.ID, "displayName": enterpriseSays}}))
			made := t.PostUser(ctx, "create with another name for the manager", s.UserName, scim.Request{Body: body})
			if !t.CheckThat("RFC7643-4.3-03", "a new user, as a read-only displayName is ignored", made.Status, createDone()) || made.ID == "" {
				return
			}
			read := personRead(ctx, t, made.ID)
			t.CheckThat("RFC7643-4.3-03", "no displayName of the manager that the client made up", read.Doc.Text(scim.EnterpriseSchema, "manager", "displayName"), Not(Equal(enterpriseSays)))
		})

	It("refuses a PATCH of the manager's displayName",
		spec.ID("users.enterprise.manager-name.patch"), spec.Covers("RFC7643-4.3-03"), spec.Needs("enterprise", "patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			e := mustEmployee(ctx, t)
			reply := t.Patch(ctx, "give the manager another name", scim.UserPath(e.ID), spec.Replace(scim.EnterpriseSchema+":manager.displayName", enterpriseSays))
			t.CheckThat("RFC7643-4.3-03", "status 400 for a PATCH of the manager's displayName, which is read-only", reply.Status, Equal(http.StatusBadRequest))
			read := personRead(ctx, t, e.ID)
			if !t.CheckThat("RFC7643-4.3-03", "the manager's displayName as it was", read.Doc.Text(scim.EnterpriseSchema, "manager", "displayName"), Not(Equal(enterpriseSays))) {
				t.Discard(enterpriseKey)
			}
		})

	// The URN holds a dot, on which some paths are cut.
	It("changes attributes of the enterprise extension by their full paths",
		spec.ID("users.enterprise.patch"), spec.Covers("RFC7643-4.3-04"), spec.Needs("enterprise", "patch"),
		func(ctx SpecContext) { enterprisePatch(ctx, spec.From(ctx)) })

	It("shows a user whose last attribute of the enterprise extension was removed",
		spec.ID("users.enterprise.emptied"), spec.Covers("RFC7643-4.3-05"), spec.Needs("enterprise", "patch"),
		func(ctx SpecContext) { enterpriseEmptied(ctx, spec.From(ctx)) })
}

// employee is a user with the enterprise extension: the texts in it, and a manager.
type employee struct {
	*subject.Subject
	texts   map[string]string
	manager string // id
	read    *scim.Reply
}

func mustEmployee(ctx SpecContext, t *spec.T) *employee {
	GinkgoHelper()
	e := spec.Shared(t, enterpriseKey, func() *employee {
		s, manager := t.Subjects.Draft(), mustPerson(ctx, t)
		e := &employee{Subject: s, manager: manager.ID, texts: map[string]string{
			"employeeNumber": s.Marker, "costCenter": "4130", "organization": "Scimproof Studios", "division": "Theme Park", "department": "Tour Operations",
		}}
		part := map[string]any{"manager": map[string]any{"value": manager.ID}}
		for name, text := range e.texts {
			part[name] = text
		}
		mustKept(ctx, t, s, enterpriseExtra(t, part))
		e.read = personRead(ctx, t, s.ID)
		return e
	})
	t.Cite(e.read.Exchanges...)
	return e
}

// enterpriseExtra are the attributes that a new user needs, with the extension.
func enterpriseExtra(t *spec.T, part map[string]any) map[string]any {
	extra := maps.Clone(t.Target.SCIM.UserExtra)
	if extra == nil {
		extra = map[string]any{}
	}
	schemas, _ := extra["schemas"].([]any)
	if schemas == nil {
		schemas = []any{scim.UserSchema}
	}
	extra["schemas"], extra[scim.EnterpriseSchema] = append(slices.Clone(schemas), scim.EnterpriseSchema), part
	return extra
}

// enterpriseManager looks at a manager who was sent as an object, and records what becomes of
// one who is sent in a form that Microsoft Entra ID documents, too.
func enterpriseManager(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	e := mustEmployee(ctx, t)
	t.CheckThat("RFC7643-4.3-02", "an object with the manager's id as value", enterpriseManagerOf(e.read), Equal(e.manager))
	if ref := e.read.Doc.Text(scim.EnterpriseSchema, "manager", "$ref"); ref != "" {
		t.CheckThat("RFC7643-4.3-02", "a $ref that leads to the manager", ref, HaveSuffix(strings.TrimPrefix(scim.UserPath(e.manager), "/")))
	}
	if personCan(ctx, t, "patch") {
		victim := mustVictim(ctx, t)
		t.Record("RFC7643-4.3-02", "A manager who is sent as a text instead of an object with a value", personFate(ctx, t, victim,
			scim.EnterpriseSchema+":manager", e.manager, func(r *scim.Reply) bool { return enterpriseManagerOf(r) == e.manager }))
	}
}

// enterpriseManagerOf is the id of a user's manager.
func enterpriseManagerOf(r *scim.Reply) string {
	return r.Doc.Text(scim.EnterpriseSchema, "manager", "value")
}

// enterprisePatch changes a text, a manager, and a part of the manager.
func enterprisePatch(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	e, victim := mustEmployee(ctx, t), mustVictim(ctx, t)
	path := scim.UserPath(victim.ID)
	const department = "Night Operations"
	t.Patch(ctx, "set department by its full path", path, spec.Replace(scim.EnterpriseSchema+":department", department))
	t.Patch(ctx, "set manager by its full path", path, spec.Replace(scim.EnterpriseSchema+":manager", map[string]any{"value": e.ID}))
	read := personUntil(ctx, t, victim.ID, func(r *scim.Reply) bool {
		return r.Doc.Text(scim.EnterpriseSchema, "department") == department && enterpriseManagerOf(r) == e.ID
	})
	t.CheckThat("RFC7643-4.3-04", "the department that was set by its full path", read.Doc.Text(scim.EnterpriseSchema, "department"), Equal(department))
	t.CheckThat("RFC7643-4.3-04", "the manager who was set by the full path", enterpriseManagerOf(read), Equal(e.ID))
	t.Patch(ctx, "set the value of manager by its full path", path, spec.Replace(scim.EnterpriseSchema+":manager.value", e.manager))
	read = personUntil(ctx, t, victim.ID, func(r *scim.Reply) bool { return enterpriseManagerOf(r) == e.manager })
	t.CheckThat("RFC7643-4.3-04", "the manager whose value was set by its full path", enterpriseManagerOf(read), Equal(e.manager))
}

// enterpriseEmptied removes the only attribute of the extension.
func enterpriseEmptied(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	user := t.MustUserWith(ctx, enterpriseExtra(t, map[string]any{"department": "Tour Operations"}))
	read := t.Send(ctx, "wait for the new user", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.AwaitUser(ctx, user.ID) })
	if read.Doc.Text(scim.EnterpriseSchema, "department") == "" {
		t.NotTested("The service does not keep the extension, which is the matter of the check users.enterprise.round-trip.")
	}
	reply := t.Patch(ctx, "remove the only attribute of the extension", scim.UserPath(user.ID), map[string]any{"op": "remove", "path": scim.EnterpriseSchema + ":department"})
	t.CheckThat("RFC7643-4.3-05", "success of a PATCH that removes the department", reply.Status, createDone())
	read = personUntil(ctx, t, user.ID, func(r *scim.Reply) bool { return r.OK() && r.Doc.Text(scim.EnterpriseSchema, "department") == "" })
	t.CheckThat("RFC7643-4.3-05", "the user without the extension's last attribute, "+user.ID, read.Doc.Text("id"), Equal(user.ID))
	t.CheckThat("RFC7643-4.3-05", "no department once it was removed", read.Doc.Text(scim.EnterpriseSchema, "department"), BeEmpty())
	t.Record("RFC7643-4.3-05", "schemas of a user whose extension is empty", map[bool]string{true: "goes on naming it", false: "no longer names it"}[slices.Contains(read.Doc.Texts("schemas"), scim.EnterpriseSchema)])
}
