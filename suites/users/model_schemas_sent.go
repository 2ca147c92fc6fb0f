package users

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelUnknown is a schema that no service has.
const modelUnknown = "urn:scimproof:params:scim:schemas:unknown:2.0:Thing"

func registerModelSchemasSent() {
	It("refuses a new user who does not say to be one",
		spec.ID("users.schemas.missing"), spec.Covers("RFC7643-3-01", "RFC7643-3.3-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			t.CleanUp(s)
			for _, lacking := range []struct {
				requirement, what string
				schemas           []any
			}{
				{"RFC7643-3-01", "no schemas", nil},
				{"RFC7643-3-01", "an empty list of schemas", []any{}},
				{"RFC7643-3.3-02", "an extension alone in schemas", []any{scim.EnterpriseSchema}},
			} {
				body := modelBody(t, s.UserName, scim.Document{"schemas": lacking.schemas})
				if lacking.schemas == nil {
					delete(body, "schemas")
				}
				reply := personPost(ctx, t, "create with "+lacking.what, s.UserName, body)
				t.CheckThat(lacking.requirement, "status 400 for a new user with "+lacking.what, reply.Status, Equal(http.StatusBadRequest))
			}
		})

	It("shows a schema once that was sent twice",
		spec.ID("users.schemas.twice"), spec.Covers("RFC7643-3-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with the same schema twice", s.UserName, scim.Request{
				Body: modelBody(t, s.UserName, scim.Document{"schemas": []any{scim.UserSchema, scim.UserSchema}}),
			})
			seen := modelFate(ctx, t, made, func(r *scim.Reply) string {
				named := slices.DeleteFunc(r.Doc.Texts("schemas"), func(urn string) bool { return !strings.EqualFold(urn, scim.UserSchema) })
				return fmt.Sprintf("shown %d times", len(named))
			})
			t.CheckThat("RFC7643-3-02", scim.UserSchema+" shown once, or a refusal with 400", seen, Or(Equal("shown 1 times"), Equal("refused with 400")))
		})

	// RFC 7643 §3: the order of schemas means nothing.
	It("takes the schemas of a new user in any order",
		spec.ID("users.schemas.order"), spec.Covers("RFC7643-3-03"), spec.Needs("enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			const department = "Tour Operations"
			body := modelBody(t, s.UserName, enterpriseExtra(t, map[string]any{"department": department}))
			body["displayName"], body["schemas"] = s.DisplayName, []any{scim.EnterpriseSchema, scim.UserSchema}
			made := t.PostUser(ctx, "create with the extension first", s.UserName, scim.Request{Body: body})
			if !t.CheckThat("RFC7643-3-03", "a new user whose schemas begin with an extension", made.Status, createDone()) || made.ID == "" {
				return
			}
			read := personRead(ctx, t, made.ID)
			t.CheckThat("RFC7643-3-03", "the displayName of a user whose schemas began with an extension", read.Doc.Text("displayName"), Equal(s.DisplayName))
			if mustEmployee(ctx, t).read.Doc.Text(scim.EnterpriseSchema, "department") != "" { // kept in the usual order
				t.CheckThat("RFC7643-3-03", "the department of a user whose schemas began with an extension", read.Doc.Text(scim.EnterpriseSchema, "department"), Equal(department))
			}
		})

	// Who sees its own data accepted believes that they are enforced. Microsoft Entra ID sends a
	// schema of its own with groups, so that both answers are found.
	It("does not make out to support a schema that it does not have",
		spec.ID("users.schemas.unknown"), spec.Covers("RFC7643-3-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			body := modelBody(t, s.UserName, scim.Document{modelUnknown: map[string]any{"right": "all"}})
			body["schemas"] = []any{scim.UserSchema, modelUnknown}
			made := t.PostUser(ctx, "create with a schema that is unknown", s.UserName, scim.Request{Body: body})
			seen := modelFate(ctx, t, made, func(r *scim.Reply) string {
				if _, kept := r.Doc.Get(modelUnknown); kept || modelHolds(r.Doc.Texts("schemas"), modelUnknown) {
					return "created, and shown with the unknown schema"
				}
				return "created without the unknown schema"
			})
			t.Record("RFC7643-3-04", "A new user with a schema that is unknown", seen)
			t.CheckThat("RFC7643-3-04", "a refusal with 400, or a user without the unknown schema", seen, Or(Equal("refused with 400"), Equal("created without the unknown schema")))
		})
}
