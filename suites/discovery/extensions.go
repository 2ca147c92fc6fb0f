package discovery

import (
	"maps"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerExtensions() {
	It("says of each extension whether it is required",
		spec.ID("discovery.types.extensions"), spec.Covers("RFC7643-6-03"), spec.Needs("extension"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, d := range definitions(ctx, t, typesPath) {
				for _, e := range d.Objects("schemaExtensions") {
					required, _ := e.Get("required")
					t.CheckThat("RFC7643-6-03", "required of "+e.Text("schema")+" as true or false", required, BeAssignableToTypeOf(true))
				}
			}
		})

	// The RFC's own example requires the enterprise extension of everybody, and is copied.
	It("holds everybody to an extension that it requires",
		spec.ID("discovery.types.required-extension"), spec.Covers("RFC7643-6-04"), spec.Needs("required-extension"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			urns := requiredOfUsers(ctx, t)
			if len(urns) == 0 {
				t.NotTested("No extension is required of users.")
			}
			draft := t.Subjects.Draft()
			body := draft.Document(t.Target.SCIM.UserExtra)
			maps.DeleteFunc(body, func(name string, _ any) bool { return has(urns, name) })
			made := t.PostUser(ctx, "create somebody without the extensions", draft.UserName, scim.Request{Body: body})
			t.CheckThat("RFC7643-6-04", "status 400 for a user without "+strings.Join(urns, ", "), made.Status, Equal(http.StatusBadRequest))
			if made.OK() {
				return
			}
			user := filledUser(ctx, t)
			for _, u := range urns {
				t.CheckThat("RFC7643-6-04", "the required extension among the schemas of a user", user.read.Doc.Texts("schemas"), ContainElement(urn(u)))
			}
		})
}

// requiredOfUsers lists the extensions that each user must have.
func requiredOfUsers(ctx SpecContext, t *spec.T) []string {
	GinkgoHelper()
	var urns []string
	for _, d := range definitions(ctx, t, typesPath) {
		if !strings.EqualFold(strings.Trim(d.Text("endpoint"), "/"), "Users") {
			continue
		}
		for _, e := range d.Objects("schemaExtensions") {
			if e.Flag("required") {
				urns = append(urns, e.Text("schema"))
			}
		}
	}
	return urns
}
