package querying

// registerFilters adds the checks of this file.
func registerFilters() {}
