package users

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelSeen is a resource as a reply showed it.
type modelSeen struct {
	what string
	doc  scim.Document
}

// modelLooks are the users and the group that checks only look at.
func modelLooks(ctx SpecContext, t *spec.T) []modelSeen {
	GinkgoHelper()
	person := mustPerson(ctx, t)
	looks := []modelSeen{{"the answer to a user's creation", person.created.Doc}, {"a read of a user", person.read.Doc}}
	if personCan(ctx, t, "groups") {
		looks = append(looks, modelSeen{"a read of a group", mustMember(ctx, t).read.Doc})
	}
	return looks
}

func registerModelMeta() {
	It("gives each resource a type, two times and an address in meta",
		spec.ID("users.model.meta.assigned"), spec.Covers("RFC7643-3.1-11"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, seen := range modelLooks(ctx, t) {
				missing := []string{}
				for _, name := range []string{"resourceType", "created", "lastModified", "location"} {
					if _, shown := seen.doc.Get("meta", name); !shown {
						missing = append(missing, name)
					}
				}
				t.CheckThat("RFC7643-3.1-11", "nothing of meta to be missing in "+seen.what, strings.Join(missing, ", "), BeEmpty())
			}
		})

	// RFC 7643 §3.1: location is "The URI of the resource being returned."
	It("shows in meta.location the address at which a resource is read",
		spec.ID("users.model.meta.location"), spec.Covers("RFC7643-3.1-14"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			location := person.read.Doc.Text("meta", "location")
			at, err := url.Parse(location)
			if !t.CheckThat("RFC7643-3.1-14", "a whole address, with the host, in meta.location", location, And(Satisfy(modelIsAddress), MatchRegexp("(?i)^https?://."))) || err != nil {
				return
			}
			reply, followed := modelFollow(ctx, t, "read at meta.location", at)
			if !followed { // the credential is for the service alone
				t.Prefer("RFC7643-3.1-14", "an address below "+t.SCIM.Base().String(), location, HavePrefix(t.SCIM.Base().String()))
				return
			}
			t.CheckThat("RFC7643-3.1-14", "the user at meta.location", reply.Doc.Text("id"), Equal(person.ID))
		})

	// Microsoft Entra ID sends meta with each creation.
	It("leaves out of account what a client sends in meta",
		spec.ID("users.model.meta.client"), spec.Covers("RFC7643-3.1-15"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			meta := map[string]any{"resourceType": "Group", "created": createPast, "lastModified": createPast, "location": "https://example.com/Users/1"}
			made := t.PostUser(ctx, "create with meta", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{"meta": meta})})
			t.CheckThat("RFC7643-3.1-15", "a new user, as the client's meta is ignored", made.Status, createDone())
			if made.ID == "" {
				return
			}
			t.CheckThat("RFC7643-3.1-15", "nothing of the client's meta after a creation", modelTaken(personRead(ctx, t, made.ID), meta), BeEmpty())
			put := t.Put(ctx, "replace with meta", scim.UserPath(made.ID), modelPlain(t, s, scim.Document{"meta": meta, "displayName": s.DisplayName}))
			t.CheckThat("RFC7643-3.1-15", "success of a PUT, as the client's meta is ignored", put.Status, createDone())
			read := personUntil(ctx, t, made.ID, personText("displayName", s.DisplayName))
			t.CheckThat("RFC7643-3.1-15", "nothing of the client's meta after a PUT", modelTaken(read, meta), BeEmpty())
		})
}

// modelTaken lists what of the client's meta a read shows.
func modelTaken(r *scim.Reply, meta map[string]any) string {
	var taken []string
	for _, name := range []string{"resourceType", "created", "lastModified", "location"} {
		if r.Doc.Text("meta", name) == meta[name] {
			taken = append(taken, name)
		}
	}
	return strings.Join(taken, ", ")
}

// modelIsAddress reports a text that is an address at all.
func modelIsAddress(text string) bool {
	_, err := url.Parse(text)
	return text != "" && err == nil
}

// modelFollow reads what is at an address of the service, also one beside its base. An address of
// another origin is not followed: the credential is for the service alone.
func modelFollow(ctx SpecContext, t *spec.T, purpose string, at *url.URL) (reply *scim.Reply, followed bool) {
	GinkgoHelper()
	base := t.SCIM.Base()
	if !strings.EqualFold(at.Host, base.Host) || !strings.EqualFold(at.Scheme, base.Scheme) {
		return nil, false
	}
	request := scim.Request{Method: http.MethodGet}
	if path, below := strings.CutPrefix(at.EscapedPath(), base.EscapedPath()+"/"); below {
		request.Path = "/" + path
	} else {
		request.Base, request.Path = "/", strings.TrimPrefix(at.EscapedPath(), "/")
	}
	send := func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.Send(ctx, request) }
	reply, _ = t.ReadUntil(ctx, purpose, send, (*scim.Reply).OK)
	return reply, true
}
