package users

import (
	"fmt"
	"net/http"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// modelLeaverKey is that of somebody active whom wrong values should not keep.
const modelLeaverKey = "users.model.leaver"

func registerModelBooleans() {
	It("shows active and primary as JSON Booleans",
		spec.ID("users.model.booleans"), spec.Covers("RFC7643-2.3.2-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, sight := range mustModelSights(ctx, t) {
				t.CheckThat("RFC7643-2.3.2-01", "no other type for active and primary in "+sight.what, modelList(modelNoBooleans(sight.reply.Doc)), BeEmpty())
			}
		})

	DescribeTable("A Boolean of a wrong type",
		func(ctx SpecContext, what string, value any) { modelDeactivate(ctx, spec.From(ctx), what, value) },
		func(what string, _ any) string {
			return "lets nobody stay in silence who is to be made inactive by " + what
		},
		Entry(nil, "the text False", "False", spec.ID("users.active.wrong-type.text"), spec.Covers("RFC7643-2.3.2-02")),
		Entry(nil, "the text false", "false", spec.ID("users.active.wrong-type.small-text"), spec.Covers("RFC7643-2.3.2-02")),
		Entry(nil, "the text no", "no", spec.ID("users.active.wrong-type.word"), spec.Covers("RFC7643-2.3.2-02")),
		Entry(nil, "the number 0", 0, spec.ID("users.active.wrong-type.number"), spec.Covers("RFC7643-2.3.2-02")),
		Entry(nil, "an empty object", map[string]any{}, spec.ID("users.active.wrong-type.object"), spec.Covers("RFC7643-2.3.2-02")),
	)
}

// modelDeactivate sets active to what stands for false and is no Boolean. A service may refuse it
// or understand it; told that all is well, a provider never looks again.
func modelDeactivate(ctx SpecContext, t *spec.T, what string, value any) {
	GinkgoHelper()
	leaver := spec.Shared(t, modelLeaverKey, func() *subject.Subject {
		s := t.MustKeptUser(ctx, nil)
		personRead(ctx, t, s.ID)
		return s
	})
	reply := personSets(ctx, t, leaver, "set active to "+what, "active", value)
	wanted := "true" // as it was
	if reply.OK() {
		wanted = "false"
	}
	read := personUntil(ctx, t, leaver.ID, func(r *scim.Reply) bool { return personActive(r) == wanted })
	shown := personActive(read)
	if shown != "true" {
		t.Discard(modelLeaverKey)
	}
	if reply.OK() {
		t.Effect(reports.Effect{
			Action: string(reports.EventDeactivate), Wanted: "active: false", Status: reply.Status, Seen: "active: " + shown, Achieved: shown == "false",
		}, "RFC7643-2.3.2-02")
		return
	}
	t.CheckThat("RFC7643-2.3.2-02", "active true, as it was, after "+what+" was refused", shown, Equal("true"))
	t.CheckThat("RFC7643-2.3.2-02", "a refusal with a status of 400 to 499", modelRefusal(reply), Equal("refused"))
	t.Prefer("RFC7643-2.3.2-02", "status 400 for a refused value", reply.Status, Equal(http.StatusBadRequest))
}

// modelRefusal tells a refusal from a failure.
func modelRefusal(r *scim.Reply) string {
	if r.Status >= http.StatusBadRequest && r.Status < http.StatusInternalServerError {
		return "refused"
	}
	return fmt.Sprintf("status %d", r.Status)
}

// modelNoBooleans lists which of active and primary are shown in another type.
func modelNoBooleans(d scim.Document) []string {
	var wrong []string
	look := func(path string, holder scim.Document, name string) {
		value, shown := holder.Get(name)
		if _, boolean := value.(bool); shown && !boolean {
			wrong = append(wrong, path)
		}
	}
	look("active", d, "active")
	for name := range d {
		for _, value := range d.Objects(name) {
			look(name+".primary", value, "primary")
		}
	}
	slices.Sort(wrong)
	return slices.Compact(wrong)
}
