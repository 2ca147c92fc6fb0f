package reports

import (
	"time"

	"github.com/scimproof/scimproof/reports/controls"
)

// Basis is what a record is judged on, beside what was seen. The zero Basis is the gate of the
// program, without exceptions and without an earlier report.
type Basis struct {
	// Now is the moment of judging; the zero time stands for the end of the run.
	Now time.Time
	// Policy is the gate; nil stands for DefaultPolicy.
	Policy     *Policy
	Exceptions *Exceptions
	// Previous is the report of the last run against the same target.
	Previous *Report
	// Signature says what is known of the report's own; nil where none was looked at.
	Signature *Signature
	// Controls says which controls a gap speaks against; nil stands for the program's own mapping.
	Controls *controls.Mapping
}

// Policy says what passes, who approves what, and by when. It is gate.yaml.
type Policy struct {
	Name string `json:"name"`
	// Digest is the SHA-256 of the file's bytes in hex; empty for a policy of the program.
	Digest string `json:"digest,omitempty"`
	// FailFrom is the severity from which an open gap fails.
	FailFrom Severity `json:"failFrom"`
	// Regressions fail whatever their severity.
	Regressions bool `json:"regressions"`
	// NoEvidence is the verdict where a required check came to no evidence: fail or inconclusive.
	NoEvidence Word `json:"noEvidence"`
	// Required are ids of checks, or patterns with *, that have to come to something: a named
	// person's word that one does not apply counts, and no evidence and not selected do not.
	Required []string `json:"required"`
	// MaxErrorShare is the share of failed requests, 0 to 1, above which a run says nothing.
	MaxErrorShare float64 `json:"maxErrorShare"`
	// MaxAgeDays is how old a run may be; 0 for any age.
	MaxAgeDays int `json:"maxAgeDays,omitempty"`
	// Operators are those whose runs count; empty for all.
	Operators []OperatorKind `json:"operators,omitempty"`
	// SignedOperators are those whose runs count only with a valid signature and the nonce that was
	// given out, even where RequireSignature and RequireNonce are false.
	SignedOperators []OperatorKind `json:"signedOperators,omitempty"`
	// NotEnvironments are those whose runs do not count, such as vendor-sandbox.
	NotEnvironments  []string `json:"notEnvironments,omitempty"`
	RequireSignature bool     `json:"requireSignature,omitempty"`
	RequireNonce     bool     `json:"requireNonce,omitempty"`
	RequireOwners    bool     `json:"requireOwners,omitempty"` // an empty role fails
	// ExceptionsPass says whether a pass with exceptions passes; otherwise it fails.
	ExceptionsPass bool            `json:"exceptionsPass"`
	Exceptions     ExceptionPolicy `json:"exceptions"`
	// FixWithinDays is the time for a fix from the day on which a gap was first seen.
	FixWithinDays map[Severity]int `json:"fixWithinDays"`
	// Escalation says who is told when a gap stays open past its deadline.
	Escalation []EscalationStep `json:"escalation"`
	// Raise lists severities that an owner has raised; none is ever lowered.
	Raise []Raise `json:"raise,omitempty"`
}

// ExceptionPolicy are the rules for exceptions.
type ExceptionPolicy struct {
	// MaxDays is the longest that an exception may last, from its first approval.
	MaxDays map[Severity]int `json:"maxDays"`
	// Approvals lists for each severity lists of roles; each list needs a signer of one of its
	// roles.
	Approvals      map[Severity][][]string `json:"approvals"`
	MaxRenewals    int                     `json:"maxRenewals"`
	WarnBeforeDays int                     `json:"warnBeforeDays"`
	// NeverWaive are ids of gaps, or classes with an event such as ignored-silently.deactivate.
	NeverWaive []string `json:"neverWaive"`
}

// EscalationStep is somebody who is told, so many days past the deadline.
type EscalationStep struct {
	AfterDays int    `json:"afterDays"`
	To        string `json:"to"` // a role, or a person
}

// Raise is an owner's word that a gap is worse than the arithmetic has it.
type Raise struct {
	Gap      string   `json:"gap"`
	Severity Severity `json:"severity"`
	By       string   `json:"by"`
	Reason   string   `json:"reason"`
}

// OperatorKind says on whose side a run was made.
type OperatorKind string

// The operators.
const (
	OperatorBuyer      OperatorKind = "buyer"
	OperatorVendor     OperatorKind = "vendor"
	OperatorThirdParty OperatorKind = "third-party"
)

// Signature is what is known of a report's signature.
type Signature struct {
	Valid bool `json:"valid"`
	// NonceMatches says that the nonce is the one that the buyer gave out.
	NonceMatches bool   `json:"nonceMatches"`
	KeyID        string `json:"keyId,omitempty"`
}

// DefaultPolicy is the gate of the program: every gap above info fails, and so does a regression.
func DefaultPolicy() Policy {
	return Policy{
		Name: "builtin:default", FailFrom: SeverityLow, Regressions: true, NoEvidence: VerdictFail, Required: []string{},
		MaxErrorShare: 0.2, ExceptionsPass: true,
		Exceptions: ExceptionPolicy{
			MaxDays: map[Severity]int{SeverityInfo: 180, SeverityLow: 180, SeverityMedium: 90, SeverityHigh: 60, SeverityCritical: 14},
			Approvals: map[Severity][][]string{
				SeverityInfo: {{RoleApplicationOwner}}, SeverityLow: {{RoleApplicationOwner}}, SeverityMedium: {{RoleApplicationOwner}},
				SeverityHigh:     {{RoleApplicationOwner}, {"identity operations", "risk office"}},
				SeverityCritical: {{RoleApplicationOwner}, {"ciso", "risk office"}},
			},
			MaxRenewals: 1, WarnBeforeDays: 14, NeverWaive: []string{"ignored-silently.deactivate"},
		},
		FixWithinDays: map[Severity]int{SeverityCritical: 7, SeverityHigh: 30, SeverityMedium: 90, SeverityLow: 180},
		Escalation:    []EscalationStep{{AfterDays: 0, To: RoleApplicationOwner}, {AfterDays: 14, To: RoleExceptionApprover}},
	}
}
