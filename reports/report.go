package reports

import "time"

// Report is a record that has been judged. report.json is this type.
type Report struct {
	// Schema names the form of the document; see reports/schema.
	Schema  string  `json:"schema"`
	Verdict Verdict `json:"verdict"`
	// Summary is the run in a few plain sentences.
	Summary string  `json:"summary"`
	Counts  Counts  `json:"counts"`
	Checks  []Check `json:"checks"`
	Gaps    []Gap   `json:"gaps"`
	// Matrix is access × event, one row for each declared or expected way in.
	Matrix []MatrixRow `json:"matrix"`

	Run          Run           `json:"run"`
	Target       Target        `json:"target"`
	Events       []Event       `json:"events"`
	Observations []Observation `json:"observations"`
	Exchanges    []Exchange    `json:"exchanges"`
	Health       Health        `json:"health"`
	Cleanup      Cleanup       `json:"cleanup"`
	Redaction    Redaction     `json:"redaction"`
	LongWatch    *LongWatch    `json:"longWatch,omitempty"` // nil where none was asked for

	// Requirements has what became of each requirement of the catalogue.
	Requirements []RequirementResult `json:"requirements"`
	Coverage     Coverage            `json:"coverage"`
	Capabilities []CapabilityResult  `json:"capabilities"`
	// Stories is identity provider × step; Contradictions are where texts and providers
	// disagree, with what the target does.
	Stories        []Story         `json:"stories"`
	Contradictions []Contradiction `json:"contradictions"`
}

// Word is the verdict in one word.
type Word string

// The verdicts.
const (
	VerdictPass         Word = "pass"
	VerdictFail         Word = "fail"
	VerdictInconclusive Word = "inconclusive"
)

// Verdict is the gate's answer and the rule that decided it.
type Verdict struct {
	Word   Word   `json:"word"`
	Reason string `json:"reason"`
}

// Counts sums the report up.
type Counts struct {
	Checks     map[Outcome]int  `json:"checks"`
	BySeverity map[Severity]int `json:"gapsBySeverity"`
}

// Outcome is what a check came to. The words are those of the report's reader:
// a control owner.
type Outcome string

// The outcomes.
const (
	OutcomeConformant     Outcome = "conformant"
	OutcomeSuspended      Outcome = "suspended-not-revoked" // denied while inactive, back with the account
	OutcomeNonconformant  Outcome = "nonconformant"         // effect right, protocol wrong
	OutcomePartialSupport Outcome = "partial-support"       // some of the required forms work
	OutcomeRefused        Outcome = "refused-explicitly"    // an honest error
	OutcomeIgnored        Outcome = "ignored-silently"      // a 2xx, and nothing changed
	OutcomeDelayed        Outcome = "delayed"               // denied, but after revokeWithin
	OutcomeSurvived       Outcome = "survived-access"       // still works at the end of the watch
	OutcomeRevived        Outcome = "revived-access"        // denied, then allowed again
	OutcomeOperational    Outcome = "operational"           // cannot judge: passing trouble
	OutcomeNoEvidence     Outcome = "no-evidence"           // no probe, or it never worked
	OutcomeNotApplicable  Outcome = "not-applicable"        // a named person asserts there is none
	OutcomeNotSelected    Outcome = "not-selected"
	OutcomeRecorded       Outcome = "recorded"   // the text leaves it open: no verdict
	OutcomeNotTested      Outcome = "not-tested" // a feature that the service does not claim: no verdict
	// OutcomeUndelivered is of gaps alone: what was found of a feature that the service claims.
	OutcomeUndelivered Outcome = "declared-not-delivered"
)

// Rank orders outcomes from harmless to grave, from 0 on; of several the gravest
// speaks for all.
func (o Outcome) Rank() int { return weight(o) }

// Check is a spec with its outcome.
type Check struct {
	Spec
	Outcome Outcome `json:"outcome"`
	// Because says in a sentence what the outcome rests on.
	Because      string   `json:"because"`
	Observations []string `json:"observations"` // observation ids
	Gap          string   `json:"gap,omitempty"`
}

// Severity ranks a gap.
type Severity string

// The severities, mildest first.
const (
	SeverityInfo     Severity = "info"
	SeverityLow      Severity = "low"
	SeverityMedium   Severity = "medium"
	SeverityHigh     Severity = "high"
	SeverityCritical Severity = "critical"
)

// Severities lists the severities, gravest first.
func Severities() []Severity {
	return []Severity{SeverityCritical, SeverityHigh, SeverityMedium, SeverityLow, SeverityInfo}
}

// Gap is a control gap: something that an owner has to close or to accept.
type Gap struct {
	// ID is stable: the same target, class, credential and event give the same
	// id in every run.
	ID       string   `json:"id"`
	Class    Outcome  `json:"class"`
	Severity Severity `json:"severity"`
	// SeverityWhy holds the three reasons: what survives, how long it is
	// exposed, and what the target said about it.
	SeverityWhy []string `json:"severityWhy"`
	Title       string   `json:"title"`
	// Statement says what it means for somebody who has left.
	Statement  string    `json:"statement"`
	Event      EventKind `json:"event,omitempty"`
	Credential string    `json:"credential,omitempty"`
	// Path is the access path, where the gap is about one.
	Path string `json:"path,omitempty"`
	// Feature is what the service claims, where the gap is that it does not hold.
	Feature string   `json:"feature,omitempty"`
	Checks  []string `json:"checks"`
	// Parts lists what was seen, one sentence for each.
	Parts []string `json:"parts"`
	// Reproduced is left out where each event had one leaver.
	Reproduced   *Reproduced `json:"reproduced,omitempty"`
	Accountable  Party       `json:"accountable"`
	Remediator   Party       `json:"remediator"`
	Investigator Party       `json:"investigator"`
	Approver     Party       `json:"approver"`  // of exceptions
	Certifier    Party       `json:"certifier"` // of the fix
	Controls     []Control   `json:"controls"`
	// Closes says what would close the gap.
	Closes string `json:"closes"`
	// Reproduce is a command that runs the gap's checks alone.
	Reproduce string   `json:"reproduce"`
	Evidence  []string `json:"evidence"` // exchange ids
}

// Control is a framework's identifier for the control that is not effective.
type Control struct {
	Framework string `json:"framework"`
	ID        string `json:"id"`
}

// MatrixRow is one way in and what became of it in each event.
type MatrixRow struct {
	Credential string `json:"credential"`
	// Path is the declared access path; empty when the profile has none of the kind.
	Path  string `json:"path,omitempty"`
	Cells []Cell `json:"cells"`
}

// Cell is one way in through one event.
type Cell struct {
	Event   EventKind `json:"event"`
	Shape   string    `json:"shape,omitempty"`
	Check   string    `json:"check"`
	Outcome Outcome   `json:"outcome"`
	// Label is the few words that fit a cell, such as "revoked ≤ 0.3 s".
	Label string `json:"label"`
	Why   string `json:"why"`
	Gap   string `json:"gap,omitempty"`
	// LastAllowedMs and FirstDeniedMs bound the moment at which access ended,
	// counted from the acknowledgement; -1 when it was never seen.
	LastAllowedMs int64 `json:"lastAllowedMs"`
	FirstDeniedMs int64 `json:"firstDeniedMs"`
	// Seen is for how many of the Decided leavers the outcome is this one. Both are absent
	// where the event had one leaver.
	Seen    int `json:"seen,omitempty"`
	Decided int `json:"decided,omitempty"`
}

// Duration is the run's wall time.
func (r *Report) Duration() time.Duration { return time.Duration(r.Health.WallMs) * time.Millisecond }
