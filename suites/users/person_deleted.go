package users

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerPersonDeleted() {
	// RFC 7644 §3.6: all operations on a deleted resource are answered 404.
	It("answers every operation on a deleted user with 404",
		spec.ID("users.deleted.every-operation"), spec.Covers("RFC7644-3.6-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := mustDeleted(ctx, t)
			path := scim.UserPath(user.ID)
			gone := func(what string, reply *scim.Reply) {
				t.CheckThat("RFC7644-3.6-02", "status 404 for "+what+" of a deleted user", reply.Status, Equal(http.StatusNotFound))
			}
			gone("a read", t.Get(ctx, "read a deleted user", path))
			gone("a read of some attributes", t.Get(ctx, "read some attributes of a deleted user", path+"?attributes=userName"))
			if personCan(ctx, t, "patch") {
				gone("a PATCH", t.Patch(ctx, "change a deleted user", path, spec.Replace("active", true)))
			}
			// The last one: a service that creates by PUT makes somebody of it.
			put := t.Put(ctx, "replace a deleted user", path, personDocument(t, user))
			gone("a PUT", put)
			if put.OK() {
				t.Discard(deletedKey)
			}
		})

	It("answers a DELETE of nobody with 404",
		spec.ID("users.deleted.twice"), spec.Covers("RFC7644-3.6-07"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := mustDeleted(ctx, t)
			for _, nobody := range []struct{ what, id string }{{"who is deleted already", user.ID}, {"who never was", uuid.NewString()}} {
				reply := t.Do(ctx, "delete somebody "+nobody.what, scim.Request{Method: http.MethodDelete, Path: scim.UserPath(nobody.id)})
				expected := "status 404 for a DELETE of somebody " + nobody.what
				if reply.OK() {
					// That the user is not there is so.
					t.Prefer("RFC7644-3.6-07", expected, reply.Status, Equal(http.StatusNotFound))
					continue
				}
				t.CheckThat("RFC7644-3.6-07", expected, reply.Status, Equal(http.StatusNotFound))
			}
		})

	It("finds a deleted user by no attribute, and by no search",
		spec.ID("users.deleted.not-found"), spec.Covers("RFC7644-3.6-03"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := mustDeleted(ctx, t)
			answered := false
			for _, by := range []struct{ attribute, value string }{{"externalId", user.ExternalID}, {"id", user.ID}} {
				answered = personStaysAway(ctx, t, user.ID, "a look-up by "+by.attribute, scim.Request{
					Method: http.MethodGet, Path: "/Users?" + personQuery(by.attribute, by.value),
				}) || answered
			}
			if personCan(ctx, t, "search") {
				answered = personStaysAway(ctx, t, user.ID, "a search by userName", scim.Request{Method: http.MethodPost, Path: "/Users/.search", Body: scim.Document{
					"schemas": []any{scim.SearchSchema}, "filter": scim.Equals("userName", user.UserName),
				}}) || answered
			}
			if !answered {
				t.NotTested("The service refuses each of these queries, so that none shows whom it would find.")
			}
		})
}

// personStaysAway checks that a query does not find somebody, and reports whether it was
// answered. One that a service refuses finds nobody, whoever is there.
func personStaysAway(ctx SpecContext, t *spec.T, id, what string, r scim.Request) (answered bool) {
	GinkgoHelper()
	send := func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.Send(ctx, r) }
	found, _ := t.ReadUntil(ctx, what, send, func(r *scim.Reply) bool { return personAmong(personIDs(r), id) != "among them" })
	if found.OK() {
		t.CheckThat("RFC7644-3.6-03", "the deleted user not among what "+what+" finds", personAmong(personIDs(found), id), Equal("not among them"))
	}
	return found.OK()
}
