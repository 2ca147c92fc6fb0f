package acme

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// maxResults is the most resources on a page, as ServiceProviderConfig says.
const maxResults = 200

// query answers GET for a list (RFC 7644 §3.4.2).
func (a *App) query(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		parameters := r.URL.Query()
		// Values that are no numbers count as not given; a startIndex below 1 is 1 and
		// a negative count 0 (RFC 7644 §3.4.2.4).
		q := &Query{
			Type: kind, Filter: parameters.Get("filter"),
			Start: max(1, number(parameters.Get("startIndex"), 1)),
			Count: min(maxResults, max(0, number(parameters.Get("count"), maxResults))),
		}
		a.search(q)
		if q.Err != nil {
			return nil, q.Err
		}
		page := []any{}
		for i := q.Start - 1; i < len(q.Found) && len(page) < q.Count; i++ {
			page = append(page, present(r, kind, q.Found[i]))
		}
		return &Reply{Status: http.StatusOK, Body: listResponse(page, len(q.Found), q.Start)}, nil
	}
}

// listResponse is one page of a list; start counts from 1.
func listResponse(page []any, total, start int) map[string]any {
	return map[string]any{
		"schemas": []any{urnListResponse}, "totalResults": total,
		"startIndex": start, "itemsPerPage": len(page), "Resources": page,
	}
}

// search finds the resources that match a query's filter; an empty one matches all.
func (a *App) search(q *Query) {
	q.All = func() []Resource { return a.visible(q.Type, nil) }
	q.Deleted = func() []Resource { return a.deleted(q.Type) }
	q.Foreign = func() []Resource {
		if a.sister == nil {
			return nil
		}
		return a.sister.visible(q.Type, nil)
	}
	wanted, err := model.CompileFilter(q.Type, q.Filter)
	if err == nil {
		q.Found = a.visible(q.Type, func(doc Resource) bool {
			ok, wrong := wanted(doc)
			err = errors.Join(err, wrong)
			return ok
		})
	}
	if err != nil {
		q.Err = asError(err)
	}
	for _, hook := range a.config.Hooks.OnQuery {
		hook(q)
	}
}

// visible lists what a read may see of a type and is wanted, in the order of
// creation. What is nested in the resources is shared with the store.
func (a *App) visible(kind string, wanted func(Resource) bool) (out []Resource) {
	a.store.view(func(v view) {
		for _, r := range a.readable(kind, v) {
			if doc := a.onRead(r, v); doc != nil && (wanted == nil || wanted(doc)) {
				out = append(out, doc)
			}
		}
	})
	return out
}

// readable lists the records that a read may show: with hooks on reads, also deleted
// ones, as a read may lag behind.
func (a *App) readable(kind string, v view) []*record {
	if len(a.config.Hooks.OnRead) == 0 {
		return v.list(kind)
	}
	return v.ever(kind)
}

// deleted lists the deleted resources of a type, oldest first.
func (a *App) deleted(kind string) (out []Resource) {
	a.store.view(func(v view) {
		for _, r := range v.ever(kind) {
			if r.deleted {
				out = append(out, r.doc.Clone())
			}
		}
	})
	return out
}

func number(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return otherwise
	}
	return n
}
