// Package patching is about PATCH (RFC 7644 §3.5.2).
package patching

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"patching"} }

// Register adds the checks to the spec tree.
func Register() {}
