package spec

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/reports"
)

// CheckThat notes whether a requirement is met and returns the same. The spec
// goes on either way. expected is what SCIM expects, as a phrase: "status 201".
func (t *T) CheckThat(requirement, expected string, got any, matcher types.GomegaMatcher) bool {
	met, err := matcher.Match(got)
	actual := describe(got)
	if err != nil {
		// A matcher that cannot compare has the wrong type before it, which is
		// itself the answer: nothing of the kind was there.
		met = false
	}
	t.Note(reports.Observation{
		Requirements: []string{requirement},
		Fact:         &reports.Fact{Met: met, Expected: expected, Actual: actual},
	})
	return met
}

// Effect notes a write with its two halves: the reply, and an independent read.
func (t *T) Effect(e reports.Effect, requirements ...string) {
	t.Note(reports.Observation{Requirements: requirements, Effect: &e})
}

// Note notes an observation of this check. The exchanges seen so far are evidence beside
// what it brings along. Without requirements of its own it speaks for all that are covered.
func (t *T) Note(o reports.Observation) {
	o.Check, o.Evidence = t.Check, slices.Concat([]string{}, t.evidence, o.Evidence)
	if o.Requirements == nil {
		o.Requirements = t.Requirements
	}
	t.Book.Note(o)
}

// describe prints a value for a reader of the report, not for a Go programmer.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		if v == "" {
			return "nothing"
		}
		return fmt.Sprintf("%q", v)
	}
	if raw, err := json.Marshal(v); err == nil {
		return string(raw)
	}
	return fmt.Sprint(v)
}
