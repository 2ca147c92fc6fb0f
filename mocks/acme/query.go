package acme

import (
	"net/http"
	"strconv"
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
		return &Reply{Status: http.StatusOK, Body: map[string]any{
			"schemas": []any{urnListResponse}, "totalResults": len(found),
			"startIndex": start, "itemsPerPage": len(page), "Resources": page,
		}}, nil
	}
}

// search returns the resources that match a filter; an empty one matches all.
func (a *App) search(kind, text string) ([]Resource, error) {
	q := &Query{Type: kind, Filter: text, All: a.store.list(kind)}
	q.Found = q.All
	if text != "" {
		expression, err := parseFilter(text)
		if err != nil {
			return nil, err
		}
		q.Found = nil
		s := schemaOf(kind)
		for _, doc := range q.All {
			ok, err := matches(expression, doc, s.attributes, s)
			if err != nil {
				return nil, err
			}
			if ok {
				q.Found = append(q.Found, doc)
			}
		}
	}
	if hooks := a.config.Hooks.Query; len(hooks) > 0 {
		a.store.mu.RLock()
		q.Deleted = append([]Resource{}, a.store.deleted...)
		a.store.mu.RUnlock()
		for _, hook := range hooks {
			hook(q)
		}
	}
	return q.Found, nil
}

func number(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return otherwise
	}
	return n
}
