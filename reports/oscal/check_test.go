package oscal_test

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/oscal"
	"github.com/scimproof/scimproof/reports/reporttest"
)

const nowhere = "11111111-1111-4111-8111-111111111111"

// Each fault is planted into a sound document of the fixture.
func TestCheckFindsPlantedFaults(t *testing.T) {
	for name, c := range map[string]struct {
		plant func(object)
		path  string
		says  string
	}{
		"an observation that is not there": {
			func(r object) { r.at("findings", 0, "related-observations", 0).set("observation-uuid", nowhere) },
			"findings[0].related-observations[0].observation-uuid", "leads to " + nowhere,
		},
		"a risk that is an observation": {
			func(r object) {
				r.at("findings", 0, "related-risks", 0).set("risk-uuid", r.at("observations", 0)["uuid"])
			},
			"findings[0].related-risks[0].risk-uuid", "which is not in risks",
		},
		"an actor that is not there": {
			func(r object) { r.at("risks", 0, "origins", 0, "actors", 0).set("actor-uuid", nowhere) },
			"risks[0].origins[0].actors[0].actor-uuid", "leads to " + nowhere,
		},
		"a party that is a tool": {
			func(r object) { r.at("risks", 0, "origins", 0, "actors", 0).set("type", "party") },
			"risks[0].origins[0].actors[0].actor-uuid", "which is no party",
		},
		"a subject of another sort": {
			func(r object) { r.at("observations", 0, "subjects", 0).set("type", "user") },
			"observations[0].subjects[0].subject-uuid", "which is no user",
		},
		"an accountable party that is not there": {
			func(r object) { r.named("risks", 0, "accountable-party-uuid").set("value", nowhere) },
			"risks[0].props[10].value", "leads to " + nowhere,
		},
		"a signer that is not there": {
			func(r object) {
				r.at("risks", 1, "risk-log", "entries", 0, "logged-by", 0).set("party-uuid", nowhere)
			},
			"risks[1].risk-log.entries[0].logged-by[0].party-uuid", "leads to " + nowhere,
		},
		"a role that is not there": {
			func(r object) {
				r.at("risks", 1, "risk-log", "entries", 0, "logged-by", 0).set("role-id", "ciso")
			},
			"risks[1].risk-log.entries[0].logged-by[0].role-id", "no role of the metadata",
		},
		"a resource that is not there": {
			func(r object) { r.at("risks", 3, "links", 0).set("href", "#"+nowhere) },
			"risks[3].links[0].href", "leads to " + nowhere,
		},
		"a uuid that comes twice": {
			func(r object) { r.at("risks", 1).set("uuid", r.at("risks", 0)["uuid"]) },
			"risks[1].uuid", "is defined at assessment-results.results[0].risks[0] already",
		},
		"a uuid of version 1": {
			func(r object) { r.at("risks", 0).set("uuid", "11111111-1111-1111-8111-111111111111") },
			"risks[0].uuid", "no uuid of version 4 or 5",
		},
		"a control as NIST prints it": {
			func(r object) {
				r.at("reviewed-controls", "control-selections", 0, "include-controls", 0).set("control-id", "AC-2(3)")
			},
			"reviewed-controls.control-selections[0].include-controls[0].control-id", "no token",
		},
		"a control in upper case": {
			func(r object) {
				r.at("reviewed-controls", "control-selections", 0, "include-controls", 0).set("control-id", "AC-2")
			},
			"reviewed-controls.control-selections[0].include-controls[0].control-id", "lower case",
		},
		"an objective that is no token": {
			func(r object) { r.at("findings", 0, "target").set("target-id", "ps-4 b") },
			"findings[0].target.target-id", "no token",
		},
		"a property whose name is no token": {
			func(r object) { r.at("risks", 0, "props", 0).set("name", "gap id") },
			"risks[0].props[0].name", "no token",
		},
		"a property without a value": {
			func(r object) { delete(r.at("risks", 0, "props", 0), "value") },
			"risks[0].props[0]", "has no value",
		},
		"a status of two words": {
			func(r object) { r.at("risks", 0).set("status", "deviation approved") },
			"risks[0].status", "no token",
		},
		"an empty list": {
			func(r object) { r.at("risks", 0).set("remediations", []any{}) },
			"risks[0].remediations", "empty list",
		},
		"an empty object": {
			func(r object) { r.at("risks", 0).set("risk-log", map[string]any{}) },
			"risks[0].risk-log", "empty object",
		},
		"an empty text": {
			func(r object) { r.at("risks", 0).set("title", "") },
			"risks[0].title", "is empty",
		},
		"a text that is not trimmed": {
			func(r object) { r.at("risks", 0).set("title", "A gap ") },
			"risks[0].title", "trim it",
		},
		"a title of two lines": {
			func(r object) { r.at("risks", 0).set("title", "A\ngap") },
			"risks[0].title", "more than one line",
		},
		"a character that XML does not have": {
			func(r object) { r.at("risks", 0).set("title", "A\x1b[31mgap") },
			"risks[0].title", "XML form",
		},
		"nothing": {
			func(r object) { r.at("risks", 0).set("deadline", nil) },
			"risks[0].deadline", "is null",
		},
		"a moment without a zone": {
			func(r object) { r.set("start", "2026-11-23T09:12:04") },
			"start", "no moment with a zone",
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			doc := parsed(t, documents(t, reporttest.Report(), oscal.Version122)["assessment-results"])
			c.plant(doc.at("assessment-results", "results", 0))
			var paths, all []string
			for _, err := range oscal.Check(doc.bytes(t)) {
				var fault *oscal.Fault
				g.Expect(errors.As(err, &fault)).To(BeTrue())
				paths, all = append(paths, fault.Path), append(all, err.Error())
			}
			g.Expect(paths).To(ContainElement("assessment-results.results[0]." + c.path))
			g.Expect(all).To(ContainElement(ContainSubstring(c.says)))
		})
	}
}

func TestCheckWantsASystemForAPlan(t *testing.T) {
	g := NewWithT(t)
	doc := parsed(t, documents(t, reporttest.Report(), oscal.Version113)["plan-of-action-and-milestones"])
	g.Expect(oscal.Check(doc.bytes(t))).To(BeEmpty())
	delete(doc.at("plan-of-action-and-milestones"), "system-id")
	g.Expect(oscal.Check(doc.bytes(t))).To(ConsistOf(MatchError("plan-of-action-and-milestones: names no system; it needs import-ssp or system-id")))
}

func TestCheckRefusesWhatIsNoDocument(t *testing.T) {
	for name, c := range map[string]struct{ doc, says string }{
		"nothing":         {"", "no JSON object"},
		"a list":          {"[]", "no JSON object"},
		"half an object":  {`{"assessment-results": {`, "no JSON object"},
		"two objects":     {`{} {}`, "something follows"},
		"another model":   {`{"catalog": {"uuid": "` + nowhere + `"}}`, "has 0 models"},
		"a model as text": {`{"assessment-results": "here"}`, "has 0 models"},
		"two models":      {`{"assessment-results": {"a": "b"}, "plan-of-action-and-milestones": {"system-id": {"id": "a"}}}`, "has 2 models"},
		"another coding":  {"{\"assessment-results\": \"\xff\"}", "not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(oscal.Check([]byte(c.doc))).To(ConsistOf(MatchError(ContainSubstring(c.says))))
		})
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"assessment-results": {"uuid": 1, "metadata": [], "results": {"props": [1, {"name": []}]}}}`))
	f.Add([]byte(`{"plan-of-action-and-milestones": {"metadata": {"roles": [{"id": {}}]}, "risks": [{"uuid": "x", "actor-uuid": "x", "type": 2}]}}`))
	f.Add([]byte(`{"assessment-results": null}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, err := range oscal.Check(doc) {
			if err == nil || err.Error() == "" {
				t.Fatal("a fault that says nothing")
			}
		}
	})
}
