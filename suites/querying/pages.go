package querying

// registerPages adds the checks of this file.
func registerPages() {}
