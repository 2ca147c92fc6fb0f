package querying

import (
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerWalks() {
	// Whoever is on no page is never reconciled: an account that the identity source has long
	// forgotten stays for good.
	It("shows each user once to a client that reads page by page",
		spec.ID("querying.page.walk"), spec.Covers("RFC7644-3.4.2.4-05"), spec.Needs("index-paging"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			pages := mustWalk(ctx, t, f)
			f.mustEnd(t, len(pages))
			read := f.readBy(pages)
			if flawed := len(f.missingIn(read))+len(repeated(read)) > 0; flawed && !f.alone() {
				// Others may have come and gone meanwhile.
				read = f.readBy(walk(ctx, t, f))
			}
			t.CheckThat("RFC7644-3.4.2.4-05", "each test user on a page, none missing", f.missingIn(read), BeEmpty())
			t.CheckThat("RFC7644-3.4.2.4-05", "each test user on one page only, none again", repeated(read), BeEmpty())
			if f.alone() {
				t.CheckThat("RFC7644-3.4.2.4-05", "the same totalResults on each page", totals(pages), HaveLen(1))
			}
		})

	It("says on each page where it begins and how many resources it has",
		spec.ID("querying.page.numbers"), spec.Covers("RFC7644-3.4.2-04", "RFC7644-3.4.2.4-07"), spec.Needs("index-paging"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			partial := slices.DeleteFunc(append([]leaf{{1, mustSingle(ctx, t, f)}}, mustWalk(ctx, t, f)...), func(p leaf) bool {
				total, _ := totalIn(p.Reply)
				return len(rows(p.Reply)) == 0 || len(rows(p.Reply)) >= total
			})
			if len(partial) == 0 {
				t.NotTested("No page is a part of a longer list; whether count is obeyed is the matter of the check querying.page.count.")
			}
			for _, p := range partial {
				numbered(t, p)
			}
		})

	It("never puts more resources on a page than were asked for",
		spec.ID("querying.page.count"), spec.Covers("RFC7644-3.4.2.4-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			t.CheckThat("RFC7644-3.4.2.4-04", "one resource at most for count=1", size(mustSingle(ctx, t, f)), BeNumerically("<=", 1))
			t.CheckThat("RFC7644-3.4.2.4-04", "two resources at most for count=2", size(t.Get(ctx, "read a page of two", f.path("count", "2"))), BeNumerically("<=", 2))
		})

	// Okta reads startIndex=1, 101, 201 and so on, however many resources came: with fewer on a
	// page it passes over the rest.
	It("gives a hundred resources on a page to whoever asks for them, in an order that stays",
		spec.ID("querying.page.hundred"), spec.Covers("RFC7644-3.4.2.4-10"), spec.Needs("index-paging"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			page := t.Get(ctx, "read a page of a hundred", f.path("startIndex", "1", "count", "100"))
			total, _ := totalIn(page)
			total = max(total, len(f.birds)) // who are there, whatever the page says
			t.CheckFor(fixedStep(), "RFC7644-3.4.2.4-10", fmt.Sprintf("%d resources on the first page of %d with count=100", min(100, total), total),
				size(page), Equal(min(100, total)))
			if f.alone() {
				again := t.Get(ctx, "read it again", f.path("startIndex", "1", "count", "100"))
				t.CheckFor(fixedStep(), "RFC7644-3.4.2.4-10", "the same order again", f.words(again), Equal(f.words(page)))
			}
		})
}

// fixedStep are the clients that go on by a hundred, and the profile that asks for it.
func fixedStep() []string { return []string{dialects.OktaOIN, dialects.OktaAIW, dialects.InteropDraft} }

// numbered checks what a page of a longer list says of itself.
func numbered(t *spec.T, p leaf) {
	what := fmt.Sprintf("the page that begins at %d", p.start)
	begins, starts := p.Doc.Int("startIndex")
	items, counts := p.Doc.Int("itemsPerPage")
	said, start := []string{}, any(nil)
	if counts {
		said = append(said, "itemsPerPage")
	}
	if starts {
		said, start = append(said, "startIndex"), begins
	}
	t.CheckThat("RFC7644-3.4.2-04", "startIndex and itemsPerPage as integers on "+what, said, Equal([]string{"itemsPerPage", "startIndex"}))
	t.CheckThat("RFC7644-3.4.2.4-07", fmt.Sprintf("startIndex %d on %s", p.start, what), start, Equal(p.start))
	if counts {
		// Some repeat the size that was asked for: it misleads no client that counts.
		t.Prefer("RFC7644-3.4.2-04", fmt.Sprintf("itemsPerPage %d, as many as there are on %s", len(rows(p.Reply)), what), items, Equal(len(rows(p.Reply))))
	}
}

// totals are the different totalResults of pages.
func totals(pages []leaf) []int {
	list := []int{}
	for _, p := range pages {
		if total, known := totalIn(p.Reply); known {
			list = append(list, total)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// ids are the ids of a list's resources.
func ids(r *scim.Reply) []string {
	list := []string{}
	for _, row := range rows(r) {
		list = append(list, rowID(row))
	}
	return list
}
