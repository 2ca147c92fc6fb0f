// Package reports is the model of a run and the judge over it: observations go
// in, outcomes, control gaps and a verdict come out. It sends no request and
// reads no clock; the same record gives the same report, byte for byte.
package reports

import "time"

// SchemaVersion is the version of report.json. The major part changes when a
// reader of the older form would be misled.
const SchemaVersion = "1.0"

// Record is what a run saw, before anybody has judged it.
type Record struct {
	Run    Run    `json:"run"`
	Target Target `json:"target"`
	// Specs lists every check that the program knows, with what became of it.
	Specs []Spec `json:"specs"`
	// Events lists the lifecycle events that were fired at armed users.
	Events       []Event       `json:"events"`
	Observations []Observation `json:"observations"`
	Exchanges    []Exchange    `json:"exchanges"`
	Health       Health        `json:"health"`
	Cleanup      Cleanup       `json:"cleanup"`
	Redaction    Redaction     `json:"redaction"`
	LongWatch    *LongWatch    `json:"longWatch,omitempty"` // nil where none was asked for
}

// Run says who ran what, when, and how far it came.
type Run struct {
	ID       string    `json:"id"`
	Tool     Tool      `json:"tool"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Partial is true when the run was interrupted before its last check.
	Partial bool `json:"partial"`
	// Why says in one sentence what cut the run short, if anything did.
	Why string `json:"why,omitempty"`
	// Selection is the label filter that chose the checks; empty means all.
	Selection string `json:"selection,omitempty"`
	Seed      int64  `json:"seed"`
}

// Tool names the program and its build.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
}

// Target is the application under test as its profile states it.
type Target struct {
	Name        string `json:"name"`
	ID          string `json:"id"`
	Environment string `json:"environment,omitempty"`
	Version     string `json:"version,omitempty"`
	SCIMBase    string `json:"scimBase"`
	// ProfileDigest is the SHA-256 of the profile's bytes, in hex.
	ProfileDigest string `json:"profileDigest"`
	// TLSVerified is false when the profile switches certificate checks off.
	TLSVerified bool   `json:"tlsVerified"`
	Owners      Owners `json:"owners"`
	// RevokeWithinMs is how long after the acknowledged event access may last.
	RevokeWithinMs int64 `json:"revokeWithinMs"`
	// GiveUpAfterMs is how long the run watched for access to end.
	GiveUpAfterMs int64 `json:"giveUpAfterMs"`
	// ReadLagMs is how long after a write a read may still show the old state.
	ReadLagMs     int64           `json:"readLagMs,omitempty"`
	AccessPaths   []AccessPath    `json:"accessPaths"`
	NotApplicable []NotApplicable `json:"notApplicable"`
	// SharedSecrets lists what several people know; none was tried (AS-18).
	SharedSecrets []SharedSecret `json:"sharedSecrets,omitempty"`
}

// SharedSecret is something that a leaver goes on knowing until somebody changes it.
type SharedSecret struct {
	Name      string `json:"name"` // what it opens
	KnownTo   string `json:"knownTo"`
	ChangedBy string `json:"changedBy"`
}

// Owners names the people who answer for the target.
type Owners struct {
	IdentitySource       Party `json:"identitySource"`
	ApplicationOwner     Party `json:"applicationOwner"`
	ExceptionApprover    Party `json:"exceptionApprover"`
	FailureInvestigator  Party `json:"failureInvestigator"`
	RemediationCertifier Party `json:"remediationCertifier"`
	Vendor               Party `json:"vendor,omitzero"`
}

// Party is a role with the person or team who holds it.
type Party struct {
	Role    string `json:"role,omitempty"`
	Name    string `json:"name"`
	Contact string `json:"contact,omitempty"`
}

// AccessPath is one declared way in.
type AccessPath struct {
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	Description string `json:"description,omitempty"`
	OneShot     bool   `json:"oneShot,omitempty"`
	// DeclaredLifetimeMs is the lifetime that the application itself states for
	// a self-contained credential; 0 when it states none.
	DeclaredLifetimeMs int64 `json:"declaredLifetimeMs,omitempty"`
	// RestoredOnReactivation is the profile's word that the credential comes
	// back, by design, with its user.
	RestoredOnReactivation bool `json:"restoredOnReactivation,omitempty"`
	// KeptOnPasswordChange is the profile's word that the credential outlives a new
	// password by design.
	KeptOnPasswordChange bool `json:"keptOnPasswordChange,omitempty"`
	// MayBeHandedOver is the profile's word that somebody else gets the credential, by
	// design, when its person leaves.
	MayBeHandedOver bool `json:"mayBeHandedOver,omitempty"`
}

// NotApplicable is a named person's word that a kind of credential does not exist.
type NotApplicable struct {
	Kind       string `json:"kind,omitempty"`
	Act        string `json:"act,omitempty"` // or that an act past SCIM cannot be done
	AssertedBy string `json:"assertedBy"`
	Reason     string `json:"reason"`
}

// Spec is one check and what became of it in this run.
type Spec struct {
	ID           string   `json:"id"`
	Text         string   `json:"text"` // a sentence about the target
	Requirements []string `json:"requirements"`
	// Event is the lifecycle event that the check belongs to, such as
	// "deactivate"; empty for the others.
	Event EventKind `json:"event,omitempty"`
	// Shape is the form of the event, such as "patch-pathless".
	Shape string `json:"shape,omitempty"`
	// Credential is the kind of credential that the check tries; empty when the
	// check looks at SCIM alone.
	Credential string    `json:"credential,omitempty"`
	State      SpecState `json:"state"`
	// Why explains any state other than "ran".
	Why        string `json:"why,omitempty"`
	DurationMs int64  `json:"durationMs"`
}

// SpecState tells how far a check came.
type SpecState string

// The states of a check.
const (
	SpecRan         SpecState = "ran"
	SpecNotSelected SpecState = "not-selected" // cut by the selection
	SpecInterrupted SpecState = "interrupted"  // the run ended first
	SpecBroken      SpecState = "broken"       // a precondition or the engine failed
)

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

// Observation is one thing that a check saw. Exactly one of Fact, Effect, Access,
// State and Trouble is set.
type Observation struct {
	ID           string   `json:"id"`
	Check        string   `json:"check"`
	Requirements []string `json:"requirements"`
	Fact         *Fact    `json:"fact,omitempty"`
	Effect       *Effect  `json:"effect,omitempty"`
	Access       *Access  `json:"access,omitempty"`
	State        *State   `json:"state,omitempty"`
	Trouble      *Trouble `json:"trouble,omitempty"`
	// Evidence lists the exchanges behind the observation.
	Evidence []string `json:"evidence"`
}

// Fact is a requirement that a reply or a read either meets or does not.
type Fact struct {
	Met bool `json:"met"`
	// Expected is what SCIM expects, as a sentence.
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
}

// Effect is a write with its two halves: the reply, and an independent read-back.
type Effect struct {
	Action string `json:"action"` // such as "deactivate"
	Shape  string `json:"shape,omitempty"`
	Status int    `json:"status"` // of the reply
	// Wanted and Seen describe the state asked for and the one read back.
	Wanted   string `json:"wanted"`
	Seen     string `json:"seen"`
	Achieved bool   `json:"achieved"`
	// Optional marks what a target may refuse, if it says so.
	Optional bool `json:"optional,omitempty"`
	// LagMs is how long the read-back took to show it, 0 when at once.
	LagMs int64 `json:"lagMs,omitempty"`
}

// Access is one credential watched through one event.
type Access struct {
	Event string `json:"event"` // Event.ID
	// Subject is Event.Subject.
	Subject int    `json:"subject"`
	Path    string `json:"path"` // AccessPath.Name
	Kind    string `json:"kind"`
	// WantAllowed turns the expectation round: the credential must work again
	// once the person has returned.
	WantAllowed bool `json:"wantAllowed,omitempty"`
	// DenialsNeeded is how many denials in a row count as stable.
	DenialsNeeded int `json:"denialsNeeded"`
	// Complete is true when the watch came to its own end: stable denials, or
	// the budget spent.
	Complete bool  `json:"complete"`
	Tries    []Try `json:"tries"`
	// Owner is who answered for the credential once its person had left and it still
	// worked; absent where the profile does not say how that is asked.
	Owner *Owner `json:"owner,omitempty"`
}

// Owner is who answers for a credential.
type Owner struct {
	Is OwnerIs `json:"is"`
	// Name is the userName, id or address that the application gave.
	Name     string `json:"name,omitempty"`
	Why      string `json:"why,omitempty"` // nobody knows
	Exchange string `json:"exchange,omitempty"`
}

// OwnerIs sorts owners.
type OwnerIs string

// The owners of what a leaver had.
const (
	OwnerLeaver  OwnerIs = "leaver"  // still
	OwnerNobody  OwnerIs = "nobody"  // orphaned
	OwnerAnother OwnerIs = "another" // it was handed over
	OwnerUnknown OwnerIs = "unknown" // the question was not answered
)

// Try is one use of a credential.
type Try struct {
	Phase Phase `json:"phase"`
	Who   Who   `json:"who"`
	// AtMs counts from the acknowledgement of the phase's write to the moment
	// the try was sent; in the phase "before" it is negative.
	AtMs   int64  `json:"atMs"`
	Result Result `json:"result"`
	// Reason is what the result rests on, such as "200 with the marker".
	Reason   string `json:"reason"`
	Status   int    `json:"status,omitempty"`
	Exchange string `json:"exchange,omitempty"`
	// Connections is over how many new connections the credential was tried at once,
	// absent for one; ConnectionsAllowed is over how many of them it was let in.
	Connections        int `json:"connections,omitempty"`
	ConnectionsAllowed int `json:"connectionsAllowed,omitempty"`
	// Address is the one that was asked, where the host has several.
	Address string `json:"address,omitempty"`
	// MarkMs is the later mark that the try belongs to, absent in the watch itself.
	MarkMs int64 `json:"markMs,omitempty"`
}

// Flapped reports that connections disagreed at one and the same mark.
func (t Try) Flapped() bool {
	return t.Connections > 1 && t.ConnectionsAllowed > 0 && t.ConnectionsAllowed < t.Connections
}

// Who tells whose credential a try used.
type Who string

// The credentials of a watch.
const (
	WhoPolled  Who = "polled"  // the leaver's, tried at every mark
	WhoSilent  Who = "silent"  // the leaver's twin, used once at the end
	WhoControl Who = "control" // the untouched user's, tried at every mark
)

// Result is what a try came to.
type Result string

// The results of a try.
const (
	TryAllowed      Result = "allowed"
	TryDenied       Result = "denied"
	TryInconclusive Result = "inconclusive"
)

// Trouble is the reason why a check could not look.
type Trouble struct {
	Kind TroubleKind `json:"kind"`
	// Path is the access path that the trouble is about, if any.
	Path string `json:"path,omitempty"`
	// Act is the act past SCIM that nobody says how to do, if that is the trouble.
	Act     string `json:"act,omitempty"`
	Message string `json:"message"`
}

// TroubleKind sorts passing trouble from missing evidence.
type TroubleKind string

// The kinds of trouble.
const (
	TroubleOperational TroubleKind = "operational"    // 5xx, 429, time-outs, a control user cut off too
	TroubleNoEvidence  TroubleKind = "no-evidence"    // no access path, or it never worked
	TroubleUndecided   TroubleKind = "undecided"      // a precondition failed or the check broke
	TroubleAsserted    TroubleKind = "not-applicable" // a named person says there is none
)

// Exchange is one request and its reply, redacted when it was recorded.
type Exchange struct {
	ID              string            `json:"id"`
	Check           string            `json:"check,omitempty"`
	Purpose         string            `json:"purpose"` // such as "try web session (polled)"
	At              time.Time         `json:"at"`
	Method          string            `json:"method"`
	URL             string            `json:"url"`
	RequestHeaders  map[string]string `json:"requestHeaders,omitempty"`
	RequestBody     string            `json:"requestBody,omitempty"`
	Status          int               `json:"status,omitempty"`
	ResponseHeaders map[string]string `json:"responseHeaders,omitempty"`
	ResponseBody    string            `json:"responseBody,omitempty"`
	DurationMs      int64             `json:"durationMs"`
	Attempt         int               `json:"attempt"` // 1 for the first try
	Error           string            `json:"error,omitempty"`
}

// Health is how well the target could be reached.
type Health struct {
	Requests  int `json:"requests"`
	Retries   int `json:"retries"`
	Errors    int `json:"errors"`    // no answer, or 5xx
	Throttled int `json:"throttled"` // 429
	// Outage explains why nothing could be judged; empty otherwise.
	Outage string `json:"outage,omitempty"`
	// WallMs is the run's wall time, WatchMs the part in which at least one
	// watch was waiting for its next mark.
	WallMs  int64 `json:"wallMs"`
	WatchMs int64 `json:"watchMs"`
	// LongestWatchMs is how long the longest event was watched, from its acknowledgement
	// on. All are watched side by side, so that WallMs is not far from it.
	LongestWatchMs int64 `json:"longestWatchMs"`
}

// Cleanup says what became of the objects that the run made.
type Cleanup struct {
	Created int      `json:"created"`
	Removed int      `json:"removed"`
	Left    []string `json:"left"` // userNames that are still there, each with the reason
	// Kept is how many users belong to later marks, leavers who were deleted among them.
	Kept int `json:"kept,omitempty"`
}

// Redaction says what was kept out of the report.
type Redaction struct {
	SecretsSeen int    `json:"secretsSeen"`
	LeakScan    string `json:"leakScan"` // "clean"; a report with a leak is not written
}
