package defects

// errorReplies are the defects of statuses and error messages (RFC 7644 §3.12).
func errorReplies() []Defect {
	return nil
}
