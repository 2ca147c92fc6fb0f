package acme

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
)

// create answers POST /Users and /Groups (RFC 7644 §3.3).
func (a *App) create(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		body, err := readObject(r)
		if err != nil {
			return nil, err
		}
		doc, err := schemaOf(kind).admit(body)
		if err != nil {
			return nil, err
		}
		change := &Change{Method: http.MethodPost, Type: kind, ID: newID(), After: doc}
		stored, err := a.commit(change)
		if err != nil {
			return nil, err
		}
		reply := a.reply(r, http.StatusCreated, kind, stored)
		reply.Header = http.Header{"Location": {base(r) + kind + "s/" + stored.Text("id")}}
		return reply, nil
	}
}

// read answers GET for one resource (RFC 7644 §3.4.1).
func (a *App) read(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		id := chi.URLParam(r, "id")
		doc := a.store.get(kind, id)
		if doc == nil {
			return nil, notFound(kind, id)
		}
		return a.reply(r, http.StatusOK, kind, doc), nil
	}
}

// replace answers PUT (RFC 7644 §3.5.1).
func (a *App) replace(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		id := chi.URLParam(r, "id")
		body, err := readObject(r)
		if err != nil {
			return nil, err
		}
		if a.store.get(kind, id) == nil {
			return nil, notFound(kind, id)
		}
		doc, err := schemaOf(kind).admit(body)
		if err != nil {
			return nil, err
		}
		stored, err := a.commit(&Change{Method: http.MethodPut, Type: kind, ID: id, After: doc})
		if err != nil {
			return nil, err
		}
		return a.reply(r, http.StatusOK, kind, stored), nil
	}
}

// patch answers PATCH (RFC 7644 §3.5.2).
func (a *App) patch(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		id := chi.URLParam(r, "id")
		body, err := readObject(r)
		if err != nil {
			return nil, err
		}
		if a.store.get(kind, id) == nil {
			return nil, notFound(kind, id)
		}
		operations, err := parseOperations(body)
		if err != nil {
			return nil, err
		}
		stored, err := a.commit(&Change{Method: http.MethodPatch, Type: kind, ID: id, Operations: operations})
		if err != nil {
			return nil, err
		}
		return a.reply(r, http.StatusOK, kind, stored), nil
	}
}

// delete answers DELETE (RFC 7644 §3.6).
func (a *App) delete(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		if _, err := a.commit(&Change{Method: http.MethodDelete, Type: kind, ID: chi.URLParam(r, "id")}); err != nil {
			return nil, err
		}
		return &Reply{Status: http.StatusNoContent}, nil
	}
}

// commit carries a change out under the store's lock: all of it or none (RFC 7644
// §3.5.2). It returns the resource as stored.
func (a *App) commit(c *Change) (Resource, error) {
	a.store.mu.Lock()
	defer a.store.mu.Unlock()
	if c.Method != http.MethodPost {
		if c.Before = a.store.peek(c.Type, c.ID); c.Before == nil {
			return nil, notFound(c.Type, c.ID)
		}
	}
	if err := c.work(); err != nil {
		return nil, err
	}
	if err := a.checkReferences(c); err != nil {
		return nil, err
	}
	if c.Type == typeUser {
		c.Deleted = a.store.deletedByName(c.After.Text("userName"))
	}
	for _, hook := range a.config.Hooks.BeforeChange {
		hook(c)
	}
	if c.Refuse != nil {
		return nil, c.Refuse
	}
	if c.Drop {
		return c.Before, nil
	}
	return a.apply(c), nil
}

// work makes After out of Before and the request.
func (c *Change) work() error {
	switch c.Method {
	case http.MethodPatch:
		after, err := schemaOf(c.Type).applyOperations(c.Before, c.Operations)
		if err != nil {
			return err
		}
		c.After = after
	case http.MethodPut:
		// What is not sent is cleared (RFC 7644 §3.5.1), except the password, which
		// nobody can send back as it is never shown, and active, whose absence is no
		// wish to let somebody in again.
		for _, kept := range []string{passwordKey, "active"} {
			if _, sent := c.After[kept]; !sent && c.Before[kept] != nil {
				c.After[kept] = c.Before[kept]
			}
		}
	}
	if c.After != nil {
		c.After["id"] = c.ID
	}
	return nil
}

// checkReferences looks at what a schema cannot tell: unique names, and members
// who exist.
func (a *App) checkReferences(c *Change) error {
	switch {
	case c.After == nil:
		return nil
	case c.Type == typeUser:
		taken := a.store.userByName(c.After.Text("userName"))
		if taken != nil && taken.Text("id") != c.ID {
			return &Error{http.StatusConflict, "uniqueness", "the userName is taken"}
		}
	case c.Type == typeGroup:
		return a.checkMembers(c.After)
	}
	return nil
}

// checkMembers refuses members who do not exist and fills in what is known of the
// others.
func (a *App) checkMembers(group Resource) error {
	list, _ := group["members"].([]any)
	var members []any
	seen := map[string]bool{}
	for _, m := range list {
		object, _ := m.(map[string]any)
		id, _ := object["value"].(string)
		kind, doc := typeUser, a.store.items[typeUser][id]
		if doc == nil {
			kind, doc = typeGroup, a.store.items[typeGroup][id]
		}
		if doc == nil {
			return badRequest("invalidValue", "no user or group has the id of a member")
		}
		if !seen[id] {
			seen[id] = true
			members = append(members, map[string]any{"value": id, "type": kind, "display": doc.doc.Text("displayName"), "$ref": kind + "s/" + id})
		}
	}
	if members == nil {
		delete(group, "members")
		return nil
	}
	group["members"] = members
	return nil
}

// apply stores a change and ends what a leaver held.
func (a *App) apply(c *Change) Resource {
	if c.Method == http.MethodDelete {
		a.vault.revoke(c.ID, Deleted)
		a.store.remove(c.Type, c.ID)
		return nil
	}
	if secret, sent := c.After["password"].(string); sent {
		delete(c.After, "password")
		c.After[passwordKey] = hash(secret)
	}
	if c.Type == typeUser && c.Before != nil && c.Before.Active() && !c.After.Active() {
		a.vault.revoke(c.ID, Inactive)
	}
	a.store.put(c.Type, c.After)
	return a.store.peek(c.Type, c.After.Text("id"))
}

// reply shows a resource as a client may see it.
func (a *App) reply(r *http.Request, status int, kind string, doc Resource) *Reply {
	return &Reply{Status: status, Body: present(r, kind, doc)}
}

// present takes out what is never returned, makes addresses absolute and applies
// attributes and excludedAttributes (RFC 7644 §3.9).
func present(r *http.Request, kind string, doc Resource) map[string]any {
	out := doc.Clone()
	for key := range out {
		if strings.HasPrefix(key, hiddenPrefix) || strings.EqualFold(key, "password") {
			delete(out, key)
		}
	}
	absolute(base(r), map[string]any(out))
	return schemaOf(kind).project(out, r.URL.Query().Get("attributes"), r.URL.Query().Get("excludedAttributes"))
}

func absolute(base string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if text, ok := inner.(string); ok && (key == "location" || key == "$ref") && !strings.Contains(text, "://") {
				v[key] = base + text
				continue
			}
			absolute(base, inner)
		}
	case []any:
		for _, inner := range v {
			absolute(base, inner)
		}
	}
}
