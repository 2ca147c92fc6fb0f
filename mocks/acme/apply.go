package acme

import (
	"net/http"
	"slices"
	"time"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// apply stores a change, and with a departure notes that nothing which the leaver
// held is good from then on.
func (a *App) apply(c *Change, old *record, t tx) *record {
	now := a.config.Now().UTC()
	if c.Method == http.MethodDelete {
		gone := remove(old, now, t)
		a.handOver(gone, t)
		return gone
	}
	fresh := old.next(now)
	fresh.kind, fresh.doc = c.Type, c.After
	if old == nil {
		fresh.serial = t.nextSerial()
	}
	if c.passwordHash != nil {
		fresh.passwordHash = c.passwordHash
	}
	if old == nil && slices.Contains(a.config.Admins, c.After.Text("userName")) {
		roles, _ := c.After["roles"].([]any)
		c.After["roles"] = append(roles, map[string]any{"value": "admin"})
	}
	fresh.setPassword(old != nil)
	if c.Type == TypeUser {
		fresh.settleUser(c, a.provisions(c.By))
	}
	fresh.stamp(c.ID)
	t.put(fresh)
	if c.Type == TypeUser && !fresh.doc.Active() {
		a.handOver(fresh, t)
	}
	if c.Type == TypeGroup && c.Before != nil {
		noteLosses(fresh, c.Lost(), now, t)
	}
	return fresh
}

// handOver gives what runs by itself for somebody who has left to the heir, if the
// application has one. The inventory shows whose it is from then on.
func (a *App) handOver(leaver *record, t tx) {
	heir := t.named(a.config.Heir)
	if heir == nil || heir.serial == leaver.serial || !heir.doc.Active() {
		return
	}
	for _, c := range t.heldBy(leaver.serial) {
		if c.kind == Job && !c.spent {
			given := *c
			given.owner, given.endings = heir.serial, len(heir.endings)
			t.keep(&given)
		}
	}
}

// lose remembers that somebody no longer holds something.
func (r *record) lose(what string, at time.Time) {
	r.losses = append(slices.Clip(r.losses), Loss{Through: what, At: at})
}

// settleUser keeps what the product knows of a user beside the resource.
func (r *record) settleUser(c *Change, bySCIM bool) {
	if c.Before == nil {
		r.source = c.By
	}
	switch was := c.Before == nil || c.Before.Active(); {
	case r.doc.Active():
		r.disabledByIdentitySource = false
	case was:
		// Also for the last administrator: who has left must be out, and the audit log
		// says so. A refusal would leave a leaver with every right, until somebody looks.
		r.end(r.changedAt, Deactivation)
		r.disabledByIdentitySource = bySCIM
	}
	kept := rolesOf(r.doc)
	for _, role := range rolesOf(c.Before) {
		if !slices.Contains(kept, role) {
			r.lose("role "+role, r.changedAt)
		}
	}
}

// next begins the successor of a record, which may be nil.
func (r *record) next(now time.Time) *record {
	if r == nil {
		return &record{version: 1, changedAt: now}
	}
	fresh := *r
	fresh.previous, fresh.changedAt, fresh.version = r.doc, now, r.version+1
	return &fresh
}

// setPassword keeps a hash of a password that was sent. A new one ends what was
// obtained with the old one.
func (r *record) setPassword(had bool) {
	secret, sent := r.doc["password"].(string)
	if !sent || had && r.opensWith(secret) {
		return
	}
	// Hashing here keeps the other writers waiting, which the low cost allows.
	r.passwordHash = hashPassword(secret)
	if had {
		r.end(r.changedAt, PasswordChange)
	}
}

func (r *record) end(at time.Time, why Cause) {
	r.endings = append(slices.Clip(r.endings), Ending{At: at, Why: why})
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
	r.doc["meta"] = map[string]any{
		"resourceType": r.kind, "created": created, "lastModified": at, "location": r.kind + "s/" + id, "version": r.etag(),
	}
}

// remove deletes a resource and takes it out of every group.
func remove(old *record, now time.Time, t tx) *record {
	fresh := old.next(now)
	fresh.deleted = true
	fresh.end(now, Deletion)
	t.put(fresh)
	id := old.doc.Text("id")
	for _, group := range t.groupsWith(id) {
		shrunk := group.next(now)
		shrunk.doc = group.doc.Clone()
		model.SetList(shrunk.doc, "members", slices.DeleteFunc(shrunk.doc["members"].([]any), func(m any) bool {
			return m.(map[string]any)["value"] == id
		}))
		shrunk.stamp(group.doc.Text("id"))
		t.put(shrunk)
	}
	if old.kind == TypeGroup {
		noteLosses(old, memberIDs(old.doc), now, t)
	}
	return fresh
}

// noteLosses remembers that people are no longer in a group.
func noteLosses(group *record, ids []string, now time.Time, t tx) {
	for _, id := range ids {
		if member := t.get(TypeUser, id); member != nil {
			fresh := *member
			fresh.lose("group "+group.doc.Text("id"), now)
			t.put(&fresh)
		}
	}
}
