package acme

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// mint issues a credential to an account. The caller says what it is; a secret is
// made up unless given. ttl 0 is for ever.
func (a *App) mint(to *Account, c credential, ttl time.Duration) *credential {
	now := a.config.Now()
	c.id, c.owner, c.endings, c.issuedAt = uuid.NewString(), to.serial, len(to.Endings), now
	if c.secret == "" {
		c.secret = random()
	}
	if ttl > 0 {
		c.expires = now.Add(ttl)
	}
	_ = a.store.update(func(t tx) error { // which cannot fail
		t.keep(&c)
		return nil
	})
	a.audit(to.User.Text("userName"), "credential.mint", string(c.kind), nil)
	return &c
}

// use judges a session or token of one of the kinds. It returns whom it speaks
// for, or nil.
func (a *App) use(secret string, kinds ...CredentialKind) *Account {
	held, c := a.describe(secret)
	if held == nil && a.sister != nil {
		held, c = a.sister.describe(secret)
		c.Foreign = true
	}
	if held == nil || held.spent || held.expired(a.config.Now()) || !slices.Contains(kinds, held.kind) {
		return nil
	}
	as := a.judge(c)
	if as != nil && !c.Foreign {
		a.noteUse(secret)
	}
	return as
}

// describe tells what a secret stands for; nil and nothing if nobody has it.
func (a *App) describe(secret string) (held *credential, c *Credential) {
	c = &Credential{}
	a.store.view(func(v view) {
		if held = v.credential(secret); held != nil {
			c = held.describe(v)
		}
	})
	return held, c
}

// describe tells what is to be judged about a credential.
func (c *credential) describe(v view) *Credential {
	owner := v.account(c.owner)
	out := &Credential{Kind: c.kind, Label: c.label, IssuedAt: c.issuedAt, Ended: c.endedBy(owner)}
	if out.Ended == nil {
		out.Ended = c.endedByActor(v)
	}
	out.Actor = v.account(c.actor).account(v)
	out.describeOwner(owner, v)
	return out
}

// noteUse remembers when a credential was last used, for the inventory.
func (a *App) noteUse(secret string) {
	_ = a.store.update(func(t tx) error { // which cannot fail
		used := *t.credential(secret)
		used.lastUsed = a.config.Now()
		t.keep(&used)
		return nil
	})
}

// describeOwner fills in the owner, and who has their name now.
func (c *Credential) describeOwner(owner *record, v view) {
	c.Owner = owner.account(v)
	if owner.deleted {
		c.Namesake = v.named(owner.doc.Text("userName")).account(v)
	}
}

// judge decides on a credential and returns whom it speaks for: its owner while
// they are active and nothing ended it, or else nobody.
func (a *App) judge(c *Credential) *Account {
	return a.decide(c, c.Owner.State == Active && c.Ended == nil && !c.Foreign, c.Owner)
}

// decide lets the hooks have their say on a decision about a credential.
func (a *App) decide(c *Credential, allowed bool, as *Account) *Account {
	c.Now, c.Allowed, c.As = a.config.Now(), allowed, as
	for _, hook := range a.config.Hooks.JudgeCredential {
		hook(c)
	}
	if !c.Allowed {
		return nil
	}
	return c.As
}

// spend uses a credential up. It reports whether it was still fresh: of several
// who come with the same one-shot credential, one is served.
func (a *App) spend(secret string) bool {
	fresh := false
	_ = a.store.update(func(t tx) error { // which cannot fail
		if c := t.credential(secret); c != nil && !c.spent {
			fresh = true
			used := *c
			used.spent = true
			t.keep(&used)
		}
		return nil
	})
	return fresh
}

// good lists what an account holds of a kind that is neither used up nor ended, oldest
// first.
func (a *App) good(of *Account, kind CredentialKind) []*credential {
	var out []*credential
	a.store.view(func(v view) {
		owner := v.account(of.serial)
		for _, c := range v.heldBy(of.serial) {
			if c.kind == kind && !c.spent && c.endedBy(owner) == nil {
				out = append(out, c)
			}
		}
	})
	return out
}

// credential returns what a secret stands for, or nil.
func (a *App) credential(secret string) (c *credential) {
	a.store.view(func(v view) { c = v.credential(secret) })
	return c
}
