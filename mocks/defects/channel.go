package defects

// channel are the defects of who may provision.
func channel() []Defect {
	return nil
}
