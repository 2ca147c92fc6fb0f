package users

import (
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerModelSchemas() {
	It("says of each resource which schemas it has, and names no others",
		spec.ID("users.schemas.shown"), spec.Covers("RFC7643-3-01", "RFC7643-3-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, sight := range mustModelSights(ctx, t) {
				named := sight.reply.Doc.Texts("schemas")
				t.CheckThat("RFC7643-3-01", "schemas with "+sight.base+" in "+sight.what, modelAmong(named, sight.base), Equal("among them"))
				t.CheckThat("RFC7643-3-02", "no schema that is not the type's own, and none twice, in "+sight.what,
					modelList(modelForeign(ctx, t, named, sight.base)), BeEmpty())
			}
		})

	// RFC 7643 §3.3: the URN of an extension is the name of the object that holds its attributes.
	It("shows the attributes of an extension in an object of its own, which schemas names",
		spec.ID("users.schemas.extension"), spec.Covers("RFC7643-3.3-01"), spec.Needs("enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			e := mustEmployee(ctx, t)
			_, apart := e.read.Doc.Get(scim.EnterpriseSchema)
			_, beside := e.read.Doc.Get("department")
			if !apart && !beside {
				t.NotTested("The service does not keep the extension, which is the matter of the check users.enterprise.round-trip.")
			}
			t.CheckThat("RFC7643-3.3-01", "an object named "+scim.EnterpriseSchema, modelShown(apart), Equal("shown"))
			t.CheckThat("RFC7643-3.3-01", scim.EnterpriseSchema+" in schemas", modelAmong(e.read.Doc.Texts("schemas"), scim.EnterpriseSchema), Equal("among them"))
			t.CheckThat("RFC7643-3.3-01", "no department outside of that object", modelShown(beside), Equal("not shown"))
		})
}

func modelShown(shown bool) string {
	if shown {
		return "shown"
	}
	return "not shown"
}

func modelAmong(list []string, urn string) string {
	if modelHolds(list, urn) {
		return "among them"
	}
	return "not among " + modelList(list)
}

// modelForeign lists the URNs that are not among those of a type, and those that come twice.
func modelForeign(ctx SpecContext, t *spec.T, named []string, base string) []string {
	own, published := modelSchemasOf(ctx, t, base)
	var wrong []string
	for i, urn := range named {
		switch {
		case modelHolds(named[:i], urn):
			wrong = append(wrong, urn+" twice")
		case modelHolds(own, urn):
		case published, modelOthers.MatchString(urn):
			wrong = append(wrong, urn)
		}
	}
	return wrong
}

// modelOthers are the schemas of RFC 7643 and RFC 7644 that extend nothing.
var modelOthers = regexp.MustCompile(`(?i)^urn:ietf:params:scim:(schemas:core|api):`)

// modelSchemasOf are the schemas that resources of a type may have, by its base schema. Where no
// resource type says, these are the base and the extension that RFC 7643 has.
func modelSchemasOf(ctx SpecContext, t *spec.T, base string) (urns []string, published bool) {
	for _, kind := range t.Features.ResourceTypes(t.Context(ctx, "")) {
		if !strings.EqualFold(kind.Text("schema"), base) {
			continue
		}
		urns = append(urns, base)
		for _, extension := range kind.Objects("schemaExtensions") {
			urns = append(urns, extension.Text("schema"))
		}
		return urns, true
	}
	return []string{base, scim.EnterpriseSchema}, false
}
