// Package story plays what each identity provider sends, from the look-up to the deletion, in
// its own bodies and order.
package story

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"story"} }

// Register adds the checks to the spec tree.
func Register() {}
