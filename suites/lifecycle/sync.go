package lifecycle

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerSync() {
	DescribeTable("Routine",
		func(ctx SpecContext, s dialects.Sync) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			group := ""
			if s.NeedsGroup {
				group = t.MustGroup(ctx).ID
			}
			if left := changeActive(ctx, t, user, dialects.PatchPath(), false); !left.Achieved {
				t.Effect(left, t.Requirements...)
				return
			}
			t.Subjects.Sends(user.UserName) // one of the forms creates the user again
			reply := t.Send(ctx, "routine sync ("+s.ID+")", func(ctx context.Context) (*scim.Reply, error) {
				return s.Send(ctx, t.SCIM, user.Document(nil), user.ID, group)
			})
			read := t.Send(ctx, "read back", reading(t.SCIM, user.ID))
			t.Effect(reports.Effect{
				Action: string(reports.EventSync), Shape: s.ID, Status: reply.Status,
				Wanted: "active: false", Seen: state(read), Achieved: state(read) == "active: false",
			}, "AS-32")
		},
		func(s dialects.Sync) string {
			return fmt.Sprintf("leaves an inactive user inactive on what is sent by %s (%s)", s.Sender, s.ID)
		},
		syncEntries())
}

func syncEntries() []TableEntry {
	var entries []TableEntry
	for _, s := range dialects.Syncs() {
		var gates []string
		if s.NeedsGroup {
			gates = []string{"groups"}
		}
		entries = append(entries, Entry(nil, s, spec.ID("lifecycle.sync."+s.ID), spec.Covers("AS-32"), spec.Needs(gates...), spec.On(reports.EventSync, s.ID)))
	}
	return entries
}
