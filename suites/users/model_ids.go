package users

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelUUID is the form of a UUID, which databases compare without regard to letter case.
var modelUUID = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func registerModelIDs() {
	// A member whose value is both a user's and a group's id may be either.
	It("gives no group an id that a user has, and no user one that a group has",
		spec.ID("users.identity.distinct"), spec.Covers("RFC7643-3.1-01", "RFC7643-3.1-02"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person, member := mustPerson(ctx, t), mustMember(ctx, t)
			ids := []string{person.read.Doc.Text("id"), member.ID, member.read.Doc.Text("id")}
			t.CheckThat("RFC7643-3.1-01", "an id as a text in a read of each, two users and a group", ids, Not(ContainElement("")))
			slices.Sort(ids)
			t.CheckThat("RFC7643-3.1-02", "three ids for two users and a group", slices.Compact(ids), HaveLen(3))
			group := t.Get(ctx, "read a user by a group's id", scim.UserPath(member.group.ID))
			t.CheckThat("RFC7643-3.1-02", "no user with the group's id", modelEither(group.Doc.Text("id") == member.group.ID, "a user", "nobody"), Equal("nobody"))
			user := t.Get(ctx, "read a group by a user's id", scim.GroupPath(person.ID))
			t.CheckThat("RFC7643-3.1-02", "no group with the user's id", modelEither(user.Doc.Text("id") == person.ID, "a group", "nothing"), Equal("nothing"))
		})

	// RFC 7643 §3.1: "bulkId" is a reserved word, by which a bulk request refers to what is new.
	It("gives no id that has the reserved word bulkId in it",
		spec.ID("users.identity.reserved-word"), spec.Covers("RFC7643-3.1-05"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			ids := []string{mustPerson(ctx, t).ID}
			if personCan(ctx, t, "groups") {
				member := mustMember(ctx, t)
				ids = append(ids, member.ID, member.group.ID)
			}
			ids = slices.DeleteFunc(ids, func(id string) bool { return !strings.Contains(strings.ToLower(id), "bulkid") })
			t.CheckThat("RFC7643-3.1-05", "no id with the word bulkId", ids, BeEmpty())
		})

	It("keeps the id of a user through a change, a new userName, a deactivation and a return",
		spec.ID("users.identity.stable"), spec.Covers("RFC7643-3.1-03"),
		func(ctx SpecContext) { modelStable(ctx, spec.From(ctx)) })

	It("chooses the id of a new user itself, whatever the client sends",
		spec.ID("users.identity.client-chosen"), spec.Covers("RFC7643-3.1-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with an id", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{"id": s.ExternalID})})
			// To refuse is as good: the client chooses nothing then either.
			t.CheckThat("RFC7643-3.1-04", "another id than the one that was sent", made.ID, Not(Equal(s.ExternalID)))
			if made.ID == "" {
				t.CheckThat("RFC7643-3.1-04", "status 400 where no user is created", made.Status, Equal(http.StatusBadRequest))
			}
		})

	It("knows nobody by an id in other letter case",
		spec.ID("users.identity.letter-case"), spec.Covers("RFC7643-3.1-06"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			swapped := modelSwapped(person.ID)
			if swapped == person.ID {
				t.NotTested("The ids have no letters.")
			}
			check := t.CheckThat
			if modelUUID.MatchString(person.ID) { // for whose digits letter case has no meaning
				check = t.Prefer
			}
			reply := t.Get(ctx, "read by the id in other letter case", scim.UserPath(swapped))
			t.CheckThat("RFC7643-3.1-06", "no failure of the service", reply.Status, BeNumerically("<", 500))
			check("RFC7643-3.1-06", "status 404 for an id in other letter case", reply.Status, Equal(http.StatusNotFound))
		})
}

// modelSwapped writes small letters as capitals, and capitals as small letters.
func modelSwapped(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}

// modelStable changes what somebody's id could hang on, and reads them by the first one.
func modelStable(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	user := t.MustUser(ctx)
	read := func(what string, shows func(*scim.Reply) bool) {
		GinkgoHelper()
		reply := personUntil(ctx, t, user.ID, func(r *scim.Reply) bool { return shows(r) && r.Doc.Text("id") == user.ID })
		t.CheckThat("RFC7643-3.1-03", "the same user at the same id "+user.ID+" after "+what, reply.Doc.Text("id"), Equal(user.ID))
	}
	body := personDocument(t, user)
	body["displayName"] = user.DisplayName + " anew"
	t.Put(ctx, "replace", scim.UserPath(user.ID), body)
	Expect(t.Subjects.Rename(user)).To(Succeed())
	renamed := personSets(ctx, t, user, "change the userName", "userName", user.UserName)
	// A service may refuse new names; then only the rest is looked at.
	read("a PUT and a new userName", func(r *scim.Reply) bool {
		return !renamed.OK() || strings.EqualFold(r.Doc.Text("userName"), user.UserName)
	})
	for _, active := range []bool{false, true} {
		personSets(ctx, t, user, "set active", "active", active)
	}
	read("a deactivation and a return", func(r *scim.Reply) bool { return personActive(r) == "true" })
}

func registerModelExternalIDs() {
	It("compares an externalId letter by letter",
		spec.ID("users.identity.external-id.letter-case"), spec.Covers("RFC7643-3.1-07"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			if person.read.Doc.Text("externalId") == "" {
				t.NotTested("The service does not keep externalId, which is the matter of the check lifecycle.create.read-back.")
			}
			find := func(id string) func(context.Context) (*scim.Reply, error) {
				return personReading(t, "/Users?"+personQuery("externalId", id))
			}
			exact, _ := t.ReadUntil(ctx, "look up by externalId", find(person.ExternalID), func(r *scim.Reply) bool { return personFound(r, person.UserName) == "found" })
			t.CheckThat("RFC7643-3.1-07", "the user with that externalId", personFound(exact, person.UserName), Equal("found"))
			other := t.Send(ctx, "look up by externalId in other letter case", find(modelSwapped(person.ExternalID)))
			t.CheckThat("RFC7643-3.1-07", "nobody by that externalId in other letter case", personFound(other, person.UserName), Equal("not found"))
		})

	It("lets a client give a user another externalId",
		spec.ID("users.identity.external-id.changed"), spec.Covers("RFC7643-3.1-10"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			victim := mustModelVictim(ctx, t)
			changed := victim.ExternalID + "-AbC"
			reply := personSets(ctx, t, victim, "change externalId", "externalId", changed)
			// A service that keeps the first one and says so misleads nobody.
			if t.Prefer("RFC7643-3.1-10", "success of a change of externalId", reply.Status, createDone()) {
				read := personUntil(ctx, t, victim.ID, personText("externalId", changed))
				t.CheckThat("RFC7643-3.1-10", "the externalId that was sent last", read.Doc.Text("externalId"), Equal(changed))
				victim.ExternalID = read.Doc.Text("externalId")
			}
		})
}
