package reports

// Unprobed is a way in which access can outlive its person and that no check tries.
type Unprobed struct {
	ID    string // of the access-survival probe
	Title string
	Why   string // as a sentence
}

// UnprobedWays lists what this version does not try, so that a report says it: no check
// is no pass.
func UnprobedWays() []Unprobed {
	return []Unprobed{
		{"AS-06", "Short-lived certificates", "It takes the application's own certificate authority to ask for the next one."},
		{"AS-12", "Passkeys, one-time codes and trusted devices", "It takes a browser with a virtual authenticator."},
		{"AS-18", "Shared secrets that the leaver knows", "Nobody sees from outside who knows them: the profile lists them (sharedSecrets), and somebody changes them."},
		{"AS-29", "Blocks that somebody else set, and a reactivation lifts", "It takes an administrator who blocks one credential first."},
		{"AS-31", "Other organisations of the same application", "It takes a second tenant and its token."},
		{"AS-35", "Push messages and mailed digests", "It takes a device or a mailbox that is registered for them."},
		{"AS-37", "Restoring a deleted user in the product", "It takes an administrator's trash."},
	}
}
