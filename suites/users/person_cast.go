package users

import (
	"context"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// The keys of the users and groups that checks share.
const (
	personKey   = "users.person"
	victimKey   = "users.victim"
	memberKey   = "users.member"
	deletedKey  = "users.deleted"
	inactiveKey = "users.inactive"
)

// personShown is a user whom checks only look at.
type personShown struct {
	*subject.Subject
	home string // the second address
	// created is the answer to the POST, read what a read shows.
	created, read *scim.Reply
}

// mustPerson is somebody with a userName of small and capital letters and two addresses.
// Nobody changes them.
func mustPerson(ctx SpecContext, t *spec.T) *personShown {
	GinkgoHelper()
	p := spec.Shared(t, personKey, func() *personShown {
		s := t.Subjects.Draft()
		s.UserName = personMixed(s.UserName)
		p := &personShown{Subject: s, home: "home." + s.Email}
		p.created = mustKept(ctx, t, s, map[string]any{"emails": []any{
			map[string]any{"value": s.Email, "type": "work", "primary": true},
			map[string]any{"value": p.home, "type": "home"},
		}})
		p.read = personUntil(ctx, t, s.ID, (*scim.Reply).OK) // whether it shows them is the matter of users.read.known
		return p
	})
	t.Cite(p.created.Exchanges...)
	t.Cite(p.read.Exchanges...)
	return p
}

// mustKept creates a drafted user who stays until all checks are over.
func mustKept(ctx SpecContext, t *spec.T, s *subject.Subject, extra map[string]any) *scim.Reply {
	GinkgoHelper()
	t.AtEnd(func(ctx context.Context) { t.Subjects.Remove(t.Context(ctx, "clean up"), s) })
	return t.Must(t.Subjects.AdmitReply(t.Context(ctx, ""), s, extra))
}

// mustVictim is somebody for writes that should be refused, or that no other check minds. A
// check that finds more changed than that discards them.
func mustVictim(ctx SpecContext, t *spec.T) *subject.Subject {
	GinkgoHelper()
	return spec.Shared(t, victimKey, func() *subject.Subject { return t.MustKeptUser(ctx, nil) })
}

// personMember is a user and the group that they are in, with what a read of it showed.
type personMember struct {
	*subject.Subject
	group *subject.Group
	read  *scim.Reply
}

func mustMember(ctx SpecContext, t *spec.T) *personMember {
	GinkgoHelper()
	m := spec.Shared(t, memberKey, func() *personMember {
		s := t.MustKeptUser(ctx, nil)
		g := t.MustKeptGroup(ctx, s)
		read, _ := t.ReadUntil(ctx, "read the group", personReading(t, scim.GroupPath(g.ID)), (*scim.Reply).OK)
		return &personMember{s, g, read}
	})
	t.Cite(m.read.Exchanges...)
	return m
}

// personRead reads a user who exists, as soon as a read shows them. Without a user there is no
// verdict: what a refusal lacks says nothing of what is stored.
func personRead(ctx SpecContext, t *spec.T, id string) *scim.Reply {
	GinkgoHelper()
	read := personUntil(ctx, t, id, (*scim.Reply).OK)
	Expect(read.Status).To(createDone(), "a user who exists could not be read")
	return read
}

// personUntil reads a user until what was written shows.
func personUntil(ctx SpecContext, t *spec.T, id string, shows func(*scim.Reply) bool) *scim.Reply {
	GinkgoHelper()
	read, _ := t.ReadUntil(ctx, "read back", personReading(t, scim.UserPath(id)), shows)
	return read
}

// personReading returns a function that reads a path.
func personReading(t *spec.T, path string) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.Do(ctx, http.MethodGet, path, nil) }
}

// personReadGroup reads a group as soon as a read shows it. Without a group there is no verdict.
func personReadGroup(ctx SpecContext, t *spec.T, g *subject.Group) *scim.Reply {
	GinkgoHelper()
	read, _ := t.ReadUntil(ctx, "read the group", personReading(t, scim.GroupPath(g.ID)), (*scim.Reply).OK)
	Expect(read.Status).To(createDone(), "a group that exists could not be read")
	return read
}

// personCan reports whether the service has a feature, for what is only a part of a check.
func personCan(ctx SpecContext, t *spec.T, gate string) bool {
	return t.Features.Gate(t.Context(ctx, ""), gate).Open
}

// personSets writes one attribute: by PATCH, or by PUT where the service has none.
func personSets(ctx SpecContext, t *spec.T, s *subject.Subject, purpose, attribute string, value any) *scim.Reply {
	GinkgoHelper()
	if personCan(ctx, t, "patch") {
		return t.Patch(ctx, purpose, scim.UserPath(s.ID), spec.Replace(attribute, value))
	}
	body := personDocument(t, s)
	body[attribute] = value
	return t.Put(ctx, purpose, scim.UserPath(s.ID), body)
}

// personDocument is a user as providers send one who exists: without a password.
func personDocument(t *spec.T, s *subject.Subject) scim.Document {
	d := s.Document(t.Target.SCIM.UserExtra)
	delete(d, "password")
	return d
}

// personBody is the least that a new user can be created with.
func personBody(t *spec.T, s *subject.Subject) scim.Document {
	d := scim.Document{"schemas": []any{scim.UserSchema}, "userName": s.UserName}
	for name, value := range t.Target.SCIM.UserExtra {
		d[name] = value
	}
	return d
}

// personPost sends a body that may not become a user. Whoever comes of it all the same is
// removed at once, so as not to stand in the way of the next body of that name.
func personPost(ctx SpecContext, t *spec.T, purpose, name string, body any) *scim.Reply {
	GinkgoHelper()
	reply := t.Send(ctx, purpose, func(ctx context.Context) (*scim.Reply, error) {
		return t.Subjects.Post(ctx, name, false, scim.Request{Method: http.MethodPost, Path: "/Users", Body: body})
	})
	if reply.OK() {
		t.Subjects.RemoveNamed(t.Context(ctx, "clean up"), name, reply.Doc.Text("id"), false)
	}
	return reply
}

// personMixed writes a name in small and capital letters, but for what tells the run's own
// users apart.
func personMixed(name string) string {
	rest, _ := strings.CutPrefix(name, subject.Prefix)
	letters := []byte(rest)
	for i := range letters {
		if i%2 == 0 {
			letters[i] = strings.ToUpper(rest)[i]
		}
	}
	return subject.Prefix + string(letters)
}

// personCapitals is the same in capitals.
func personCapitals(name string) string {
	rest, _ := strings.CutPrefix(name, subject.Prefix)
	return subject.Prefix + strings.ToUpper(rest)
}

// personAmong says whether a user is among others.
func personAmong(ids []string, id string) string {
	if slices.Contains(ids, id) {
		return "among them"
	}
	return "not among them"
}

// personFound says whether a list reply has a user. A userName is looked for, as what is wrong
// with ids in lists is another matter.
func personFound(r *scim.Reply, userName string) string {
	if r.Doc.FindUser(userName) != nil {
		return "found"
	}
	return "not found"
}

// personIDs lists the ids in a list reply.
func personIDs(r *scim.Reply) []string {
	var ids []string
	for _, d := range r.Doc.Resources() {
		ids = append(ids, d.Text("id"))
	}
	return ids
}

// personWord is what an attribute shows, in a word.
func personWord(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case bool:
		return map[bool]string{true: "true", false: "false"}[v]
	case string:
		return v
	}
	return "a value of another type"
}
