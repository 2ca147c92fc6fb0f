package querying

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// filterTheGroup is the group beside the sample, in words.
const filterTheGroup = "the group"

// registerRootQueries adds the checks of queries of the service's root (RFC 7644 §3.4.2.1).
func registerRootQueries() {
	It("finds resources of all types from its root, and those of one type where the filter says so",
		spec.ID("querying.root.types"), spec.Covers("RFC7644-3.4.2.1-02"), spec.Needs("root-query", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			r := mustRoot(ctx, t)
			t.CheckThat("RFC7644-3.4.2.1-02", "users and groups by a filter on displayName",
				r.finds(ctx, t, r.scope), Equal(filterNamed([]string{clerk, works, deputy, accountant, manager, porter, filterTheGroup})))
			t.CheckThat("RFC7644-3.4.2.1-02", "groups alone by meta.resourceType beside it",
				r.finds(ctx, t, `meta.resourceType eq "Group" and (`+r.scope+`)`), Equal(filterTheGroup))
		})

	It("takes an attribute that a type lacks for one without a value",
		spec.ID("querying.root.lacking"), spec.Covers("RFC7644-3.4.2.1-03"), spec.Needs("root-query", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			r := mustRoot(ctx, t)
			t.CheckThat("RFC7644-3.4.2.1-03", "users alone by userName pr, as groups have no userName",
				r.finds(ctx, t, `userName pr and (`+r.scope+`)`), Equal(filterNamed([]string{clerk, works, deputy, accountant, manager, porter})))
		})

	It("answers a query of all there is, or refuses it as too many",
		spec.ID("querying.root.too-many"), spec.Covers("RFC7644-3.4.2.1-04"), spec.Needs("root-query"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := t.Get(ctx, "ask the root for all there is", "?count=1")
			came := answered(reply)
			t.CheckThat("RFC7644-3.4.2.1-04", "status 200, or 400 with scimType tooMany, for a query of all there is", came,
				Or(Equal("status 200"), Equal("status 400 with scimType tooMany")))
		})
}

// root is the sample with a group beside it, and a filter that finds both.
type root struct {
	*sample
	group *subject.Group
	scope string
}

// mustRoot makes the group the first time, and waits until lists show it.
func mustRoot(ctx SpecContext, t *spec.T) *root {
	GinkgoHelper()
	s := mustSample(ctx, t)
	group := spec.Shared(t, "querying.group", func() *subject.Group {
		g := t.MustKeptGroup(ctx)
		t.ReadUntil(ctx, "wait until lists show the group", func(ctx context.Context) (*scim.Reply, error) {
			return t.SCIM.FindGroup(ctx, g.DisplayName)
		}, func(r *scim.Reply) bool { return r.Doc.FindGroup(g.DisplayName) != nil })
		return g
	})
	return &root{s, group, fmt.Sprintf(`displayName sw "Scimproof %s" or displayName eq %s`, s.key, filterText(group.DisplayName))}
}

// finds asks the root with a filter, and tells in words what came.
func (r *root) finds(ctx SpecContext, t *spec.T, filter string) string {
	GinkgoHelper()
	named := r.roles()
	named[r.group.ID] = filterTheGroup
	return filterWho(filterReads(ctx, t, "", filter), named)
}
