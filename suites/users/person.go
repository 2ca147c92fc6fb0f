package users

// registerPerson adds the checks of this file.
func registerPerson() {}
