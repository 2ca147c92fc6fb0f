// Package discovery asks what a service says of itself (RFC 7643 §5 to §7, RFC 7644 §4), and
// whether it is so.
package discovery

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"discovery"} }

// Register adds the checks to the spec tree.
func Register() {}
