package querying

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// registerFilterRefusals adds the checks of filters that cannot be carried out. Who ignores
// them leads a client to somebody else's account.
func registerFilterRefusals() {
	It("refuses a filter that it cannot read instead of ignoring it",
		spec.ID("querying.filter.unreadable"), spec.Covers("RFC7644-3.4.2.2-17"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, filter := range []string{`userName regex "scimproof"`, `userName eq`, `userName`, `(`, `userName eq 'scimproof'`, ``} {
				reply := filterAsks(ctx, t, "/Users", filter)
				t.CheckThat("RFC7644-3.4.2.2-17", fmt.Sprintf("status 400 for the filter %q", filter), filterAnswer(reply), HavePrefix("status 400"))
				preferKeyword(t, "RFC7644-3.4.2.2-17", "invalidFilter", fmt.Sprintf("the filter %q", filter), reply)
			}
		})

	It("answers a filter with no users at all where it does not support filters",
		spec.ID("querying.filter.unsupported"), spec.Covers("RFC7644-3.4.2.2-18"), spec.Needs("no-filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			t.MustUser(ctx) // so that there is somebody to be shown
			reply := filterAsks(ctx, t, "/Users", `userName eq `+filterText(subject.Prefix+"nobody"))
			t.CheckThat("RFC7644-3.4.2.2-18", "a refusal of a filter on a userName that nobody has", filterAnswer(reply),
				Or(Satisfy(filterRefused), Equal(filterCount(0))))
		})

	// Nested value filters are left over in the grammar by mistake, see errata 4690 and 7322.
	It("refuses a value filter within a value filter",
		spec.ID("querying.filter.nested"), spec.Covers("RFC7644-3.4.2.2-24"), spec.Needs("filter", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := filterAsks(ctx, t, "/Users", `emails[type eq "work" and x[y eq 1]]`)
			t.CheckThat("RFC7644-3.4.2.2-24", "status 400 for square brackets within square brackets", filterAnswer(reply), HavePrefix("status 400"))
		})

	// RFC 7644 §3.4.2: "A query that does not return any matches SHALL return success (HTTP status code 200)".
	It("answers a filter that matches no group with an empty list",
		spec.ID("querying.filter.no-match"), spec.Covers("RFC7644-3.4.2-05"), spec.Needs("filter", "groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := filterAsks(ctx, t, "/Groups", `displayName eq `+filterText(t.Subjects.DraftGroup().DisplayName))
			came := filterAnswer(reply)
			// That it is a number is the matter of another check.
			if total, _ := reply.Doc.Get("totalResults"); reply.OK() && fmt.Sprint(total) != "0" {
				came = fmt.Sprintf("a list with totalResults %v", total)
			}
			t.CheckThat("RFC7644-3.4.2-05", filterCount(0)+" by a displayName that was never used", came, Equal(filterCount(0)))
		})
}

// registerFilterLimits adds the checks of filters that are large, and of those where none is
// looked for.
func registerFilterLimits() {
	It("carries out a very long and a deeply nested filter, or refuses it",
		spec.ID("querying.filter.large"), spec.Covers("RFC7644-3.4.2.2-25"), spec.Needs("filter", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustTitled(ctx, t)
			const ors, brackets = 200, 100
			long := strings.Repeat(`title eq "x" or `, ors) + `title eq "{KEY} manager"`
			deep := strings.Repeat("(", brackets) + `title eq "{KEY} manager"` + strings.Repeat(")", brackets)
			t.CheckThat("RFC7644-3.4.2.2-25", fmt.Sprintf("%s by a filter with %d times or, or a refusal", manager, ors),
				filterFinds(ctx, t, s, long), Or(ContainSubstring(manager), Satisfy(filterRefused)))
			t.CheckThat("RFC7644-3.4.2.2-25", fmt.Sprintf("%s by a filter in %d pairs of brackets, or a refusal", manager, brackets),
				filterFinds(ctx, t, s, deep), Or(Equal(manager), Satisfy(filterRefused)))
		})

	// RFC 7644 §3.4.2.1 lets a service take a filter for a single resource.
	It("answers a filter on a single user with that user, with a list, or with a SCIM error",
		spec.ID("querying.filter.single"), spec.Covers("RFC7644-3.4.2.1-01", "RFC7644-3.12-01"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			reply := t.Get(ctx, "read one user with a filter", filterPath(scim.UserPath(s.find(clerk).ID), "userName pr"))
			came := filterSingle(reply, s.find(clerk).ID)
			t.CheckThat("RFC7644-3.12-01", "the user, a list or a SCIM error by a filter on one user", came,
				Or(Equal(filterTheUser), Equal("a list"), HavePrefix("a SCIM error, status 4"), Equal("a SCIM error, status 501")))
			t.Record("RFC7644-3.4.2.1-01", "a filter on one user, who matches", came)
		})
}

// filterSingle tells what came for one user.
func filterSingle(r *scim.Reply, id string) string {
	switch {
	case r.OK() && r.Doc.Text("id") == id:
		return filterTheUser
	case r.OK() && hasSchema(r.Doc, scim.ListSchema):
		return "a list"
	case !r.OK() && hasSchema(r.Doc, scim.ErrorSchema):
		return fmt.Sprintf("a SCIM error, status %d", r.Status)
	}
	return fmt.Sprintf("something else, status %d", r.Status)
}

// filterAnswer tells a refusal, or how many came instead.
func filterAnswer(r *scim.Reply) string {
	if !r.OK() {
		return answered(r)
	}
	return filterCount(len(rows(r)))
}

// filterCount is a list of so many resources, in words.
func filterCount(n int) string { return fmt.Sprintf("a list of %d", n) }
