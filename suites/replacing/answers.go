package replacing

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerAnswers() {
	It("takes a PUT, and answers with the whole resource",
		spec.ID("replacing.answer"), spec.Covers("RFC7644-3.5-01", "RFC7644-3.5.1-07"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			p := mustPair(ctx, t)
			whole := readUntil(ctx, t, "read the user", p.replaced, anything).Doc
			reply := put(ctx, t, "send back what was read, with another displayName", p.replaced, with(whole, "displayName", "Scimproof Replaced"))
			if !taken(t, "RFC7644-3.5-01", "of what was read", reply) {
				// Whatever the whole resource would be answered with, nothing was taken.
				t.CheckThat("RFC7644-3.5.1-07", "status 200", reply.Status, Equal(http.StatusOK))
				return
			}
			t.Prefer("RFC7644-3.5.1-07", "status 200", reply.Status, Equal(http.StatusOK))
			if reply.Status != http.StatusNoContent {
				t.CheckThat("RFC7644-3.5.1-07", "the user's id in the answer", reply.Doc.Text("id"), Equal(p.replaced.ID))
				t.CheckThat("RFC7644-3.5.1-07", "the userName in the answer", strings.ToLower(reply.Doc.Text("userName")), Equal(strings.ToLower(p.replaced.UserName)))
				t.CheckThat("RFC7644-3.5.1-07", "the displayName that was sent in the answer", reply.Doc.Text("displayName"), Equal("Scimproof Replaced"))
			}
			back := readUntil(ctx, t, "read back", p.replaced, func(d scim.Document) bool { return d.Text("displayName") == "Scimproof Replaced" })
			t.CheckThat("RFC7644-3.5-01", "the displayName that was sent", back.Doc.Text("displayName"), Equal("Scimproof Replaced"))
		})

	// RFC 7644 §3.5.1: "PUT MUST NOT be used to create new resources."
	It("creates nobody by a PUT of an id that nobody has",
		spec.ID("replacing.unknown"), spec.Covers("RFC7644-3.5.1-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			nobody := t.Subjects.Draft()
			path := scim.UserPath(uuid.NewString())
			reply := t.PostUser(ctx, "replace a user who does not exist", nobody.UserName, scim.Request{Method: http.MethodPut, Path: path, Body: body(t, nobody, nil)})
			judge := t.CheckThat
			if reply.Status == http.StatusBadRequest {
				judge = t.Prefer // a service whose ids have another form may say so
			}
			judge("RFC7644-3.5.1-01", "status 404 for an id that nobody has", reply.Status, Equal(http.StatusNotFound))
			found := t.Must(t.SCIM.FindUser(t.Context(ctx, "look for the userName"), nobody.UserName))
			if found.OK() { // without filters nobody is found either way
				t.CheckThat("RFC7644-3.5.1-01", "nobody of that userName afterwards", there(found, nobody.UserName), Equal("nobody"))
			}
		})
}

// with is a copy of a user with another value of an attribute, however its name is spelled.
func with(user scim.Document, attribute string, value any) scim.Document {
	changed := user.Clone()
	for name := range changed {
		if strings.EqualFold(name, attribute) {
			delete(changed, name)
		}
	}
	changed[attribute] = value
	return changed
}

// there puts into words whether a list has a user.
func there(list *scim.Reply, userName string) string {
	if list.Doc.FindUser(userName) != nil {
		return fmt.Sprintf("a user %s", userName)
	}
	return "nobody"
}
