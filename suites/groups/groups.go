// Package groups is about groups and their members (RFC 7643 §4.2).
package groups

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"groups"} }

// Register adds the checks to the spec tree.
func Register() {}
