package acme

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// shown returns a record's resource with what is not stored in it. What is nested
// in it is shared with the store and must not be altered.
func (r *record) shown(v view) Resource {
	doc := maps.Clone(r.doc)
	if r.kind == TypeUser && !r.deleted {
		return tagged(doc, groupsOf(doc.Text("id"), v))
	}
	return doc
}

// glance returns a record's resource as shown does, for those who alter nothing of it:
// most need not be copied then.
func (r *record) glance(v view) Resource {
	if r.kind != TypeUser || r.deleted || len(v.groupsWith(r.doc.Text("id"))) == 0 {
		return r.doc
	}
	return r.shown(v)
}

// groupsOf lists the groups that a user is a member of, for the readOnly attribute
// groups (RFC 7643 §4.1.2): first those that list the user, then those that hold one
// of these groups.
func groupsOf(id string, v view) []any {
	var out []any
	seen := map[string]bool{}
	kind := "direct"
	for level := []string{id}; len(level) > 0; kind = "indirect" {
		var next []string
		for _, member := range level {
			for _, group := range v.groupsWith(member) {
				gid := group.doc.Text("id")
				if seen[gid] {
					continue
				}
				seen[gid] = true
				next = append(next, gid)
				out = append(out, map[string]any{"value": gid, "display": group.doc.Text("displayName"), "type": kind, "$ref": "Groups/" + gid})
			}
		}
		level = next
	}
	return out
}

// latest finds a resource by its id, also a deleted one: a read may lag behind.
func latest(v view, kind, id string) *record {
	if r := v.get(kind, id); r != nil {
		return r
	}
	for _, r := range slices.Backward(v.ever(kind)) {
		if r.doc.Text("id") == id {
			return r
		}
	}
	return nil
}

// onRead returns what a read shows of a record, nil if it is not to be seen.
func (a *App) onRead(r *record, v view) Resource {
	if len(a.config.Hooks.OnRead) == 0 {
		switch {
		case r.deleted:
			return nil
		case len(a.config.Hooks.OnQuery) == 0:
			return r.glance(v)
		}
		return r.shown(v)
	}
	read := &Read{Type: r.kind, Previous: r.previous.Clone(), ChangedAt: r.changedAt, Now: a.config.Now()}
	if !r.deleted {
		read.Current = r.shown(v).Clone()
	}
	for _, hook := range a.config.Hooks.OnRead {
		hook(read)
	}
	return read.Current
}

// present makes a resource fit for a client: without what is never returned, with
// absolute addresses, and cut to attributes or excludedAttributes (RFC 7644 §3.9).
func present(r *http.Request, kind string, doc Resource, s shape) map[string]any {
	schema := model.SchemaOf(kind)
	named := s.written
	if s.attributes != "" { // which takes parts out and alters nothing
		doc = schema.Project(doc, s.attributes, "")
		named = strings.Split(s.attributes, ",")
	}
	out := doc.Clone()
	schema.Hide(out, named)
	absolute(base(r), map[string]any(out))
	if s.attributes == "" {
		return schema.Project(out, "", s.excluded)
	}
	return out
}

// absolute puts the service's address before relative references.
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

// base is the absolute address of the service, as the client sees it.
func base(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	prefix, _, _ := strings.Cut(r.URL.Path, "/scim")
	return scheme + "://" + r.Host + prefix + "/scim" + newest + "/"
}
