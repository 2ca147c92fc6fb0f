package acme

import (
	"maps"
	"net/http"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// walk answers a search that pages by cursor (RFC 9865). The cursors of a page hold its
// first and last resource rather than a number, so that those created or deleted
// meanwhile move nothing. totalResults is what matches now. startIndex has no meaning
// and is left out.
func (a *App) walk(r *http.Request, kind string, s *search) (*Reply, error) {
	q := s.query(kind)
	boundTo := binding(client(r), q)
	m, err := a.resume(q, s, boundTo)
	if err != nil {
		return nil, err
	}
	p, err := a.find(q, m)
	if err != nil {
		return nil, err
	}
	body := listResponse(presentAll(r, q, p, s.shape), p.total)
	ends, err := a.cursorsOf(q, p, boundTo)
	if err != nil {
		return nil, err
	}
	maps.Copy(body, ends)
	return &Reply{Status: http.StatusOK, Body: body}, nil
}

// resume returns where a search goes on, nil at its beginning. The page size stays what
// it was at the beginning: it may be left out, but not changed.
func (a *App) resume(q *Query, s *search, boundTo []byte) (*mark, error) {
	q.Start = 1
	if s.countUnread {
		return nil, model.BadRequest("invalidCount", "count must be a number")
	}
	if *s.cursor == "" {
		return nil, nil
	}
	c, err := a.open(*s.cursor, boundTo)
	if err != nil {
		return nil, err
	}
	if s.count != nil && q.Count != c.Count {
		return nil, model.BadRequest("invalidCount", "count must be the same on each page")
	}
	q.Count = c.Count
	return &c.Mark, nil
}

// cursorsOf returns the cursors of a page: nextCursor unless it is the last one, and
// previousCursor unless it is the first. A page without resources has none to go on
// from.
func (a *App) cursorsOf(q *Query, p *page, boundTo []byte) (map[string]any, error) {
	out := map[string]any{}
	n := len(p.docs)
	if n == 0 {
		return out, nil
	}
	if p.from > 0 {
		text, err := a.cursorAt(q, p.docs[0], true, boundTo)
		if err != nil {
			return nil, err
		}
		out["previousCursor"] = text
	}
	if p.from+n < p.total {
		text, err := a.cursorAt(q, p.docs[n-1], false, boundTo)
		if err != nil {
			return nil, err
		}
		out["nextCursor"] = text
	}
	return out, nil
}

// cursorAt makes a cursor that goes on after a resource, or back before it.
func (a *App) cursorAt(q *Query, doc Resource, back bool, boundTo []byte) (string, error) {
	kind := q.kindOf(doc)
	m := mark{ID: doc.Text("id"), Back: back}
	a.store.view(func(v view) { m.Serial = serialOf(v, kind, doc) })
	if q.SortBy != "" {
		m.Sort = model.SchemaOf(kind).Project(doc, q.SortBy, "")
		m.Sort["meta"] = doc["meta"]
	}
	return a.seal(cursor{Mark: m, Count: q.Count, Expires: a.config.Now().Add(cursorTimeout)}, boundTo)
}
