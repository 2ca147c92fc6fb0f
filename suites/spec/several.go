package spec

import (
	"context"

	"github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
)

// Expected is a user or group who may come of a request that makes several things at once.
type Expected struct {
	// Name is the userName, or the displayName, which begins as all names of the run do.
	Name  string
	Group bool
	// ID is the one that the target gave; empty as long as it is not known.
	ID string
}

// SendFor sends a request that may create what is expected. Whatever comes of it is removed
// after the spec or, if keep is set, when all checks are over.
func (t *T) SendFor(ctx context.Context, purpose string, r scim.Request, keep bool, expected ...*Expected) *scim.Reply {
	ginkgo.GinkgoHelper()
	for _, e := range expected {
		remove := func(ctx context.Context) { t.Subjects.RemoveNamed(ctx, e.Name, e.ID, e.Group) }
		if keep {
			t.AtEnd(func(ctx context.Context) { remove(t.Context(ctx, "clean up")) })
		} else {
			ginkgo.DeferCleanup(func(ctx context.Context) { t.tidy(ctx, remove) })
		}
		if err := t.Subjects.Announce(e.Name, e.Group); err != nil {
			t.Must(nil, err)
		}
	}
	return t.Do(ctx, purpose, r)
}

// Came notes that what was expected has the id.
func (t *T) Came(e *Expected, id string) {
	ginkgo.GinkgoHelper()
	e.ID = id
	if err := t.Subjects.Arrived(e.Name, id, e.Group); err != nil {
		t.Must(nil, err)
	}
}
