package querying

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerCursors() {
	It("begins with the first page where cursor is empty, or has no value",
		spec.ID("querying.cursor.first"), spec.Covers("RFC9865-2-01"), spec.Needs("cursor"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			first := mustCursorWalk(ctx, t, f)[0]
			t.CheckThat("RFC9865-2-01", "status 200 for an empty cursor", first.Status, Equal(http.StatusOK))
			t.CheckThat("RFC9865-2-01", "resources for an empty cursor", size(first), Not(Equal(0)))
			bare := t.Get(ctx, "read the first page by a bare cursor", f.path("count", strconv.Itoa(f.stride()))+"&cursor")
			t.CheckThat("RFC9865-2-01", "status 200 for a cursor without a value", bare.Status, Equal(http.StatusOK))
			// Some read addresses in a way that drops a parameter without a value.
			t.Prefer("RFC9865-2-01", "nextCursor on the page for a cursor without a value, as for an empty one", said(bare.Doc.Text("nextCursor") != ""), Equal(said(first.Doc.Text("nextCursor") != "")))
		})

	It("obeys count on pages by cursor",
		spec.ID("querying.cursor.count"), spec.Covers("RFC9865-2-06"), spec.Needs("cursor"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			most := f.stride()
			t.CheckThat("RFC9865-2-06", fmt.Sprintf("%d resources at most for count=%d", most, most), size(mustCursorWalk(ctx, t, f)[0]), BeNumerically("<=", most))
			for _, count := range []string{"0", "-1"} {
				none := t.Get(ctx, "count by cursor", f.path("cursor", "", "count", count))
				t.CheckThat("RFC9865-2-06", "status 200 and no resources by cursor with count="+count, size(none), Equal(0))
			}
		})

	// With the first page in answer to each, a client reads it again and again.
	It("refuses a cursor that it did not hand out",
		spec.ID("querying.cursor.unusable"), spec.Covers("RFC9865-2.1-01"), spec.Needs("cursor"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			refusesCursor(t, "made up", f.follow(ctx, t, "scimproof-made-up"))
			if next := mustCursorWalk(ctx, t, f)[0].Doc.Text("nextCursor"); len(next) > 8 {
				refusesCursor(t, "cut short", f.follow(ctx, t, next[:len(next)-4]))
				refusesCursor(t, "altered", f.follow(ctx, t, altered(next)))
			}
		})

	It("refuses another count in the middle of a list",
		spec.ID("querying.cursor.count-changed"), spec.Covers("RFC9865-2.1-03"), spec.Needs("cursor"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			reply := t.Get(ctx, "go on with another count", f.path("cursor", mustNext(t, f.follow(ctx, t, "")), "count", strconv.Itoa(f.stride()+2)))
			// Some allow it, which misleads nobody.
			t.Prefer("RFC9865-2.1-03", "status 400 for another count than before", reply.Status, Equal(http.StatusBadRequest))
			preferKeyword(t, "RFC9865-2.1-03", "invalidCount", "another count than before", reply)
		})

	It("gives no page by a cursor whose time is over but the right one",
		spec.ID("querying.cursor.expired"), spec.Covers("RFC9865-2.1-02"), spec.Needs("cursor", "short-cursor-timeout"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			first := f.follow(ctx, t, "")
			next := mustNext(t, first)
			timeout, _ := published(ctx, t, "pagination", "cursorTimeout")
			outlive(ctx, time.Duration(timeout)*time.Second)
			late := f.follow(ctx, t, next)
			t.CheckThat("RFC9865-2.1-02", "status 400, or the next page, as a cursor may be good for longer", f.after(first, late), Or(HavePrefix("status 400"), Equal("the next page")))
			preferKeyword(t, "RFC9865-2.1-02", "expiredCursor", "a cursor whose time is over", late)
		})

	It("takes cursors in a search by POST",
		spec.ID("querying.cursor.search"), spec.Covers("RFC9865-3-01"), spec.Needs("cursor", "search"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			first := f.search(ctx, t, map[string]any{"cursor": "", "count": f.stride()})
			next := first.Doc.Text("nextCursor")
			if !t.CheckThat("RFC9865-3-01", "nextCursor on the first page of a search", said(next != ""), Equal("shown")) {
				return
			}
			second := f.search(ctx, t, map[string]any{"cursor": next, "count": f.stride()})
			t.CheckThat("RFC9865-3-01", "the next page of a search by its cursor", f.after(first, second), Equal("the next page"))
		})
}

// mustNext is the cursor that a first page names; without one there is nothing to see. A
// check reads that page itself, as some cursors are good for a short time.
func mustNext(t *spec.T, first *scim.Reply) string {
	GinkgoHelper()
	next := first.Doc.Text("nextCursor")
	if next == "" {
		t.NotTested("The first page names no next one, which is the matter of the check querying.cursor.walk.")
	}
	return next
}

// refusesCursor checks the answer to a cursor that cannot be used.
func refusesCursor(t *spec.T, what string, r *scim.Reply) {
	t.CheckThat("RFC9865-2.1-01", "status 400 for a cursor that is "+what, r.Status, Equal(http.StatusBadRequest))
	preferKeyword(t, "RFC9865-2.1-01", "invalidCursor", "a cursor that is "+what, r)
}

// preferKeyword looks at the scimType of a SCIM error 400; in another form there is none.
func preferKeyword(t *spec.T, requirement, keyword, what string, r *scim.Reply) {
	if r.Status == http.StatusBadRequest && hasSchema(r.Doc, scim.ErrorSchema) {
		t.Prefer(requirement, "scimType "+keyword+" for "+what, r.Doc.Text("scimType"), Equal(keyword))
	}
}

// altered puts another letter in the middle of a cursor.
func altered(cursor string) string {
	i, letter := len(cursor)/2, "a"
	if cursor[i:i+1] == letter {
		letter = "b"
	}
	return cursor[:i] + letter + cursor[i+1:]
}

// after says what page came after a first one.
func (f *flock) after(first, second *scim.Reply) string {
	switch {
	case !second.OK():
		return answered(second)
	case slices.Equal(ids(first), ids(second)):
		return "the first page again"
	case len(f.words(second)) == 0 && f.alone():
		return "a page without test users"
	}
	return "the next page"
}

// outlive waits until something that was just handed out is older than a time.
func outlive(ctx SpecContext, d time.Duration) {
	GinkgoHelper()
	select {
	case <-time.After(d + time.Second):
	case <-ctx.Done():
		Skip(spec.Interrupted)
	}
}
