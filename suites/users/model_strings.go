package users

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

// A letter with an accent, in one code point and in two, and another one in full width. Each pair
// looks alike, and is the same to the rules of PRECIS.
const (
	modelComposed   = "zo\u00eb"
	modelDecomposed = "zoe\u0308"
	modelWide       = "\uff5a"
)

func registerModelStrings() {
	It("takes spellings of a userName that look alike for the same name",
		spec.ID("users.strings.unique"), spec.Covers("RFC7644-5-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := mustAccented(ctx, t)
			for _, twin := range []struct{ what, name string }{
				{"with the accent as a code point of its own", strings.Replace(user.UserName, modelComposed, modelDecomposed, 1)},
				{"with a letter in full width", strings.Replace(user.UserName, "z", modelWide, 1)},
			} {
				s := t.Subjects.Draft()
				s.UserName = twin.name
				reply := personPost(ctx, t, "create the same name "+twin.what, s.UserName, modelPlain(t, s, nil))
				t.CheckThat("RFC7644-5-01", "no failure of the service by a name "+twin.what, reply.Status, BeNumerically("<", 500))
				if reply.Status == http.StatusBadRequest { // such a spelling is refused to everybody
					continue
				}
				// Few services do so.
				t.Prefer("RFC7644-5-01", "status 409 for a name that is taken, "+twin.what, reply.Status, Equal(http.StatusConflict))
			}
		})

	It("finds a user by another spelling of the userName that looks alike",
		spec.ID("users.strings.filter"), spec.Covers("RFC7644-7.8-01"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := mustAccented(ctx, t)
			find := func(name string) func(context.Context) (*scim.Reply, error) {
				return func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.FindUser(ctx, name) }
			}
			shows := func(r *scim.Reply) bool { return modelAccentedIn(r, user) == "found" }
			same, _ := t.ReadUntil(ctx, "look up by the name as it was sent", find(user.UserName), shows)
			t.CheckThat("RFC7644-7.8-01", "the user by the name that was sent", modelAccentedIn(same, user), Equal("found"))
			other, _ := t.ReadUntil(ctx, "look up with the accent as a code point of its own", find(strings.Replace(user.UserName, modelComposed, modelDecomposed, 1)), shows)
			// Few services do so.
			t.Prefer("RFC7644-7.8-01", "the user by the name with the accent as a code point of its own", modelAccentedIn(other, user), Equal("found"))
		})
}

// modelAccentedIn says whether a list reply has the user. Whether the name is shown as it was
// sent is another matter.
func modelAccentedIn(r *scim.Reply, user *subject.Subject) string {
	for _, d := range r.Doc.Resources() {
		if d.Text("externalId") == user.ExternalID {
			return "found"
		}
	}
	return personFound(r, user.UserName)
}

// mustAccented is somebody whose userName has an accent.
func mustAccented(ctx SpecContext, t *spec.T) *subject.Subject {
	GinkgoHelper()
	return spec.Shared(t, "users.accented", func() *subject.Subject {
		s := t.Subjects.Draft()
		name, domain, _ := strings.Cut(s.UserName, "@")
		s.UserName = name + "-" + modelComposed + "@" + domain
		t.AtEnd(func(ctx context.Context) { t.Subjects.Remove(t.Context(ctx, "clean up"), s) })
		reply, err := t.Subjects.AdmitReply(t.Context(ctx, ""), s, nil)
		if err != nil && reply != nil && reply.Status == http.StatusBadRequest {
			t.NotTested("The service takes no userName with an accent.")
		}
		t.Must(reply, err)
		personRead(ctx, t, s.ID)
		return s
	})
}
