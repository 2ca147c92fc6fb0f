package reporttest

import (
	"fmt"

	"github.com/scimproof/scimproof/reports"
)

// provision adds the checks that look at SCIM alone.
func (b *builder) provision() {
	for _, c := range []struct {
		id, text  string
		event     reports.EventKind
		shape     string
		outcome   reports.Outcome
		because   string
		gap       string
		expected  string
		actual    string
		evidence  string
		unreached bool
	}{
		{id: "lifecycle.create", text: "answers the creation of a user with 201, a Location, an id and meta", outcome: reports.OutcomeConformant,
			because: "201 with all four.", expected: "201 with Location, id and meta", actual: "201 with Location, id and meta"},
		{id: "lifecycle.create.read-back", text: "stores what was sent", outcome: reports.OutcomeConformant,
			because: "All six attributes came back as they were sent.", expected: "the attributes as sent", actual: "the attributes as sent"},
		{id: "lifecycle.find-by-username", text: "finds exactly the user with a userName", outcome: reports.OutcomeConformant,
			because: "One for the known name, none for an unknown one.", expected: "1, then 0", actual: "1, then 0"},
		{id: "lifecycle.update.patch", text: "stores a PATCH of displayName and name.familyName", outcome: reports.OutcomeConformant,
			because: "The read-back shows both.", expected: "both changed", actual: "both changed"},
		{id: "lifecycle.deactivate.patch-pathless", text: "deactivates a user by a PATCH without a path", event: reports.EventDeactivate, shape: "patch-pathless", outcome: reports.OutcomeConformant,
			because: "200, and the read-back after 0.4 s shows active: false.", expected: "active: false", actual: "active: false", evidence: b.events[0].Steps[0].Exchange},
		{id: "lifecycle.deactivate.patch-path", text: "deactivates a user by a PATCH with a path", event: reports.EventDeactivate, shape: "patch-path", outcome: reports.OutcomeConformant,
			because: "200, and the read-back after 0.4 s shows active: false.", expected: "active: false", actual: "active: false", evidence: b.events[1].Steps[0].Exchange},
		{id: "lifecycle.deactivate.patch-string", text: "deactivates a user by a PATCH with the string “False”", event: reports.EventDeactivate, shape: "patch-string", outcome: reports.OutcomeIgnored,
			because: "200, and every read-back until 10 min shows active: true.", gap: gapDeaf, expected: "active: false", actual: "active: true", evidence: b.events[2].Steps[0].Exchange},
		{id: "lifecycle.deactivate.put", text: "deactivates a user by a PUT of the whole resource", event: reports.EventDeactivate, shape: "put", outcome: reports.OutcomeConformant,
			because: "200, and the read-back after 0.4 s shows active: false.", expected: "active: false", actual: "active: false", evidence: b.events[3].Steps[0].Exchange},
		{id: "lifecycle.reactivate", text: "brings the same resource back when active is true again", event: reports.EventReactivate, outcome: reports.OutcomeConformant,
			because: "200, the same id, active: true.", expected: "the same id, active", actual: "the same id, active"},
		{id: "lifecycle.delete", text: "answers a DELETE with 204 and then a GET with 404", event: reports.EventDelete, outcome: reports.OutcomeConformant,
			because: "204, then 404.", expected: "204, then 404", actual: "204, then 404", evidence: b.events[4].Steps[0].Exchange},
		{id: "lifecycle.delete.gone-from-lists", text: "lists no deleted user", event: reports.EventDelete, outcome: reports.OutcomeOperational,
			because: "The list answered 503 three times; nothing can be said.", unreached: true},
		{id: "lifecycle.recreate", text: "takes a userName again after its user was deleted", event: reports.EventRecreate, outcome: reports.OutcomeConformant,
			because: "201 with a new id.", expected: "201 with a new id", actual: "201 with a new id"},
	} {
		observation := reports.Observation{
			ID: fmt.Sprintf("observation-%d", len(b.observations)+1), Check: c.id, Requirements: []string{"RFC7644-3.3-01"}, Evidence: []string{},
		}
		if c.evidence != "" {
			observation.Evidence = append(observation.Evidence, c.evidence)
		}
		if c.unreached {
			observation.Trouble = &reports.Trouble{Kind: reports.TroubleOperational, Message: "503 three times"}
		} else {
			observation.Fact = &reports.Fact{Met: c.gap == "", Expected: c.expected, Actual: c.actual}
		}
		b.observations = append(b.observations, observation)
		b.checks = append(b.checks, reports.Check{
			Spec: reports.Spec{
				ID: c.id, Text: c.text, Requirements: observation.Requirements, Event: c.event, Shape: c.shape,
				State: reports.SpecRan, DurationMs: 900,
			},
			Outcome: c.outcome, Because: c.because, Observations: []string{observation.ID}, Gap: c.gap,
		})
	}
}
