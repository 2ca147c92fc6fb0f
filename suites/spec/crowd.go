package spec

import (
	"context"
	"fmt"

	"github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/subject"
)

// MustCrowd creates many test users by Bulk, which are removed after the spec. Without Bulk the
// spec ends as not tested: one by one they would take hundreds of requests.
func (t *T) MustCrowd(ctx context.Context, n int) []*subject.Subject {
	ginkgo.GinkgoHelper()
	if bulk := t.Features.Gate(t.Context(ctx, ""), "bulk"); !bulk.Open {
		t.NotTested(fmt.Sprintf("The check needs %d users, whom it would have created by Bulk; one by one they would take hundreds of requests. Of Bulk: %s", n, bulk.Why))
	}
	if config := t.Features.Discovery(t.Context(ctx, "")).Config; config != nil {
		if most, known := config.Doc.Int("bulk", "maxOperations"); known && most < n {
			t.NotTested(fmt.Sprintf("The service takes %d operations in a Bulk; the check would have it create %d users.", most, n))
		}
	}
	crowd := t.Subjects.DraftCrowd(n)
	ginkgo.DeferCleanup(func(ctx context.Context) {
		t.tidy(ctx, func(ctx context.Context) { t.Subjects.RemoveCrowd(ctx, crowd) })
	})
	t.Must(t.Subjects.MakeCrowd(t.Context(ctx, ""), crowd))
	for _, s := range crowd {
		if s.ID == "" {
			t.NotTested("The service did not create all the users whom a Bulk would have it create, which is the matter of other checks.")
		}
	}
	return crowd
}
