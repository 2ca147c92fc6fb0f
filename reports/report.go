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

	// Judged is when the record was judged, and Policy the gate that it was judged by.
	Judged time.Time `json:"judged"`
	Policy Policy    `json:"policy"`
	// Exceptions lists every exception of the file, with what became of it; ExceptionsDigest is
	// the SHA-256 of the file in hex, empty where there was none.
	Exceptions       []ExceptionUse `json:"exceptions"`
	ExceptionsDigest string         `json:"exceptionsDigest,omitempty"`
	// Closures are gaps that were certified as closed, this run's and those before.
	Closures []Closure `json:"closures"`
	// Comparison is with the last run; nil where none was given.
	Comparison *Comparison `json:"comparison,omitempty"`
	// History has the last runs against the target, the latest first, this one left out.
	History    []PastRun       `json:"history"`
	Frameworks []FrameworkView `json:"frameworks"`
	IPSIE      LevelView       `json:"ipsie"`

	// Faults says, a sentence each, what the report could not be judged on although it was given.
	Faults []string `json:"faults,omitempty"`
}

// PastRun is an earlier run in a line.
type PastRun struct {
	Run     string    `json:"run"`
	Started time.Time `json:"started"`
	Verdict Word      `json:"verdict"`
	Version string    `json:"targetVersion,omitempty"`
}

// Word is the verdict in one word.
type Word string

// The verdicts.
const (
	VerdictPass           Word = "pass"
	VerdictWithExceptions Word = "pass-with-exceptions"
	VerdictFail           Word = "fail"
	VerdictInconclusive   Word = "inconclusive"
	VerdictError          Word = "error" // the gate or the exceptions are wrong
)

// Verdict is the gate's answer and the rule that decided it.
type Verdict struct {
	Word   Word   `json:"word"`
	Reason string `json:"reason"`
	// Rule is the step of the gate that decided.
	Rule GateRule `json:"rule"`
}

// GateRule is a step of the gate, in the order in which they are looked at.
type GateRule string

// The steps.
const (
	RuleConfiguration GateRule = "configuration"
	RuleTrust         GateRule = "trust" // signature, nonce, age, operator, environment
	RuleEvidence      GateRule = "evidence"
	RuleHealth        GateRule = "health"
	RuleGaps          GateRule = "gaps"
	RuleRegression    GateRule = "regression"
	RuleUnfinished    GateRule = "unfinished"
	RuleExceptions    GateRule = "exceptions"
	RulePass          GateRule = "pass"
)

// Counts sums the report up.
type Counts struct {
	Checks     map[Outcome]int  `json:"checks"`
	BySeverity map[Severity]int `json:"gapsBySeverity"`
	ByState    map[GapState]int `json:"gapsByState"`
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
	// OutcomeUnowned and OutcomeUnreliable are of gaps alone, which no check shows.
	OutcomeUnowned    Outcome = "governance"
	OutcomeUnreliable Outcome = "unreliable-path"
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
	ID      string   `json:"id"`
	Outcome Outcome  `json:"outcome"` // what was seen
	Class   GapClass `json:"class"`
	// Declared says whether the service claims what it does not deliver.
	Declared Declared `json:"declared"`
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
	// Occurrence says how often it happens.
	Occurrence Occurrence `json:"occurrence"`
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

	State GapState `json:"state"`
	// FirstSeen is the start of the first run that saw it; no exception resets it.
	FirstSeen time.Time `json:"firstSeen"`
	// Deadline is the day by which it has to be closed.
	Deadline   Day          `json:"deadline"`
	Escalation []Escalation `json:"escalation"`
	// Exception is the id of the exception that covers it, or would.
	Exception string `json:"exception,omitempty"`
	// StateWhy says what the state rests on, as a sentence; empty for an open gap.
	StateWhy string `json:"stateWhy,omitempty"`
}

// Escalation is who is told on which day, if the gap is still open then.
type Escalation struct {
	On Day    `json:"on"`
	To string `json:"to"`
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
