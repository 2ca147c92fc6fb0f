package users

// registerPerson adds the checks on people: their names, passwords and attributes, and how
// they come and go.
func registerPerson() {
	registerCreate()
	registerCreateRefused()
	registerCreateRace()
	registerPersonNames()
	registerPersonPasswords()
	registerPersonActive()
	registerPersonValues()
	registerPersonGroups()
	registerEnterprise()
	registerPersonDeleted()
}
