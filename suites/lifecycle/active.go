package lifecycle

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerActive() {
	DescribeTable("Deactivation",
		func(ctx SpecContext, shape dialects.Shape, requirements []string) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			left := changeActive(ctx, t, user, shape, false)
			t.Effect(left, requirements...)
			if shape.Also == "" || !left.Achieved {
				return
			}
			read := t.Send(ctx, "read what else was sent", reading(t.SCIM, user.ID))
			t.CheckThat("RFC7644-3.5.2.3-02", "the title of the same PATCH", read.Doc.Text("title"), Equal(shape.Also))
		},
		func(shape dialects.Shape, _ []string) string {
			return fmt.Sprintf("makes the user inactive on the form that is sent by %s", shape.Sender)
		},
		deactivationEntries())

	// RFC 7644 §3.5.2.2 lets active be removed, and says nothing of what it is then.
	It("says of a removal of active what becomes of the user",
		spec.ID("lifecycle.deactivate.remove-active"), spec.Covers("RFC7644-3.5.2.2-02"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			reply := t.Patch(ctx, "remove active", scim.UserPath(user.ID), map[string]any{"op": "remove", "path": "active"})
			read, _ := t.ReadUntil(ctx, "read back", reading(t.SCIM, user.ID), (*scim.Reply).OK)
			seen := state(read)
			if !reply.OK() {
				t.CheckThat("RFC7644-3.5.2.2-02", "active as it was after a removal that was refused", seen, Equal("active: true"))
			}
			t.Record("RFC7644-3.5.2.2-02", "a remove of active", fmt.Sprintf("answered %d, and a read shows %s", reply.Status, seen))
		})

	It("brings the same user back on active: true",
		spec.ID("lifecycle.reactivate"), spec.Covers("RFC7643-4.1.1-09"), spec.On(reports.EventReactivate, ""),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			shape := dialects.PatchPath()
			left := changeActive(ctx, t, user, shape, false)
			if !left.Achieved {
				t.Effect(left, t.Requirements...)
				return
			}
			t.Effect(changeActive(ctx, t, user, shape, true), "RFC7643-4.1.1-09")
		})
}

// deactivationEntries is the table: one entry for each form.
func deactivationEntries() []TableEntry {
	covers := map[string][]string{
		"patch-pathless": {"RFC7644-3.5.2.3-01", "RFC7643-4.1.1-08"},
		"patch-path":     {"RFC7644-3.5.2.3-02", "RFC7643-4.1.1-08"},
		"patch-string":   {"RFC7644-3.5.2-05", "RFC7643-4.1.1-08"},
		"put":            {"RFC7644-3.5.1-02", "RFC7643-4.1.1-08"},

		"patch-pathless-string": {"RFC7644-3.5.2-05", "RFC7643-4.1.1-08"}, "patch-text": {"RFC7644-3.5.2-05", "RFC7643-4.1.1-08"},
		"patch-echoed-id": {"RFC7644-3.5.2.3-01", "RFC7643-4.1.1-08"},
	}
	var entries []TableEntry
	for _, shape := range dialects.AllShapes() {
		requirements := covers[shape.ID]
		if requirements == nil {
			requirements = []string{"RFC7644-3.5.2.3-02", "RFC7643-4.1.1-08"}
		}
		entries = append(entries, Entry(nil, shape, requirements,
			spec.ID("lifecycle.deactivate."+shape.ID), spec.Covers(requirements...), spec.On(reports.EventDeactivate, shape.ID)))
	}
	return entries
}

// changeActive sends the change and returns both halves: the answer, and what a
// read shows.
func changeActive(ctx SpecContext, t *spec.T, user *subject.Subject, shape dialects.Shape, active bool) reports.Effect {
	GinkgoHelper()
	effect := reports.Effect{Action: string(reports.EventDeactivate), Shape: shape.ID, Wanted: fmt.Sprintf("active: %t", active), Optional: !t.AnyChosen(shape.Clients)}
	if active {
		effect.Action, effect.Shape = string(reports.EventReactivate), ""
	}
	reply := t.Send(ctx, effect.Action+" ("+shape.ID+")", func(ctx context.Context) (*scim.Reply, error) {
		return shape.Send(ctx, t.SCIM, user.ID, active)
	})
	read, lag := t.ReadUntil(ctx, "read back", reading(t.SCIM, user.ID), shows(effect.Wanted))
	effect.Status, effect.Seen, effect.LagMs = reply.Status, state(read), lagOf(lag)
	effect.Achieved = effect.Seen == effect.Wanted
	return effect
}

func shows(wanted string) func(*scim.Reply) bool {
	return func(r *scim.Reply) bool { return state(r) == wanted }
}

// lagOf reports a read that lagged behind; a single round trip is no lag.
func lagOf(d time.Duration) int64 {
	if d < 100*time.Millisecond {
		return 0
	}
	return d.Milliseconds()
}
