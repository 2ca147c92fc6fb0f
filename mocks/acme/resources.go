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
	r.Post(path, a.scim(a.create(kind)))
	r.Get(path, a.scim(a.query(kind)))
	r.Get(path+"/{id}", a.scim(a.read(kind)))
	r.Put(path+"/{id}", a.scim(a.replace(kind)))
	r.Patch(path+"/{id}", a.scim(a.patch(kind)))
	r.Delete(path+"/{id}", a.scim(a.remove(kind)))
}

// create answers POST (RFC 7644 §3.3).
func (a *App) create(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		body, err := readObject(r)
		if err != nil {
			return nil, err
		}
		doc, err := model.SchemaOf(kind).Admit(body)
		if err != nil {
			return nil, err
		}
		stored, err := a.commit(&Change{Method: http.MethodPost, Type: kind, ID: uuid.NewString(), After: doc})
		if err != nil {
			return nil, err
		}
		reply := replyWith(r, http.StatusCreated, kind, stored)
		reply.Header = http.Header{"Location": {base(r) + kind + "s/" + stored.Text("id")}}
		return reply, nil
	}
}

// read answers GET for one resource (RFC 7644 §3.4.1).
func (a *App) read(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		id := chi.URLParam(r, "id")
		var doc Resource
		a.store.view(func(v view) {
			if found := latest(v, kind, id); found != nil {
				doc = a.onRead(found, v)
			}
		})
		if doc == nil {
			return nil, notFound(kind, id)
		}
		return replyWith(r, http.StatusOK, kind, doc), nil
	}
}

// replace answers PUT (RFC 7644 §3.5.1).
func (a *App) replace(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		body, err := readObject(r)
		if err != nil {
			return nil, err
		}
		return a.changed(r, &Change{Method: http.MethodPut, Type: kind}, func(c *Change) (err error) {
			c.After, err = model.SchemaOf(kind).Admit(body)
			return err
		})
	}
}

// patch answers PATCH (RFC 7644 §3.5.2).
func (a *App) patch(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		body, err := readObject(r)
		if err != nil {
			return nil, err
		}
		return a.changed(r, &Change{Method: http.MethodPatch, Type: kind}, func(c *Change) (err error) {
			c.Operations, err = model.ParseOperations(body)
			return err
		})
	}
}

// changed carries a change of an existing resource out. That there is no such
// resource is said before what is wrong with the body.
func (a *App) changed(r *http.Request, c *Change, prepare func(*Change) error) (*Reply, error) {
	c.ID = chi.URLParam(r, "id")
	exists := false
	a.store.view(func(v view) { exists = v.get(c.Type, c.ID) != nil })
	if !exists {
		return nil, notFound(c.Type, c.ID)
	}
	if err := prepare(c); err != nil {
		return nil, err
	}
	stored, err := a.commit(c)
	if err != nil {
		return nil, err
	}
	return replyWith(r, http.StatusOK, c.Type, stored), nil
}

// remove answers DELETE (RFC 7644 §3.6).
func (a *App) remove(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		if _, err := a.commit(&Change{Method: http.MethodDelete, Type: kind, ID: chi.URLParam(r, "id")}); err != nil {
			return nil, err
		}
		return &Reply{Status: http.StatusNoContent}, nil
	}
}

func replyWith(r *http.Request, status int, kind string, doc Resource) *Reply {
	return &Reply{Status: status, Body: present(r, kind, doc)}
}
