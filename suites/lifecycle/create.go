package lifecycle

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerCreate() {
	// RFC 7644 §3.3: the server "SHALL set the HTTP response status code to 201".
	It("answers a create with 201, the new user's address and its id",
		spec.ID("lifecycle.create"), spec.Covers("RFC7644-3.3-02", "RFC7644-3.3-03", "RFC7643-3.1-01", "RFC7643-3.1-11"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := mustAnsweredCreate(ctx, t)

			t.CheckThat("RFC7644-3.3-02", "status 201", reply.Status, Equal(http.StatusCreated))
			t.CheckThat("RFC7644-3.3-03", "a Location header with the new user's address", reply.Header.Get("Location"), ContainSubstring("/Users/"))
			t.CheckThat("RFC7643-3.1-01", "a non-empty id", reply.Doc.Text("id"), Not(BeEmpty()))
			t.CheckThat("RFC7643-3.1-11", "meta.resourceType User", reply.Doc.Text("meta", "resourceType"), Equal("User"))
		})

	It("stores what it was sent at creation",
		spec.ID("lifecycle.create.read-back"), spec.Covers("RFC7644-3.4.1-01", "RFC7644-3.3-05", "RFC7643-3.1-07"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)

			read, _ := t.ReadUntil(ctx, "read the new user back", reading(t.SCIM, user.ID), (*scim.Reply).OK)
			if !t.CheckThat("RFC7644-3.4.1-01", "status 200 for a user who exists", read.Status, Equal(http.StatusOK)) {
				return
			}
			t.CheckThat("RFC7643-3.1-07", "the externalId that was sent", read.Doc.Text("externalId"), Equal(user.ExternalID))
			t.CheckThat("RFC7644-3.3-05", "the userName that was sent", strings.ToLower(read.Doc.Text("userName")), Equal(strings.ToLower(user.UserName)))
			t.CheckThat("RFC7644-3.3-05", "the displayName that was sent", read.Doc.Text("displayName"), Equal(user.DisplayName))
			t.CheckThat("RFC7644-3.3-05", "the name.familyName that was sent", read.Doc.Text("name", "familyName"), Equal(user.Marker))
			t.CheckThat("RFC7644-3.3-05", "the work e-mail that was sent", read.Doc["emails"], spec.HasEmail(user.Email))
			t.CheckThat("RFC7644-3.3-05", "active: true", state(read), Equal("active: true"))
		})

	// RFC 7644 §3.3: a create of what exists already is answered 409 with scimType uniqueness.
	for _, twin := range []struct {
		id, what string
		name     func(userName string) string
	}{
		{"duplicate", "the same userName", func(userName string) string { return userName }},
		{"case-twin", "a userName that differs in letter case alone", inCapitals},
	} {
		It("refuses a second user of "+twin.what,
			spec.ID("lifecycle.create."+twin.id), spec.Covers("AS-26"),
			func(ctx SpecContext) {
				t := spec.From(ctx)
				user, second := t.MustUser(ctx), t.Subjects.Draft()
				second.UserName = twin.name(user.UserName)
				t.CleanUp(second)
				reply := t.Send(ctx, "create a second user of "+twin.what, func(ctx context.Context) (*scim.Reply, error) { return t.Subjects.CreateTwin(ctx, second) })
				t.CheckThat("AS-26", "status 409 for "+twin.what, reply.Status, Equal(http.StatusConflict))
			})
	}

	// Every provider looks a user up before it creates one.
	It("finds a user by userName, and nobody by a name that was never used",
		spec.ID("lifecycle.find-by-username"), spec.Covers("RFC7644-3.4.2.2-01", "RFC7644-3.4.2-05", "RFC7644-3.4.2-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user, other, stranger := t.MustUser(ctx), t.MustUser(ctx), t.Subjects.Draft()

			found, _ := t.ReadUntil(ctx, "find by userName", finding(t.SCIM, user.UserName), holds(user))
			t.CheckThat("RFC7644-3.4.2-01", "the ListResponse schema", found.Doc["schemas"], ContainElement("urn:ietf:params:scim:api:messages:2.0:ListResponse"))
			t.CheckThat("RFC7644-3.4.2.2-01", "the user in the result", holds(user)(found), BeTrue())
			t.CheckThat("RFC7644-3.4.2.2-01", "no other user in the result", holds(other)(found), BeFalse())

			none := t.Send(ctx, "find a name that was never used", finding(t.SCIM, stranger.UserName))
			t.CheckThat("RFC7644-3.4.2-05", "status 200 with totalResults 0", total(none), Equal("200 with totalResults 0"))
		})
}

// inCapitals writes all of a name in capitals but what tells the run's own users apart.
func inCapitals(userName string) string {
	rest, _ := strings.CutPrefix(userName, subject.Prefix)
	return subject.Prefix + strings.ToUpper(rest)
}

// mustAnsweredCreate creates a user and returns the answer to the POST itself.
// Where that answer was lost, another user is made.
func mustAnsweredCreate(ctx SpecContext, t *spec.T) *scim.Reply {
	GinkgoHelper()
	const attempts = 3
	var reply *scim.Reply
	for range attempts {
		user := t.Subjects.Draft()
		t.CleanUp(user)
		reply = t.Must(t.Subjects.Create(t.Context(ctx, "create test user"), user, nil))
		if !reply.Recovered {
			break
		}
	}
	Expect(reply.Recovered).To(BeFalse(), "no answer to a POST arrived in several attempts")
	return reply
}

// holds tells whether a list reply has the user.
func holds(user *subject.Subject) func(*scim.Reply) bool {
	return func(r *scim.Reply) bool { return r.Doc.FindUser(user.UserName) != nil }
}
