package defects

// representation are the defects in the form of resources and messages.
func representation() []Defect {
	return nil
}
