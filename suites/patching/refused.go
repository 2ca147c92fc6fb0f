package patching

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// registerRefused is about operations that the schema does not allow.
func registerRefused() {
	It("refuses to change what is read-only",
		spec.ID("patching.refused.read-only"), spec.Covers("RFC7644-3.5.2-07"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			for _, a := range []attempt{
				{"another id", spec.Replace("id", "scimproof-nobody")},
				{"another meta.created", spec.Replace("meta.created", "2001-01-01T00:00:00Z")},
				{"a group of the user", add("groups", []any{map[string]any{"value": "scimproof-nobody"}})},
			} {
				reply := v.refused(ctx, t, "RFC7644-3.5.2-07", a.about, scim.PatchOp(a.operation))
				keyword := reply.Doc.Text("scimType")
				// scimType is OPTIONAL, and groups no path for a service whose schema has none.
				strange := keyword == "invalidPath" && a.operation["path"] == "groups" && !t.Features.Gate(t.Context(ctx, ""), "attribute:groups").Open
				if keyword != "" && !strange {
					t.Prefer("RFC7644-3.5.2-07", "scimType mutability for "+a.about, keyword, Equal("mutability"))
				}
			}
			created := v.now.Text("meta", "created")
			v.untouched(ctx, t, "RFC7644-3.5.2-07", "changes of what is read-only")
			t.CheckThat("RFC7644-3.5.2-07", "the old meta.created", v.now.Text("meta", "created"), Equal(created))
		})

	It("refuses values that do not fit the schema",
		spec.ID("patching.refused.value"), spec.Covers("RFC7644-3.5.2-09"), spec.Needs("patch", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			v.refused(ctx, t, "RFC7644-3.5.2-09", "a number for emails", scim.PatchOp(spec.Replace("emails", 42)))
			v.refused(ctx, t, "RFC7644-3.5.2-09", "an object for active", scim.PatchOp(spec.Replace("active", map[string]any{})))
			v.refused(ctx, t, "RFC7644-3.5.2-09", "text for name", scim.PatchOp(spec.Replace("name", "Text")))
			v.untouched(ctx, t, "RFC7644-3.5.2-09", "values that do not fit")
		})

	It("refuses to give a user the userName of another",
		spec.ID("patching.refused.taken-name"), spec.Covers("RFC7644-3.5.2-18"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v, d := victim(ctx, t), desk(ctx, t)
			for _, a := range []attempt{
				{"a userName that is taken", spec.Replace("userName", d.user.UserName)},
				{"a userName that is taken in other letters", spec.Replace("userName", inCapitals(d.user.UserName))},
			} {
				reply := v.send(ctx, t, a.about, scim.PatchOp(a.operation))
				t.CheckThat("RFC7644-3.5.2-18", "status 409 or 400 for "+a.about, reply.Status, Or(Equal(http.StatusConflict), Equal(http.StatusBadRequest)))
				if reply.Status == http.StatusBadRequest {
					t.Prefer("RFC7644-3.5.2-18", "scimType uniqueness for "+a.about, reply.Doc.Text("scimType"), Equal("uniqueness"))
				}
			}
			v.untouched(ctx, t, "RFC7644-3.5.2-18", "a userName that is taken")
		})
}

// inCapitals writes all of a name in capitals but what tells the run's own users apart.
func inCapitals(userName string) string {
	rest, _ := strings.CutPrefix(userName, subject.Prefix)
	return subject.Prefix + strings.ToUpper(rest)
}
