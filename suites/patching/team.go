package patching

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// team is the group on whose members changes are tried, with those who can be in it.
type team struct {
	*kept
	crew []string // ids
}

// teamOf is the shared group with so many members.
func teamOf(ctx context.Context, t *spec.T, members int) *team {
	GinkgoHelper()
	crew := spec.Shared(t, "patching.crew", func() []*subject.Subject {
		var crew []*subject.Subject
		for range 3 {
			crew = append(crew, t.MustKeptUser(ctx, nil))
		}
		return crew
	})
	g := spec.Shared(t, "patching.team", func() *team {
		group := t.MustKeptGroup(ctx, crew[:members]...)
		made := &team{kept: &kept{key: "patching.team", id: group.ID, path: scim.GroupPath(group.ID)}}
		for _, s := range crew {
			made.crew = append(made.crew, s.ID)
		}
		made.read(ctx, t, in(made.crew[:members]...))
		return made
	})
	if len(g.members()) == members {
		return g
	}
	if g.change(ctx, t, in(g.crew[:members]...), spec.Replace("members", references(g.crew[:members]...))); len(g.members()) == members {
		return g
	}
	t.NotTested("The service did not give the group the members that the check begins with, which is the matter of others.")
	return nil
}

// members lists who is in the group.
func (g *team) members() []string { return slices.Sorted(slices.Values(g.now.Values("members"))) }

// outsider is one of the crew who is not in the group.
func (g *team) outsider() string {
	for _, id := range g.crew {
		if !slices.Contains(g.members(), id) {
			return id
		}
	}
	return ""
}

// in is the condition that exactly these are in the group.
func in(ids ...string) func(scim.Document) bool {
	wanted := slices.Sorted(slices.Values(ids))
	return func(d scim.Document) bool {
		return slices.Equal(slices.Sorted(slices.Values(d.Values("members"))), wanted)
	}
}

// references lists members as they are sent.
func references(ids ...string) []any {
	list := []any{}
	for _, id := range ids {
		list = append(list, map[string]any{"value": id})
	}
	return list
}

// memberPath is the path of one member.
func memberPath(id string) string { return `members[value eq "` + id + `"]` }
