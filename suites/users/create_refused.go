package users

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerCreateRefused() {
	// RFC 7643 §4.1.1: every user has a non-empty userName.
	It("refuses a new user without a userName",
		spec.ID("users.create.required-username"), spec.Covers("RFC7643-4.1.1-01"),
		func(ctx SpecContext) { createNameless(ctx, spec.From(ctx)) })

	It("refuses a resource of another type at the endpoint of users",
		spec.ID("users.create.other-type"), spec.Covers("RFC7644-3.3-09"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			t.CleanUp(s)
			// It has a userName as well: only its type can be what it is refused for.
			reply := personPost(ctx, t, "create a group at /Users", s.UserName, scim.Document{
				"schemas": []any{scim.GroupSchema}, "displayName": s.UserName, "userName": s.UserName,
			})
			t.CheckThat("RFC7644-3.3-09", "status 400 for a group at /Users", reply.Status, Equal(http.StatusBadRequest))
		})

	It("refuses values of a wrong type in a new user",
		spec.ID("users.create.wrong-type"), spec.Covers("RFC7644-3.3-11"),
		func(ctx SpecContext) { createMistyped(ctx, spec.From(ctx)) })

	It("leaves nothing behind of a creation that it refuses, and takes the corrected one",
		spec.ID("users.create.nothing-left"), spec.Covers("RFC7644-3.3-14"),
		func(ctx SpecContext) { createCorrected(ctx, spec.From(ctx)) })

	It("says what it makes of attributes that no schema has",
		spec.ID("users.create.unknown-attributes"), spec.Covers("RFC7644-3.3-10", "RFC7644-3.2-01"),
		func(ctx SpecContext) { createUnknown(ctx, spec.From(ctx)) })

	// RFC 7644 §3.3: a duplicate is answered 409 with scimType uniqueness.
	It("refuses to create a user again, and leaves the stored one as it is",
		spec.ID("users.create.duplicate"), spec.Covers("RFC7644-3.3-06", "RFC7644-3.3-13"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			again := t.PostUser(ctx, "create again with fewer attributes", user.UserName, scim.Request{Body: personBody(t, user)})
			t.CheckThat("RFC7644-3.3-06", "status 409 for a userName that is taken", again.Status, Equal(http.StatusConflict))
			t.CheckThat("RFC7644-3.3-06", "scimType uniqueness for a userName that is taken", again.Doc.Text("scimType"), Equal("uniqueness"))
			read := personRead(ctx, t, user.ID)
			t.CheckThat("RFC7644-3.3-13", "the displayName of the stored user, which the second creation did not have", read.Doc.Text("displayName"), Equal(user.DisplayName))
			t.CheckThat("RFC7644-3.3-13", "the e-mail address of the stored user, which the second creation did not have", read.Doc["emails"], spec.HasEmail(user.Email))
		})
}

// createNameless tries every way of having no userName.
func createNameless(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	t.CleanUp(s)
	body := personBody(t, s)
	body["externalId"], body["displayName"] = s.ExternalID, s.UserName
	try := func(what string, name any) *scim.Reply {
		if body["userName"] = name; name == createAbsent {
			delete(body, "userName")
		}
		return personPost(ctx, t, "create with "+what, s.UserName, body)
	}
	for _, nameless := range []struct {
		what string
		name any
	}{{"no userName", createAbsent}, {"an empty userName", ""}, {"null for userName", nil}} {
		t.CheckThat("RFC7643-4.1.1-01", "status 400 for a user with "+nameless.what, try(nameless.what, nameless.name).Status, Equal(http.StatusBadRequest))
	}
	// Whether blanks are a name is a matter of judgement.
	t.Prefer("RFC7643-4.1.1-01", "status 400 for a userName of blanks alone", try("a userName of blanks", "   ").Status, Equal(http.StatusBadRequest))
	if personCan(ctx, t, "filter") {
		if look := personLookUp(ctx, t, "externalId", s.ExternalID); look.OK() { // a look-up that is refused shows nothing
			left := slices.DeleteFunc(look.Doc.Resources(), func(d scim.Document) bool { return d.Text("externalId") != s.ExternalID })
			t.CheckThat("RFC7643-4.1.1-01", "no user after the refusals", len(left), BeZero())
		}
	}
}

// createAbsent stands for an attribute that is left out.
const createAbsent = "(none)"

// createMistyped sends one value of a wrong type after the other.
func createMistyped(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	t.CleanUp(s)
	for _, wrong := range []struct {
		what, attribute string
		value           any
	}{
		{"text for the list emails", "emails", s.Email},
		{"a list for the object name", "name", []any{"Scimproof"}},
		{"the word yes for the Boolean active", "active", "yes"},
	} {
		body := personBody(t, s)
		body[wrong.attribute] = wrong.value
		reply := personPost(ctx, t, "create with "+wrong.what, s.UserName, body)
		t.CheckThat("RFC7644-3.3-11", "status 400 for "+wrong.what, reply.Status, Equal(http.StatusBadRequest))
	}
	body := personBody(t, s)
	body["displayName"] = 5
	// Digits for a number mislead nobody.
	t.Prefer("RFC7644-3.3-11", "status 400 for a number as displayName", personPost(ctx, t, "create with a number as displayName", s.UserName, body).Status, Equal(http.StatusBadRequest))
}

// createCorrected sends a body that is right but for one value of a value, and then without it.
func createCorrected(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	t.CleanUp(s)
	body := s.Document(t.Target.SCIM.UserExtra)
	body["name"] = map[string]any{"givenName": "Scimproof", "familyName": map[string]any{"of": "no text"}}
	if personPost(ctx, t, "create with an object for name.familyName", s.UserName, body).OK() {
		t.NotTested("The service takes the wrong value, which is the matter of the check users.create.wrong-type.")
	}
	if personCan(ctx, t, "filter") {
		left := t.Send(ctx, "look for what was refused", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.FindUser(ctx, s.UserName) })
		Expect(left.Status).To(createDone(), "a look-up by userName was refused")
		t.CheckThat("RFC7644-3.3-14", "no user of that name after a refused creation", personFound(left, s.UserName), Equal("not found"))
	}
	second := t.Send(ctx, "create without the wrong value", func(ctx context.Context) (*scim.Reply, error) {
		return t.Subjects.Post(ctx, s.UserName, false, scim.Request{Method: http.MethodPost, Path: "/Users", Body: s.Document(t.Target.SCIM.UserExtra)})
	})
	s.ID = second.Doc.Text("id")
	t.CheckThat("RFC7644-3.3-14", "a new user once the value is right", second.Status, createDone())
}

// createUnknown sends attributes that no schema has, at the top and inside a complex one.
func createUnknown(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	body := s.Document(t.Target.SCIM.UserExtra)
	body["scimproofUnknown"] = 1
	body["name"] = map[string]any{"givenName": "Scimproof", "familyName": s.Marker, "scimproofUnknown": 1}
	made := t.PostUser(ctx, "create with attributes that no schema has", s.UserName, scim.Request{Body: body})
	seen := fmt.Sprintf("is answered %d", made.Status)
	if made.ID != "" {
		read := personRead(ctx, t, made.ID)
		_, top := read.Doc.Get("scimproofUnknown")
		_, inside := read.Doc.Get("name", "scimproofUnknown")
		seen = map[bool]string{true: "is created, and shows them", false: "is created without them"}[top || inside]
	}
	t.Record("RFC7644-3.3-10", "A new user with attributes that no schema has", seen)
	t.CheckThat("RFC7644-3.2-01", "a new user, or a refusal with a status of 400 to 499", createAnswer(made), Or(Equal("a new user"), HavePrefix("refused with 4")))
}

// createAnswer says what an answer to a POST comes to.
func createAnswer(made spec.Newcomer) string {
	switch {
	case made.ID != "":
		return "a new user"
	case made.OK():
		return fmt.Sprintf("no new user, and a status of success, %d", made.Status)
	}
	return fmt.Sprintf("refused with %d", made.Status)
}

// personLookUp finds users by an attribute.
func personLookUp(ctx SpecContext, t *spec.T, attribute, value string) *scim.Reply {
	GinkgoHelper()
	return t.Get(ctx, "look up by "+attribute, "/Users?"+personQuery(attribute, value))
}

// personQuery is the query of a look-up by one attribute.
func personQuery(attribute, value string) string {
	return url.Values{"filter": {scim.Equals(attribute, value)}}.Encode()
}
