package users

import (
	"net/http"
	"regexp"
	"strings"
	"unicode"

	"github.com/google/uuid"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelReserved is the word of RFC 7644 §3.7.2 that stands for ids to come.
var modelReserved = regexp.MustCompile(`(?i)bulkid`)

func registerModelIdentity() {
	It("shows each resource with an id that no Bulk takes for another",
		spec.ID("users.identity.ids"), spec.Covers("RFC7643-3.1-01", "RFC7643-3.1-05"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, sight := range mustModelSights(ctx, t) {
				id := sight.reply.Doc.Text("id")
				t.CheckThat("RFC7643-3.1-01", "an id as text in "+sight.what, id, Not(BeEmpty()))
				t.CheckThat("RFC7643-3.1-05", "no bulkId within the id in "+sight.what, modelReserved.FindString(id), BeEmpty())
			}
		})

	// RFC 7643 §3.1: an id is unique across all resources of the service, of whatever type.
	It("gives no group the id of a user",
		spec.ID("users.identity.across-types"), spec.Covers("RFC7643-3.1-02"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			member := mustMember(ctx, t)
			for _, one := range []struct{ kind, id, path string }{
				{"a user", member.group.ID, scim.UserPath(member.group.ID)}, {"a group", member.ID, scim.GroupPath(member.ID)},
			} {
				read := t.Get(ctx, "look for "+one.kind+" with the id of another resource", one.path)
				t.CheckThat("RFC7643-3.1-02", "no resource but one with the id "+one.id, modelOther(read, one.kind, one.id), Equal("no other"))
			}
		})

	It("keeps the id of a user through changes and a return",
		spec.ID("users.identity.stable"), spec.Covers("RFC7643-3.1-03"),
		func(ctx SpecContext) { modelStable(ctx, spec.From(ctx)) })

	It("chooses the ids of new users itself",
		spec.ID("users.identity.chosen"), spec.Covers("RFC7643-3.1-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s, chosen := t.Subjects.Draft(), uuid.NewString()
			made := t.PostUser(ctx, "create with an id of the client's", s.UserName, scim.Request{Body: modelBody(t, s.UserName, scim.Document{"id": chosen})})
			seen := modelFate(ctx, t, made, func(r *scim.Reply) string {
				if strings.EqualFold(r.Doc.Text("id"), chosen) {
					return "created with the id that was sent"
				}
				return "created with another id"
			})
			t.CheckThat("RFC7643-3.1-04", "another id than the one that was sent, or a refusal with 400", seen, Or(Equal("created with another id"), Equal("refused with 400")))
		})

	// RFC 7643 §3.1: id is compared with its letter case.
	It("tells ids apart by the case of their letters",
		spec.ID("users.identity.letter-case"), spec.Covers("RFC7643-3.1-06"),
		func(ctx SpecContext) { modelLetterCase(ctx, spec.From(ctx)) })
}

// modelOther says whether a resource of another type has an id.
func modelOther(read *scim.Reply, kind, id string) string {
	if read.OK() && read.Doc.Text("id") == id {
		return kind + " with the same id"
	}
	return "no other"
}

// modelStable compares the ids in what is shown of a user who is renamed, leaves and comes back.
func modelStable(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	user := t.MustUser(ctx)
	path, id := scim.UserPath(user.ID), user.ID
	personRead(ctx, t, id)
	same := func(what string, r *scim.Reply) {
		GinkgoHelper()
		if shown := r.Doc.Text("id"); r.OK() && r.Doc != nil {
			t.CheckThat("RFC7643-3.1-03", "the id "+id+" in the answer to "+what, shown, Equal(id))
		}
	}
	Expect(t.Subjects.Rename(user)).To(Succeed())
	same("a PUT with another userName", t.Put(ctx, "rename", path, personDocument(t, user)))
	same("a change of active to false", personSets(ctx, t, user, "make inactive", "active", false))
	same("a change of active to true", personSets(ctx, t, user, "make active again", "active", true))
	read := personUntil(ctx, t, id, func(r *scim.Reply) bool { return personActive(r) == "true" })
	t.CheckThat("RFC7643-3.1-03", "the user at the old address, with the id "+id, read.Doc.Text("id"), Equal(id))
}

// modelLetterCase looks for a user by the id with small letters for capitals, and capitals for
// small ones.
func modelLetterCase(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	person := mustPerson(ctx, t)
	other := modelSwapped(person.ID)
	if other == person.ID {
		t.NotTested("The ids have no letters.")
	}
	judge := t.CheckThat
	if _, err := uuid.Parse(person.ID); err == nil {
		// The databases that know UUIDs do not tell their letters apart, and no two differ in these.
		judge = t.Prefer
	}
	read := t.Get(ctx, "read by the id in other letters", scim.UserPath(other))
	judge("RFC7643-3.1-06", "status 404 for the id in other letters", read.Status, Equal(http.StatusNotFound))
	if personCan(ctx, t, "filter") {
		list := personLookUp(ctx, t, "id", other)
		judge("RFC7643-3.1-06", "nobody in a look-up by the id in other letters", personFound(list, person.UserName), Equal("not found"))
	}
}

// modelSwapped writes capitals for small letters, and the other way round.
func modelSwapped(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}
