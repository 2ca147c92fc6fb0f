package querying

import (
	"context"
	"slices"
	"strconv"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// leaf is one page of a walk, and where it was asked to begin.
type leaf struct {
	start int
	*scim.Reply
}

// walkSize is how many resources a page of a walk has: more than one, and the last page of
// the sample is not full.
const walkSize = 3

// longestWalk is how many pages a walk may have. Where everybody is listed, somebody's whole
// directory may have more.
const longestWalk = 40

// fullPage is how many resources are asked for where a page may be large.
const fullPage = 100

// tooMany is why a list is not read to its end.
const tooMany = "No filter lists the test users alone, and there are too many others to read all pages."

// mustEnd ends a check that has to read all pages, where there are too many.
func (f *flock) mustEnd(t *spec.T, pages int) {
	GinkgoHelper()
	if pages >= f.limit() && !f.alone() {
		t.NotTested(tooMany)
	}
}

// limit is how many pages are read: few where the end is out of reach anyway.
func (f *flock) limit() int {
	if total, _ := totalIn(f.all); !f.alone() && total > longestWalk*fullPage {
		return 3
	}
	return longestWalk
}

// mustWalk returns the pages of the sample's list by index, which are read once.
func mustWalk(ctx context.Context, t *spec.T, f *flock) []leaf {
	GinkgoHelper()
	pages := spec.Shared(t, "querying.pages.walk", func() []leaf { return walk(ctx, t, f) })
	for _, p := range pages {
		t.Cite(p.Exchanges...)
	}
	return pages
}

// stride is how many resources the pages of a walk have at most.
func (f *flock) stride() int {
	if f.alone() {
		return walkSize
	}
	total, _ := totalIn(f.all)
	return min(fullPage, max(walkSize, total*2/longestWalk))
}

// walk reads a list page by page, as a client does that believes totalResults.
func walk(ctx context.Context, t *spec.T, f *flock) []leaf {
	GinkgoHelper()
	var pages []leaf
	for start := 1; len(pages) < f.limit(); {
		page := leaf{start, t.Get(ctx, "read a page", f.path("startIndex", strconv.Itoa(start), "count", strconv.Itoa(f.stride())))}
		pages = append(pages, page)
		n := len(rows(page.Reply))
		start += n
		if total, known := totalIn(page.Reply); n == 0 || known && start > total {
			break
		}
	}
	return pages
}

// readBy lists who of the sample is on the pages of a walk.
func (f *flock) readBy(pages []leaf) []string {
	list := []string{}
	for _, p := range pages {
		list = append(list, f.words(p.Reply)...)
	}
	return list
}

// missingIn lists who of the sample is not in a list.
func (f *flock) missingIn(list []string) []string {
	return slices.DeleteFunc(f.names(), func(word string) bool { return slices.Contains(list, word) })
}

// repeated lists who is there more than once.
func repeated(list []string) []string {
	again := []string{}
	for i, word := range list {
		if slices.Contains(list[:i], word) {
			again = append(again, word)
		}
	}
	return again
}

// inOrder reads a query's whole result, in its order, however much of it a service gives on
// a page.
func (f *flock) inOrder(ctx context.Context, t *spec.T, parameters ...string) []*scim.Reply {
	GinkgoHelper()
	parameters = append(parameters, "count", strconv.Itoa(fullPage))
	page := t.Get(ctx, "read the list in order", f.path(parameters...))
	pages := []*scim.Reply{page}
	for n := len(rows(page)); ; n += len(rows(page)) {
		if total, known := totalIn(page); !known || n >= total || len(rows(page)) == 0 || len(pages) == longestWalk {
			return pages
		}
		f.mustEnd(t, len(pages)+1)
		page = t.Get(ctx, "read on", f.path(append(parameters, "startIndex", strconv.Itoa(n+1))...))
		pages = append(pages, page)
	}
}

// ours are the resources of the sample in lists, in their order.
func (f *flock) ours(pages ...*scim.Reply) []scim.Document {
	var list []scim.Document
	for _, p := range pages {
		list = append(list, rows(p)...)
	}
	return slices.DeleteFunc(list, func(row scim.Document) bool { return f.of(row) == nil })
}
