package lifecycle

import (
	"context"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerUpdate() {
	It("stores attributes that a PATCH replaces",
		spec.ID("lifecycle.update.patch"), spec.Covers("RFC7644-3.5.2-01", "RFC7644-3.5.2.3-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			const display, family = "Scimproof Renamed", "Renamed"

			patched := t.Send(ctx, "replace displayName and name.familyName", func(ctx context.Context) (*scim.Reply, error) {
				return t.SCIM.PatchUser(ctx, user.ID,
					map[string]any{"op": "replace", "path": "displayName", "value": display},
					map[string]any{"op": "replace", "path": "name.familyName", "value": family})
			})
			renamed := func(r *scim.Reply) bool {
				return r.Doc.Text("displayName") == display && r.Doc.Text("name", "familyName") == family
			}
			read, lag := t.ReadUntil(ctx, "read back", reading(t.SCIM, user.ID), renamed)
			t.Effect(reports.Effect{
				Action: string(reports.EventUpdate), Status: patched.Status,
				Wanted: names(display, family), Seen: names(read.Doc.Text("displayName"), read.Doc.Text("name", "familyName")),
				Achieved: renamed(read), LagMs: lagOf(lag),
			}, "RFC7644-3.5.2-01", "RFC7644-3.5.2.3-02")
		})
}

func names(display, family string) string {
	return "displayName “" + display + "”, familyName “" + family + "”"
}
