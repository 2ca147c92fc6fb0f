package reports

import "time"

// Exceptions is exceptions.yaml: gaps that somebody has accepted for a time.
type Exceptions struct {
	// Digest is the SHA-256 of the file's bytes in hex, so that an edited file shows.
	Digest string      `json:"digest"`
	List   []Exception `json:"exceptions"`
}

// Exception accepts one gap until a day.
type Exception struct {
	ID string `json:"id"`
	// Gap is the exact id of the gap.
	Gap string `json:"gap"`
	// TargetVersion is the version of the application that it was approved for; empty for any.
	TargetVersion string     `json:"targetVersion,omitempty"`
	Reason        string     `json:"reason"` // 20 characters or more
	RequestedBy   string     `json:"requestedBy"`
	Accountable   Party      `json:"accountable"`
	Approvals     []Approval `json:"approvals"`
	// Compensating are the controls that stand in; one with a check holds only while it conforms.
	Compensating []CompensatingControl `json:"compensatingControls,omitempty"`
	// ApprovedSeverity is the severity that the approvers saw.
	ApprovedSeverity Severity `json:"approvedSeverity"`
	// Expires is the last day on which it holds (UTC).
	Expires     Day             `json:"expires"`
	Ticket      string          `json:"ticket,omitempty"`
	Remediation RemediationPlan `json:"remediation"`
	// Renews is the id of the exception that this one follows.
	Renews string `json:"renews,omitempty"`
}

// Approval is one signer's word.
type Approval struct {
	Role      string `json:"role"`
	By        string `json:"by"` // a contact
	On        Day    `json:"on"`
	Reference string `json:"reference,omitempty"`
}

// CompensatingControl stands in for a control that is not effective.
type CompensatingControl struct {
	Description string `json:"description"`
	Kind        string `json:"kind,omitempty"`
	// VerifiedBy is the id of a check that shows it to work.
	VerifiedBy string `json:"verifiedBy,omitempty"`
}

// RemediationPlan is how a gap will be closed.
type RemediationPlan struct {
	Plan  string `json:"plan"`
	By    Day    `json:"by"`
	Party string `json:"party"`
}

// GapState says what is being done about a gap.
type GapState string

// The states of a gap.
const (
	StateOpen              GapState = "open"
	StateExcepted          GapState = "excepted"
	StateExceptionExpired  GapState = "exception-expired"
	StateExceptionExceeded GapState = "exception-exceeded"
	StateExceptionInvalid  GapState = "exception-invalid" // it breaks a rule
	StateClaimedFixed      GapState = "claimed-fixed"     // by somebody's word alone
	StateRegressed         GapState = "regressed"         // after a verified closure
)

// Open reports what is not covered by an exception.
func (s GapState) Open() bool { return s != StateExcepted }

// ExceptionUse is what became of an exception in a report.
type ExceptionUse struct {
	Exception
	State ExceptionState `json:"state"`
	// Why is a sentence: "EXC-17 expired 3 days ago."
	Why string `json:"why"`
	// Warning is set where it expires soon.
	Warning string `json:"warning,omitempty"`
}

// ExceptionState says whether an exception holds.
type ExceptionState string

// The states of an exception.
const (
	ExceptionActive   ExceptionState = "active"
	ExceptionExpired  ExceptionState = "expired"
	ExceptionExceeded ExceptionState = "exceeded"         // the gap is worse, or another version
	ExceptionInvalid  ExceptionState = "invalid"          // it breaks a rule of the policy
	ExceptionUnneeded ExceptionState = "no-longer-needed" // its gap is closed
)

// Closure is a gap that was certified as closed, with the run that shows it.
type Closure struct {
	Gap       string    `json:"gap"`
	Title     string    `json:"title"`
	Certifier Party     `json:"certifier"`
	On        time.Time `json:"on"`
	Run       string    `json:"run"`
	Version   string    `json:"targetVersion,omitempty"`
	// Evidence is the SHA-256 of the report that the closure rests on, in hex.
	Evidence string   `json:"evidence"`
	Severity Severity `json:"severity"` // that the gap had
}
