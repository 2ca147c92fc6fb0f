package defects

// bulk are the defects of Bulk (RFC 7644 §3.7).
func bulk() []Defect {
	return nil
}
