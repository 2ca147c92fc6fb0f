package reports_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

// catalogue has a requirement of each class.
var catalogue = []reports.Requirement{
	{ID: "strict", Source: "RFC 7644 §3.3", Level: "SHALL", Class: reports.ClassStrict},
	{ID: "derived", Source: "RFC 7644 §3.4", Level: "derived", Class: reports.ClassDerived, Stake: reports.StakeAccess},
	{ID: "advised", Source: "RFC 7644 §4", Level: "SHOULD", Class: reports.ClassAdvised},
	{ID: "interop", Source: "Okta", Level: "interop", Class: reports.ClassInterop},
	{ID: "open", Source: "RFC 7644 §3.5", Level: "MAY", Class: reports.ClassOpen},
	{ID: "rights", Source: "RFC 7643 §4.1.2", Level: "MUST", Class: reports.ClassStrict, Stake: reports.StakeRights},
	{ID: "beyond", Source: "nobody", Level: "MUST", Class: reports.ClassStrict, Untestable: "nobody sees it"},
}

// judgedFor judges a record for which somebody answers.
func judgedFor(rec reports.Record) *reports.Report {
	p := reports.Party{Name: "Somebody"}
	rec.Target.Owners = reports.Owners{IdentitySource: p, ApplicationOwner: p, ExceptionApprover: p, FailureInvestigator: p, RemediationCertifier: p}
	return reports.Judge(rec)
}

// missed is a record in which one check misses a requirement.
func missed(requirement string, gate []string, fact reports.Fact) reports.Record {
	fact.Met, fact.Expected, fact.Actual = false, "one thing", "another"
	return reports.Record{
		Target:       reports.Target{SCIMBase: "https://app.example/scim"},
		Requirements: catalogue,
		Specs:        []reports.Spec{{ID: "a.check", Text: "does it", Requirements: []string{requirement}, Gate: gate, State: reports.SpecRan}},
		Exchanges:    []reports.Exchange{{ID: "x0001", Method: "GET", URL: "https://app.example/scim/Users", Status: 200, ResponseBody: "{\n \"a\": 1}"}},
		Observations: []reports.Observation{{ID: "o001", Check: "a.check", Requirements: []string{requirement}, Fact: &fact, Evidence: []string{"x0001"}}},
	}
}

func TestWhatAMissMeansIsAMatterOfItsClass(t *testing.T) {
	for _, tt := range []struct {
		requirement string
		fact        reports.Fact
		severity    reports.Severity // empty for no gap
	}{
		{"strict", reports.Fact{}, reports.SeverityLow},
		{"derived", reports.Fact{}, reports.SeverityMedium},
		{"rights", reports.Fact{}, reports.SeverityCritical},
		{"advised", reports.Fact{}, reports.SeverityInfo},
		{"strict", reports.Fact{Tolerable: true}, reports.SeverityInfo},
		{"interop", reports.Fact{}, reports.SeverityLow},
		{"interop", reports.Fact{Open: true}, ""},
		{"open", reports.Fact{}, ""},
	} {
		t.Run(tt.requirement, func(t *testing.T) {
			g := NewWithT(t)
			r := judgedFor(missed(tt.requirement, nil, tt.fact))
			if tt.severity == "" {
				g.Expect(r.Gaps).To(BeEmpty())
				g.Expect(r.Checks[0].Outcome).To(Equal(reports.OutcomeRecorded))
				return
			}
			g.Expect(r.Gaps).To(HaveLen(1))
			g.Expect(r.Gaps[0].Severity).To(Equal(tt.severity))
			g.Expect(r.Gaps[0].Outcome).To(Equal(reports.OutcomeNonconformant))
		})
	}
}

// A derived item is never printed as an RFC's MUST, and the exchange is quoted.
func TestAMissSaysWhatWasExpectedAndWhatCame(t *testing.T) {
	g := NewWithT(t)
	r := judgedFor(missed("derived", nil, reports.Fact{}))
	g.Expect(r.Checks[0].Because).To(Equal(`Expected: one thing (RFC 7644 §3.4, derived); came: another. GET /Users was answered 200 { "a": 1}.`))
}

// What the service claims and does not do is one gap, however many checks found out.
func TestMissesOfAClaimedFeatureFold(t *testing.T) {
	g := NewWithT(t)
	rec := missed("strict", []string{"filter"}, reports.Fact{})
	second := rec.Specs[0]
	second.ID = "another.check"
	rec.Specs = append(rec.Specs, second)
	o := rec.Observations[0]
	o.Check = second.ID
	rec.Observations = append(rec.Observations, o)
	g.Expect(judgedFor(rec).Gaps).To(HaveLen(2), "nothing is claimed")

	rec.Capabilities = []reports.Capability{{Feature: "filter", Declared: reports.DeclaredSupported, Open: true}}
	r := judgedFor(rec)
	g.Expect(r.Gaps).To(HaveLen(1))
	g.Expect(r.Gaps[0].Outcome).To(Equal(reports.OutcomeUndelivered))
	g.Expect(r.Gaps[0].Feature).To(Equal("filter"))
	g.Expect(r.Gaps[0].Severity).To(Equal(reports.SeverityMedium), "a claim makes it one step graver")
	g.Expect(r.Gaps[0].Checks).To(ConsistOf("a.check", "another.check"))
	g.Expect(r.Capabilities[0].Missed).To(Equal(2))
}

func TestCoverageCountsWhatWasLookedAt(t *testing.T) {
	g := NewWithT(t)
	rec := missed("strict", nil, reports.Fact{})
	rec.Health.SCIMRequests = 3
	r := judgedFor(rec)
	g.Expect(r.Coverage).To(Equal(reports.Coverage{Total: 7, Covered: 1, Decided: 1, NotTested: 5, Untestable: 1, Requests: 3, PerRequirement: 3}))
	g.Expect(r.Requirements[0].Outcome).To(Equal(reports.OutcomeNonconformant))
	g.Expect(r.Requirements[6].Because).To(Equal("Nobody sees it."))
}

// A gate that is closed is never a pass, and no gap.
func TestWhatIsNotTestedIsNoPass(t *testing.T) {
	g := NewWithT(t)
	rec := missed("strict", []string{"sort"}, reports.Fact{})
	rec.Observations[0].Fact, rec.Observations[0].Trouble = nil, &reports.Trouble{Kind: reports.TroubleNotTested, Message: "it is not claimed"}
	r := judgedFor(rec)
	g.Expect(r.Gaps).To(BeEmpty())
	g.Expect(r.Checks[0].Outcome).To(Equal(reports.OutcomeNotTested))
	g.Expect(r.Verdict.Word).To(Equal(reports.VerdictInconclusive), "nothing ran")
}

func TestAStorySaysWhatAnAdministratorSees(t *testing.T) {
	step := func(name string, status int, done bool, partial string) reports.Observation {
		seen := "active: true"
		if done {
			seen = "active: false"
		}
		return reports.Observation{Check: "story.okta", Requirements: []string{"strict"}, Effect: &reports.Effect{
			Action: "deactivate", Client: "okta", Step: name, Form: "PATCH of a user without a path", Status: status,
			Wanted: "active: false", Seen: seen, Achieved: done, Partial: partial,
		}}
	}
	trouble := reports.Observation{Check: "story.okta", Trouble: &reports.Trouble{Kind: reports.TroubleOperational, Message: "the target answered 503"}}
	for _, tt := range []struct {
		observations []reports.Observation
		sentence     string
	}{
		{[]reports.Observation{step(reports.StepLeaver, 200, true, "")}, "Okta: an administrator would see nothing go wrong."},
		{
			[]reports.Observation{step(reports.StepLeaver, 200, false, "")},
			"Okta: leavers stay active, because PATCH of a user without a path is answered 200 and ignored: a read shows active: true.",
		},
		{
			[]reports.Observation{step(reports.StepUpdate, 400, false, ""), step(reports.StepLeaver, 200, true, "")},
			"Okta: changes do not arrive, because PATCH of a user without a path is answered 400 and refused.",
		},
		{
			[]reports.Observation{step(reports.StepCreate, 400, false, ""), step(reports.StepGroupPush, 400, false, ""), step(reports.StepUpdate, 400, false, "")},
			"Okta: groups do not follow, because PATCH of a user without a path is answered 400 and refused; also, new people get no account; also, changes do not arrive.",
		},
		{[]reports.Observation{step(reports.StepUpdate, 200, true, "roles are lost")}, "Okta: it works, but roles are lost."},
		{nil, "Okta: its story was not played in this run."},
		{
			[]reports.Observation{step(reports.StepLeaver, 200, true, ""), trouble},
			"Okta: not all of it could be seen: The target answered 503.",
		},
		{
			[]reports.Observation{step(reports.StepUpdate, 400, false, ""), trouble},
			"Okta: changes do not arrive, because PATCH of a user without a path is answered 400 and refused.",
		},
	} {
		g := NewWithT(t)
		rec := reports.Record{
			Clients: []reports.Client{{ID: "okta", Title: "Okta"}}, Observations: tt.observations,
			Specs: []reports.Spec{{ID: "story.okta", State: reports.SpecRan}},
		}
		g.Expect(judgedFor(rec).Stories[0].Sentence).To(Equal(tt.sentence))
	}
}

// What was seen before the trouble stands; the step that the story was at, and those that were
// still to come, are open.
func TestAStoryThatBreaksOffSaysNothingOfTheRest(t *testing.T) {
	seen := func(name string) reports.Observation {
		return reports.Observation{Check: "story.okta", Effect: &reports.Effect{
			Action: "create", Client: "okta", Step: name, Status: 200, Wanted: "it", Seen: "it", Achieved: true,
		}}
	}
	for name, tt := range map[string]struct {
		state   reports.SpecState
		trouble reports.TroubleKind
	}{
		"passing trouble": {reports.SpecRan, reports.TroubleOperational},
		"no evidence":     {reports.SpecRan, reports.TroubleUndecided},
		"Ctrl-C":          {reports.SpecInterrupted, ""},
		"a fault":         {reports.SpecBroken, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			rec := reports.Record{
				Clients: []reports.Client{{ID: "okta", Title: "Okta"}}, Specs: []reports.Spec{{ID: "story.okta", State: tt.state, Why: "a fault"}},
				Observations: []reports.Observation{seen(reports.StepLookUp), seen(reports.StepCreate), seen(reports.StepUpdate)},
			}
			if tt.trouble != "" {
				rec.Observations = append(rec.Observations, reports.Observation{Check: "story.okta", Trouble: &reports.Trouble{Kind: tt.trouble, Message: "a fault"}})
			}
			story := judgedFor(rec).Stories[0]
			for i, want := range []reports.StoryResult{"works", "works", "unclear", "unclear", "unclear", "unclear", "unclear"} {
				g.Expect(story.Steps[i].Result).To(Equal(want), story.Steps[i].Step)
			}
			g.Expect(story.Sentence).To(HavePrefix("Okta: not all of it could be seen: "))
			g.Expect(story.Troubled()).To(BeTrue())
		})
	}
}
