package defects

// members are the defects of groups and roles, and of what they open.
func members() []Defect {
	return nil
}
