package channel

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerRights adds the checks of those who may do something, and not everything.
func registerRights() {
	for _, method := range []string{http.MethodPatch, http.MethodPut, http.MethodDelete, http.MethodPost} {
		It("refuses a "+method+" by a client that may only read",
			spec.ID("channel.read-only."+strings.ToLower(method)), spec.Covers("RFC7644-2-03"), spec.Needs("low-privilege-token"),
			func(ctx SpecContext) {
				t := spec.From(ctx)
				writes(ctx, t, mustReader(ctx, t), method, "RFC7644-2-03", "by a client that may only read")
			})
	}

	It("refuses to create, replace and delete users without a credential",
		spec.ID("channel.anonymous-writes"), spec.Covers("RFC7644-2.2-01", "RFC7644-7.6-01", "AS-40"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			nobody := mustClient(t.SCIM.Anonymous())
			for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPost} {
				reply := writes(ctx, t, nobody, method, "AS-40", "without a credential")
				t.Record("RFC7644-2.2-01", "a "+method+" without a credential", fmt.Sprintf("answered %d", reply.Status))
				if method == http.MethodPost {
					t.Record("RFC7644-7.6-01", "a POST without a credential", made(reply))
				}
			}
		})

	It("shows an ordinary person's token no other users",
		spec.ID("channel.person.reads"), spec.Covers("RFC7644-2-03"), spec.Needs("person-token"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := keptUser(ctx, t)
			person := mustClient(t.SCIM.With(*t.Target.SCIM.Others.Person))
			one := t.Send(ctx, "read as an ordinary person", func(ctx context.Context) (*scim.Reply, error) { return person.GetUser(ctx, user.ID) })
			t.CheckThat("RFC7644-2-03", "nothing of another user in the answer to an ordinary person", one.Doc.Text("userName"), BeEmpty())
			list := t.Send(ctx, "look a user up as an ordinary person", func(ctx context.Context) (*scim.Reply, error) { return person.FindUser(ctx, user.UserName) })
			t.CheckThat("RFC7644-2-03", "nobody in a list for an ordinary person", len(list.Doc.Resources()), BeZero())
		})

	It("lets an ordinary person's token provision nobody",
		spec.ID("channel.person.writes"), spec.Covers("RFC7644-2-03"), spec.Needs("person-token"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			writes(ctx, t, mustClient(t.SCIM.With(*t.Target.SCIM.Others.Person)), http.MethodPatch, "RFC7644-2-03", "by an ordinary person")
		})

	// Whoever may not read users must not learn either which ids there are.
	It("answers whoever may not read users alike for an id that exists and one that does not",
		spec.ID("channel.person.existence"), spec.Covers("RFC7644-2-03"), spec.Needs("person-token"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := keptUser(ctx, t)
			person := mustClient(t.SCIM.With(*t.Target.SCIM.Others.Person))
			there := t.Send(ctx, "read an id that exists", func(ctx context.Context) (*scim.Reply, error) { return person.GetUser(ctx, user.ID) })
			if there.OK() {
				t.NotTested("An ordinary person may read users, which is the matter of the check channel.person.reads.")
			}
			nowhere := t.Send(ctx, "read an id that nobody has", func(ctx context.Context) (*scim.Reply, error) { return person.GetUser(ctx, "scimproof-nobody") })
			t.Prefer("RFC7644-2-03", "the same answer to both", nowhere.Status, Equal(there.Status))
		})

	// RFC 6750 §2.3 has tokens in the query only where nothing else can be done: logs keep them.
	// The token that is sent so may only read.
	It("takes no token from the query",
		spec.ID("channel.token-in-query"), spec.Covers("RFC7644-2-01"), spec.Needs("low-privilege-token", "bearer"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := keptUser(ctx, t)
			mustReader(ctx, t)
			if t.Target.SCIM.Others.ReadOnly.Token == "" {
				t.NotTested("The credential that may only read is no bearer token.")
			}
			nobody := mustClient(t.SCIM.Anonymous())
			path := scim.UserPath(user.ID) + "?" + url.Values{"access_token": {t.Target.SCIM.Others.ReadOnly.Token}}.Encode()
			reply := t.Send(ctx, "read with the token in the query", func(ctx context.Context) (*scim.Reply, error) { return nobody.Do(ctx, http.MethodGet, path, nil) })
			t.CheckThat("RFC7644-2-01", "nothing of the user in the answer to a token in the query", reply.Doc.Text("userName"), BeEmpty())
		})

	It("does not repeat a credential that it refuses",
		spec.ID("channel.credential-not-repeated"), spec.Covers("RFC7644-3.12-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			const madeUp = "Made-Up-Credential-7aZ"
			nobody := mustClient(t.SCIM.Anonymous())
			reply := t.Send(ctx, "read with a made-up token", func(ctx context.Context) (*scim.Reply, error) {
				return nobody.Send(ctx, scim.Request{Method: http.MethodGet, Path: "/Users?count=1", Header: http.Header{"Authorization": {"Bearer " + madeUp}}})
			})
			t.CheckThat("RFC7644-3.12-04", "nothing of the credential in the refusal", repeats(reply, madeUp), Equal("not repeated"))
		})
}

func repeats(r *scim.Reply, credential string) string {
	if strings.Contains(string(r.Body), credential) {
		return "repeated"
	}
	return "not repeated"
}

// mustReader is the client that may only read. One that cannot even read would be refused
// whatever it may do, so that there is no verdict.
func mustReader(ctx SpecContext, t *spec.T) *scim.Client {
	GinkgoHelper()
	user := keptUser(ctx, t)
	return spec.Shared(t, "channel.reader", func() *scim.Client {
		reader := mustClient(t.SCIM.With(*t.Target.SCIM.Others.ReadOnly))
		read := t.Send(ctx, "see that the credential is good", func(ctx context.Context) (*scim.Reply, error) { return reader.AwaitUser(ctx, user.ID) })
		if !read.OK() {
			t.NotTested(fmt.Sprintf("The credential that may only read (scim.others.readOnly) is answered %d when it reads a user.", read.Status))
		}
		return reader
	})
}

// writes sends a write in somebody's name and looks whether it had an effect. It returns the
// answer.
func writes(ctx SpecContext, t *spec.T, who *scim.Client, method, requirement, by string) *scim.Reply {
	GinkgoHelper()
	// A body that lacks what the service asks for would be refused for that.
	extra := t.Target.SCIM.UserExtra
	if method == http.MethodPost {
		draft := t.Subjects.Draft()
		made := t.PostUserAs(ctx, who, "create "+by, draft.UserName, scim.Request{Body: draft.Document(extra)})
		refused(t, made.Reply, requirement, method, by)
		return made.Reply
	}
	user := keptUser(ctx, t)
	reply := t.Send(ctx, method+" "+by, func(ctx context.Context) (*scim.Reply, error) {
		switch method {
		case http.MethodPut:
			body := user.Document(extra)
			body["active"] = false
			delete(body, "password")
			return who.PutUser(ctx, user.ID, body)
		case http.MethodDelete:
			return who.DeleteUser(ctx, user.ID)
		}
		return dialects.PatchPath().Send(ctx, who, user.ID, false)
	})
	refused(t, reply, requirement, method, by)
	unchanged(ctx, t, user, requirement, "a "+method+" "+by)
	return reply
}

// made puts into words whom a POST created.
func made(r *scim.Reply) string {
	if !r.OK() || r.Doc.Text("id") == "" {
		return "creates nobody"
	}
	return "creates somebody, who is " + seen(inactive(r))
}

func refused(t *spec.T, r *scim.Reply, requirement, method, by string) {
	t.CheckThat(requirement, "a refusal of a "+method+" "+by, r.Status, BeNumerically(">=", http.StatusBadRequest))
}
