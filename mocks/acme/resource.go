package acme

import "github.com/scimproof/scimproof/mocks/acme/model"

// The words of the model that hooks speak.
type (
	// Resource is a SCIM resource as JSON has it.
	Resource = model.Resource
	// Operation is one operation of a PATCH.
	Operation = model.Operation
	// Error is a SCIM error.
	Error = model.Error
)

// The types of resource.
const (
	TypeUser  = model.TypeUser
	TypeGroup = model.TypeGroup
)
