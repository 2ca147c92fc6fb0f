package patching

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerPrimary is about the mark that one value of a list has. RFC 7644 §3.5.2: setting it
// "SHALL cause the server to automatically set "primary" to "false" for any other values".
func registerPrimary() {
	It("takes the mark primary from the old value when a new one has it",
		spec.ID("patching.primary.added"), spec.Covers("RFC7644-3.5.2-12"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			primary(ctx, t, d, d.address("primary"), add("emails", []any{map[string]any{"value": d.address("primary"), "primary": true}}))
		})

	It("takes the mark primary from the old value when another one that is there is given it",
		spec.ID("patching.primary.chosen"), spec.Covers("RFC7644-3.5.2-12"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			kind := "home"
			if ofType(d.now, kind).Flag("primary") {
				kind = "work"
			}
			chosen := ofType(d.now, kind).Text("value")
			if chosen == "" {
				t.NotTested("The service keeps no types of e-mail addresses to choose one by.")
			}
			primary(ctx, t, d, chosen, spec.Replace(`emails[type eq "`+kind+`"].primary`, true))
		})
}

// primary marks an address and checks that it is the only one.
func primary(ctx SpecContext, t *spec.T, d *kept, address string, operation map[string]any) {
	GinkgoHelper()
	alone := func(doc scim.Document) bool { return len(primaries(doc)) == 1 && primaries(doc)[0] == address }
	replies := d.change(ctx, t, alone, operation)
	accepted(t, "RFC7644-3.5.2-12", "a new primary address", replies...)
	t.CheckThat("RFC7644-3.5.2-12", "the new primary address and no other", primaries(d.now), Equal([]string{address}))
}

func primaries(d scim.Document) []string {
	list := []string{}
	for _, e := range d.Objects("emails") {
		if e.Flag("primary") {
			list = append(list, e.Text("value"))
		}
	}
	return list
}
