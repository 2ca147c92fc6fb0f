package patching

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

const enterprise = scim.EnterpriseSchema

func registerExtension() {
	// RFC 7644 §3.5.2: adding an attribute with its full name "automatically adds the value" of
	// the extension to schemas.
	It("lists an extension in schemas once it has a value",
		spec.ID("patching.extension.begins"), spec.Covers("RFC7644-3.5.2-10"), spec.Needs("patch", "enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			replies := d.change(ctx, t, all(has("10002", enterprise, "employeeNumber"), extended), add(enterprise+":employeeNumber", "10002"))
			accepted(t, "RFC7644-3.5.2-10", "a first attribute of an extension", replies...)
			t.CheckThat("RFC7644-3.5.2-10", "the employeeNumber that was sent", d.now.Text(enterprise, "employeeNumber"), Equal("10002"))
			t.CheckThat("RFC7644-3.5.2-10", "the extension among schemas", d.now.Texts("schemas"), ContainElement(WithTransform(strings.ToLower, Equal(strings.ToLower(enterprise)))))
		})
}

// extended is the condition that the extension is among schemas.
func extended(d scim.Document) bool {
	for _, urn := range d.Texts("schemas") {
		if strings.EqualFold(urn, enterprise) {
			return true
		}
	}
	return false
}
