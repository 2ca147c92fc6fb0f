package users

import (
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// createPast is a moment at which nobody of this run was created.
const createPast = "2001-02-03T04:05:06Z"

func registerCreate() {
	// RFC 7644 §3.3: what is readOnly is ignored in a POST, and no reason to refuse it.
	It("ignores an id, meta and groups that a client sends with a new user",
		spec.ID("users.create.read-only"), spec.Covers("RFC7644-3.3-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			chosen := s.ExternalID + "-chosen"
			body := personBody(t, s)
			body["id"], body["groups"] = chosen, []any{map[string]any{"value": "scimproof-nowhere"}}
			body["meta"] = map[string]any{"resourceType": "Robot", "created": createPast}
			made := t.PostUser(ctx, "create with read-only attributes", s.UserName, scim.Request{Body: body})
			if !t.CheckThat("RFC7644-3.3-01", "a new user, as read-only attributes are ignored", made.Status, createDone()) || made.ID == "" {
				return
			}
			read := personRead(ctx, t, made.ID)
			t.CheckThat("RFC7644-3.3-01", "an id that the service chose", read.Doc.Text("id"), Not(Equal(chosen)))
			t.CheckThat("RFC7644-3.3-01", "the service's own meta.resourceType", read.Doc.Text("meta", "resourceType"), Not(Equal("Robot")))
			t.CheckThat("RFC7644-3.3-01", "the service's own meta.created", read.Doc.Text("meta", "created"), Not(Equal(createPast)))
			t.CheckThat("RFC7644-3.3-01", "no group that the client put the user into", read.Doc.Values("groups"), Not(ContainElement("scimproof-nowhere")))
		})

	It("shows a new user in the answer, at an address that leads there",
		spec.ID("users.create.location"), spec.Covers("RFC7644-3.3-03", "RFC7644-3.3-04", "RFC7644-3.3-05"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create", s.UserName, scim.Request{Body: s.Document(t.Target.SCIM.UserExtra)})
			Expect(made.Status).To(createDone(), "the user was not created")
			t.CheckThat("RFC7644-3.3-05", "the userName in the answer to its creation", strings.ToLower(made.Doc.Text("userName")), Equal(strings.ToLower(s.UserName)))
			t.CheckThat("RFC7644-3.3-05", "the displayName in the answer to its creation", made.Doc.Text("displayName"), Equal(s.DisplayName))
			createLocated(ctx, t, made)
		})

	// RFC 7644 §3.3: the type is that of the endpoint, and clients tell by it what they got.
	It("shows the type of a resource by the endpoint where it was created",
		spec.ID("users.create.resource-type"), spec.Covers("RFC7644-3.3-08"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			t.CheckThat("RFC7644-3.3-08", "meta.resourceType User, in this letter case, of what was created at /Users",
				mustPerson(ctx, t).read.Doc.Text("meta", "resourceType"), Equal("User"))
			if personCan(ctx, t, "groups") {
				t.CheckThat("RFC7644-3.3-08", "meta.resourceType Group, in this letter case, of what was created at /Groups",
					mustMember(ctx, t).read.Doc.Text("meta", "resourceType"), Equal("Group"))
			}
		})

	It("takes null for an attribute without a value, and gives new users its own defaults",
		spec.ID("users.create.defaults"), spec.Covers("RFC7643-2.5-01", "RFC7644-3.3-07", "RFC7643-4.1.1-10", "RFC7643-3.1-08"),
		func(ctx SpecContext) { createDefaults(ctx, spec.From(ctx)) })

	It("lets two users have the same externalId, which is the client's affair",
		spec.ID("users.create.same-external-id"), spec.Covers("RFC7643-3.1-09"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person, s := mustPerson(ctx, t), t.Subjects.Draft()
			body := personBody(t, s)
			body["externalId"] = person.ExternalID
			made := t.PostUser(ctx, "create with another user's externalId", s.UserName, scim.Request{Body: body})
			// A service that refuses guards against mistaken identities.
			t.Prefer("RFC7643-3.1-09", "a new user, as externalId need not be unique", made.Status, createDone())
		})
}

// createDone is success; whether it is 201 is the matter of the check lifecycle.create.
func createDone() types.GomegaMatcher {
	return And(BeNumerically(">=", http.StatusOK), BeNumerically("<", http.StatusMultipleChoices))
}

// createLocated checks the address of a new user: that of the header, and that in the body.
func createLocated(ctx SpecContext, t *spec.T, made spec.Newcomer) {
	GinkgoHelper()
	base := t.SCIM.Base().JoinPath("Users") // which was asked, and what a relative address is relative to
	location := made.Header.Get("Location")
	header, err := base.Parse(location)
	if !t.CheckThat("RFC7644-3.3-03", "the new user's address in the header Location", location, Satisfy(modelIsAddress)) || err != nil {
		t.CheckThat("RFC7644-3.3-04", "meta.location and a header Location to be the same", location, Satisfy(modelIsAddress))
		return
	}
	createFollow(ctx, t, made, header)
	body, err := base.Parse(made.Doc.Text("meta", "location"))
	if made.Doc.Text("meta", "location") == "" || err != nil {
		t.CheckThat("RFC7644-3.3-04", "meta.location as in the header, "+header.String(), made.Doc.Text("meta", "location"), Equal(header.String()))
		return
	}
	if t.CheckThat("RFC7644-3.3-04", "meta.location with the path of the header, "+header.Path, body.Path, Equal(header.Path)) {
		// A proxy in between may know the service by another name.
		t.Prefer("RFC7644-3.3-04", "meta.location with the host of the header", body.Scheme+"://"+body.Host, Equal(header.Scheme+"://"+header.Host))
	}
}

// createFollow reads a new user at the address in the header.
func createFollow(ctx SpecContext, t *spec.T, made spec.Newcomer, at *url.URL) {
	GinkgoHelper()
	read, followed := modelFollow(ctx, t, "read at the address in the header", at)
	if !followed { // the credential is for the service alone
		t.Prefer("RFC7644-3.3-03", "an address below "+t.SCIM.Base().String(), at.String(), HavePrefix(t.SCIM.Base().String()))
		return
	}
	t.CheckThat("RFC7644-3.3-03", "the new user at the address in the header Location", read.Doc.Text("id"), Equal(made.ID))
}

// createDefaults compares a user who was created without some attributes with one who was created
// with null for them.
func createDefaults(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	plain, s := t.Subjects.Draft(), t.Subjects.Draft()
	least := t.PostUser(ctx, "create with a userName alone", plain.UserName, scim.Request{Body: personBody(t, plain)})
	Expect(least.ID).NotTo(BeEmpty(), "a user with a userName alone was not created")
	read := personRead(ctx, t, least.ID)
	without := personActive(read)
	t.Record("RFC7643-4.1.1-10", "A new user of whom nothing is said about active", "active: "+without)
	t.CheckThat("RFC7643-4.1.1-10", "no other active in the answer to the creation than in a read, "+without, personActive(least.Reply), Or(Equal(without), Equal("nothing")))
	t.CheckThat("RFC7643-3.1-08", "no externalId that the client did not send", read.Doc.Text("externalId"), BeEmpty())

	body := personBody(t, s)
	for _, name := range []string{"active", "title", "phoneNumbers"} {
		body[name] = nil
	}
	nulls := t.PostUser(ctx, "create with null for active, title and phoneNumbers", s.UserName, scim.Request{Body: body})
	t.CheckThat("RFC7643-2.5-01", "a new user, as null is the same as no value", nulls.Status, createDone())
	seen := "is refused"
	if nulls.ID != "" {
		seen = "active: " + personActive(nulls.Reply) + ", where nothing said gives " + without
	}
	t.Record("RFC7644-3.3-07", "A new user with null for active", seen)
}

// personActive is what a reply shows of active, in a word.
func personActive(r *scim.Reply) string {
	v, _ := r.Doc.Get("active")
	return personWord(v)
}
