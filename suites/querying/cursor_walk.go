package querying

import (
	"context"
	"fmt"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerCursorWalk() {
	// RFC 9865 §2: whoever follows nextCursor to its end has seen everybody.
	It("shows each user once to a client that follows the cursors",
		spec.ID("querying.cursor.walk"), spec.Covers("RFC9865-2-02", "RFC9865-2-05", "RFC9865-2-07"), spec.Needs("cursor"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			pages := mustCursorWalk(ctx, t, f)
			f.mustEnd(t, len(pages))
			last := pages[len(pages)-1]
			t.CheckThat("RFC9865-2-02", "a list for each cursor that a page names", outcomeOf(last), Equal("a list"))
			t.CheckThat("RFC9865-2-02", "each test user on a page before the one without nextCursor, none missing", f.missingIn(f.words(pages...)), BeEmpty())
			t.CheckThat("RFC9865-2-02", "each test user on one page only, none again", repeated(f.words(pages...)), BeEmpty())
			if last.OK() {
				t.Prefer("RFC9865-2-02", "no page without resources at the end", size(last), Not(Equal(0)))
			}
			t.CheckThat("RFC9865-2-05", fmt.Sprintf("more than one page of %d for the test users", f.stride()), len(pages), BeNumerically(">", 1))
			if f.alone() {
				t.CheckThat("RFC9865-2-05", "nobody on a later page whom the filter leaves out", f.others(pages[1:]), Equal(0))
			}
			_, counted := totalIn(pages[0])
			t.Record("RFC9865-2-07", "totalResults on a page by cursor", said(counted))
		})

	It("names no previous page on the first one, and leads back where it names one",
		spec.ID("querying.cursor.previous"), spec.Covers("RFC9865-2-03"), spec.Needs("cursor"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			first := f.follow(ctx, t, "")
			t.CheckThat("RFC9865-2-03", "no previousCursor on the first page", first.Doc.Text("previousCursor"), BeEmpty())
			second := f.follow(ctx, t, mustNext(t, first))
			previous := second.Doc.Text("previousCursor")
			if previous == "" {
				t.Record("RFC9865-2-03", "previousCursor on the second page", said(false))
				return
			}
			back := f.follow(ctx, t, previous)
			t.CheckThat("RFC9865-2-03", "the first page again by the previousCursor of the second", f.after(first, back), Equal("the first page again"))
		})

	It("makes cursors of characters that an address can hold as they are",
		spec.ID("querying.cursor.characters"), spec.Covers("RFC9865-2-04"), spec.Needs("cursor"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			seen := 0
			for _, p := range mustCursorWalk(ctx, t, f) {
				for _, name := range []string{"nextCursor", "previousCursor"} {
					if cursor := p.Doc.Text(name); cursor != "" {
						seen++
						t.CheckThat("RFC9865-2-04", "letters, digits and -._~ alone in "+name, foreign(cursor), BeEmpty())
					}
				}
			}
			if seen == 0 {
				t.NotTested("No page names another, which is the matter of the check querying.cursor.walk.")
			}
		})
}

// mustCursorWalk returns the pages of the sample's list by cursor, which are read once.
func mustCursorWalk(ctx context.Context, t *spec.T, f *flock) []*scim.Reply {
	GinkgoHelper()
	pages := spec.Shared(t, "querying.cursor.walk", func() []*scim.Reply { return f.followAll(ctx, t) })
	for _, p := range pages {
		t.Cite(p.Exchanges...)
	}
	return pages
}

// followAll reads page after page until one names no next. It gives up where somebody comes
// again: the cursors lead in a circle.
func (f *flock) followAll(ctx context.Context, t *spec.T) []*scim.Reply {
	GinkgoHelper()
	var pages []*scim.Reply
	for cursor := ""; len(pages) < f.limit(); {
		page := f.follow(ctx, t, cursor)
		pages = append(pages, page)
		cursor = page.Doc.Text("nextCursor")
		if cursor == "" || !page.OK() || len(repeated(f.words(pages...))) > 0 {
			break
		}
	}
	return pages
}

// follow reads the page to which a cursor leads; none leads to the first.
func (f *flock) follow(ctx context.Context, t *spec.T, cursor string) *scim.Reply {
	GinkgoHelper()
	return t.Get(ctx, "read a page by cursor", f.path("cursor", cursor, "count", strconv.Itoa(f.stride())))
}

// others counts who on pages is none of the sample.
func (f *flock) others(pages []*scim.Reply) int {
	n := 0
	for _, p := range pages {
		n += len(rows(p)) - len(f.words(p))
	}
	return n
}

// foreign lists the characters of a cursor that RFC 3986 §2.3 does not count among the
// unreserved ones.
func foreign(cursor string) []string {
	list := []string{}
	for _, r := range cursor {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_' && r != '~' {
			list = append(list, string(r))
		}
	}
	return distinct(list)
}
