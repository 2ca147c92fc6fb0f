package reports

import "time"

// EventKind is a lifecycle event as an identity source fires it.
type EventKind string

// The events of a leaver's story.
const (
	EventDeactivate EventKind = "deactivate"
	EventDelete     EventKind = "delete"
	EventRecreate   EventKind = "recreate"   // DELETE, then POST of the same userName
	EventReactivate EventKind = "reactivate" // deactivate, then active=true
	EventUpdate     EventKind = "update"     // attributes change, the person stays
	// EventDeleteInactive is a deactivation, and a DELETE later on, as Microsoft Entra
	// ID does it after 30 days.
	EventDeleteInactive EventKind = "delete-inactive"
	// EventSync is a deactivation, and then what a provider sends in each cycle.
	EventSync EventKind = "sync"
	// EventOutOfBand is a deactivation, and then what somebody does past SCIM.
	EventOutOfBand      EventKind = "out-of-band"
	EventRemoveMember   EventKind = "remove-member" // of a group
	EventDeleteGroup    EventKind = "delete-group"
	EventRemoveRole     EventKind = "remove-role"
	EventChangePassword EventKind = "change-password"
	EventRename         EventKind = "rename" // another userName and address
	// EventSignOut is the identity provider's sign-out of somebody who stays active, without
	// a SCIM call.
	EventSignOut EventKind = "sign-out"
	// Steps of a provider's story that are about nobody's leaving.
	EventLookUp    EventKind = "look-up"
	EventCreate    EventKind = "create"
	EventGroupPush EventKind = "group-push" // a group and its members, as a provider holds them
)

// Event is one lifecycle event fired at one armed user.
type Event struct {
	ID    string    `json:"id"`
	Kind  EventKind `json:"kind"`
	Shape string    `json:"shape,omitempty"`
	User  string    `json:"user"` // the test user's userName
	// Optional marks a form that a target may refuse, if it says so.
	Optional bool `json:"optional,omitempty"`
	// Subject numbers the leavers for whom the same event is played, from 1.
	Subject int `json:"subject"`
	// Steps holds the writes in order: the leaving, and for recreate and
	// reactivate the return.
	Steps []EventStep `json:"steps"`
	// States holds what SCIM said of the user during the watch.
	States []StateRead `json:"states"`
}

// EventStep is one acknowledged or refused write of an event.
type EventStep struct {
	Phase    Phase     `json:"phase"`
	Sent     time.Time `json:"sent"`
	Answered time.Time `json:"answered"`
	Status   int       `json:"status"` // 0 when no answer came
	Error    string    `json:"error,omitempty"`
	Exchange string    `json:"exchange,omitempty"`
	// Act is set where the step is no write of SCIM; Status is 0 then.
	Act *Act `json:"act,omitempty"`
}

// Act is what somebody did past SCIM. Neither done nor refused is passing trouble.
type Act struct {
	Name    string `json:"name"` // such as "re-enable"
	Done    bool   `json:"done,omitempty"`
	Refused bool   `json:"refused,omitempty"`
}

// Acknowledged reports whether the target answered with a 2xx, or let an act be done.
func (s EventStep) Acknowledged() bool {
	if s.Act != nil {
		return s.Act.Done
	}
	return s.Status >= 200 && s.Status < 300
}

// Refused reports whether the target answered that it would not do it.
func (s EventStep) Refused() bool {
	if s.Act != nil {
		return s.Act.Refused
	}
	return s.Status == 501 || s.Status >= 400 && s.Status < 500 && s.Status != 408 && s.Status != 425 && s.Status != 429
}

// Phase splits a watch: after the person left, and after they came back.
type Phase string

// The phases of an event.
const (
	PhaseBefore   Phase = "before"   // positive control, just before the event
	PhaseLeft     Phase = "left"     // since the deactivation or deletion was acknowledged
	PhaseReturned Phase = "returned" // since the reactivation or re-creation was acknowledged
)

// StateRead is one independent look at the user over SCIM.
type StateRead struct {
	Phase Phase `json:"phase"`
	// AtMs counts from the acknowledgement of the phase's write.
	AtMs     int64     `json:"atMs"`
	State    UserState `json:"state"`
	Exchange string    `json:"exchange,omitempty"`
}

// UserState is the user as SCIM shows it.
type UserState string

// The states of a user.
const (
	StateActive   UserState = "active"
	StateInactive UserState = "inactive"
	StateAbsent   UserState = "absent"  // 404
	StateUnknown  UserState = "unknown" // no usable answer
	// Of a membership, a role or a name that was taken away:
	StateHeld  UserState = "held"  // SCIM still shows it
	StateTaken UserState = "taken" // SCIM shows it no longer
)
