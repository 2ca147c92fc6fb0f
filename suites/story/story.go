// Package story plays what each identity provider sends, from the look-up to the deletion, in
// its own bodies and order.
package story

import (
	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/spec"
)

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string {
	ids := make([]string, 0, len(tales()))
	for _, t := range tales() {
		ids = append(ids, reports.StoryCheck(t.client))
	}
	return ids
}

// Register adds the checks to the spec tree: one for each identity provider. Its steps are
// told apart in the report.
func Register() {
	titles := map[string]string{}
	for _, c := range dialects.Clients() {
		titles[c.ID] = c.Title
	}
	for _, tale := range tales() {
		It("takes the whole story of "+titles[tale.client]+", from the look-up to the deletion",
			spec.ID(reports.StoryCheck(tale.client)), spec.Covers(tale.covers...), spec.For(tale.client),
			func(ctx SpecContext) {
				t := spec.From(ctx)
				newPlayer(ctx, t, tale).play()
			})
	}
}
