// Package patching is about PATCH (RFC 7644 §3.5.2).
package patching

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string {
	return []string{
		"patching.message", "patching.path", "patching.refused", "patching.atomic", "patching.order", "patching.primary",
		"patching.add", "patching.remove", "patching.replace", "patching.members", "patching.extension",
	}
}

// Register adds the checks to the spec tree. What must be refused is sent to users of whom
// no other check knows: a target that lets it through may be the worse for it.
func Register() {
	registerMessage()
	registerPaths()
	registerAdd()
	registerPrimary()
	registerReplace()
	registerChosen()
	registerRemove()
	registerOrder()
	registerExtension()
	registerMembers()
	registerMembersUnchanged()
	registerMembersLeft()
	registerMalformed()
	registerRefused()
	registerImmutable()
	registerAtomic()
}
