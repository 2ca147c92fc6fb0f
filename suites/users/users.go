// Package users is about what is stored of a person, and in which form (RFC 7643 §2 to §4.1,
// RFC 7644 §3.3 and §3.4.1).
package users

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"users"} }

// Register adds the checks to the spec tree.
func Register() {
	registerModel()
	registerPerson()
}
