package users

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// registerModel adds the checks on what all resources have in common: their attributes, ids,
// schemas and metadata, and that a reply shows what is stored.
func registerModel() {
	registerModelNames()
	registerModelBooleans()
	registerModelValues()
	registerModelBinary()
	registerModelReferences()
	registerModelEmpty()
	registerModelSchemas()
	registerModelSchemasSent()
	registerModelIdentity()
	registerModelExternalID()
	registerModelMeta()
	registerModelChanged()
	registerModelRead()
	registerModelStrings()
}

// modelSight is a resource as a reply showed it.
type modelSight struct {
	what  string
	reply *scim.Reply
	base  string // the URN that its schemas begin with
}

// mustModelSights are what was seen of a user and a group whom checks share, so that a look at
// their form costs no request.
func mustModelSights(ctx SpecContext, t *spec.T) []modelSight {
	GinkgoHelper()
	person := mustPerson(ctx, t)
	sights := []modelSight{
		{"the answer to the creation of a user", person.created, scim.UserSchema},
		{"a read of a user", person.read, scim.UserSchema},
	}
	if personCan(ctx, t, "groups") {
		sights = append(sights, modelSight{"a read of a group", mustMember(ctx, t).read, scim.GroupSchema})
	}
	return sights
}

// modelBody is the least that a new user can be created with, and some attributes more.
func modelBody(t *spec.T, userName string, more scim.Document) scim.Document {
	body := personBody(t, &subject.Subject{UserName: userName})
	maps.Copy(body, more)
	return body
}

// modelWritable is a text that a change may be tried on.
func modelWritable(ctx SpecContext, t *spec.T) string {
	if personCan(ctx, t, "attribute:title") {
		return "title"
	}
	return "displayName"
}

// modelFate says what became of a creation: its refusal, or what is made of the user who is read.
func modelFate(ctx SpecContext, t *spec.T, made spec.Newcomer, user func(*scim.Reply) string) string {
	GinkgoHelper()
	if made.ID == "" {
		return fmt.Sprintf("refused with %d", made.Status)
	}
	return user(personRead(ctx, t, made.ID))
}

// modelHolds reports whether a list has a URN, in any letter case.
func modelHolds(list []string, urn string) bool {
	return slices.ContainsFunc(list, func(one string) bool { return strings.EqualFold(one, urn) })
}

// modelList puts names into a phrase; nothing for none.
func modelList(names []string) string { return strings.Join(names, ", ") }
