// Package replacing is about PUT (RFC 7644 §3.5.1).
package replacing

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"replacing"} }

// Register adds the checks to the spec tree.
func Register() {}
