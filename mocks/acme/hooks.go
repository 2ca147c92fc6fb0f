package acme

import (
	"net/http"
	"time"
)

// Hooks are the moments at which the application can be made to go wrong. Each is
// a list, so that several defects can be on at once; they are called in order.
type Hooks struct {
	// OnRequest sees a request first. It returns true when it has answered.
	OnRequest []func(http.ResponseWriter, *http.Request) bool
	// BeforeChange sees a SCIM write that is valid and about to be applied.
	BeforeChange []func(*Change)
	// JudgeCredential sees a credential whose fate is decided.
	JudgeCredential []func(*Credential)
	// Query sees a SCIM query before it is answered.
	Query []func(*Query)
	// WriteReply sees a SCIM reply before it is sent.
	WriteReply []func(*Reply)
}

// Change is a SCIM write on its way.
type Change struct {
	Method     string // POST, PUT, PATCH or DELETE
	Type       string // User or Group
	ID         string // for a POST, the id that the resource will get
	Operations []Operation
	// Before is the resource as stored, nil for a POST; After is what will be
	// stored, nil for a DELETE. A hook may alter After.
	Before, After Resource
	// Drop makes the application answer as if all was well and change nothing.
	Drop bool
	// Refuse makes it answer with this error.
	Refuse *Error
	// Deleted are the users who had the userName of this one and were deleted.
	Deleted []Resource
}

// Credential is what somebody presents to the product, and its fate.
type Credential struct {
	Kind CredentialKind
	// Owner is the user as they are, or as they were when they were deleted.
	Owner Resource
	State OwnerState
	// LeftAt is when the owner was last deactivated or deleted; zero for never.
	LeftAt time.Time
	// Revoked says why the credential was revoked; empty if it was not.
	Revoked OwnerState
	// Namesake is the living user with a deleted owner's userName, or nil.
	Namesake Resource
	Now      time.Time
	// Allowed and As are the decision: whether, and as whom. A hook may change both.
	Allowed bool
	As      Resource
}

// CredentialKind is a class of credential.
type CredentialKind string

// The credentials of the product.
const (
	Session      CredentialKind = "session"
	AccessToken  CredentialKind = "access token"
	RefreshToken CredentialKind = "refresh token"
	PAT          CredentialKind = "personal access token"
	Password     CredentialKind = "password"
)

// OwnerState is how the owner of a credential stands.
type OwnerState string

// The states of an owner.
const (
	Active   OwnerState = "active"
	Inactive OwnerState = "inactive"
	Deleted  OwnerState = "deleted"
)

// Query is a SCIM query on its way.
type Query struct {
	Type   string
	Filter string
	// Found are the matching resources. A hook may change the list; All is every
	// resource of the type, Deleted the users that were deleted.
	Found, All, Deleted []Resource
}

// Reply is a SCIM reply on its way.
type Reply struct {
	Request *http.Request
	Status  int
	Header  http.Header
	Body    map[string]any // nil for none
}
