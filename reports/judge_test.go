package reports

import (
	"encoding/json"
	"testing"

	. "github.com/onsi/gomega"
)

func effect(id, check, action, shape string, status int, achieved bool) Observation {
	return Observation{ID: id, Check: check, Effect: &Effect{Action: action, Shape: shape, Status: status, Wanted: "w", Seen: "s", Achieved: achieved}}
}

func record(observations []Observation, specs ...Spec) Record {
	return Record{Target: Target{Name: "App", ID: "app", RevokeWithinMs: 2000}, Specs: specs, Observations: observations}
}

func TestAWriteIsJudgedByBothHalves(t *testing.T) {
	for name, c := range map[string]struct {
		status   int
		achieved bool
		outcome  Outcome
	}{
		"acknowledged and done":     {200, true, OutcomeConformant},
		"acknowledged and not done": {204, false, OutcomeIgnored},
		"refused and not done":      {400, false, OutcomeRefused},
		"not implemented":           {501, false, OutcomeRefused},
		"refused and yet done":      {400, true, OutcomeNonconformant},
		"a redirect":                {302, false, OutcomeNonconformant},
	} {
		t.Run(name, func(t *testing.T) {
			r := judgedFor(record([]Observation{effect("o1", "c", "deactivate", "put", c.status, c.achieved)}, Spec{ID: "c", State: SpecRan, Event: EventDeactivate, Shape: "put"}))
			NewWithT(t).Expect(r.Checks[0].Outcome).To(Equal(c.outcome))
		})
	}
}

// What may be refused openly must then be left alone.
func TestAnOptionalFormIsRefusedWithoutAChange(t *testing.T) {
	for name, c := range map[string]struct {
		achieved, unchanged bool
		outcome             Outcome
	}{
		"and nothing is changed": {false, false, OutcomeConformant},
		"and yet done":           {true, false, OutcomeNonconformant},
		"where nothing is wanted, and nothing changed": {true, true, OutcomeConformant},
		"where nothing is wanted, and yet changed":     {false, true, OutcomeNonconformant},
	} {
		t.Run(name, func(t *testing.T) {
			o := effect("o1", "c", "remove-member", "value-list", 400, c.achieved)
			o.Effect.Optional, o.Effect.Unchanged = true, c.unchanged
			r := judgedFor(record([]Observation{o}, Spec{ID: "c", State: SpecRan, Event: EventRemoveMember, Shape: "value-list"}))
			NewWithT(t).Expect(r.Checks[0].Outcome).To(Equal(c.outcome))
		})
	}
}

func TestFormsOfOneEventFoldIntoOneGap(t *testing.T) {
	g := NewWithT(t)
	r := judgedFor(record([]Observation{
		effect("o1", "a", "deactivate", "patch-pathless", 200, false),
		effect("o2", "b", "deactivate", "patch-path", 200, false),
		effect("o3", "c", "deactivate", "put", 200, true),
	}, Spec{ID: "a", State: SpecRan}, Spec{ID: "b", State: SpecRan}, Spec{ID: "c", State: SpecRan}))
	g.Expect(r.Gaps).To(HaveLen(1))
	g.Expect(r.Gaps[0].Outcome).To(Equal(OutcomeIgnored))
	g.Expect(r.Gaps[0].Severity).To(Equal(SeverityCritical))
	g.Expect(r.Gaps[0].Checks).To(Equal([]string{"a", "b"}))
	g.Expect(r.Gaps[0].Parts).To(HaveLen(2))
}

func TestSomeFormsRefusedIsPartialSupport(t *testing.T) {
	g := NewWithT(t)
	refused := effect("o1", "a", "deactivate", "patch-string", 400, false)
	some := judgedFor(record([]Observation{refused, effect("o2", "b", "deactivate", "put", 200, true)}, Spec{ID: "a", State: SpecRan}, Spec{ID: "b", State: SpecRan}))
	g.Expect(some.Gaps[0].Outcome).To(Equal(OutcomePartialSupport))
	g.Expect(some.Gaps[0].Severity).To(Equal(SeverityHigh), "critical, one step down for an open refusal")
	all := judgedFor(record([]Observation{refused}, Spec{ID: "a", State: SpecRan}))
	g.Expect(all.Gaps[0].Outcome).To(Equal(OutcomeRefused))
}

func TestSeverityOfSurvivingCredentials(t *testing.T) {
	for kind, want := range map[string]Severity{
		"web-session":    SeverityCritical, // high, one step up for the reported success
		"refresh-token":  SeverityCritical,
		"personal-token": SeverityCritical,
		"local-password": SeverityCritical,
		"access-token":   SeverityLow, // medium, two down for 10 minutes, one up
	} {
		t.Run(kind, func(t *testing.T) {
			g := NewWithT(t)
			path := AccessPath{Name: kind, Kind: kind, DeclaredLifetimeMs: 600_000}
			_, gaps := judged(t, Event{ID: "e", Kind: EventDelete, Steps: []EventStep{acknowledged(PhaseLeft)}},
				Access{Complete: true, Tries: tries(PhaseLeft, marks, "AA", "AA", "AA", "AA", "AA", "AA", "AA")}, path)
			g.Expect(gaps).To(HaveLen(1))
			g.Expect(gaps[0].Severity).To(Equal(want), "%v", gaps[0].SeverityWhy)
		})
	}
}

func TestOwnership(t *testing.T) {
	g := NewWithT(t)
	rec := record([]Observation{effect("o1", "a", "delete", "", 204, false)}, Spec{ID: "a", State: SpecRan})
	rec.Target.Owners = Owners{ApplicationOwner: Party{Name: "Ada"}, Vendor: Party{Name: "Acme Inc."}}
	gap := judgedFor(rec).Gaps[0]
	g.Expect(gap.Accountable).To(Equal(Party{Role: RoleApplicationOwner, Name: "Ada"}), "a vendor is never accountable")
	g.Expect(gap.Remediator).To(Equal(Party{Role: RoleVendor, Name: "Acme Inc."}))
	rec.Target.Owners.Vendor = Party{}
	g.Expect(judgedFor(rec).Gaps[0].Remediator.Role).To(Equal(RoleApplicationOwner))
}

func TestGapIDsAreStable(t *testing.T) {
	g := NewWithT(t)
	one := judgedFor(record([]Observation{effect("o1", "a", "delete", "", 204, false)}, Spec{ID: "a", State: SpecRan}))
	other := judgedFor(record([]Observation{effect("o9", "a", "delete", "", 200, false)}, Spec{ID: "x", State: SpecRan}, Spec{ID: "a", State: SpecRan}))
	g.Expect(one.Gaps[0].ID).To(Equal(other.Gaps[0].ID))
	elsewhere := record([]Observation{effect("o1", "a", "delete", "", 204, false)}, Spec{ID: "a", State: SpecRan})
	elsewhere.Target.ID = "another"
	g.Expect(judgedFor(elsewhere).Gaps[0].ID).NotTo(Equal(one.Gaps[0].ID))
}

func TestNoEvidenceIsNeverAPass(t *testing.T) {
	fine := Observation{ID: "o1", Check: "a", Fact: &Fact{Met: true, Expected: "e"}}
	for name, rec := range map[string]Record{
		"nothing at all":            {},
		"no check selected":         record(nil, Spec{ID: "a", State: SpecNotSelected}),
		"a check that said nothing": record(nil, Spec{ID: "a", State: SpecRan}),
		"a check that broke":        record([]Observation{fine}, Spec{ID: "a", State: SpecBroken, Why: "w"}),
		"a check never reached":     record([]Observation{fine}, Spec{ID: "a", State: SpecRan}, Spec{ID: "b", State: SpecInterrupted}),
		"no access path": record([]Observation{{ID: "o1", Check: "a", Trouble: &Trouble{Kind: TroubleNoEvidence, Message: "m"}}},
			Spec{ID: "a", State: SpecRan, Credential: "web-session"}),
		"passing trouble":      record([]Observation{{ID: "o1", Check: "a", Trouble: &Trouble{Kind: TroubleOperational, Message: "m"}}}, Spec{ID: "a", State: SpecRan}),
		"an empty observation": record([]Observation{{ID: "o1", Check: "a"}}, Spec{ID: "a", State: SpecRan}),
		"an outage":            {Health: Health{Outage: "down"}, Specs: []Spec{{ID: "a", State: SpecRan}}, Observations: []Observation{fine}},
		"too many errors":      {Health: Health{Requests: 10, Errors: 3}, Specs: []Spec{{ID: "a", State: SpecRan}}, Observations: []Observation{fine}},
		"a run cut short":      {Run: Run{Partial: true}, Specs: []Spec{{ID: "a", State: SpecRan}}, Observations: []Observation{fine}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := judgedFor(rec)
			g.Expect(r.Verdict.Word).NotTo(Equal(VerdictPass))
			g.Expect(r.Verdict.Reason).NotTo(BeEmpty())
		})
	}
	r := judgedFor(record([]Observation{fine}, Spec{ID: "a", State: SpecRan}))
	NewWithT(t).Expect(r.Verdict.Word).To(Equal(VerdictPass), "the counter-example: a check that saw something")
}

func TestPassingTroubleIsNoGap(t *testing.T) {
	g := NewWithT(t)
	r := judgedFor(record([]Observation{{ID: "o1", Check: "a", Trouble: &Trouble{Kind: TroubleOperational, Message: "503"}}}, Spec{ID: "a", State: SpecRan}))
	g.Expect(r.Gaps).To(BeEmpty())
	g.Expect(r.Verdict.Word).To(Equal(VerdictInconclusive))
}

func TestTheSameRecordGivesTheSameBytes(t *testing.T) {
	g := NewWithT(t)
	rec := record([]Observation{
		effect("o1", "a", "delete", "", 204, false), effect("o2", "b", "deactivate", "put", 400, false),
		{ID: "o3", Check: "c", Fact: &Fact{Expected: "e", Actual: "a"}},
	}, Spec{ID: "a", State: SpecRan}, Spec{ID: "b", State: SpecRan}, Spec{ID: "c", State: SpecRan})
	first, err := json.Marshal(judgedFor(rec))
	g.Expect(err).NotTo(HaveOccurred())
	for range 20 {
		g.Expect(json.Marshal(judgedFor(rec))).To(Equal(first))
	}
	g.Expect(string(first)).NotTo(ContainSubstring("null"), "a list in the report must never be null")
}

func FuzzJudge(f *testing.F) {
	seed, _ := json.Marshal(record([]Observation{effect("o1", "a", "delete", "", 204, false)}, Spec{ID: "a", State: SpecRan}))
	f.Add(seed)
	f.Add([]byte(`{"events":[{"id":"e","kind":"recreate","steps":[{"status":204}]}],"observations":[{"access":{"event":"e","tries":[{"who":"silent","result":"denied"}]}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var rec Record
		if json.Unmarshal(raw, &rec) != nil {
			t.Skip()
		}
		r := judgedFor(rec)
		if r.Verdict.Word == VerdictPass && len(r.Observations) == 0 {
			t.Fatal("a run that saw nothing passed")
		}
	})
}

// A glance at a check says what the report will say of it.
func TestAGlanceIsWhatTheReportSays(t *testing.T) {
	g := NewWithT(t)
	rec := withGrave()
	report := Judge(rec)
	glances := Glance(rec)
	g.Expect(glances).To(HaveLen(len(report.Checks)))
	for i, c := range report.Checks {
		c.Gap = ""
		g.Expect(glances[i]).To(Equal(c))
	}
}
