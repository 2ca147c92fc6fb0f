package reports

// Requirement is one rule of the catalogue that the checks decide on.
type Requirement struct {
	ID     string `json:"id"`     // such as "RFC7644-3.6-01"
	Source string `json:"source"` // such as "RFC 7644 §3.6"
	// Level is the RFC's own keyword. "derived" follows from the text, an example or a table
	// and carries none; "interop" is what identity providers lean on without an RFC.
	Level string `json:"level"`
	Class Class  `json:"class,omitempty"` // empty for what is no matter of protocol
	Says  string `json:"says"`
	Stake Stake  `json:"stake,omitempty"`
	// Untestable is why no check can look at it from outside; empty for all others.
	Untestable string `json:"untestable,omitempty"`
}

// Class says what it means that a requirement is missed.
type Class string

// The classes.
const (
	ClassStrict  Class = "A" // a keyword of the text: a gap
	ClassDerived Class = "B" // follows from the text: a gap
	ClassAdvised Class = "C" // advised by the text: for information
	ClassInterop Class = "I" // a gap for the identity providers that lean on it
	ClassOpen    Class = "D" // the text leaves it open: recorded, without a verdict
)

// Classes lists them from the one whose miss means most to the one whose miss means nothing.
func Classes() []Class {
	return []Class{ClassStrict, ClassDerived, ClassInterop, ClassAdvised, ClassOpen}
}

// Stake is what a miss may give or cost, beyond a wrong protocol.
type Stake string

// The stakes, mildest first; none is the protocol alone.
const (
	StakeData     Stake = "data"     // what nobody should be shown
	StakeAccess   Stake = "access"   // somebody stays in, or is let in
	StakeIdentity Stake = "identity" // one person is taken for another
	StakeSecret   Stake = "secret"   // a password or a token
	StakeRights   Stake = "rights"   // rights that the identity source did not give
)

// Capability is a feature of the service: what it says of it, and what was taken as given.
type Capability struct {
	Feature  string   `json:"feature"` // such as "filter"
	Declared Declared `json:"declared"`
	// Open says that checks which need the feature were run.
	Open bool `json:"open"`
	// Assumed says that the service does not tell, and that it was tried out once.
	Assumed bool   `json:"assumed,omitempty"`
	Why     string `json:"why"` // as a sentence
}

// Declared is what the service says of a feature.
type Declared string

// What a service can say.
const (
	DeclaredSupported   Declared = "supported"
	DeclaredUnsupported Declared = "unsupported"
	DeclaredNothing     Declared = "undeclared"
)

// Behaviour is what a target does where the text leaves it open, or where the texts
// disagree. It carries no verdict.
type Behaviour struct {
	About string `json:"about"` // what was looked at, as a phrase
	Seen  string `json:"seen"`  // what it does, as a phrase
	// Contradiction is the id of the disagreement that it is about, if it is about one.
	Contradiction string `json:"contradiction,omitempty"`
}

// Client is an identity provider, or a profile of the protocol, whose story was played.
type Client struct {
	ID    string `json:"id"` // such as "okta-oin"
	Title string `json:"title"`
}
