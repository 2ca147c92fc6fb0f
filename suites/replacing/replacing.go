// Package replacing is about PUT (RFC 7644 §3.5.1).
package replacing

import (
	"context"
	"maps"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string {
	return []string{
		"replacing.answer", "replacing.unknown", "replacing.values", "replacing.extension", "replacing.cleared", "replacing.read-only",
		"replacing.immutable", "replacing.required", "replacing.taken-name", "replacing.other-id", "replacing.memberships",
		"replacing.members", "replacing.inactive", "replacing.password",
	}
}

// Register adds the checks to the spec tree.
func Register() {
	registerAnswers()
	registerPassword()
	registerGroups()
	registerRefusals()
	registerValues()
}

// pair are two users whom the checks share. One is replaced over and over: each check says
// what it wants of them, and relies on nothing that another has left. The other is to stay
// as they are.
type pair struct{ replaced, other *subject.Subject }

const pairKey = "replacing.pair"

func mustPair(ctx context.Context, t *spec.T) pair {
	GinkgoHelper()
	return spec.Shared(t, pairKey, func() pair {
		return pair{
			replaced: t.MustKeptUser(ctx, map[string]any{"title": "Before", "nickName": "Before", "phoneNumbers": phones()}),
			other:    t.MustKeptUser(ctx, nil),
		}
	})
}

func phones() []any {
	return []any{map[string]any{"value": "+1 555 0100", "type": "work"}}
}

// body is all of a user that a client sends in a PUT, which is what it sent at creation, with
// something else. The password is not among it: nothing reads one back.
func body(t *spec.T, user *subject.Subject, changed map[string]any) scim.Document {
	extra := maps.Clone(t.Target.SCIM.UserExtra)
	if extra == nil {
		extra = map[string]any{}
	}
	maps.Copy(extra, changed)
	d := user.Document(extra)
	delete(d, "password")
	return d
}

// put replaces a user by a body.
func put(ctx context.Context, t *spec.T, purpose string, user *subject.Subject, body scim.Document) *scim.Reply {
	GinkgoHelper()
	return t.Put(ctx, purpose, scim.UserPath(user.ID), body)
}

// readUntil reads a user until that shows what a write should have done.
func readUntil(ctx context.Context, t *spec.T, purpose string, user *subject.Subject, shows func(scim.Document) bool) *scim.Reply {
	GinkgoHelper()
	return until(ctx, t, purpose, scim.UserPath(user.ID), shows)
}

func until(ctx context.Context, t *spec.T, purpose, path string, shows func(scim.Document) bool) *scim.Reply {
	GinkgoHelper()
	reply, _ := t.ReadUntil(ctx, purpose, func(ctx context.Context) (*scim.Reply, error) {
		return t.SCIM.Do(ctx, http.MethodGet, path, nil)
	}, func(r *scim.Reply) bool { return r.OK() && shows(r.Doc) })
	return reply
}

// anything is what a reader of something that exists waits for.
func anything(scim.Document) bool { return true }

// taken notes whether a PUT was taken, and returns the same. An answer 204 says so, too.
func taken(t *spec.T, requirement, what string, reply *scim.Reply) bool {
	return t.CheckThat(requirement, "success for a PUT "+what, reply.Status, And(BeNumerically(">=", 200), BeNumerically("<", 300)))
}
