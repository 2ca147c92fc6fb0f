package bundle

import (
	"time"

	"github.com/scimproof/scimproof/reports"
)

// Facts is our own predicate: what a reader has to know that a test result does not say.
type Facts struct {
	Verdict reports.Word     `json:"verdict"`
	Rule    reports.GateRule `json:"rule"` // of the gate, that decided
	Reason  string           `json:"reason"`
	// WarnedFor tells what the result WARNED stands for: exceptions or inconclusive.
	WarnedFor string `json:"warnedFor,omitempty"`

	Run       string           `json:"run"`
	Started   time.Time        `json:"started"`
	Finished  time.Time        `json:"finished"`
	Judged    time.Time        `json:"judged"`
	Partial   bool             `json:"partial,omitempty"`
	Selection string           `json:"selection,omitempty"` // the label filter; empty for all checks
	Seed      int64            `json:"seed"`
	Operator  reports.Operator `json:"operator,omitzero"`
	Nonce     string           `json:"nonce,omitempty"`

	Target FactsTarget  `json:"target"`
	Policy string       `json:"policy"`
	Tool   reports.Tool `json:"tool"` // that ran
	// Bundler is the program that made the bundle, which may be another.
	Bundler reports.Tool `json:"bundler"`
	// Suite is the SHA-256 over the checks in hex.
	Suite    string   `json:"suite"`
	EventLog EventRef `json:"eventLog"`
}

// FactsTarget is the application under test.
type FactsTarget struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Version     string `json:"version,omitempty"`
	Environment string `json:"environment,omitempty"`
	SCIMBase    string `json:"scimBase"`
	TLSVerified bool   `json:"tlsVerified"`
	// TLSLeaf is the SHA-256 of the certificate that the target showed, in hex; empty
	// if none is known.
	TLSLeaf string `json:"tlsLeaf,omitempty"`
}

// EventRef pins the event log.
type EventRef struct {
	Head  string `json:"head"` // SHA-256 of the last line in hex
	Lines int    `json:"lines"`
}

// factsOf takes the facts out of a report.
func factsOf(r *reports.Report, suite string, bundler reports.Tool, log EventRef) Facts {
	t := r.Target
	f := Facts{
		Verdict: r.Verdict.Word, Rule: r.Verdict.Rule, Reason: r.Verdict.Reason,
		Run: r.Run.ID, Started: r.Run.Started, Finished: r.Run.Finished, Judged: r.Judged, Partial: r.Run.Partial,
		Selection: r.Run.Selection, Seed: r.Run.Seed, Operator: r.Run.Operator, Nonce: r.Run.Nonce,
		Target: FactsTarget{ID: t.ID, Name: t.Name, Version: t.Version, Environment: t.Environment, SCIMBase: t.SCIMBase, TLSVerified: t.TLSVerified, TLSLeaf: t.TLSLeaf},
		Policy: r.Policy.Name, Tool: r.Run.Tool, Bundler: bundler, Suite: suite, EventLog: log,
	}
	switch r.Verdict.Word {
	case reports.VerdictWithExceptions:
		f.WarnedFor = "exceptions"
	case reports.VerdictInconclusive:
		f.WarnedFor = "inconclusive"
	}
	return f
}
