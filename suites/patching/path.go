package patching

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerPaths() {
	It("finds the attribute of a path in any letter case",
		spec.ID("patching.path.letter-case"), spec.Covers("RFC7643-2.1-01"), spec.Needs("patch", "attribute:displayName"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			replies := d.change(ctx, t, has("Scimproof Lower", "displayName"), spec.Replace("displayname", "Scimproof Lower"))
			accepted(t, "RFC7643-2.1-01", "the path displayname", replies...)
			t.CheckThat("RFC7643-2.1-01", "the displayName that was sent for displayname", d.now.Text("displayName"), Equal("Scimproof Lower"))
		})

	// RFC 7644 §3.5.2: PATCH has no indexes and no pointers.
	It("refuses a path that is none",
		spec.ID("patching.path.malformed"), spec.Covers("RFC7644-3.5.2-06"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			for _, path := range []string{"emails[", "emails[type eq]", "name..givenName", "emails[0]", "/name/givenName"} {
				reply := v.refused(ctx, t, "RFC7644-3.5.2-06", "the path "+path, scim.PatchOp(spec.Replace(path, "Malformed")))
				if keyword := reply.Doc.Text("scimType"); keyword != "" { // which is OPTIONAL; what is in brackets is a filter
					t.Prefer("RFC7644-3.5.2-06", "scimType invalidPath for the path "+path, keyword, BeElementOf("invalidPath", "invalidFilter"))
				}
			}
			v.untouched(ctx, t, "RFC7644-3.5.2-06", "paths that are none")
		})

	// A success that does nothing hides a slip in the path of a deactivation.
	It("refuses the path of an attribute that no schema has",
		spec.ID("patching.path.unknown"), spec.Covers("RFC7644-3.5.2-19"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			unknown := v.send(ctx, t, "an unknown path", scim.PatchOp(spec.Replace("scimproofUnknown", "x")))
			t.Prefer("RFC7644-3.5.2-19", "status 400 for an attribute that no schema has", unknown.Status, Equal(400))
			v.untouched(ctx, t, "RFC7644-3.5.2-19", "an unknown path")
			misspelt := v.send(ctx, t, "active with a space behind it", scim.PatchOp(spec.Replace("active ", false)))
			wanted := "active: true"
			if misspelt.OK() {
				wanted = "active: false"
			}
			v.read(ctx, t, func(d scim.Document) bool { return d.Activity() == wanted })
			t.CheckThat("RFC7644-3.5.2-19", fmt.Sprintf("what the answer %d to a misspelt deactivation says", misspelt.Status), v.now.Activity(), Equal(wanted))
			if v.now.Activity() != "active: true" {
				t.Discard(v.key)
			}
		})
}
