package model

import (
	"fmt"
	"net/http"
)

// Error is a SCIM error (RFC 7644 §3.12).
type Error struct {
	Status   int
	ScimType string // empty for none
	Detail   string // holds no value that the client sent in a body
}

// Error says the same in one line.
func (e *Error) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.ScimType, e.Detail) }

// BadRequest returns a 400 with a scimType of RFC 7644 §3.12, table 9.
func BadRequest(scimType, format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, scimType, fmt.Sprintf(format, args...)}
}
