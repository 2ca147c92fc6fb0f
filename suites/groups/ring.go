package groups

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerRing stands in a file of its own as Ginkgo runs the files in order: a service that
// runs in circles may be of no use to what comes after.
func registerRing() {
	It("copes with two groups that contain each other",
		spec.ID("groups.cycle"), spec.Covers("RFC7643-4.2-07"), spec.Needs("groups", "patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			mustNest(ctx, t)
			one, other := newcomer(ctx, t), empty(ctx, t)
			if one.ID == "" || other.ID == "" {
				t.NotTested("The service makes no group without members, which is the matter of the check groups.empty.")
			}
			for _, ends := range [][2]string{{one.ID, other.ID}, {other.ID, one.ID}} {
				reply := t.Patch(ctx, "make a group a member", scim.GroupPath(ends[0]), adding(member(ends[1], "Group")))
				t.CheckThat("RFC7643-4.2-07", "success, or a refusal that is the client's error", reply.Status, BeNumerically("<", http.StatusInternalServerError))
			}
			for _, id := range []string{one.ID, other.ID} {
				t.CheckThat("RFC7643-4.2-07", "status 200 for a group in a circle", read(ctx, t, "read the group", scim.GroupPath(id)).Status, Equal(http.StatusOK))
			}
		})
}
