package acme

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// maxResults is the most resources on a page, as ServiceProviderConfig says.
const maxResults = 200

// query answers GET for a list (RFC 7644 §3.4.2).
func (a *App) query(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		parameters := r.URL.Query()
		found, err := a.search(kind, parameters.Get("filter"))
		if err != nil {
			return nil, err
		}
		// Values that are no numbers count as not given; a startIndex below 1 is 1 and
		// a negative count 0 (RFC 7644 §3.4.2.4).
		start := max(1, number(parameters.Get("startIndex"), 1))
		count := min(maxResults, max(0, number(parameters.Get("count"), maxResults)))
		page := []any{}
		for i := start - 1; i < len(found) && len(page) < count; i++ {
			page = append(page, present(r, kind, found[i]))
		}
		return &Reply{Status: http.StatusOK, Body: listResponse(page, len(found), start)}, nil
	}
}

// listResponse is one page of a list; start counts from 1.
func listResponse(page []any, total, start int) map[string]any {
	return map[string]any{
		"schemas": []any{urnListResponse}, "totalResults": total,
		"startIndex": start, "itemsPerPage": len(page), "Resources": page,
	}
}

// search returns the resources that match a filter; an empty one matches all.
func (a *App) search(kind, text string) ([]Resource, error) {
	wanted, err := model.CompileFilter(kind, text)
	if err != nil {
		return nil, err
	}
	q := &Query{Type: kind, Filter: text}
	a.store.view(func(v view) { q.All, q.Deleted = a.everything(kind, v) })
	for _, doc := range q.All {
		ok, err := wanted(doc)
		if err != nil {
			return nil, err
		}
		if ok {
			q.Found = append(q.Found, doc)
		}
	}
	for _, hook := range a.config.Hooks.OnQuery {
		hook(q)
	}
	return q.Found, nil
}

// everything lists what a read may see of a type, in the order of creation, and
// what was deleted.
func (a *App) everything(kind string, v view) (all, deleted []Resource) {
	gone := v.gone(kind)
	for _, r := range gone {
		deleted = append(deleted, r.shown(v))
	}
	records := slices.Concat(v.list(kind), gone)
	slices.SortStableFunc(records, func(a, b *record) int { return cmp.Compare(a.serial, b.serial) })
	for _, r := range records {
		if doc := a.onRead(r, v); doc != nil {
			all = append(all, doc)
		}
	}
	return all, deleted
}

func number(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return otherwise
	}
	return n
}
