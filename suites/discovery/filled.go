package discovery

import (
	"context"
	"maps"
	"net/http"
	"slices"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// filled is a user or group with a value for whatever can be written, made once for all checks
// on what schemas say.
type filled struct {
	kind     kind
	id, name string
	fields   []field
	sent     scim.Document // with all that the target took
	written  []field       // of these, the ones with a value made up
	refused  []refusal
	posted   *scim.Reply // the answer to its creation
	read     *scim.Reply
}

// refusal is a value that the target did not take.
type refusal struct {
	field field
	reply *scim.Reply
}

func (f *filled) path() string {
	if f.kind.group {
		return scim.GroupPath(f.id)
	}
	return scim.UserPath(f.id)
}

// shows reports whether a read of the resource has all that was written.
func (f *filled) shows(r *scim.Reply) bool { return r.OK() && len(unkept(f, r.Doc)) == 0 }

const (
	filledUserKey  = "discovery: filled user"
	filledGroupKey = "discovery: filled group"
)

// filledUser is the user with all that users can have.
func filledUser(ctx context.Context, t *spec.T) *filled {
	GinkgoHelper()
	f := spec.Shared(t, filledUserKey, func() *filled {
		s := t.Subjects.Draft()
		t.AtEnd(func(ctx context.Context) { t.Subjects.Remove(t.Context(ctx, "clean up"), s) })
		f := &filled{kind: users(), name: s.UserName, fields: published(ctx, t, users())}
		base := s.Document(t.Target.SCIM.UserExtra)
		body := f.fill(base, maker{mark: s.Marker[len(s.Marker)-8:], domain: t.Target.SCIM.MailDomain})
		f.posted = t.Must(t.Subjects.Create(t.Context(ctx, "create a user with all that there is"), s, body))
		if s.ID == "" {
			f.posted = t.Must(t.Subjects.AdmitReply(t.Context(ctx, "create a plain user"), s, nil))
			f.id = s.ID
			f.find(ctx, t, base, body)
		}
		f.id = s.ID
		return f.look(ctx, t)
	})
	t.Cite(f.posted.Exchanges...)
	t.Cite(f.read.Exchanges...)
	return f
}

// filledGroup is the group with all that groups can have, and the filled user in it.
func filledGroup(ctx context.Context, t *spec.T, member *filled) *filled {
	GinkgoHelper()
	f := spec.Shared(t, filledGroupKey, func() *filled {
		g := t.Subjects.DraftGroup()
		f := &filled{kind: groups(), name: g.DisplayName, fields: published(ctx, t, groups())}
		t.AtEnd(func(ctx context.Context) { t.Subjects.RemoveNamed(t.Context(ctx, "clean up"), f.name, f.id, true) })
		base := scim.Document{
			"schemas": []any{scim.GroupSchema}, "displayName": g.DisplayName, "members": subject.Members(&subject.Subject{ID: member.id}),
		}
		body := f.fill(base, maker{mark: member.id, domain: t.Target.SCIM.MailDomain})
		f.posted = f.post(ctx, t, body)
		if !f.posted.OK() {
			f.posted = f.post(ctx, t, base)
			f.take(t, f.posted)
			f.find(ctx, t, base, body)
		}
		f.take(t, f.posted)
		return f.look(ctx, t)
	})
	t.Cite(f.posted.Exchanges...)
	t.Cite(f.read.Exchanges...)
	return f
}

func (f *filled) post(ctx context.Context, t *spec.T, body scim.Document) *scim.Reply {
	GinkgoHelper()
	return t.Must(t.Subjects.Post(t.Context(ctx, "create a group with all that there is"), f.name, true, scim.Request{Method: http.MethodPost, Path: "/Groups", Body: body}))
}

// take notes the id that a create gave; without one there is nothing to look at.
func (f *filled) take(t *spec.T, r *scim.Reply) {
	GinkgoHelper()
	if f.id = r.Doc.Text("id"); !r.OK() || f.id == "" {
		t.NotTested("The target creates no group.")
	}
}

// usual are the attributes that every test user or group has; what becomes of them is the
// matter of the checks on its creation.
var usual = map[string]bool{"userName": true, "externalId": true, "displayName": true, "active": true, "password": true, "members": true}

// fill adds to a body a value for whatever can be written and has none. What the profile gives
// stays.
func (f *filled) fill(base scim.Document, m maker) scim.Document {
	body := base.Clone()
	f.written = nil
	for _, at := range f.fields {
		value, ok := m.value(at.Attribute)
		if !ok || at.urn == "" && usual[at.Name] {
			continue
		}
		switch there := at.in(base).(type) {
		case nil:
		case map[string]any: // a name, with the parts that it has
			parts, _ := value.(map[string]any)
			if parts == nil {
				continue
			}
			maps.Copy(parts, there)
		case []any: // addresses, of which the first is the user's own
			list, _ := value.([]any)
			if len(list) < 2 {
				continue
			}
			value = slices.Concat(there[:1], list[1:])
		default:
			continue
		}
		at.put(body, value)
		f.written = append(f.written, at)
	}
	f.sent = body
	return body
}

// look reads the resource, for as long as reads may lag.
func (f *filled) look(ctx context.Context, t *spec.T) *filled {
	GinkgoHelper()
	f.read, _ = t.ReadUntil(ctx, "read what was written", reading(t, f.path()), f.shows)
	if !f.read.OK() {
		t.NotTested("A " + f.kind.name + " that was just created cannot be read.")
	}
	return f
}

// tries bounds how many requests it takes to find what a target refuses.
const tries = 24

// find gives a plain resource the values in halves, until it is known which of them the target
// does not take.
func (f *filled) find(ctx context.Context, t *spec.T, base, full scim.Document) {
	GinkgoHelper()
	f.sent = base.Clone()
	pending := [][]field{f.written}
	f.written = nil
	for n := 0; n < tries && len(pending) > 0; n++ {
		part := pending[0]
		pending = pending[1:]
		if len(part) == 0 {
			continue
		}
		body := f.sent.Clone()
		for _, at := range part {
			at.put(body, at.in(full))
		}
		reply := t.Put(ctx, "find what is refused", f.path(), body)
		switch {
		case reply.OK():
			f.sent, f.written = body, append(f.written, part...)
		case len(part) == 1:
			f.refused = append(f.refused, refusal{part[0], reply})
		default:
			pending = append([][]field{part[:len(part)/2], part[len(part)/2:]}, pending...)
		}
	}
}

// filledResources are the user and, where groups are served, the group.
func filledResources(ctx context.Context, t *spec.T) []*filled {
	GinkgoHelper()
	user := filledUser(ctx, t)
	if !t.Features.Gate(ctx, "groups").Open {
		return []*filled{user}
	}
	return []*filled{user, filledGroup(ctx, t, user)}
}
