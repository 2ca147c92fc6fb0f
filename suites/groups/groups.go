// Package groups is about groups and their members (RFC 7643 §4.2).
package groups

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string {
	return []string{
		"groups.display-name", "groups.empty", "groups.external-id", "groups.members", "groups.nested", "groups.cycle",
		"groups.shown-on-users", "groups.member-deactivated", "groups.member-deleted", "groups.deleted",
	}
}

// Register adds the checks to the spec tree.
func Register() {
	registerBasics()
	registerMembers()
	registerNested()
	registerPeople()
	registerRing()
}

// crew is a group of two that the checks share. They leave it as they found it, or discard
// it.
type crew struct {
	stays, leaves *subject.Subject
	group         *subject.Group
}

const crewKey = "groups.crew"

func mustCrew(ctx context.Context, t *spec.T) crew {
	GinkgoHelper()
	return spec.Shared(t, crewKey, func() crew {
		c := crew{stays: t.MustKeptUser(ctx, nil), leaves: t.MustKeptUser(ctx, nil)}
		c.group = t.MustKeptGroup(ctx, c.stays, c.leaves)
		return c
	})
}

func (c crew) path() string { return scim.GroupPath(c.group.ID) }

// both are the names of those who are in the group from the start.
func (c crew) both() []string { return []string{c.stays.UserName, c.leaves.UserName} }

// names tells who is in the group.
func (c crew) names(group *scim.Reply) []string {
	return subject.Names(group.Doc.Values("members"), c.stays, c.leaves)
}

// read reads a resource that exists. A new one may not be seen at once.
func read(ctx context.Context, t *spec.T, purpose, path string) *scim.Reply {
	GinkgoHelper()
	return readUntil(ctx, t, purpose, path, (*scim.Reply).OK)
}

// readUntil reads a resource until it shows what a write should have done.
func readUntil(ctx context.Context, t *spec.T, purpose, path string, shows func(*scim.Reply) bool) *scim.Reply {
	GinkgoHelper()
	reply, _ := t.ReadUntil(ctx, purpose, func(ctx context.Context) (*scim.Reply, error) {
		return t.SCIM.Do(ctx, http.MethodGet, path, nil)
	}, shows)
	return reply
}

// kept creates a group from a body of its own, which stays until all checks are over: what
// it is like is looked at by several.
func kept(ctx context.Context, t *spec.T, key, purpose string, body scim.Document) spec.Newcomer {
	GinkgoHelper()
	made := spec.Shared(t, key, func() spec.Newcomer {
		name, made := t.Subjects.DraftGroup().DisplayName, spec.Newcomer{}
		t.AtEnd(func(ctx context.Context) { t.Subjects.RemoveNamed(t.Context(ctx, "clean up"), name, made.ID, true) })
		sent := body.Clone()
		sent["schemas"], sent["displayName"] = []any{scim.GroupSchema}, name
		made.Reply = t.Send(ctx, purpose, func(ctx context.Context) (*scim.Reply, error) {
			return t.Subjects.Post(ctx, name, true, scim.Request{Method: http.MethodPost, Path: "/Groups", Body: sent})
		})
		if made.OK() {
			made.ID = made.Doc.Text("id")
		}
		return made
	})
	t.Cite(made.Exchanges...)
	return made
}

// member is an element of members.
func member(id, kind string) map[string]any { return map[string]any{"value": id, "type": kind} }

// adding is the PATCH operation that makes somebody a member.
func adding(m map[string]any) map[string]any {
	return map[string]any{"op": "add", "path": "members", "value": []any{m}}
}

// succeeds matches a status that says so; which one it has to be is the matter of other checks.
func succeeds() types.GomegaMatcher {
	return And(BeNumerically(">=", http.StatusOK), BeNumerically("<", http.StatusMultipleChoices))
}

// present puts into words whether something is there.
func present(there bool, what string) string {
	if there {
		return what
	}
	return "no " + what
}
