package defects

// put are the defects of PUT (RFC 7644 §3.5.1).
func put() []Defect {
	return nil
}
