package defects

// patch are the defects of PATCH (RFC 7644 §3.5.2).
func patch() []Defect {
	return nil
}
