package patching

import (
	"context"
	"maps"
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// kept is a user or group that checks share. A check changes a part of it, relative to what
// the last read showed, and leaves it to the next one as it then is.
type kept struct {
	key, id, path string
	user          *subject.Subject // nil for a group
	now           scim.Document    // as the last read showed it
}

// desk is the user on whom most changes are tried: somebody of whom much is known.
func desk(ctx context.Context, t *spec.T) *kept {
	return user(ctx, t, "patching.desk", func(s *subject.Subject) map[string]any {
		return map[string]any{
			"title": "Assistant", "userType": "Employee",
			"name": map[string]any{"givenName": "Scimproof", "familyName": "Desk", "middleName": "Middle", "honorificSuffix": "III"},
			"emails": []any{
				email(s.Email, "work", map[string]any{"primary": true, "display": "Work"}),
				email(beside(s, "home"), "home", map[string]any{"display": "Home"}),
				email(beside(s, "spare"), "other", nil),
			},
			"phoneNumbers": []any{map[string]any{"value": "+1-201-555-0100", "type": "work"}},
		}
	})
}

// bare is a user of whom little is known.
func bare(ctx context.Context, t *spec.T) *kept {
	return user(ctx, t, "patching.bare", func(s *subject.Subject) map[string]any {
		return map[string]any{
			"emails": []any{
				email(s.Email, "work", map[string]any{"primary": true, "display": "First"}),
				email(beside(s, "home"), "home", map[string]any{"display": "Home"}),
			},
			"phoneNumbers": []any{
				map[string]any{"value": "+1-201-555-0101", "type": "work"}, map[string]any{"value": "+1-201-555-0102", "type": "mobile"},
			},
		}
	})
}

// twofold is a user with two addresses of one type, apart from the others: a service that
// takes none such is still asked all the rest.
func twofold(ctx context.Context, t *spec.T) *kept {
	return user(ctx, t, "patching.twofold", func(s *subject.Subject) map[string]any {
		return map[string]any{"emails": []any{
			email(s.Email, "work", map[string]any{"primary": true, "display": "First"}),
			email(beside(s, "second"), "work", map[string]any{"display": "Second"}),
			email(beside(s, "home"), "home", map[string]any{"display": "Home"}),
		}}
	})
}

// victim is the user to whom everything is sent that must be refused.
func victim(ctx context.Context, t *spec.T) *kept {
	return user(ctx, t, "patching.victim", func(s *subject.Subject) map[string]any {
		return map[string]any{
			"title":  "Victim",
			"emails": []any{email(s.Email, "work", map[string]any{"primary": true}), email(beside(s, "home"), "home", nil)},
		}
	})
}

// user makes a shared user with the attributes, as far as the schema has them.
func user(ctx context.Context, t *spec.T, key string, attributes func(*subject.Subject) map[string]any) *kept {
	return spec.Shared(t, key, func() *kept {
		made := t.Subjects.Draft()
		extra := attributes(made)
		maps.DeleteFunc(extra, func(name string, _ any) bool { return !t.Features.Gate(t.Context(ctx, ""), "attribute:"+name).Open })
		t.AtEnd(func(ctx context.Context) { t.Subjects.Remove(t.Context(ctx, "clean up"), made) })
		t.Must(t.Subjects.AdmitReply(t.Context(ctx, ""), made, extra))
		k := &kept{key: key, id: made.ID, path: scim.UserPath(made.ID), user: made}
		k.read(ctx, t, func(d scim.Document) bool { return len(d.Objects("emails")) == len(extra["emails"].([]any)) })
		return k
	})
}

// email is a value of emails.
func email(address, kind string, more map[string]any) map[string]any {
	value := map[string]any{"value": address, "type": kind}
	maps.Copy(value, more)
	return value
}

// beside makes another address for somebody.
func beside(s *subject.Subject, what string) string {
	return strings.Replace(s.Email, "@", "-"+what+"@", 1)
}

// address makes one that the user does not have yet.
func (k *kept) address(what string) string { return beside(k.user, what) }

// read reads until it shows what it should, for as long as reads may lag.
func (k *kept) read(ctx context.Context, t *spec.T, shows func(scim.Document) bool) {
	reply, _ := t.ReadUntil(ctx, "read back", k.reading(t), func(r *scim.Reply) bool { return r.OK() && shows(r.Doc) })
	if k.now = reply.Doc; !reply.OK() {
		k.now = nil
	}
}

func (k *kept) reading(t *spec.T) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.Do(ctx, http.MethodGet, k.path, nil) }
}

// change sends operations, each as a request of its own, and reads back what came of them.
// One who is not left as expected is of no use to the next check.
func (k *kept) change(ctx context.Context, t *spec.T, shows func(scim.Document) bool, operations ...map[string]any) []*scim.Reply {
	var replies []*scim.Reply
	for _, o := range operations {
		replies = append(replies, t.Patch(ctx, "change", k.path, o))
	}
	k.settle(ctx, t, shows)
	return replies
}

// settle reads back what came of a change.
func (k *kept) settle(ctx context.Context, t *spec.T, shows func(scim.Document) bool) {
	if k.read(ctx, t, shows); k.now == nil || !shows(k.now) {
		t.Discard(k.key)
	}
}

// has is a condition on a text.
func has(wanted string, path ...string) func(scim.Document) bool {
	return func(d scim.Document) bool { return d.Text(path...) == wanted }
}

// lacks is the condition that an attribute has no value.
func lacks(path ...string) func(scim.Document) bool {
	return func(d scim.Document) bool { _, there := d.Get(path...); return !there }
}

// all joins conditions.
func all(conditions ...func(scim.Document) bool) func(scim.Document) bool {
	return func(d scim.Document) bool {
		for _, holds := range conditions {
			if !holds(d) {
				return false
			}
		}
		return true
	}
}

func add(path string, value any) map[string]any {
	return map[string]any{"op": "add", "path": path, "value": value}
}

func remove(path string) map[string]any { return map[string]any{"op": "remove", "path": path} }
