package users

import (
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// modelTick is longer than the step of any clock that services show: some count whole seconds.
const modelTick = 1100 * time.Millisecond

func registerModelChanged() {
	It("shows when a user was last changed, and goes on showing when they were created",
		spec.ID("users.meta.changed"), spec.Covers("RFC7643-3.1-13"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			name := modelWritable(ctx, t)
			modelTouched(ctx, t, "a user whose "+name+" was changed", scim.UserPath(user.ID), func(word string) {
				personSets(ctx, t, user, "change "+name, name, word+" "+user.Marker)
			})
		})

	It("shows a change of its members as a change of a group",
		spec.ID("users.meta.members-changed"), spec.Covers("RFC7643-3.1-13"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			candidates := map[string]string{"First": mustPerson(ctx, t).ID, "Second": mustMember(ctx, t).ID}
			group := t.MustGroup(ctx)
			modelTouched(ctx, t, "a group that got a member", scim.GroupPath(group.ID), func(word string) {
				modelJoin(ctx, t, group, candidates[word])
			})
		})

	// RFC 7643 §3.1: meta "SHALL be ignored when provided by clients"
	It("ignores what a client sends in meta",
		spec.ID("users.meta.sent"), spec.Covers("RFC7643-3.1-15"),
		func(ctx SpecContext) { modelMetaSent(ctx, spec.From(ctx)) })
}

// modelJoin adds a member to a group: by PATCH, or by PUT where the service has none.
func modelJoin(ctx SpecContext, t *spec.T, group *subject.Group, id string) {
	GinkgoHelper()
	path, members := scim.GroupPath(group.ID), []any{map[string]any{"value": id}}
	if personCan(ctx, t, "patch") {
		t.Patch(ctx, "add a member", path, map[string]any{"op": "add", "path": "members", "value": members})
		return
	}
	t.Put(ctx, "replace with a member", path, scim.Document{"schemas": []any{scim.GroupSchema}, "displayName": group.DisplayName, "members": members})
}

// modelTouched writes to a resource and compares the times before and after. Where the clock has
// not moved on, the write is sent once more.
func modelTouched(ctx SpecContext, t *spec.T, what, path string, write func(word string)) {
	GinkgoHelper()
	start := time.Now()
	before, _ := t.ReadUntil(ctx, "read before the change", personReading(t, path), (*scim.Reply).OK)
	created, modified := mustModelTimes(t, before)
	moved := func(r *scim.Reply) bool {
		at, _, ok := modelMoment(r.Doc.Text("meta", "lastModified"))
		return ok && at.After(modified)
	}
	write("First")
	after, _ := t.ReadUntil(ctx, "read after the change", personReading(t, path), moved)
	if !moved(after) {
		select {
		case <-time.After(modelTick - time.Since(start)):
		case <-ctx.Done():
			Skip(spec.Interrupted)
		}
		write("Second")
		after, _ = t.ReadUntil(ctx, "read after another change", personReading(t, path), moved)
	}
	t.CheckThat("RFC7643-3.1-13", "a lastModified after "+modified.Format(time.RFC3339Nano)+" of "+what, modelLater(moved(after), after), Equal("later"))
	createdNow, _, _ := modelMoment(after.Doc.Text("meta", "created"))
	t.CheckThat("RFC7643-3.1-13", "created as it was, "+created.Format(time.RFC3339Nano)+", of "+what, createdNow.In(created.Location()).Format(time.RFC3339Nano), Equal(created.Format(time.RFC3339Nano)))
}

// modelLater shows a reader the time that did not move.
func modelLater(later bool, r *scim.Reply) string {
	if later {
		return "later"
	}
	return r.Doc.Text("meta", "lastModified")
}

// modelFalse is a meta that no user of this run has.
func modelFalse() map[string]any {
	return map[string]any{
		"resourceType": "Group", "created": "1999-12-31T23:59:59Z", "lastModified": "1999-12-31T23:59:59Z",
		"location": "https://scimproof.example/Groups/1", "version": `W/"scimproof"`,
	}
}

// modelMetaSent creates and replaces a user with a made-up meta. Microsoft Entra ID sends one with
// each creation.
func modelMetaSent(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	made := t.PostUser(ctx, "create with meta", s.UserName, scim.Request{Body: modelBody(t, s.UserName, scim.Document{"meta": modelFalse()})})
	if !t.CheckThat("RFC7643-3.1-15", "a new user, as meta is ignored", made.Status, createDone()) || made.ID == "" {
		return
	}
	before := personRead(ctx, t, made.ID)
	modelOwnMeta(t, "a creation", before)
	body := modelBody(t, s.UserName, scim.Document{"displayName": s.DisplayName, "meta": modelFalse()})
	reply := t.Do(ctx, "replace with meta", scim.Request{Method: http.MethodPut, Path: scim.UserPath(made.ID), Body: body})
	t.CheckThat("RFC7643-3.1-15", "success of a PUT with meta, which is ignored", reply.Status, createDone())
	after := personUntil(ctx, t, made.ID, func(r *scim.Reply) bool { return r.Doc.Text("displayName") == s.DisplayName })
	modelOwnMeta(t, "a PUT", after)
}

// modelOwnMeta checks that nothing of a made-up meta was believed.
func modelOwnMeta(t *spec.T, what string, r *scim.Reply) {
	GinkgoHelper()
	var believed []string
	for name, value := range modelFalse() {
		if shown := r.Doc.Text("meta", name); shown == value {
			believed = append(believed, name)
		}
	}
	t.CheckThat("RFC7643-3.1-15", "nothing within meta that came with "+what, modelList(modelSorted(believed)), BeEmpty())
}
