package patching

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerMalformed is about messages that are none. All of them try to change the title.
func registerMalformed() {
	// Many clients and tests send none. A service that reads the message all the same misleads
	// nobody, if it does what it says.
	It("refuses a message that does not say it is a PatchOp, or carries it out",
		spec.ID("patching.message.schemas"), spec.Covers("RFC7644-3.5.2-02"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			reply := v.send(ctx, t, "a message without schemas", scim.Document{"Operations": []any{spec.Replace("title", "Without schemas")}})
			if !reply.OK() {
				t.CheckThat("RFC7644-3.5.2-02", "status 400 for a message without schemas", reply.Status, Equal(400))
				v.untouched(ctx, t, "RFC7644-3.5.2-02", "a message that was refused")
				return
			}
			t.Prefer("RFC7644-3.5.2-02", "status 400 for a message without schemas", reply.Status, Equal(400))
			v.settle(ctx, t, has("Without schemas", "title"))
			t.CheckThat("RFC7644-3.5.2-02", "the title that the success speaks of", v.now.Text("title"), Equal("Without schemas"))
			t.Discard(v.key)
		})

	// RFC 7644 §3.5.2: Operations is an array of one or more operations.
	It("refuses a message without a list of operations",
		spec.ID("patching.message.operations"), spec.Covers("RFC7644-3.5.2-03"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			for _, m := range []struct {
				about string
				body  scim.Document
			}{
				{"an empty list of operations", scim.Document{"Operations": []any{}}},
				{"no operations", scim.Document{}},
				{"an operation outside a list", scim.Document{"Operations": spec.Replace("title", "Outside")}},
			} {
				m.body["schemas"] = []any{scim.PatchOpSchema}
				v.refused(ctx, t, "RFC7644-3.5.2-03", m.about, m.body)
			}
			v.untouched(ctx, t, "RFC7644-3.5.2-03", "messages without operations")
		})

	// RFC 7644 §3.5.2: an op is "one of "add", "remove", or "replace"".
	It("refuses an operation that is no add, remove or replace",
		spec.ID("patching.message.op"), spec.Covers("RFC7644-3.5.2-04"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			for _, op := range []string{"test", "move", "copy"} {
				v.refused(ctx, t, "RFC7644-3.5.2-04", "the op "+op, scim.PatchOp(map[string]any{"op": op, "path": "title", "from": "userName", "value": "Op"}))
			}
			v.refused(ctx, t, "RFC7644-3.5.2-04", "an operation without op", scim.PatchOp(map[string]any{"path": "title", "value": "Op"}))
			v.untouched(ctx, t, "RFC7644-3.5.2-04", "operations that do not exist")
		})
}
