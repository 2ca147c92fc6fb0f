package acme

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// resourceRoutes are the endpoints of one type of resource (RFC 7644 §3.2).
func (a *App) resourceRoutes(r chi.Router, kind string) {
	path := "/" + kind + "s"
	one := path + "/{id:[^.].*}" // no id begins as .search does
	r.Post(path, a.scim(a.create(kind)))
	r.Get(path, a.scim(a.query(kind)))
	r.Post(path+"/.search", a.scim(a.searchByPost(kind)))
	r.Get(one, a.scim(a.read(kind)))
	r.Put(one, a.scim(a.change(kind)))
	r.Patch(one, a.scim(a.change(kind)))
	r.Delete(one, a.scim(a.remove(kind)))
}

// create answers POST (RFC 7644 §3.3).
func (a *App) create(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		body, err := readObject(r)
		if err != nil {
			return nil, err
		}
		stored, err := a.commit(&Change{Method: http.MethodPost, Type: kind, ID: uuid.NewString(), Body: body, By: clientOf(r), InBulk: inBulk(r)})
		if err != nil {
			return nil, err
		}
		if kind == TypeUser {
			a.mailWelcome(stored)
		}
		reply := replyWith(r, http.StatusCreated, kind, stored, body)
		reply.Header.Set("Location", base(r)+kind+"s/"+stored.Text("id"))
		return reply, nil
	}
}

// read answers GET for one resource (RFC 7644 §3.4.1).
func (a *App) read(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		id := chi.URLParam(r, "id")
		doc := a.look(kind, id)
		if doc == nil {
			return nil, notFound(kind, id)
		}
		if reply := unchanged(r, doc); reply != nil {
			return reply, nil
		}
		return replyWith(r, http.StatusOK, kind, doc, nil), nil
	}
}

// change answers PUT and PATCH (RFC 7644 §3.5.1, §3.5.2). What a client asks to see it
// gets, also where a PATCH is answered without a body.
func (a *App) change(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		body, err := readObject(r)
		if err != nil {
			return nil, err
		}
		stored, err := a.commit(&Change{
			Method: r.Method, Type: kind, ID: chi.URLParam(r, "id"), Body: body, IfMatch: ifMatch(r), By: clientOf(r), InBulk: inBulk(r),
		})
		if err != nil {
			return nil, err
		}
		if r.Method == http.MethodPatch && a.config.PatchNoContent && shapeOf(r).attributes == "" {
			return &Reply{Status: http.StatusNoContent, Header: tagOf(stored)}, nil
		}
		return replyWith(r, http.StatusOK, kind, stored, body), nil
	}
}

// remove answers DELETE (RFC 7644 §3.6).
func (a *App) remove(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		_, err := a.commit(&Change{
			Method: r.Method, Type: kind, ID: chi.URLParam(r, "id"), IfMatch: ifMatch(r), By: clientOf(r), InBulk: inBulk(r),
		})
		if err != nil {
			return nil, err
		}
		return &Reply{Status: http.StatusNoContent}, nil
	}
}

// replyWith answers with a resource. body is that of the write, nil for a read.
func replyWith(r *http.Request, status int, kind string, doc Resource, body map[string]any) *Reply {
	s := shapeOf(r)
	s.written = model.SchemaOf(kind).Mentioned(body)
	return &Reply{Status: status, Header: tagOf(doc), Body: present(r, kind, doc, s)}
}

// look returns what a read of one resource shows, nil for nothing.
func (a *App) look(kind, id string) (doc Resource) {
	found := false
	a.store.view(func(v view) {
		r := v.get(kind, id)
		if r == nil && len(a.config.Hooks.OnRead) > 0 {
			r = latest(v, kind, id)
		}
		if found = r != nil; found {
			doc = a.onRead(r, v)
		}
	})
	if !found && a.sister != nil {
		doc = a.lookAcross(kind, id)
	}
	return doc
}

// lookAcross asks the hooks whether a resource of the sister organisation is shown:
// without one it is not.
func (a *App) lookAcross(kind, id string) Resource {
	read := &Read{Type: kind, Foreign: true, Now: a.config.Now()}
	a.sister.store.view(func(v view) {
		if r := v.get(kind, id); r != nil {
			read.Previous, read.ChangedAt = r.shown(v).Clone(), r.changedAt
		}
	})
	if read.Previous == nil {
		return nil
	}
	for _, hook := range a.config.Hooks.OnRead {
		hook(read)
	}
	return read.Current
}
