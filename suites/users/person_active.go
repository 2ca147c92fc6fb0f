package users

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerPersonActive() {
	It("creates somebody inactive who is sent with active false",
		spec.ID("users.active.created-inactive"), spec.Covers("RFC7643-4.1.1-08"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			read := personRead(ctx, t, mustInactive(ctx, t).ID)
			t.CheckThat("RFC7643-4.1.1-08", "active false of somebody who was created so", personActive(read), Equal("false"))
		})

	// Whoever returns is looked up first, and is made anew when nobody is found.
	It("finds an inactive user by userName",
		spec.ID("users.active.inactive-found"), spec.Covers("RFC7643-4.1.1-08"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := mustInactive(ctx, t)
			mustCreateInactive(ctx, t)
			find := func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.FindUser(ctx, user.UserName) }
			list, _ := t.ReadUntil(ctx, "look up the inactive user", find, func(r *scim.Reply) bool { return personFound(r, user.UserName) == "found" })
			t.CheckThat("RFC7643-4.1.1-08", "the inactive user in the result", personFound(list, user.UserName), Equal("found"))
		})

	It("takes a PATCH without a path that sends the stored id along",
		spec.ID("users.active.echoed-id"), spec.Covers("RFC7644-3.5.2.3-01"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			victim := mustVictim(ctx, t)
			reply := t.Patch(ctx, "change title and send the id along", scim.UserPath(victim.ID), map[string]any{
				"op": "replace", "value": map[string]any{"id": victim.ID, "title": "Echoed"},
			})
			// id is readOnly, so that a strict reading refuses; clients send what they read.
			if !t.Prefer("RFC7644-3.5.2.3-01", "success, as the id is the stored one", reply.Status, createDone()) {
				return
			}
			read := personUntil(ctx, t, victim.ID, func(r *scim.Reply) bool { return r.Doc.Text("title") == "Echoed" })
			t.CheckThat("RFC7644-3.5.2.3-01", "the title that was sent beside the id", read.Doc.Text("title"), Equal("Echoed"))
		})
}

// mustInactive is somebody who was created with active false.
func mustInactive(ctx SpecContext, t *spec.T) *subject.Subject {
	GinkgoHelper()
	return spec.Shared(t, inactiveKey, func() *subject.Subject {
		return t.MustKeptUser(ctx, map[string]any{"active": false})
	})
}

// mustDeleted is somebody who was deleted, and whom no read shows any more.
func mustDeleted(ctx SpecContext, t *spec.T) *subject.Subject {
	GinkgoHelper()
	return spec.Shared(t, deletedKey, func() *subject.Subject {
		s := t.MustKeptUser(ctx, nil)
		t.Send(ctx, "delete", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.DeleteUser(ctx, s.ID) })
		read := personUntil(ctx, t, s.ID, personGone)
		if !personGone(read) {
			t.NotTested("The service deletes nobody, which is the matter of the check lifecycle.delete.")
		}
		return s
	})
}

// personGone reports that a read no longer knows a user.
func personGone(r *scim.Reply) bool {
	return r.Status == http.StatusNotFound || r.Status == http.StatusGone
}
