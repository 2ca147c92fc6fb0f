package querying

import (
	"fmt"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerCursorConfig adds the checks of what ServiceProviderConfig says of paging.
func registerCursorConfig() {
	It("pages in one way where none is asked for, the one that it publishes",
		spec.ID("querying.cursor.default"), spec.Covers("RFC9865-2.4-01"), spec.Needs("cursor", "index-paging"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			method := methodOf(mustSingle(ctx, t, f))
			again := methodOf(t.Get(ctx, "read the page of one again", f.path("count", "1")))
			t.CheckThat("RFC9865-2.4-01", "paging by "+method+" again for the same request", again, Equal(method))
			config := t.Features.Discovery(t.Context(ctx, "")).Config
			if published := config.Doc.Text("pagination", "defaultPaginationMethod"); published != "" {
				t.CheckThat("RFC9865-2.4-01", "paging by "+published+", as defaultPaginationMethod says", method, Equal(published))
			}
		})

	// A client that knows no cursors reads one page, and takes whoever is on a later one for
	// somebody who does not exist.
	It("says to whoever asks for an index that there is more, or that there are no indices",
		spec.ID("querying.cursor.unasked"), spec.Covers("RFC9865-2.3-01"), spec.Needs("cursor-only"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			reply := f.page(ctx, t, "2")
			t.Record("RFC9865-2.3-01", "startIndex=2 on a service that pages by cursor alone", outcomeOf(reply))
			outcome := answered(reply)
			if reply.OK() {
				outcome = "a page with nextCursor " + said(reply.Doc.Text("nextCursor") != "")
			}
			t.CheckThat("RFC9865-2.3-01", "status 400, or a page with nextCursor", outcome, Or(HavePrefix("status 400"), Equal("a page with nextCursor shown")))
		})

	It("keeps to the page sizes that it publishes",
		spec.ID("querying.cursor.page-size"), spec.Covers("RFC9865-4-02"), spec.Needs("cursor"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			why, seen := "ServiceProviderConfig publishes no page size that a run could go beyond.", false
			for _, name := range []string{"defaultPageSize", "maxPageSize"} {
				most, known := published(ctx, t, "pagination", name)
				if !known {
					continue
				}
				asked, parameters := "without count", []string{}
				if name == "maxPageSize" {
					asked, parameters = fmt.Sprintf("for count=%d", most+1), []string{"cursor", "", "count", strconv.Itoa(most + 1)}
				}
				page, none := f.overfull(ctx, t, most, parameters...)
				if page == nil {
					why = none
					continue
				}
				seen = true
				t.CheckThat("RFC9865-4-02", fmt.Sprintf("%d resources at most %s, as %s says", most, asked, name), size(page), BeNumerically("<=", most))
			}
			if !seen {
				t.NotTested(why)
			}
		})
}

// methodOf says by what a page of a longer list is continued.
func methodOf(r *scim.Reply) string {
	switch {
	case !r.OK():
		return answered(r)
	case r.Doc.Text("nextCursor") != "":
		return "cursor"
	}
	return "index"
}
