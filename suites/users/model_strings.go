package users

import (
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/text/unicode/norm"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// The letters with which the names of twins begin: all are read as zoë.
const (
	modelComposed   = "zo\u00eb"
	modelDecomposed = "zoe\u0308"
	modelWide       = "\uff5ao\u00eb"
)

func registerModelStrings() {
	// RFC 7644 §5: userNames are prepared by a PRECIS profile before they are compared. Two
	// accounts of one name look alike, and the provider sees one of them leave.
	It("takes two spellings of a userName for one name, or at least for two users",
		spec.ID("users.strings.twins"), spec.Covers("RFC7644-5-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			zoe := mustZoe(ctx, t)
			for _, twin := range []struct{ what, letters string }{{"with its accent as a sign of its own", modelDecomposed}, {"with a wide letter", modelWide}} {
				name := strings.Replace(zoe.UserName, modelComposed, twin.letters, 1)
				made := t.PostUser(ctx, "create a twin "+twin.what, name, scim.Request{Body: modelBody(t, name, scim.Document{"displayName": "Twin"})})
				// Few services prepare names, so that a twin is made known and no more.
				t.Prefer("RFC7644-5-01", "a refusal of the same userName "+twin.what, modelAnswer(made), Equal("refused"))
				t.CheckThat("RFC7644-5-01", "no answer that passes the user off as a new one, for the same userName "+twin.what, modelTwin(made, zoe), Equal("another user, or none"))
			}
			read := personRead(ctx, t, zoe.ID)
			t.CheckThat("RFC7644-5-01", "the displayName of the first user, whom a twin does not touch", read.Doc.Text("displayName"), Equal(zoe.DisplayName))
		})

	It("finds a user by a userName beyond ASCII, in whichever code points",
		spec.ID("users.strings.filter"), spec.Covers("RFC7644-7.8-01"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			zoe := mustZoe(ctx, t)
			look := func(purpose, name string) string {
				GinkgoHelper()
				find := func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.FindUser(ctx, name) }
				list, _ := t.ReadUntil(ctx, purpose, find, func(r *scim.Reply) bool { return modelFoundNamed(r, zoe.UserName) == "found" })
				return modelFoundNamed(list, zoe.UserName)
			}
			t.CheckThat("RFC7644-7.8-01", "the user by the userName as it was sent", look("look up by the name as it was sent", zoe.UserName), Equal("found"))
			other := norm.NFD.String(zoe.UserName)
			t.Prefer("RFC7644-7.8-01", "the user by the userName with its accent as a sign of its own", look("look up by the name in other code points", other), Equal("found"))
		})
}

// mustZoe is a user with an accent in the userName. Nobody changes her.
func mustZoe(ctx SpecContext, t *spec.T) *subject.Subject {
	GinkgoHelper()
	type outcome struct {
		*subject.Subject
		created *scim.Reply
	}
	zoe := spec.Shared(t, "users.model.zoe", func() outcome {
		s := t.Subjects.Draft()
		s.UserName = subject.Prefix + modelComposed + "-" + strings.TrimPrefix(s.UserName, subject.Prefix)
		t.AtEnd(func(ctx context.Context) { t.Subjects.Remove(t.Context(ctx, "clean up"), s) })
		reply := t.Send(ctx, "create a user with an accent in the userName", func(ctx context.Context) (*scim.Reply, error) {
			return t.Subjects.Create(ctx, s, nil)
		})
		if s.ID != "" {
			personRead(ctx, t, s.ID)
		}
		return outcome{s, reply}
	})
	t.Cite(zoe.created.Exchanges...)
	if zoe.ID == "" {
		t.NotTested(fmt.Sprintf("The service takes no userName with letters beyond ASCII: a creation was answered %d.", zoe.created.Status))
	}
	return zoe.Subject
}

// modelAnswer says whether a creation was refused; with which status is the matter of other checks.
func modelAnswer(made spec.Newcomer) string {
	if made.OK() {
		return fmt.Sprintf("taken, with status %d", made.Status)
	}
	return "refused"
}

// modelTwin says whom the creation of a twin has shown.
func modelTwin(made spec.Newcomer, first *subject.Subject) string {
	if made.ID == first.ID {
		return fmt.Sprintf("the first user, and status %d", made.Status)
	}
	return "another user, or none"
}

// modelFoundNamed says whether a list has a user of a name, in whichever code points.
func modelFoundNamed(r *scim.Reply, userName string) string {
	for _, d := range r.Doc.Resources() {
		if strings.EqualFold(norm.NFC.String(d.Text("userName")), norm.NFC.String(userName)) {
			return "found"
		}
	}
	return "not found"
}
