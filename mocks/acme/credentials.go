package acme

import (
	"slices"
	"sync"
	"time"
)

// credentials keeps what users hold. Nothing is ever forgotten, so that an auditor
// (and a hook) can see what was revoked and why.
type credentials struct {
	app  *App
	mu   sync.RWMutex
	held map[string]*held // secret → record
	// signingKey signs this application's JWTs and no other's.
	signingKey []byte
}

// held is one session or token.
type held struct {
	id      string
	kind    CredentialKind
	owner   string // user id
	label   string
	expires time.Time // zero for never
	revoked OwnerState
	spent   bool // a refresh token that was used, or a session that was signed out
}

func newCredentials(a *App) *credentials {
	return &credentials{app: a, held: map[string]*held{}, signingKey: []byte(random())}
}

// mint hands a new credential to a user and returns the secret.
func (c *credentials) mint(kind CredentialKind, owner, secret, label string, ttl time.Duration) *held {
	h := &held{id: newID(), kind: kind, owner: owner, label: label}
	if ttl > 0 {
		h.expires = c.app.config.Now().Add(ttl)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[secret] = h
	return h
}

// revoke ends everything that a user holds, at once and for good: a reactivation
// brings nothing back.
func (c *credentials) revoke(owner string, why OwnerState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, h := range c.held {
		if h.owner == owner && h.revoked == "" {
			h.revoked = why
		}
	}
}

// spend marks a credential as used up. It reports whether it was still fresh, so
// that a refresh token can be used once only.
func (c *credentials) spend(secret string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.held[secret]
	if h == nil || h.spent {
		return false
	}
	h.spent = true
	return true
}

// of lists what a user holds of a kind.
func (c *credentials) of(owner string, kind CredentialKind) []held {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var out []held
	for _, h := range c.held {
		if h.owner == owner && h.kind == kind && h.revoked == "" && !h.spent {
			out = append(out, *h)
		}
	}
	return out
}

// drop ends one credential of a user by its id.
func (c *credentials) drop(owner, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, h := range c.held {
		if h.owner == owner && h.id == id {
			h.spent = true
			return true
		}
	}
	return false
}

// use judges a session or token and returns whom it speaks for, or nil.
func (c *credentials) use(secret string, kinds ...CredentialKind) Resource {
	c.mu.RLock()
	h := c.held[secret]
	var copied held
	if h != nil {
		copied = *h
	}
	c.mu.RUnlock()
	if h == nil || copied.spent || !slices.Contains(kinds, copied.kind) {
		return nil
	}
	if !copied.expires.IsZero() && !c.app.config.Now().Before(copied.expires) {
		return nil
	}
	owner, state, leftAt := c.app.store.owner(copied.owner)
	return c.app.judge(&Credential{Kind: copied.kind, Owner: owner, State: state, LeftAt: leftAt, Revoked: copied.revoked})
}

// signIn judges a password and returns the user, or nil. The accounts of deleted
// users are looked at too: that they let nobody in is decided in judge.
func (a *App) signIn(userName, password string) Resource {
	for _, account := range a.store.accounts(userName) {
		if !rightPassword(account.Owner, password) {
			continue
		}
		account.Kind = Password
		if user := a.judge(account); user != nil {
			return user
		}
	}
	return nil
}

// judge decides on a credential: it speaks for its owner while they are active and
// it was not revoked.
func (a *App) judge(c *Credential) Resource {
	if c.Owner == nil {
		return nil
	}
	c.Now = a.config.Now()
	c.Allowed, c.As = c.State == Active && c.Revoked == "", c.Owner
	if c.State == Deleted {
		c.Namesake = a.store.namesake(c.Owner.Text("userName"))
	}
	for _, hook := range a.config.Hooks.JudgeCredential {
		hook(c)
	}
	if !c.Allowed {
		return nil
	}
	return c.As
}

// owner finds a user, living or deleted, with their state.
func (s *store) owner(id string) (Resource, OwnerState, time.Time) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if it := s.items[typeUser][id]; it != nil {
		return s.peek(typeUser, id), stateOf(it.doc), it.leftAt
	}
	for _, doc := range s.deleted {
		if doc.Text("id") == id {
			return doc.Clone(), Deleted, leftAt(doc)
		}
	}
	return nil, Deleted, time.Time{}
}

// accounts lists the living user of a name, and then the deleted ones.
func (s *store) accounts(userName string) []*Credential {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*Credential
	if doc := s.userByName(userName); doc != nil {
		id := doc.Text("id")
		out = append(out, &Credential{Owner: s.peek(typeUser, id), State: stateOf(doc), LeftAt: s.items[typeUser][id].leftAt})
	}
	for _, doc := range s.deletedByName(userName) {
		out = append(out, &Credential{Owner: doc.Clone(), State: Deleted, LeftAt: leftAt(doc), Revoked: Deleted})
	}
	return out
}

func (s *store) namesake(userName string) Resource {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if doc := s.userByName(userName); doc != nil {
		return s.peek(typeUser, doc.Text("id"))
	}
	return nil
}

func stateOf(doc Resource) OwnerState {
	if doc.Active() {
		return Active
	}
	return Inactive
}

// leftAt is when a deleted user was deleted.
func leftAt(doc Resource) time.Time {
	at, _ := doc[leftAtKey].(time.Time)
	return at
}
