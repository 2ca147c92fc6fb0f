package users

// registerModel adds the checks of this file.
func registerModel() {}
