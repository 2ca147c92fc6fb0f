package acme

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// maxResults is the most resources on a page, as ServiceProviderConfig says.
const maxResults = 200

// page is a part of what a query finds.
type page struct {
	docs []Resource
	// from is how many there are before the page, total how many in all.
	from, total int
}

// query answers GET for a list (RFC 7644 §3.4.2). Without a kind it is a query of the
// root, which spans all types (§3.4.2.1).
func (a *App) query(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		s, err := searchInAddress(r)
		if err != nil {
			return nil, err
		}
		return a.answer(r, kind, s)
	}
}

// answer carries a search out.
func (a *App) answer(r *http.Request, kind string, s *search) (*Reply, error) {
	if s.cursor != nil {
		return a.walk(r, kind, s)
	}
	q := s.query(kind)
	p, err := a.find(q, nil)
	if err != nil {
		return nil, err
	}
	body := listResponse(presentAll(r, q, p, s.shape), p.total)
	body["startIndex"] = q.Start
	return &Reply{Status: http.StatusOK, Body: body}, nil
}

func presentAll(r *http.Request, q *Query, p *page, s shape) []any {
	out := []any{}
	for _, doc := range p.docs {
		out = append(out, present(r, q.kindOf(doc), doc, s))
	}
	return out
}

// listResponse is one page of a list.
func listResponse(resources []any, total int) map[string]any {
	return map[string]any{
		"schemas": []any{urnListResponse}, "totalResults": total, "itemsPerPage": len(resources), "Resources": resources,
	}
}

// find returns a page of what matches: from q.Start on, or from a mark.
func (a *App) find(q *Query, m *mark) (*page, error) {
	if a.plain(q) {
		return a.leaf(q, m), nil
	}
	a.search(q)
	if q.Err != nil {
		return nil, q.Err
	}
	if q.Type == "" && q.Filter == "" && len(q.Found) > a.config.MaxRootResults {
		return nil, model.BadRequest("tooMany", "more than %d resources: name a type or a filter", a.config.MaxRootResults)
	}
	before, upto := 0, 0
	if m != nil {
		before, upto = a.standing(q, m)
	}
	from, to := q.bounds(m, before, upto, len(q.Found))
	return &page{docs: q.Found[from:to], from: from, total: len(q.Found)}, nil
}

// plain reports a query of all resources of a type in the order of creation, which no
// hook looks at: only the page has to be made then.
func (a *App) plain(q *Query) bool {
	h := a.config.Hooks
	return q.Type != "" && q.Filter == "" && q.SortBy == "" && len(h.OnRead) == 0 && len(h.OnQuery) == 0
}

// leaf is the page of a plain query.
func (a *App) leaf(q *Query, m *mark) (p *page) {
	a.store.view(func(v view) {
		before, upto := 0, 0
		if m != nil {
			before, upto = v.rank(q.Type, m.Serial), v.rank(q.Type, m.Serial+1)
		}
		total := v.count(q.Type)
		from, to := q.bounds(m, before, upto, total)
		p = &page{from: from, total: total}
		for _, r := range v.page(q.Type, from, to-from) {
			p.docs = append(p.docs, r.glance(v))
		}
	})
	return p
}

// bounds tells which of all the matches are on the page: from the start, or else
// after a mark or before it.
func (q *Query) bounds(m *mark, before, upto, total int) (from, to int) {
	switch {
	case m == nil:
		from = min(q.Start-1, total)
	case m.Back:
		return max(0, before-q.Count), before
	default:
		from = upto
	}
	return from, from + min(q.Count, total-from)
}

// search finds the resources that match a query's filter, in order, and lets the hooks
// see them.
func (a *App) search(q *Query) {
	q.All = func() []Resource { return a.visible(q.kinds(), nil) }
	q.Deleted = func() []Resource { return a.deleted(q.kinds()) }
	q.Foreign = func() []Resource {
		if a.sister == nil {
			return nil
		}
		return a.sister.visible(q.kinds(), nil)
	}
	if err := a.match(q); err != nil {
		q.Err = asError(err)
	}
	for _, hook := range a.config.Hooks.OnQuery {
		hook(q)
	}
}

// match fills in Found.
func (a *App) match(q *Query) error {
	wanted, err := model.CompileFilterOf(q.kinds(), q.Filter)
	if err != nil {
		return err
	}
	q.Found = a.visible(q.kinds(), func(doc Resource) bool {
		ok, wrong := wanted(q.kindOf(doc), doc)
		err = errors.Join(err, wrong)
		return ok
	})
	if err == nil && q.SortBy != "" {
		err = sortResources(q.Found, q.kinds(), q.SortBy, q.Descending)
	}
	return err
}

// kinds lists the types that are asked for.
func (q *Query) kinds() []string {
	if q.Type == "" {
		return []string{TypeUser, TypeGroup}
	}
	return []string{q.Type}
}

// kindOf returns the type of something found.
func (q *Query) kindOf(doc Resource) string {
	if q.Type == "" {
		return doc.Text("meta", "resourceType")
	}
	return q.Type
}

// visible lists what a read may see of some types and is wanted, in the order of
// creation. The resources must not be altered, save by hooks at the top level.
func (a *App) visible(kinds []string, wanted func(Resource) bool) (out []Resource) {
	a.store.view(func(v view) {
		for _, r := range a.readable(kinds, v) {
			if doc := a.onRead(r, v); doc != nil && (wanted == nil || wanted(doc)) {
				out = append(out, doc)
			}
		}
	})
	return out
}

// readable lists the records that a read may show: with hooks on reads, also deleted
// ones, as a read may lag behind.
func (a *App) readable(kinds []string, v view) []*record {
	if len(a.config.Hooks.OnRead) == 0 {
		return together(kinds, v.list)
	}
	return together(kinds, v.ever)
}

// deleted lists the deleted resources of some types, oldest first.
func (a *App) deleted(kinds []string) (out []Resource) {
	a.store.view(func(v view) {
		for _, r := range together(kinds, v.ever) {
			if r.deleted {
				out = append(out, r.doc.Clone())
			}
		}
	})
	return out
}

// together lists the records of several types in the order of creation.
func together(kinds []string, of func(string) []*record) []*record {
	var out []*record
	for _, kind := range kinds {
		out = append(out, of(kind)...)
	}
	if len(kinds) > 1 {
		slices.SortFunc(out, func(a, b *record) int { return cmp.Compare(a.serial, b.serial) })
	}
	return out
}
