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
	// The number 2.0 in the URN has a dot, at which some implementations cut a path in two.
	It("changes attributes of an extension whose path begins with its URN",
		spec.ID("patching.extension.paths"), spec.Covers("RFC7643-4.3-04"), spec.Needs("patch", "enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			b := bare(ctx, t)
			first, second := desk(ctx, t), victim(ctx, t)
			replies := b.change(ctx, t, all(has("Sales", enterprise, "department"), has(first.id, enterprise, "manager", "value")),
				spec.Replace(enterprise+":department", "Sales"), spec.Replace(enterprise+":manager", map[string]any{"value": first.id}))
			accepted(t, "RFC7643-4.3-04", "a path with a URN", replies...)
			t.CheckThat("RFC7643-4.3-04", "the department that was sent", b.now.Text(enterprise, "department"), Equal("Sales"))
			t.CheckThat("RFC7643-4.3-04", "the manager who was sent", b.now.Text(enterprise, "manager", "value"), Equal(first.id))
			again := b.change(ctx, t, has(second.id, enterprise, "manager", "value"), spec.Replace(enterprise+":manager.value", second.id))
			accepted(t, "RFC7643-4.3-04", "a path with a URN and a part", again...)
			t.CheckThat("RFC7643-4.3-04", "the manager who was sent for manager.value", b.now.Text(enterprise, "manager", "value"), Equal(second.id))
		})

	It("lists an extension in schemas once it has a value, and can be read when it has none any more",
		spec.ID("patching.extension.begin-and-end"), spec.Covers("RFC7644-3.5.2-10", "RFC7643-4.3-05"), spec.Needs("patch", "enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			replies := d.change(ctx, t, all(has("10002", enterprise, "employeeNumber"), extended), add(enterprise+":employeeNumber", "10002"))
			accepted(t, "RFC7644-3.5.2-10", "a first attribute of an extension", replies...)
			t.CheckThat("RFC7644-3.5.2-10", "the employeeNumber that was sent", d.now.Text(enterprise, "employeeNumber"), Equal("10002"))
			t.CheckThat("RFC7644-3.5.2-10", "the extension among schemas", d.now.Texts("schemas"), ContainElement(WithTransform(strings.ToLower, Equal(strings.ToLower(enterprise)))))
			before := d.now.Text("userName")
			replies = d.change(ctx, t, all(lacks(enterprise, "employeeNumber"), has(before, "userName")), remove(enterprise+":employeeNumber"))
			accepted(t, "RFC7643-4.3-05", "a remove of the last attribute of an extension", replies...)
			t.CheckThat("RFC7643-4.3-05", "a user who can be read after it", d.now.Text("userName"), Equal(before))
			t.CheckThat("RFC7643-4.3-05", "no employeeNumber after it", part(d.now, enterprise, "employeeNumber"), BeNil())
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
