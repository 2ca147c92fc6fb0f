package lifecycle

import (
	"context"
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerMembers() {
	DescribeTable("Membership",
		func(ctx SpecContext, r dialects.Removal, requirement string) {
			t := spec.From(ctx)
			members := slices.Clone(people(ctx, t))
			stays, third, leaves := members[0], members[1], members[2]
			if r.Nobody {
				members = members[:2]
			}
			group := t.MustGroup(ctx, members...)
			var all []string
			for _, member := range members {
				all = append(all, member.ID)
			}
			all = listed(all)
			if r.All { // whoever stays in the others shows that the group had members
				before, _ := t.ReadUntil(ctx, "read the new group", readingGroup(t.SCIM, group.ID), lists(all))
				Expect(listed(before.Doc.Values("members"))).To(Equal(all), "the group was created with members, and a read does not list them")
			}
			m := membersAfter(r, group, stays, third, leaves)
			reply := t.Send(ctx, "take out of the group ("+r.ID+")", func(ctx context.Context) (*scim.Reply, error) { return r.Send(ctx, t.SCIM, m) })
			wanted := listed(m.Stay)
			read, lag := t.ReadUntil(ctx, "read the group back", readingGroup(t.SCIM, group.ID), lists(wanted))
			seen := listed(read.Doc.Values("members"))
			t.Effect(reports.Effect{
				Action: string(reports.EventRemoveMember), Shape: r.ID, Status: reply.Status,
				Wanted: count(wanted), Seen: unlike(seen, wanted), Achieved: slices.Equal(seen, wanted), LagMs: lagOf(lag),
				Optional: len(r.Beyond) > 0 && (r.Nobody || !t.AnyChosen(r.Beyond)), Unchanged: r.Nobody,
			}, requirement)
		},
		func(r dialects.Removal, _ string) string {
			return fmt.Sprintf("takes exactly those out of a group who leave it, in the form that is sent by %s (%s)", r.Sender, r.ID)
		},
		removalEntries())
}

func removalEntries() []TableEntry {
	covers := map[string]string{
		"filter": "RFC7644-3.5.2.2-04", "two-filters": "RFC7644-3.5.2.2-04", "or-filter": "RFC7644-3.5.2.2-04", "filter-in-capitals": "RFC7644-3.5.2.2-04",
		"value-list": "RFC7644-3.5.2.2-10", "value-list-plain": "RFC7644-3.5.2.2-10", "value-list-stranger": "RFC7644-3.5.2.2-10", "replace-with-none": "RFC7644-3.5.2.2-03", "remove-all": "RFC7644-3.5.2.2-03",
		"replace": "RFC7644-3.5.2.3-03", "replace-pathless": "RFC7644-3.5.2.3-03", "put": "RFC7644-3.5.2.3-03",
	}
	var entries []TableEntry
	for _, r := range dialects.Removals() {
		entries = append(entries, Entry(nil, r, covers[r.ID],
			spec.ID("lifecycle.remove-member."+r.ID), spec.Covers(covers[r.ID]), spec.Needs("groups"), spec.On(reports.EventRemoveMember, r.ID)))
	}
	return entries
}

// people are three users who are members of one group after the other. Nothing is written
// about them.
func people(ctx SpecContext, t *spec.T) []*subject.Subject {
	GinkgoHelper()
	return spec.Shared(t, "lifecycle.people", func() []*subject.Subject {
		return []*subject.Subject{t.MustKeptUser(ctx, nil), t.MustKeptUser(ctx, nil), t.MustKeptUser(ctx, nil)}
	})
}

// readingGroup returns a function that reads one group.
func readingGroup(c *scim.Client, id string) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return c.GetGroup(ctx, id) }
}

// lists tells whether a group has exactly these members.
func lists(ids []string) func(*scim.Reply) bool {
	return func(r *scim.Reply) bool { return slices.Equal(listed(r.Doc.Values("members")), ids) }
}

// membersAfter says who must be in the group after the removal, and who must not.
func membersAfter(r dialects.Removal, group *subject.Group, stays, third, leaves *subject.Subject) dialects.Membership {
	m := dialects.Membership{Group: group.ID, Stay: []string{stays.ID}, Leave: []string{third.ID, leaves.ID}}
	switch {
	case r.All:
		m.Stay, m.Leave = nil, []string{stays.ID, third.ID, leaves.ID}
	case !r.Several:
		m.Stay, m.Leave = []string{stays.ID, third.ID}, []string{leaves.ID}
	}
	return m
}

// listed puts ids into an order in which they can be compared.
func listed(ids []string) []string {
	return slices.Sorted(slices.Values(ids))
}

func count(ids []string) string { return fmt.Sprintf("%d members", len(ids)) }

// unlike says how a list of members differs from the one that was wanted.
func unlike(seen, wanted []string) string {
	extra, missing := 0, 0
	for _, id := range seen {
		if !slices.Contains(wanted, id) {
			extra++
		}
	}
	for _, id := range wanted {
		if !slices.Contains(seen, id) {
			missing++
		}
	}
	words := count(seen)
	if extra > 0 {
		words += fmt.Sprintf(", %d of whom should be gone", extra)
	}
	if missing > 0 {
		words += fmt.Sprintf(", and %d who should have stayed is missing", missing)
	}
	return words
}
