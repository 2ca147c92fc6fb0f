package acme

import "slices"

// mark is a place in the result of a query: that of a resource which the client has
// seen, whether it is still there or not.
type mark struct {
	ID     string
	Serial int
	// Sort holds what the resource was sorted by, nil without sorting.
	Sort Resource
	// Back asks for what comes before the mark instead of after it.
	Back bool
}

// standing tells how many of the matches come before a mark, and how many up to it.
func (a *App) standing(q *Query, m *mark) (before, upto int) {
	low, high := 0, len(q.Found)
	if q.SortBy != "" {
		low, high = q.equals(m.Sort)
	}
	first, last := low, high
	if len(a.config.Hooks.OnQuery) > 0 { // which may have put it anywhere
		first, last = 0, len(q.Found)
	}
	for i, doc := range slices.Backward(q.Found[first:last]) {
		if doc.Text("id") == m.ID {
			return first + i, first + i + 1
		}
	}
	// It is gone: among its equals the order is that of creation.
	a.store.view(func(v view) {
		for low < high && serialOf(v, q.kindOf(q.Found[low]), q.Found[low]) < m.Serial {
			low++
		}
	})
	return low, low
}

// equals tells where the matches that sort as a resource does begin and end: there it
// would come to stand if it was the oldest of them, or the latest.
func (q *Query) equals(doc Resource) (low, high int) {
	stand := func(docs []Resource) int {
		// What could be sorted once can be sorted again.
		_ = sortResources(docs, q.kinds(), q.SortBy, q.Descending)
		return slices.IndexFunc(docs, func(d Resource) bool { return d["marked"] == true })
	}
	marked := Resource{"marked": true}
	for key, value := range doc {
		marked[key] = value
	}
	return stand(slices.Concat([]Resource{marked}, q.Found)), stand(slices.Concat(q.Found, []Resource{marked}))
}

// serialOf returns the serial number of a resource, 0 for one that is not from here.
func serialOf(v view, kind string, doc Resource) int {
	if r := latest(v, kind, doc.Text("id")); r != nil {
		return r.serial
	}
	return 0
}
