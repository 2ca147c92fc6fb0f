package acme

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// commit carries a change out: all of it or none (RFC 7644 §3.5.2). It returns the
// resource as stored, nil once it is deleted.
func (a *App) commit(c *Change) (Resource, error) {
	var stored Resource
	err := a.store.update(func(t tx) error {
		old := t.get(c.Type, c.ID)
		if err := c.work(old, t); err != nil {
			return err
		}
		if err := c.checkReferences(t); err != nil {
			return err
		}
		c.findNamesakes(t)
		for _, hook := range a.config.Hooks.BeforeChange {
			hook(c)
		}
		if c.Refuse != nil {
			return c.Refuse
		}
		if c.Drop && c.Before != nil {
			stored = c.Before
			return nil
		}
		if fresh := a.apply(c, old, t); !fresh.deleted {
			stored = fresh.shown(t)
		}
		return nil
	})
	return stored, err
}

// work makes After out of Before and the request.
func (c *Change) work(old *record, v view) (err error) {
	if c.Method != http.MethodPost {
		if old == nil {
			return notFound(c.Type, c.ID)
		}
		c.Before = old.shown(v)
	}
	if c.Method == http.MethodPatch {
		c.After, err = model.SchemaOf(c.Type).ApplyOperations(c.Before, c.Operations)
	}
	if err != nil || c.After == nil {
		return err
	}
	c.After["id"] = c.ID
	if c.Type == TypeUser {
		c.settleActive()
	}
	return nil
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

// findNamesakes looks for deleted users who had the name.
func (c *Change) findNamesakes(v view) {
	if c.Type != TypeUser || c.After == nil {
		return
	}
	for _, r := range v.gone(TypeUser) {
		if strings.EqualFold(r.doc.Text("userName"), c.After.Text("userName")) {
			c.Namesakes = append(c.Namesakes, r.doc.Clone())
		}
	}
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
	return nil
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

// apply stores a change, and notes a departure with it: from then on nothing that
// the leaver held is good.
func (a *App) apply(c *Change, old *record, t tx) *record {
	now := a.config.Now().UTC()
	fresh := &record{kind: c.Type, doc: c.After, changedAt: now}
	if old != nil {
		fresh.serial, fresh.passwordHash, fresh.departures, fresh.previous = old.serial, old.passwordHash, old.departures, old.doc
	} else {
		fresh.serial = t.nextSerial()
	}
	if c.Method == http.MethodDelete {
		fresh.doc, fresh.deleted = old.doc, true
		fresh.leave(now, Deleted)
		t.put(fresh)
		leaveGroups(c.ID, now, t)
		return fresh
	}
	if secret, sent := fresh.doc["password"].(string); sent {
		// Hashing here keeps the other writers waiting, which the low cost allows.
		fresh.passwordHash = hashPassword(secret)
	}
	if c.Before != nil && c.Before.Active() && !fresh.doc.Active() && c.Type == TypeUser {
		fresh.leave(now, Inactive)
	}
	fresh.stamp(c.ID)
	t.put(fresh)
	return fresh
}

func (r *record) leave(at time.Time, why OwnerState) {
	r.departures = append(slices.Clip(r.departures), Departure{At: at, Why: why})
}

// stamp sets what only the service may set, and drops what is kept elsewhere.
func (r *record) stamp(id string) {
	at := r.changedAt.Format(time.RFC3339Nano)
	created := r.previous.Text("meta", "created")
	if created == "" {
		created = at
	}
	delete(r.doc, "password")
	delete(r.doc, "groups")
	r.doc["id"] = id
	r.doc["meta"] = map[string]any{"resourceType": r.kind, "created": created, "lastModified": at, "location": r.kind + "s/" + id}
}

// leaveGroups takes a deleted resource out of every group.
func leaveGroups(id string, now time.Time, t tx) {
	for _, group := range t.list(TypeGroup) {
		if !slices.Contains(memberIDs(group.doc), id) {
			continue
		}
		fresh := *group
		fresh.doc, fresh.previous, fresh.changedAt = group.doc.Clone(), group.doc, now
		var kept []any
		for _, m := range model.Objects(fresh.doc["members"]) {
			if m["value"] != id {
				kept = append(kept, m)
			}
		}
		model.SetList(fresh.doc, "members", kept)
		fresh.stamp(group.doc.Text("id"))
		t.put(&fresh)
	}
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
