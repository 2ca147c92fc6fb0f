package bulk

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// responseSchema is the URN of the answer to a Bulk.
const responseSchema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

// Places in the Bulk that the checks below share.
const (
	posted = iota
	replaced
	patched
	deleted
)

func registerMixed() {
	It("answers a Bulk with 200 and a BulkResponse",
		spec.ID("bulk.response"), spec.Covers("RFC7644-3.7-01"), spec.Needs("bulk"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			m := mixed(ctx, t)
			t.CheckThat("RFC7644-3.7-01", "status 200", m.reply.Status, Equal(http.StatusOK))
			t.CheckThat("RFC7644-3.7-01", "the BulkResponse schema", m.reply.Doc.Texts("schemas"), ContainElement(responseSchema))
		})

	It("tells of each operation of a Bulk what became of it, and where",
		spec.ID("bulk.results"), spec.Covers("RFC7644-3.7-02"), spec.Needs("bulk"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			m := mixed(ctx, t)
			for i, o := range m.operations {
				r := m.of(i)
				t.CheckThat("RFC7644-3.7-02", "the method "+o.method+" in the result of a "+o.method, r.Text("method"), Equal(o.method))
				if o.method != http.MethodPost || r.ok() { // which has no address where it failed
					t.CheckThat("RFC7644-3.7-02", "the address in the result of a "+o.method, r.Text("location"), at(o))
				}
				// Other figures of RFC 7644 have an object with a code.
				judge := t.CheckThat
				status, _ := r.Get("status")
				if _, isObject := status.(map[string]any); isObject {
					judge = t.Prefer
				}
				judge("RFC7644-3.7-02", "the status of a "+o.method+" as text", form(status), Equal("text"))
			}
		})

	It("gives the bulkId of a new resource back with it",
		spec.ID("bulk.id.returned"), spec.Covers("RFC7644-3.7-06"), spec.Needs("bulk"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			m := mixed(ctx, t)
			t.CheckThat("RFC7644-3.7-06", "the bulkId that was sent", m.of(posted).Text("bulkId"), Equal(m.operations[posted].bulkID))
		})

	// The figure of RFC 7644 §3.7.3 leaves the message out, which erratum 5050 puts right. What
	// a PATCH has done shows in bulk.effects.
	It("takes the message of a PATCH as the data of one in a Bulk",
		spec.ID("bulk.patch"), spec.Covers("RFC7644-3.7-11"), spec.Needs("bulk", "patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			m := mixed(ctx, t)
			t.CheckThat("RFC7644-3.7-11", "status 200 or 204 for a PATCH in a Bulk", m.of(patched).status(), Or(Equal("200"), Equal("204")))
		})

	It("has carried out what a Bulk answers with success",
		spec.ID("bulk.effects"), spec.Covers("RFC7644-3.7-12"), spec.Needs("bulk"),
		func(ctx SpecContext) { effects(ctx, spec.From(ctx)) })
}

// at matches the address of what an operation is about.
func at(o operation) types.GomegaMatcher {
	if o.method == http.MethodPost {
		return ContainSubstring("/Users/")
	}
	return HaveSuffix(o.path)
}

// form names the kind of a JSON value.
func form(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case string:
		return "text"
	case map[string]any:
		return "an object"
	}
	return "a number"
}

// bulkFamily is the family name that the shared Bulk gives a user.
const bulkFamily = "Bulk"

// mixture is a Bulk of each method, and what is read after it.
type mixture struct {
	outcome
	made, changed, gone *scim.Reply // made is nil where nobody was made
}

// mixed sends it, once.
func mixed(ctx context.Context, t *spec.T) mixture {
	GinkgoHelper()
	m := spec.Shared(t, "bulk.mixed", func() mixture {
		user, leaver := victim(ctx, t), t.MustKeptUser(ctx, nil)
		path := scim.UserPath(user.ID)
		operations := []operation{
			posted:   newUser(t, "newcomer", nil),
			replaced: renaming(t, user, bulkFamily),
			patched:  {method: http.MethodPatch, path: path, data: scim.PatchOp(spec.Replace("active", false))},
			deleted:  {method: http.MethodDelete, path: scim.UserPath(leaver.ID)},
		}
		m := mixture{outcome: dispatch(ctx, t, "a Bulk of each method", message(operations...), true, operations)}
		if id := m.idOf(ctx, t, posted); id != "" {
			m.made = readUntil(ctx, t, "read the new user", scim.UserPath(id), (*scim.Reply).OK)
		}
		m.changed = readUntil(ctx, t, "read the changed user", path, func(r *scim.Reply) bool {
			return family(r) == bulkFamily && r.Doc.Activity() == "active: false"
		})
		m.gone = readUntil(ctx, t, "read the deleted user", scim.UserPath(leaver.ID), func(r *scim.Reply) bool { return r.Status == http.StatusNotFound })
		return m
	})
	t.Cite(m.reply.Exchanges...)
	return m
}

// effects holds what the results say against what a read shows. A user as the one of the POST
// was just created without a Bulk; that a PATCH is refused shows in bulk.patch, a PUT in bulk.failed.
func effects(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	m := mixed(ctx, t)
	looks := map[int]func(){
		posted: func() {
			name := "nobody"
			if m.made != nil {
				t.Cite(m.made.Exchanges...)
				name = m.made.Doc.Text("userName")
			}
			t.CheckThat("RFC7644-3.7-12", "the new user, as the POST was answered with success", strings.ToLower(name), Equal(strings.ToLower(m.operations[posted].makes.Name)))
		},
		replaced: func() {
			t.Cite(m.changed.Exchanges...)
			t.CheckThat("RFC7644-3.7-12", "the family name of the PUT, as that was answered with success", family(m.changed), Equal(bulkFamily))
		},
		patched: func() {
			t.Cite(m.changed.Exchanges...)
			t.CheckThat("RFC7644-3.7-12", "active: false, as the PATCH was answered with success", m.changed.Doc.Activity(), Equal("active: false"))
		},
		deleted: func() {
			t.Cite(m.gone.Exchanges...)
			t.CheckThat("RFC7644-3.7-12", "status 404, as the DELETE was answered with success", m.gone.Status, Or(Equal(http.StatusNotFound), Equal(http.StatusGone)))
		},
	}
	t.CheckThat("RFC7644-3.7-12", "success for the POST of a user, as outside a Bulk", m.statusOf(posted), HavePrefix("2"))
	for i := range m.operations {
		if m.of(i).ok() {
			looks[i]()
		}
	}
}
