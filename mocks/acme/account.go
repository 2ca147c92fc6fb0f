package acme

import "time"

// OwnerState is how a user stands.
type OwnerState string

// The states of a user.
const (
	Active   OwnerState = "active"
	Inactive OwnerState = "inactive"
	Deleted  OwnerState = "deleted"
)

// Departure is a deactivation or a deletion. It ends for good whatever the user
// held at that moment: a reactivation brings none of it back.
type Departure struct {
	At  time.Time
	Why OwnerState // Inactive or Deleted
}

// Account is a user as the product knows them at one moment, living or deleted.
type Account struct {
	User  Resource // as it is, or as it was when it was deleted
	State OwnerState
	// Departures lists every departure so far, oldest first.
	Departures []Departure
	serial     int
}

// LastDeparture is when the user was last deactivated or deleted; zero for never.
func (a *Account) LastDeparture() time.Time {
	if len(a.Departures) == 0 {
		return time.Time{}
	}
	return a.Departures[len(a.Departures)-1].At
}

// account shows a user's record to the product; nil for none.
func (r *record) account(v view) *Account {
	if r == nil {
		return nil
	}
	a := &Account{User: r.shown(v), State: Active, Departures: r.departures, serial: r.serial}
	if r.deleted {
		a.State = Deleted
	} else if !r.doc.Active() {
		a.State = Inactive
	}
	return a
}
