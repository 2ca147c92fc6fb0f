package bundle

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// The types of in-toto's Statement v1 and of the predicates.
const (
	statementType  = "https://in-toto.io/Statement/v1"
	testResultType = "https://in-toto.io/attestation/test-result/v0.1"
	// FactsType is our own predicate; see Facts.
	FactsType = "urn:scimproof:attestation:run:v0.1"
)

// Statement is an in-toto Statement v1: what is said (the predicate) of which files.
type Statement struct {
	Type          string          `json:"_type"`
	Subject       []Resource      `json:"subject"`
	PredicateType string          `json:"predicateType"`
	Predicate     json.RawMessage `json:"predicate"`
}

// Resource names something by its digest (in-toto's ResourceDescriptor).
type Resource struct {
	Name        string            `json:"name"`
	Digest      map[string]string `json:"digest"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

func resource(name, sha256 string) Resource {
	return Resource{Name: name, Digest: map[string]string{"sha256": sha256}}
}

// TestResult is the predicate https://in-toto.io/attestation/test-result/v0.1.
type TestResult struct {
	Result        string     `json:"result"` // PASSED, WARNED or FAILED
	Configuration []Resource `json:"configuration"`
	PassedTests   []string   `json:"passedTests"`
	WarnedTests   []string   `json:"warnedTests"`
	FailedTests   []string   `json:"failedTests"`
}

// The results that the predicate knows.
const (
	resultPassed = "PASSED"
	resultWarned = "WARNED"
	resultFailed = "FAILED"
)

// resultOf puts a verdict into the predicate's words. Whatever is no pass in any sense failed.
func resultOf(v reports.Word) string {
	switch v {
	case reports.VerdictPass:
		return resultPassed
	case reports.VerdictWithExceptions, reports.VerdictInconclusive:
		return resultWarned
	}
	return resultFailed
}

// testResult sums a report up.
func testResult(r *reports.Report) (TestResult, error) {
	t := TestResult{Result: resultOf(r.Verdict.Word), PassedTests: []string{}, WarnedTests: []string{}, FailedTests: []string{}}
	var err error
	if t.Configuration, err = configuration(r); err != nil {
		return t, err
	}
	gaps := map[string]reports.Gap{}
	for _, g := range r.Gaps {
		gaps[g.ID] = g
	}
	for _, c := range r.Checks {
		switch resultOfCheck(c, gaps) {
		case resultPassed:
			t.PassedTests = append(t.PassedTests, c.ID)
		case resultWarned:
			t.WarnedTests = append(t.WarnedTests, c.ID)
		case resultFailed:
			t.FailedTests = append(t.FailedTests, c.ID)
		}
	}
	return t, nil
}

// resultOfCheck is empty for a check without a verdict. What could not be decided, what is
// accepted for a time, and what is for information is a warning.
func resultOfCheck(c reports.Check, gaps map[string]reports.Gap) string {
	switch c.Outcome {
	case reports.OutcomeConformant:
		return resultPassed
	case reports.OutcomeNotApplicable, reports.OutcomeNotSelected, reports.OutcomeNotTested, reports.OutcomeRecorded:
		return ""
	case reports.OutcomeOperational, reports.OutcomeNoEvidence:
		return resultWarned
	}
	if gap, known := gaps[c.Gap]; known && (!gap.State.Open() || gap.Severity == reports.SeverityInfo) {
		return resultWarned
	}
	return resultFailed
}

// configuration lists what the run and its verdict rest on.
func configuration(r *reports.Report) ([]Resource, error) {
	if !isDigest(r.Target.ProfileDigest) {
		return nil, fmt.Errorf("%s: target.profileDigest is not a SHA-256 in hex: the report was not written by scimproof", ReportFile)
	}
	policy := r.Policy.Digest
	if policy == "" { // one of the program's own
		raw, err := json.Marshal(r.Policy)
		if err != nil {
			return nil, fmt.Errorf("encoding the policy: %w", err)
		}
		policy = digest(raw)
	}
	suite, err := suiteDigest(r.Checks)
	if err != nil {
		return nil, err
	}
	gate := resource("policy", policy)
	gate.Annotations = map[string]string{"name": r.Policy.Name}
	out := []Resource{resource("profile", r.Target.ProfileDigest), gate, resource("suite", suite)}
	if r.ExceptionsDigest != "" {
		out = append(out, resource("exceptions", r.ExceptionsDigest))
	}
	return out, nil
}

// suiteDigest is the SHA-256 over what the checks are, without what became of them: the same
// for each run of the same suite.
func suiteDigest(checks []reports.Check) (string, error) {
	specs := make([]reports.Spec, len(checks))
	for i, c := range checks {
		specs[i] = c.Spec
		specs[i].State, specs[i].Why, specs[i].DurationMs = "", "", 0
	}
	slices.SortFunc(specs, func(a, b reports.Spec) int { return cmp.Compare(a.ID, b.ID) })
	raw, err := json.Marshal(specs)
	if err != nil {
		return "", fmt.Errorf("encoding the checks: %w", err)
	}
	return digest(raw), nil
}
