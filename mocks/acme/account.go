package acme

import (
	"slices"
	"time"
)

// OwnerState is how a user stands.
type OwnerState string

// The states of a user.
const (
	Active   OwnerState = "active"
	Inactive OwnerState = "inactive"
	Deleted  OwnerState = "deleted"
)

// Cause is why credentials ended.
type Cause string

// The causes.
const (
	Deactivation   Cause = "deactivation"
	Deletion       Cause = "deletion"
	PasswordChange Cause = "password change"
	SignOut        Cause = "sign-out" // at the identity provider
)

// Ending is an event that ends for good what a user holds at that moment: a
// reactivation brings none of it back.
type Ending struct {
	At  time.Time
	Why Cause
}

// ends reports whether the event ends a kind of credential. A new password ends what
// was obtained with the old one; what runs by itself goes on. A sign-out ends what signs
// a browser in.
func (e Ending) ends(kind CredentialKind) bool {
	if e.Why == SignOut {
		return kind == Session || kind == RememberMe
	}
	return e.Why != PasswordChange || !slices.Contains([]CredentialKind{ServiceToken, RegisteredClient, ShareLink, Webhook, Job, SSHKey}, kind)
}

// Account is a user as the product knows them at one moment, living or deleted.
type Account struct {
	User  Resource // as it is, or as it was when it was deleted
	State OwnerState
	// Endings lists every event so far that ended credentials, oldest first.
	Endings []Ending
	// Documents are those that an administrator granted to the user.
	Documents []string
	serial    int
}

// Departures lists when the user was deactivated or deleted, oldest first.
func (a *Account) Departures() []time.Time {
	var out []time.Time
	for _, e := range a.Endings {
		if e.Why == Deactivation || e.Why == Deletion {
			out = append(out, e.At)
		}
	}
	return out
}

// LastDeparture is when the user was last deactivated or deleted; zero for never.
func (a *Account) LastDeparture() time.Time {
	all := a.Departures()
	if len(all) == 0 {
		return time.Time{}
	}
	return all[len(all)-1]
}

// account shows a user's record to the product; nil for none.
func (r *record) account(v view) *Account {
	if r == nil {
		return nil
	}
	a := &Account{User: r.shown(v), State: Active, Endings: r.endings, Documents: r.grants, serial: r.serial}
	if r.deleted {
		a.State = Deleted
	} else if !r.doc.Active() {
		a.State = Inactive
	}
	return a
}
