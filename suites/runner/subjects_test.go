package runner_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

func TestAnEventIsPlayedForEachOfItsLeavers(t *testing.T) {
	g := NewWithT(t)
	o := quick
	o.Subjects, o.Only = 3, "check: containsAny {survival.deactivate.put.web-session}"
	r := runChild(t, o)
	g.Expect(r.Verdict.Word).To(Equal(reports.VerdictPass), r.Verdict.Reason)
	users := map[string]bool{}
	var leavers []int
	for _, e := range r.Events {
		users[e.User] = true
		leavers = append(leavers, e.Subject)
	}
	g.Expect(leavers).To(Equal([]int{1, 2, 3}))
	g.Expect(users).To(HaveLen(3), "each leaver is a user of their own")
	var watched []int
	for _, o := range r.Observations {
		if o.Access != nil {
			watched = append(watched, o.Access.Subject)
		}
	}
	g.Expect(watched).To(Equal([]int{1, 2, 3}))
	g.Expect(r.Cleanup.Created).To(Equal(6), "three leavers and a control user for each")
	g.Expect(r.Cleanup.Left).To(BeEmpty())
}
