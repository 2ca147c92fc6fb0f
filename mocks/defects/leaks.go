package defects

// leaks are the defects in which somebody sees what is not meant for them.
func leaks() []Defect {
	return nil
}
