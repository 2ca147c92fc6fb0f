package acme

import "time"

// store keeps the application's state. Records and credentials in it are never
// altered, only replaced, so that what was looked up stays safe to read.
type store interface {
	// view lets a function look at one consistent state.
	view(func(view))
	// update lets a function change the state, alone. A function that fails must
	// not have changed anything.
	update(func(tx) error) error
}

// view is the state as it is read.
type view interface {
	// get returns a living resource, or nil.
	get(kind, id string) *record
	// list returns the living resources of a type in the order of their creation.
	list(kind string) []*record
	// count is how many there are in that list; page returns n of them after the first
	// ones, as far as there are any; rank is how many have a lower serial number.
	count(kind string) int
	page(kind string, from, n int) []*record
	rank(kind string, serial int) int
	// named returns the living user of a userName, or nil (userName is not
	// caseExact, RFC 7643 §4.1.1).
	named(userName string) *record
	// formerly lists the deleted users who had a userName, oldest first.
	formerly(userName string) []*record
	// ever lists the resources of a type, living and deleted, in the order of their
	// creation.
	ever(kind string) []*record
	// groupsWith lists the living groups that have a member, in the order of their
	// creation.
	groupsWith(id string) []*record
	// account returns the user, living or deleted, with a serial number, or nil.
	account(serial int) *record
	// credential returns what a secret stands for, or nil.
	credential(secret string) *credential
	// heldBy lists the credentials of an account, oldest first.
	heldBy(serial int) []*credential
	// everyCredential lists them all, in no order.
	everyCredential() []*credential
}

// tx is the state as it is changed.
type tx interface {
	view
	// put stores a record in the place of the one with the same serial number.
	put(*record)
	// nextSerial numbers a new record.
	nextSerial() int
	// keep stores a credential in the place of the one with the same secret.
	keep(*credential)
}

// record is a resource with what is not shown of it.
type record struct {
	kind string
	// serial is the order of creation. It tells accounts apart, even where a defect
	// gives an id away twice.
	serial       int
	doc          Resource // without password and groups
	version      int      // counts the changes, from 1
	passwordHash []byte
	endings      []Ending
	losses       []Loss   // memberships and grants that a user no longer has
	grants       []string // documents that an administrator granted
	source       string   // who made the account
	// disabledByIdentitySource says that SCIM switched the user off, and nobody else
	// may switch them on.
	disabledByIdentitySource bool
	deleted                  bool
	// previous is the resource before the last change, at changedAt.
	previous  Resource
	changedAt time.Time
}

// credential is a session, a token, or something else that opens the product. It is
// never forgotten, so that it can be seen later what ended it.
type credential struct {
	id       string
	kind     CredentialKind
	secret   string
	owner    int    // the account's serial number
	label    string // what its owner calls it
	client   string // who asked for an OAuth token
	grant    string // ties a refresh token to its successors and access tokens
	issuedAt time.Time
	lastUsed time.Time // zero for never
	expires  time.Time // zero for never
	// endings is how many events had ended the owner's credentials when it was
	// issued: each one after that may end it. None can be missed by a credential that
	// is minted at the same moment, as the count is taken before the owner is judged.
	endings int
	// actor is the account that acts in the owner's place, 0 for the owner; actorEndings
	// counts as endings does.
	actor, actorEndings int
	// spent marks what was used up, signed out or given back.
	spent bool
	// data is what else the endpoint that issued it has to remember.
	data map[string]string
}

// endedBy returns the event that ended the credential, or nil.
func (c *credential) endedBy(owner *record) *Ending {
	for i := c.endings; i < len(owner.endings); i++ {
		if owner.endings[i].ends(c.kind) {
			return &owner.endings[i]
		}
	}
	return nil
}

// endedByActor returns the event that ended the right of an actor to act, or nil.
func (c *credential) endedByActor(v view) *Ending {
	actor := v.account(c.actor)
	if actor == nil || len(actor.endings) <= c.actorEndings {
		return nil
	}
	return &actor.endings[c.actorEndings]
}

func (c *credential) expired(now time.Time) bool {
	return !c.expires.IsZero() && !now.Before(c.expires)
}
