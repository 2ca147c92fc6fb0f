package lifecycle

import (
	"context"
	"fmt"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerDelete() {
	// RFC 7644 §3.6: "In response to a successful DELETE, the server SHALL return a
	// successful HTTP status code 204 (No Content)."
	It("answers a DELETE with 204 and knows the user no longer",
		spec.ID("lifecycle.delete"), spec.Covers("RFC7644-3.6-01", "RFC7644-3.6-02", "RFC7644-3.6-08"), spec.On(reports.EventDelete, ""),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			reply := deleting(ctx, t, user)
			read, lag := t.ReadUntil(ctx, "read the deleted user", reading(t.SCIM, user.ID), gone)
			t.Effect(deletion(reply, read, lag), "RFC7644-3.6-02", "RFC7644-3.6-08")
			if reply.OK() {
				t.CheckThat("RFC7644-3.6-01", "status 204", reply.Status, Equal(http.StatusNoContent))
			}
		})

	// RFC 7644 §3.6: the server MUST omit the resource from future query results.
	It("leaves a deleted user out of every list",
		spec.ID("lifecycle.delete.gone-from-lists"), spec.Covers("RFC7644-3.6-03"), spec.On(reports.EventDelete, ""),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			reply := deleting(ctx, t, user)
			read, lag := t.ReadUntil(ctx, "read the deleted user", reading(t.SCIM, user.ID), gone)
			if !gone(read) {
				t.Effect(deletion(reply, read, lag), t.Requirements...)
				return
			}
			absent := func(r *scim.Reply) bool { return !holds(user)(r) }
			list, _ := t.ReadUntil(ctx, "look for the deleted user", finding(t.SCIM, user.UserName), absent)
			t.CheckThat("RFC7644-3.6-03", "the deleted user in no result", holds(user)(list), BeFalse())
		})

	It("lets the userName of a deleted user be used again, for a new identity",
		spec.ID("lifecycle.recreate"), spec.Covers("RFC7644-3.6-04", "RFC7644-3.6-05", "RFC7643-3.1-03"), spec.On(reports.EventRecreate, ""),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			old := user.ID
			reply := deleting(ctx, t, user)
			read, lag := t.ReadUntil(ctx, "read the deleted user", reading(t.SCIM, user.ID), gone)
			if !gone(read) {
				t.Effect(deletion(reply, read, lag), t.Requirements...)
				return
			}

			t.Subjects.NewPassword(user)
			user.ExternalID += "-again"
			again := t.Must(t.Subjects.Create(t.Context(ctx, "create the user again"), user, nil))
			t.Effect(reports.Effect{
				Action: string(reports.EventRecreate), Status: again.Status,
				Wanted: "a new user of the same name", Seen: made(again), Achieved: again.OK(),
			}, "RFC7644-3.6-04")
			if again.OK() {
				t.CheckThat("RFC7643-3.1-03", "another id than the deleted user's", again.Doc.Text("id") == old, BeFalse())
				t.CheckThat("RFC7644-3.6-05", "no group of the deleted user", again.Doc["groups"], Or(BeNil(), BeEmpty()))
			}
		})
}

// made puts the answer to a create into words.
func made(r *scim.Reply) string {
	if r.OK() {
		return "a new user"
	}
	return "no new user"
}

// deleting sends the DELETE.
func deleting(ctx SpecContext, t *spec.T, user *subject.Subject) *scim.Reply {
	GinkgoHelper()
	return t.Send(ctx, "delete", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.DeleteUser(ctx, user.ID) })
}

// deletion describes a DELETE by its two halves.
func deletion(reply, read *scim.Reply, lag time.Duration) reports.Effect {
	return reports.Effect{
		Action: string(reports.EventDelete), Status: reply.Status,
		Wanted: "no such user", Seen: state(read), Achieved: gone(read), LagMs: lagOf(lag),
	}
}

// gone reports that a read no longer knows the user.
func gone(r *scim.Reply) bool {
	return r.Status == http.StatusNotFound || r.Status == http.StatusGone
}

// total puts a list reply into words.
func total(r *scim.Reply) string {
	n, ok := r.Doc.Get("totalResults")
	if !ok {
		return fmt.Sprintf("%d without totalResults", r.Status)
	}
	return fmt.Sprintf("%d with totalResults %v", r.Status, n)
}
