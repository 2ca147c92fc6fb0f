package users

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerPersonNames() {
	// RFC 7643 §4.1.1: a userName is unique, whatever the case of its letters. Two that differ
	// in nothing else are two accounts of one person, of whom one leaves.
	It("creates nobody whose userName differs from another's in letter case alone",
		spec.ID("users.username.unique.post"), spec.Covers("RFC7643-4.1.1-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user, twin := t.MustUser(ctx), t.Subjects.Draft()
			twin.UserName = personCapitals(user.UserName)
			made := t.PostUser(ctx, "create a twin in capitals", twin.UserName, scim.Request{Body: twin.Document(t.Target.SCIM.UserExtra)})
			t.CheckThat("RFC7643-4.1.1-02", "status 409 for a userName that is taken", made.Status, Equal(http.StatusConflict))
		})

	for _, write := range []struct{ id, method string }{{"put", http.MethodPut}, {"patch", http.MethodPatch}} {
		gates := map[string][]string{http.MethodPatch: {"patch"}}[write.method]
		It("gives nobody the userName of another by a "+write.method,
			spec.ID("users.username.unique."+write.id), spec.Covers("RFC7643-4.1.1-02"), spec.Needs(gates...),
			func(ctx SpecContext) { personRename(ctx, spec.From(ctx), write.method) })
	}

	It("shows a userName in the letters in which it was sent",
		spec.ID("users.username.kept"), spec.Covers("RFC7643-4.1.1-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			t.CheckThat("RFC7643-4.1.1-04", "the userName that was sent, "+person.UserName, person.read.Doc.Text("userName"), Equal(person.UserName))
		})

	It("finds a user by the userName in any letter case",
		spec.ID("users.username.filter-case"), spec.Covers("RFC7643-4.1.1-03"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			find := func(ctx context.Context) (*scim.Reply, error) {
				return t.SCIM.FindUser(ctx, personCapitals(person.UserName))
			}
			list, _ := t.ReadUntil(ctx, "look up in capitals", find, func(r *scim.Reply) bool { return personFound(r, person.UserName) == "found" })
			t.CheckThat("RFC7643-4.1.1-03", "the user whose name was asked for in capitals", personFound(list, person.UserName), Equal("found"))
		})
}

// personRename tries to give a user the userName of another, in capitals.
func personRename(ctx SpecContext, t *spec.T, method string) {
	GinkgoHelper()
	person, victim := mustPerson(ctx, t), mustVictim(ctx, t)
	taken := personCapitals(person.UserName)
	path := scim.UserPath(victim.ID)
	var reply *scim.Reply
	if method == http.MethodPatch {
		reply = t.Patch(ctx, "take another's userName", path, spec.Replace("userName", taken))
	} else {
		body := personDocument(t, victim)
		body["userName"] = taken
		reply = t.Put(ctx, "take another's userName", path, body)
	}
	// RFC 7644 has uniqueness under 400 in its table 9, and under 409 in §3.3.
	t.CheckThat("RFC7643-4.1.1-02", "status 409 or 400 for a userName that is taken", reply.Status, Or(Equal(http.StatusConflict), Equal(http.StatusBadRequest)))
	kept := func(r *scim.Reply) bool { return strings.EqualFold(r.Doc.Text("userName"), victim.UserName) }
	read := personUntil(ctx, t, victim.ID, kept)
	if !t.CheckThat("RFC7643-4.1.1-02", "the user's own name, "+victim.UserName, read.Doc.Text("userName"), WithTransform(strings.ToLower, Equal(strings.ToLower(victim.UserName)))) {
		t.Discard(victimKey)
	}
}
