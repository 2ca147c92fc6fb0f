package acme

import (
	"net/http"
	"slices"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// commit carries a change out: all of it or none (RFC 7644 §3.5.2). It returns the
// resource as stored, nil once it is deleted.
func (a *App) commit(c *Change) (stored Resource, err error) {
	err = a.store.update(func(t tx) error {
		old := t.get(c.Type, c.ID)
		c.prepare(old, t)
		for _, hook := range a.config.Hooks.BeforeChange {
			hook(c)
		}
		switch {
		case c.Err != nil:
			return c.Err
		case old != nil && (c.Drop || c.changesNothing()):
			stored = old.shown(t)
		case old == nil && c.After == nil: // a hook made a success of what is not there
		default:
			if fresh := a.apply(c, old, t); !fresh.deleted {
				stored = fresh.shown(t)
			}
		}
		return nil
	})
	a.auditChange(c, err)
	return stored, err
}

// prepare works out what becomes of a change: Before, After and Err.
func (c *Change) prepare(old *record, v view) {
	if old != nil && c.Method != http.MethodPost {
		c.Before = old.shown(v).Clone() // hooks may alter it
	}
	for _, step := range []func(view) error{c.find, c.precondition, c.work, c.checkReferences, c.checkImmutable, c.checkGuard} {
		if err := step(v); err != nil {
			c.Err = asError(err)
			break
		}
	}
	if c.Type == TypeUser && c.After != nil {
		c.settleActive()
		for _, r := range v.formerly(c.After.Text("userName")) {
			c.Namesakes = append(c.Namesakes, r.doc.Clone())
		}
	}
}

// find looks for the resource: that there is none is said before what is wrong with
// the body.
func (c *Change) find(view) error {
	if c.Before == nil && c.Method != http.MethodPost {
		return notFound(c.Type, c.ID)
	}
	return nil
}

// work makes After out of Before and the request.
func (c *Change) work(view) (err error) {
	switch s := model.SchemaOf(c.Type); c.Method {
	case http.MethodPost, http.MethodPut:
		c.After, err = s.Admit(c.Body)
	case http.MethodPatch:
		if c.Operations, err = model.ParseOperations(c.Body); err == nil {
			c.After, err = s.ApplyOperations(c.Before, c.Operations)
		}
	}
	if c.After != nil {
		c.After["id"] = c.ID
	}
	return err
}

// checkImmutable keeps what may be set only once as it is.
func (c *Change) checkImmutable(view) error {
	if c.Before == nil || c.After == nil {
		return nil
	}
	return model.SchemaOf(c.Type).CheckImmutable(c.Before, c.After)
}

// precondition compares If-Match with the version that is stored (RFC 7644 §3.14).
// Tags are compared weakly, as RFC 7644's own examples have weak ones.
func (c *Change) precondition(view) error {
	if c.IfMatch == "" || c.Before == nil || matchesTag(c.IfMatch, c.Before.Text("meta", "version")) {
		return nil
	}
	return &Error{Status: http.StatusPreconditionFailed, Detail: "the resource has changed since that version"}
}

// settleActive gives active a value where the change leaves it unassigned: a new
// user is active, and others stay as they are. RFC 7644 §3.5.1 lets a service
// choose a default; true would let a leaver in again who is only being renamed.
func (c *Change) settleActive() {
	if _, assigned := c.After["active"].(bool); assigned {
		return
	}
	c.After["active"] = c.Before == nil || c.Before.Active()
}

// checkReferences looks at what a schema cannot tell: unique names, and members
// who exist.
func (c *Change) checkReferences(v view) error {
	if c.After == nil {
		return nil
	}
	if c.Type == TypeGroup {
		return settleMembers(c.After, v)
	}
	if taken := v.named(c.After.Text("userName")); taken != nil && taken.doc.Text("id") != c.ID {
		return &Error{Status: http.StatusConflict, ScimType: "uniqueness", Detail: "another user has this userName"}
	}
	return c.checkUnique(v)
}

// checkUnique looks at the other attributes that no two users may share. They are rare:
// there is no index of them.
func (c *Change) checkUnique(v view) error {
	s := model.SchemaOf(c.Type)
	wanted := s.Unique(c.After)
	delete(wanted, s.URN+":userName")
	if len(wanted) == 0 {
		return nil
	}
	for _, other := range v.list(c.Type) {
		if other.doc.Text("id") == c.ID {
			continue
		}
		for name, value := range s.Unique(other.doc) {
			if wanted[name] == value && value != "" {
				return &Error{Status: http.StatusConflict, ScimType: "uniqueness", Detail: "another user has this " + name}
			}
		}
	}
	return nil
}

// checkGuard asks what the product wants to be so beyond the rules of SCIM.
func (c *Change) checkGuard(v view) error {
	if c.guard == nil {
		return nil
	}
	return c.guard(v)
}

// settleMembers refuses members who do not exist, drops repeats, and fills in what
// is known of the others.
func settleMembers(group Resource, v view) error {
	var members []any
	seen := map[string]bool{}
	for _, m := range model.Objects(group["members"]) {
		id, _ := m["value"].(string)
		kind, member := TypeUser, v.get(TypeUser, id)
		if member == nil {
			kind, member = TypeGroup, v.get(TypeGroup, id)
		}
		if member == nil {
			return model.BadRequest("invalidValue", "a member has a value that is no user's and no group's id")
		}
		if !seen[id] {
			seen[id] = true
			members = append(members, map[string]any{"value": id, "type": kind, "display": member.doc.Text("displayName"), "$ref": kind + "s/" + id})
		}
	}
	model.SetList(group, "members", members)
	return nil
}

// changesNothing reports a PUT or PATCH that leaves the resource as it is: that is a
// success which even lastModified does not show (RFC 7644 §3.5.2.1).
func (c *Change) changesNothing() bool {
	if c.After == nil {
		return c.Method != http.MethodDelete
	}
	before, after := c.Before.Clone(), c.After.Clone()
	for _, kept := range []string{"groups", "meta"} {
		delete(before, kept)
		delete(after, kept)
	}
	return model.Same(before, after)
}

// memberIDs lists the ids of a group's members.
func memberIDs(group Resource) []string {
	var ids []string
	for _, m := range model.Objects(group["members"]) {
		id, _ := m["value"].(string)
		ids = append(ids, id)
	}
	return ids
}

// Lost lists the members that a change of a group takes out of it.
func (c *Change) Lost() []string {
	kept := memberIDs(c.After)
	return slices.DeleteFunc(memberIDs(c.Before), func(id string) bool { return slices.Contains(kept, id) })
}
