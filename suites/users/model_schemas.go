package users

import (
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// What no service has: a schema, and a department in an extension.
const (
	modelForeign    = "urn:ietf:params:scim:schemas:scimproof:2.0:Unknown"
	modelDepartment = "Tour Operations"
)

func registerModelSchemas() {
	It("names in schemas what a resource is, each schema once and no other than its type has",
		spec.ID("users.model.schemas.shown"), spec.Covers("RFC7643-3-01", "RFC7643-3-02"),
		func(ctx SpecContext) { modelSchemasShown(ctx, spec.From(ctx)) })

	It("refuses a new user without schemas",
		spec.ID("users.model.schemas.missing"), spec.Covers("RFC7643-3-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			t.CleanUp(s)
			without := personBody(t, s)
			delete(without, "schemas")
			t.CheckThat("RFC7643-3-01", "status 400 for a user without schemas", personPost(ctx, t, "create without schemas", s.UserName, without).Status, Equal(http.StatusBadRequest))
			none := modelPlain(t, s, scim.Document{"schemas": []any{}})
			t.CheckThat("RFC7643-3-01", "status 400 for a user with an empty list of schemas", personPost(ctx, t, "create with an empty list of schemas", s.UserName, none).Status, Equal(http.StatusBadRequest))
		})

	It("refuses a new user whose schemas name an extension alone",
		spec.ID("users.model.schemas.base"), spec.Covers("RFC7643-3.3-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			t.CleanUp(s)
			body := modelPlain(t, s, scim.Document{"schemas": []any{scim.EnterpriseSchema}, scim.EnterpriseSchema: map[string]any{"department": modelDepartment}})
			t.CheckThat("RFC7643-3.3-02", "status 400 for a user without the schema of users", personPost(ctx, t, "create with the extension's schema alone", s.UserName, body).Status, Equal(http.StatusBadRequest))
		})

	It("shows a schema once that a client names twice, or refuses it",
		spec.ID("users.model.schemas.twice"), spec.Covers("RFC7643-3-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with a schema named twice", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{"schemas": []any{scim.UserSchema, scim.UserSchema}})})
			if made.ID == "" {
				t.CheckThat("RFC7643-3-02", "status 400 where it is refused", made.Status, Equal(http.StatusBadRequest))
				return
			}
			t.CheckThat("RFC7643-3-02", "each schema once", modelTwice(personRead(ctx, t, made.ID).Doc), BeEmpty())
		})

	It("reads the same out of a body in whatever order it names its schemas",
		spec.ID("users.model.schemas.order"), spec.Covers("RFC7643-3-03"), spec.Needs("enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with the extension's schema first", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{
				"schemas": []any{scim.EnterpriseSchema, scim.UserSchema}, "displayName": s.DisplayName,
				scim.EnterpriseSchema: map[string]any{"department": modelDepartment},
			})})
			if !t.CheckThat("RFC7643-3-03", "a new user, also with the extension's schema first", made.Status, createDone()) || made.ID == "" {
				return
			}
			read := personRead(ctx, t, made.ID)
			t.CheckThat("RFC7643-3-03", "the displayName that was sent", read.Doc.Text("displayName"), Equal(s.DisplayName))
			t.CheckThat("RFC7643-3-03", "the department that was sent", modelDepartmentOf(read.Doc), Equal(modelDepartment))
		})

	It("keeps an extension's attributes under its URN, and names it in schemas",
		spec.ID("users.model.extension"), spec.Covers("RFC7643-3.3-01"), spec.Needs("enterprise"),
		func(ctx SpecContext) { modelExtension(ctx, spec.From(ctx)) })

	// Rights in it would be taken for enforced.
	It("shows nothing of a schema that it does not have",
		spec.ID("users.model.schemas.foreign"), spec.Covers("RFC7643-3-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with a schema that nobody has", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{
				"schemas": []any{scim.UserSchema, modelForeign}, modelForeign: map[string]any{"clearance": "all"},
			})})
			if made.ID == "" {
				t.Record("RFC7643-3-04", "A new user with an unknown schema", "is refused")
				t.CheckThat("RFC7643-3-04", "status 400 where it is refused", made.Status, Equal(http.StatusBadRequest))
				return
			}
			t.Record("RFC7643-3-04", "A new user with an unknown schema", "is created")
			read := personRead(ctx, t, made.ID)
			_, kept := read.Doc.Get(modelForeign)
			t.CheckThat("RFC7643-3-04", "no schema that the service does not have", modelLower(read.Doc.Texts("schemas")), Not(ContainElement(strings.ToLower(modelForeign))))
			t.CheckThat("RFC7643-3-04", "no data of such a schema", modelEither(kept, "its data", "none of it"), Equal("none of it"))
		})
}

// modelSchemasShown looks at schemas wherever a resource is shown.
func modelSchemasShown(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	for _, seen := range modelLooks(ctx, t) {
		schemas := modelLower(seen.doc.Texts("schemas"))
		if !t.CheckThat("RFC7643-3-01", "a schema in "+seen.what, schemas, Not(BeEmpty())) {
			t.CheckThat("RFC7643-3-02", "the base schema in "+seen.what, schemas, Not(BeEmpty()))
			continue
		}
		base, known := scim.UserSchema, modelSchemasOf(ctx, t, "User")
		if strings.HasSuffix(seen.what, "group") {
			base, known = scim.GroupSchema, modelSchemasOf(ctx, t, "Group")
		}
		t.CheckThat("RFC7643-3-02", "the base schema in "+seen.what, schemas, ContainElement(strings.ToLower(base)))
		t.CheckThat("RFC7643-3-02", "each schema once in "+seen.what, modelTwice(seen.doc), BeEmpty())
		if len(known) > 0 {
			strange := slices.DeleteFunc(schemas, func(urn string) bool { return slices.Contains(known, urn) })
			t.CheckThat("RFC7643-3-02", "no schema in "+seen.what+" that its resource type does not name", strange, BeEmpty())
		}
	}
}

// modelSchemasOf are the schemas that a resource type may have, in lower case; none where no
// resource types are served.
func modelSchemasOf(ctx SpecContext, t *spec.T, name string) []string {
	for _, kind := range t.Features.ResourceTypes(t.Context(ctx, "")) {
		if !strings.EqualFold(kind.Text("name"), name) {
			continue
		}
		urns := []string{kind.Text("schema")}
		for _, extension := range kind.Objects("schemaExtensions") {
			urns = append(urns, extension.Text("schema"))
		}
		return modelLower(urns)
	}
	return nil
}

// modelTwice lists what schemas names more than once.
func modelTwice(d scim.Document) []string {
	var once, twice []string
	for _, urn := range modelLower(d.Texts("schemas")) {
		if slices.Contains(once, urn) {
			twice = append(twice, urn)
		}
		once = append(once, urn)
	}
	return twice
}

func modelLower(list []string) []string {
	out := []string{}
	for _, text := range list {
		out = append(out, strings.ToLower(text))
	}
	return out
}

// modelDepartmentOf is the department in the object of the enterprise extension.
func modelDepartmentOf(d scim.Document) string { return d.Text(scim.EnterpriseSchema, "department") }

// modelExtension looks where the attributes of the extension are, and records what becomes of one
// that comes at the top level.
func modelExtension(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	read := mustEmployee(ctx, t).read
	t.CheckThat("RFC7643-3.3-01", "the department in the object of the extension", modelDepartmentOf(read.Doc), Equal(modelDepartment))
	t.CheckThat("RFC7643-3.3-01", "the extension in schemas", modelLower(read.Doc.Texts("schemas")), ContainElement(strings.ToLower(scim.EnterpriseSchema)))

	s := t.Subjects.Draft()
	made := t.PostUser(ctx, "create with department at the top level", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{"department": "Beside userName"})})
	seen := "is refused"
	if made.ID != "" {
		after := personRead(ctx, t, made.ID)
		seen = modelEither(modelDepartmentOf(after.Doc) != "", "is taken for the extension's", modelEither(after.Doc.Text("department") != "", "is kept there", "is left out"))
	}
	t.Record("RFC7643-3.3-01", "A department beside userName instead of in the object of the extension", seen)
}
