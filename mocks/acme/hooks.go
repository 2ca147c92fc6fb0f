package acme

import (
	"net/http"
	"time"
)

// Hooks are the moments at which the application can be made to go wrong. Each is
// a list, so that several defects can be on at once; its functions are called in
// order, from many goroutines. None may keep or call back into the application.
type Hooks struct {
	// OnRequest sees a request first, of SCIM and of the product alike. It returns
	// true when it has answered.
	OnRequest []func(http.ResponseWriter, *http.Request) bool
	// BeforeChange sees a SCIM write that is valid and about to be stored.
	BeforeChange []func(*Change)
	// OnRead sees each resource that a SCIM read is about to show.
	OnRead []func(*Read)
	// OnQuery sees a SCIM query with its result.
	OnQuery []func(*Query)
	// JudgeCredential sees a credential and what will become of it.
	JudgeCredential []func(*Credential)
	// WriteReply sees a SCIM reply before it is sent.
	WriteReply []func(*Reply)
}

// Change is a SCIM write on its way.
type Change struct {
	Method string // POST, PUT, PATCH or DELETE
	Type   string // TypeUser or TypeGroup
	// ID is the resource's. For a POST, a hook may choose another than the new one.
	ID string
	// Operations are those of a PATCH, as they were sent.
	Operations []Operation
	// Before is the resource as stored, nil for a POST. After is what will be
	// stored, nil for a DELETE; a hook may alter it.
	Before, After Resource
	// Namesakes are the deleted users who had the userName of this one, oldest first.
	Namesakes []Resource
	// Drop makes the application answer as if all was well and change nothing. It
	// has no meaning for a POST, which has nothing to show then.
	Drop bool
	// Refuse makes it answer with this error.
	Refuse *Error
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
}

// Query is a SCIM query with its result.
type Query struct {
	Type   string
	Filter string // as sent; empty for none
	// Found are the matching resources, in order. A hook may change the list.
	Found []Resource
	// All is every resource of the type, and Deleted the users who were deleted.
	All, Deleted []Resource
}

// Credential is what somebody presents to the product, and what will become of it.
type Credential struct {
	Kind  CredentialKind
	Owner *Account
	// IssuedAt is zero for passwords.
	IssuedAt time.Time
	// Revoked is the departure that ended the credential, nil if none did. A
	// deactivation only bars a password, it does not revoke it.
	Revoked *Departure
	// Namesake is the living user with a deleted owner's userName, or nil.
	Namesake *Account
	Now      time.Time
	// Allowed and As are the decision: whether it is let in, and as whom. A hook
	// may change both.
	Allowed bool
	As      *Account
}

// CredentialKind is a class of credential.
type CredentialKind string

// The credentials of the product.
const (
	Session       CredentialKind = "session"
	AccessToken   CredentialKind = "access token"
	RefreshToken  CredentialKind = "refresh token"
	PersonalToken CredentialKind = "personal token"
	Password      CredentialKind = "password"
)

// Reply is a SCIM reply on its way. A hook may change all but the request.
type Reply struct {
	Request *http.Request
	Status  int
	Header  http.Header
	Body    map[string]any // nil for none
}
