package reports

// Access is one credential watched through one event.
type Access struct {
	Event string `json:"event"` // Event.ID
	// Subject is Event.Subject.
	Subject int    `json:"subject"`
	Path    string `json:"path"` // AccessPath.Name
	Kind    string `json:"kind"`
	// WantAllowed turns the expectation round: the credential must work again
	// once the person has returned.
	WantAllowed bool `json:"wantAllowed,omitempty"`
	// DenialsNeeded is how many denials in a row count as stable.
	DenialsNeeded int `json:"denialsNeeded"`
	// Complete is true when the watch came to its own end: stable denials, or
	// the budget spent.
	Complete bool  `json:"complete"`
	Tries    []Try `json:"tries"`
	// Owner is who answered for the credential once its person had left and it still
	// worked; absent where the profile does not say how that is asked.
	Owner *Owner `json:"owner,omitempty"`
}

// Owner is who answers for a credential.
type Owner struct {
	Is OwnerIs `json:"is"`
	// Name is the userName, id or address that the application gave.
	Name     string `json:"name,omitempty"`
	Why      string `json:"why,omitempty"` // nobody knows
	Exchange string `json:"exchange,omitempty"`
}

// OwnerIs sorts owners.
type OwnerIs string

// The owners of what a leaver had.
const (
	OwnerLeaver  OwnerIs = "leaver"  // still
	OwnerNobody  OwnerIs = "nobody"  // orphaned
	OwnerAnother OwnerIs = "another" // it was handed over
	OwnerUnknown OwnerIs = "unknown" // the question was not answered
)

// Try is one use of a credential.
type Try struct {
	Phase Phase `json:"phase"`
	Who   Who   `json:"who"`
	// AtMs counts from the acknowledgement of the phase's write to the moment
	// the try was sent; in the phase "before" it is negative.
	AtMs   int64  `json:"atMs"`
	Result Result `json:"result"`
	// Reason is what the result rests on, such as "200 with the marker".
	Reason   string `json:"reason"`
	Status   int    `json:"status,omitempty"`
	Exchange string `json:"exchange,omitempty"`
	// Connections is over how many new connections the credential was tried at once,
	// absent for one; ConnectionsAllowed is over how many of them it was let in.
	Connections        int `json:"connections,omitempty"`
	ConnectionsAllowed int `json:"connectionsAllowed,omitempty"`
	// Address is the one that was asked, where the host has several.
	Address string `json:"address,omitempty"`
	// MarkMs is the later mark that the try belongs to, absent in the watch itself.
	MarkMs int64 `json:"markMs,omitempty"`
}

// Flapped reports that connections disagreed at one and the same mark.
func (t Try) Flapped() bool {
	return t.Connections > 1 && t.ConnectionsAllowed > 0 && t.ConnectionsAllowed < t.Connections
}

// Who tells whose credential a try used.
type Who string

// The credentials of a watch.
const (
	WhoPolled  Who = "polled"  // the leaver's, tried at every mark
	WhoSilent  Who = "silent"  // the leaver's twin, used once at the end
	WhoControl Who = "control" // the untouched user's, tried at every mark
)

// Result is what a try came to.
type Result string

// The results of a try.
const (
	TryAllowed      Result = "allowed"
	TryDenied       Result = "denied"
	TryInconclusive Result = "inconclusive"
)
