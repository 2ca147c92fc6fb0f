package spec

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/scim"
)

// CheckThat notes whether a requirement is met and returns the same. The spec
// goes on either way. expected is what SCIM expects, as a phrase: "status 201".
func (t *T) CheckThat(requirement, expected string, got any, matcher types.GomegaMatcher) bool {
	return t.fact(requirement, reports.Fact{Expected: expected}, got, matcher)
}

// CheckStatus is CheckThat for the status of a reply, which is quoted where it is not what
// was expected, whatever was sent after it.
func (t *T) CheckStatus(requirement, expected string, r *scim.Reply, matcher types.GomegaMatcher) bool {
	return t.CheckReply(requirement, expected, r, r.Status, matcher)
}

// CheckReply is CheckStatus for something else that a reply shows.
func (t *T) CheckReply(requirement, expected string, r *scim.Reply, got any, matcher types.GomegaMatcher) bool {
	return t.fact(requirement, reports.Fact{Expected: expected}, got, matcher, r.Exchanges...)
}

// Prefer is CheckThat for what is common and misleads nobody: a miss is for information.
func (t *T) Prefer(requirement, expected string, got any, matcher types.GomegaMatcher) bool {
	return t.fact(requirement, reports.Fact{Expected: expected, Tolerable: true}, got, matcher)
}

// CheckFor is CheckThat for what some identity providers lean on, by the ids of package
// dialects. While none of them is chosen a miss is recorded, without a verdict.
func (t *T) CheckFor(clients []string, requirement, expected string, got any, matcher types.GomegaMatcher) bool {
	return t.fact(requirement, reports.Fact{Expected: expected, Open: !t.AnyChosen(clients)}, got, matcher)
}

func (t *T) fact(requirement string, f reports.Fact, got any, matcher types.GomegaMatcher, last ...string) bool {
	met, err := matcher.Match(got)
	// A matcher that cannot compare has the wrong type before it, which is itself the
	// answer: nothing of the kind was there.
	f.Met, f.Actual = met && err == nil, describe(got)
	o := reports.Observation{Requirements: []string{requirement}, Fact: &f}
	o.Evidence = append(slices.DeleteFunc(slices.Clone(t.evidence), func(id string) bool { return slices.Contains(last, id) }), last...)
	t.noteAs(o)
	return f.Met
}

// Record notes what the target does where the text leaves it open: about and seen are
// phrases, "a PUT without title" and "keeps the stored one".
func (t *T) Record(requirement, about, seen string) {
	t.Note(reports.Observation{Requirements: []string{requirement}, Behaviour: &reports.Behaviour{About: about, Seen: seen}})
}

// Dispute notes what the target does where texts and providers disagree; id is one of
// reports.Contradiction.
func (t *T) Dispute(id, requirement, about, seen string) {
	t.Note(reports.Observation{Requirements: []string{requirement}, Behaviour: &reports.Behaviour{About: about, Seen: seen, Contradiction: id}})
}

// Effect notes a write with its two halves: the reply, and an independent read.
func (t *T) Effect(e reports.Effect, requirements ...string) {
	t.Note(reports.Observation{Requirements: requirements, Effect: &e})
}

// Note notes an observation of this check. The exchanges seen so far are evidence beside
// what it brings along. Without requirements of its own it speaks for all that are covered.
func (t *T) Note(o reports.Observation) {
	o.Evidence = slices.Concat([]string{}, t.evidence, o.Evidence)
	t.noteAs(o)
}

// noteAs notes what has all of its evidence.
func (t *T) noteAs(o reports.Observation) {
	o.Check = t.Check
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
