package acme

import (
	"net/http"
	"time"
)

// Hooks are the moments at which the application can be made to go wrong. Each is
// a list, so that several defects can be on at once; its functions are called in
// order, from many goroutines. None may keep what it is given or call back into the
// application.
type Hooks struct {
	// OnRequest sees a request first, of SCIM and of the product alike, and may
	// alter it. It returns true when it has answered. Each operation of a bulk request
	// is a request of its own, for this hook and for all others.
	OnRequest []func(http.ResponseWriter, *http.Request) bool
	// JudgeClient sees who speaks SCIM, and whether they may.
	JudgeClient []func(*Client)
	// BeforeChange sees a SCIM write with what will become of it, before it is stored.
	BeforeChange []func(*Change)
	// OnRead sees each resource that a SCIM read is about to show.
	OnRead []func(*Read)
	// OnQuery sees a SCIM query with its result.
	OnQuery []func(*Query)
	// JudgeCredential sees a credential and what will become of it.
	JudgeCredential []func(*Credential)
	// JudgeNewcomer sees somebody get an account without the identity provider's doing.
	JudgeNewcomer []func(*Newcomer)
	// JudgeMail sees a link asked for that somebody cannot have, as they have left.
	JudgeMail []func(*MailAsked)
	// JudgeGrant sees somebody who is let in ask for something that is guarded.
	JudgeGrant []func(*Grant)
	// OnAudit sees what is about to be written into the audit log.
	OnAudit []func(*Entry)
	// WriteReply sees a SCIM reply before it is sent.
	WriteReply []func(*Reply)
}

// Client is who speaks SCIM, and what will become of the request.
type Client struct {
	// Name is the client's; empty for a token that nobody here has.
	Name  string
	Scope Scope
	// Sent reports that there was a bearer token at all.
	Sent bool
	// Foreign marks a token of the sister organisation.
	Foreign bool
	// Expired marks a token whose time is over.
	Expired bool
	// User is the person whose own access token it is, nil for a provisioning client.
	User    *Account
	Request *http.Request
	// Refuse is the answer instead of the one asked for, nil to go on. A hook may
	// change it.
	Refuse *Error
}

// Scope is what a SCIM client may do.
type Scope string

// The scopes, from most to least.
const (
	ReadWrite Scope = "read and write"
	ReadOnly  Scope = "read"
	Own       Scope = "own" // a person's own access token: discovery and /Me
	Nothing   Scope = ""
)

// Change is a SCIM write on its way.
type Change struct {
	Method string // POST, PUT, PATCH or DELETE
	Type   string // TypeUser or TypeGroup
	// ID is the resource's. For a POST, a hook may choose another than the new one.
	ID string
	// Body is what was sent, nil for a DELETE; Operations are those of a PATCH.
	Body       map[string]any
	Operations []Operation
	// By is the name of the client that sent it.
	By string
	// InBulk marks an operation of a Bulk.
	InBulk bool
	// IfMatch is the header, empty for none.
	IfMatch string
	// Before is the resource as stored, nil for a POST. After is what will be
	// stored, nil for a DELETE and where Err refuses the body; a hook may alter it.
	Before, After Resource
	// Namesakes are the deleted users who had the userName of this one, oldest first.
	Namesakes []Resource
	// Drop makes the application answer as if all was well and change nothing. It
	// has no meaning for a POST, which has nothing to show then.
	Drop bool
	// Err is why the write will be refused, nil if it will not. A hook may set it, or
	// take it away and set After, which is then stored in spite of it.
	Err *Error

	// guard is what else has to be so at the moment of the change; nil for nothing.
	guard func(view) error
	// passwordHash is that of a newcomer whose password is no longer known, else nil.
	passwordHash []byte
}

// Read is a resource that a client is about to see.
type Read struct {
	Type string
	// Current is the resource as it is, nil once it is deleted. A hook may put
	// something else in its place.
	Current Resource
	// Previous is the resource before its last change, nil if that created it.
	Previous Resource
	// ChangedAt is the time of the last change.
	ChangedAt, Now time.Time
	// Foreign marks a resource of the sister organisation, whose Current is nil.
	// Previous is what it is there.
	Foreign bool
}

// Query is a SCIM query with its result.
type Query struct {
	Type       string // empty for all types
	Filter     string // as sent; empty for none
	SortBy     string // empty for the order of creation
	Descending bool
	// Start counts from 1; paging by cursor has none and leaves it at that. Count is the page size asked for, as far as it is allowed.
	Start, Count int
	// Found are all the matching resources, in order. A hook may change the list.
	Found []Resource
	// All is every resource of the type, Deleted those that were deleted, and Foreign
	// those of the sister organisation.
	All, Deleted, Foreign func() []Resource
	// Err is why the query will be refused; a hook may set it or take it away.
	Err *Error
}

// Credential is what somebody presents to the product, and what will become of it.
type Credential struct {
	Kind  CredentialKind
	Owner *Account
	// Actor is who acts in the owner's place, nil for the owner.
	Actor *Account
	Label string // what its owner calls it; empty for none
	// IssuedAt is zero for passwords.
	IssuedAt time.Time
	// Ended is what ended the credential, nil if nothing did. A deactivation only
	// bars a password, it does not end it.
	Ended *Ending
	// Namesake is the living user with a deleted owner's userName, or nil.
	Namesake *Account
	// Foreign marks a credential of the sister organisation.
	Foreign bool
	Now     time.Time
	// Allowed and As are the decision: whether it is let in, and as whom. A hook
	// may change both.
	Allowed bool
	As      *Account
}

// CredentialKind is a class of credential.
type CredentialKind string

// The credentials of the product.
const (
	Session           CredentialKind = "session"
	RememberMe        CredentialKind = "remember-me cookie"
	CachedCookie      CredentialKind = "cached cookie" // a signed copy of the session's state
	Password          CredentialKind = "password"
	AppPassword       CredentialKind = "app password"
	SSHKey            CredentialKind = "SSH key"
	PersonalToken     CredentialKind = "personal token"
	AccessToken       CredentialKind = "access token"
	RefreshToken      CredentialKind = "refresh token"
	AuthorizationCode CredentialKind = "authorization code"
	DeviceCode        CredentialKind = "device code"  // of a device that somebody has let in
	RegisteredClient  CredentialKind = "OAuth client" // that somebody registered
	ResetLink         CredentialKind = "password reset link"
	WelcomeLink       CredentialKind = "welcome link" // to choose the first password
	MagicLink         CredentialKind = "magic link"
	InvitationLink    CredentialKind = "invitation link"
	SSOAssertion      CredentialKind = "SSO assertion"
	ServiceToken      CredentialKind = "service account token" // also a bot's
	ShareLink         CredentialKind = "share link"
	FeedURL           CredentialKind = "feed address"
	Webhook           CredentialKind = "webhook"
	Job               CredentialKind = "scheduled job"
	Stream            CredentialKind = "open stream" // judged anew for each message
	Impersonation     CredentialKind = "impersonation session"
)

// MailAsked is a link that is asked for by the address of somebody inactive or deleted.
type MailAsked struct {
	Kind CredentialKind
	To   *Account
	// Send issues and mails it. A hook may set it.
	Send bool
}

// Newcomer is somebody about to get an account without the identity provider's doing, and
// in whose way another account stands.
type Newcomer struct {
	Road Road
	// InTheWay has the newcomer's name or address, active or not, or had it.
	InTheWay *Account
	// TakeOver gives the newcomer that account, active and with the newcomer's password,
	// instead of refusing one. A hook may set it.
	TakeOver bool
}

// Road is how somebody gets an account past SCIM.
type Road string

// The roads.
const (
	SelfRegistration Road = "self-registration"
	ByInvitation     Road = "invitation"
	BySSO            Road = "single sign-on"
)

// Grant is somebody's wish to do what is guarded, and whether they may.
type Grant struct {
	Who *Account
	// Resource is what they ask for: "group " and its id, "role " and its name, or
	// "document " and its name.
	Resource string
	// Through is what opens it to them; empty if nothing does.
	Through string
	// Lost lists when they lost what opened it to them, oldest first.
	Lost    []Loss
	Now     time.Time
	Allowed bool // the decision; a hook may change it
}

// Loss is a membership, role or direct grant that somebody no longer has.
type Loss struct {
	Through string
	At      time.Time
}

// Entry is a line of the audit log.
type Entry struct {
	Seq     int       `json:"seq"` // counts from 1
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`  // a userName, a SCIM client, or "system"
	Action  string    `json:"action"` // such as "user.deactivate" or "login"
	Subject string    `json:"subject,omitempty"`
	Outcome string    `json:"outcome"` // "success" or "denied"
	// Drop keeps it out of the log.
	Drop bool `json:"-"`
}

// Reply is a SCIM reply on its way. A hook may change all but the request.
type Reply struct {
	Request *http.Request
	Status  int
	Header  http.Header
	Body    map[string]any // nil for none
	// Raw is sent instead of Body unless it is nil. Its Content-Type is in Header.
	Raw []byte
}
