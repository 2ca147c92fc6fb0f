// Package reports is the model of a run and the judge over it: observations go
// in, outcomes, control gaps and a verdict come out. It sends no request and
// reads no clock; the same record gives the same report, byte for byte.
package reports

import "time"

// SchemaVersion is the version of report.json. The major part changes when a
// reader of the older form would be misled.
const SchemaVersion = "2.0"

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
	// Requirements are those of the catalogue, in its order.
	Requirements []Requirement `json:"requirements"`
	Capabilities []Capability  `json:"capabilities"`
	// Clients are the identity providers whose stories were chosen.
	Clients []Client `json:"clients"`
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
	// Nonce is the buyer's, which one test user's displayName carries, too; empty for none.
	Nonce string `json:"nonce,omitempty"`
	// Operator says on whose side the run was made, by the word of who started it.
	Operator Operator `json:"operator,omitzero"`
}

// Operator is who made a run.
type Operator struct {
	Kind OperatorKind `json:"kind"`
	Name string       `json:"name,omitempty"`
}

// Tool names the program and its build.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	// Digest is the SHA-256 of the program's file in hex; empty where it could not be read.
	Digest string `json:"digest,omitempty"`
}

// Target is the application under test as its profile states it.
type Target struct {
	Name        string `json:"name"`
	ID          string `json:"id"`
	Environment string `json:"environment,omitempty"`
	Version     string `json:"version,omitempty"`
	SCIMBase    string `json:"scimBase"`
	// Image is what a target that is a container was started from; nil for one that runs by
	// itself.
	Image *Image `json:"image,omitempty"`
	// ProfileFile is the profile's path as it was given, with slashes, where that leads below the
	// working folder; otherwise its name alone.
	ProfileFile string `json:"profileFile,omitempty"`
	// ProfileDigest is the SHA-256 of the profile's bytes, in hex.
	ProfileDigest string `json:"profileDigest"`
	// TLSVerified is false when the profile switches certificate checks off.
	TLSVerified bool `json:"tlsVerified"`
	// TLSLeaf is the SHA-256 of the certificate that the SCIM service showed, in hex; empty
	// where there was none.
	TLSLeaf string `json:"tlsLeaf,omitempty"`
	Owners  Owners `json:"owners"`
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

// Image is a container's image, and how the container came up.
type Image struct {
	Reference string `json:"reference"` // or the name of the folder that it was built from
	ID        string `json:"id,omitempty"`
	// StartedMs is the time from the start to being ready.
	StartedMs int64 `json:"startedMs"`
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
	Act        string `json:"act,omitempty"`     // or that an act past SCIM cannot be done
	Listing    bool   `json:"listing,omitempty"` // or that nobody can list what a person holds
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
	Credential string `json:"credential,omitempty"`
	// Gate lists the features without which the check does not look.
	Gate []string `json:"gate,omitempty"`
	// Clients are the identity providers that the check is about; empty for all.
	Clients []string  `json:"clients,omitempty"`
	State   SpecState `json:"state"`
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

// Observation is one thing that a check saw. Exactly one of Fact, Effect, Access,
// State, Issued, Behaviour and Trouble is set.
type Observation struct {
	ID           string     `json:"id"`
	Check        string     `json:"check"`
	Requirements []string   `json:"requirements"`
	Fact         *Fact      `json:"fact,omitempty"`
	Effect       *Effect    `json:"effect,omitempty"`
	Access       *Access    `json:"access,omitempty"`
	State        *State     `json:"state,omitempty"`
	Issued       *Issued    `json:"issued,omitempty"`
	Behaviour    *Behaviour `json:"behaviour,omitempty"`
	Trouble      *Trouble   `json:"trouble,omitempty"`
	// Evidence lists the exchanges behind the observation.
	Evidence []string `json:"evidence"`
}

// Fact is a requirement that a reply or a read either meets or does not.
type Fact struct {
	Met bool `json:"met"`
	// Expected is what SCIM expects, as a sentence.
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
	// Tolerable marks what is common and misleads nobody: a miss is for information.
	Tolerable bool `json:"tolerable,omitempty"`
	// Open marks what no chosen identity provider leans on: it is recorded, without a verdict.
	Open bool `json:"open,omitempty"`
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
	// Unchanged says that what is wanted is what was there before, so that a refusal leaves it too.
	Unchanged bool `json:"unchanged,omitempty"`
	// Client and Step are those of an identity provider's story, and Form what was sent, as a
	// phrase.
	Client string `json:"client,omitempty"`
	Step   string `json:"step,omitempty"`
	Form   string `json:"form,omitempty"`
	// FromMemory says that nobody has read the form in the provider's documentation.
	FromMemory bool `json:"fromMemory,omitempty"`
	// Moot says why a step could not be looked at, as an earlier one had failed.
	Moot string `json:"moot,omitempty"`
	// Partial says that what was asked for was done, and something beside it was not.
	Partial string `json:"partial,omitempty"`
	// LagMs is how long the read-back took to show it, 0 when at once.
	LagMs int64 `json:"lagMs,omitempty"`
}

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
	TroubleNotTested   TroubleKind = "not-tested"     // the service does not claim the feature, or the profile lacks what it takes
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
	// SCIMRequests are those that were sent for checks of SCIM alone.
	SCIMRequests int `json:"scimRequests"`
	// Outage explains why nothing could be judged; empty otherwise.
	Outage string `json:"outage,omitempty"`
	// TargetEnded is true where the target went while it was tested, such as a container that
	// died; OutageLog has the last lines of its log then, without secrets.
	TargetEnded bool     `json:"targetEnded,omitempty"`
	OutageLog   []string `json:"outageLog,omitempty"`
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
