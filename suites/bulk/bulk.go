// Package bulk is about several operations in one request (RFC 7644 §3.7).
package bulk

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"bulk"} }

// Register adds the checks to the spec tree.
func Register() {}
