// Package errors is about what is not as it should be: refusals, media types and the messages
// in which they come (RFC 7644 §3.8, §3.12, §3.13, §7).
package errors

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"errors"} }

// Register adds the checks to the spec tree.
func Register() {}
