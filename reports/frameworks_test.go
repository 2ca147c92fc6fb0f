package reports

import (
	"os"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/controls"
)

// heldAgainst is a report of checks and gaps, held against the program's own mapping.
func heldAgainst(t *testing.T, checks []Check, gaps ...Gap) *Report {
	t.Helper()
	r := &Report{Checks: checks, Gaps: gaps, Policy: DefaultPolicy()}
	r.hold(Basis{})
	return r
}

func seen(id string, event EventKind, credential string, outcome Outcome) Check {
	return Check{Spec: Spec{ID: id, Event: event, Credential: credential, State: SpecRan}, Outcome: outcome}
}

func controlIn(t *testing.T, r *Report, framework, id string) ControlView {
	t.Helper()
	for _, f := range r.Frameworks {
		for _, c := range f.Controls {
			if f.Framework == framework && c.ID == id {
				return c
			}
		}
	}
	t.Fatalf("the report has no control %s of %s", id, framework)
	return ControlView{}
}

func TestAControlIsEffectiveOnlyByWhatWasSeen(t *testing.T) {
	good := seen("survival.deactivate.put.web-session", EventDeactivate, "web-session", OutcomeConformant)
	with := func(o Outcome) []Check {
		return []Check{good, seen("survival.deactivate.put.access-token", EventDeactivate, "access-token", o)}
	}
	gap := func(s Severity, state GapState) Gap {
		return Gap{ID: "gap-1", Class: ClassSurvivedSession, Outcome: OutcomeSurvived, Credential: "web-session", Severity: s, State: state, Checks: []string{"survival.deactivate.put.web-session"}}
	}
	for name, c := range map[string]struct {
		checks []Check
		gaps   []Gap
		state  ControlState
		limits string
	}{
		"nothing ran":                  {nil, nil, ControlNotDemonstrated, "No check of this run shows it."},
		"all conform":                  {with(OutcomeConformant), nil, ControlEffective, "One run, test users only."},
		"a named person says none":     {with(OutcomeNotApplicable), nil, ControlEffective, "One run, test users only."},
		"the feature is not claimed":   {with(OutcomeNotTested), nil, ControlEffective, "One run, test users only."},
		"one could not decide":         {with(OutcomeNoEvidence), nil, ControlNotDemonstrated, "1 check of it could not decide or found otherwise."},
		"one met passing trouble":      {with(OutcomeOperational), nil, ControlNotDemonstrated, "1 check of it could not decide or found otherwise."},
		"one was left out":             {with(OutcomeNotSelected), nil, ControlNotDemonstrated, "1 check of it not selected."},
		"one survived":                 {with(OutcomeSurvived), nil, ControlNotDemonstrated, "found otherwise."},
		"an open gap":                  {with(OutcomeConformant), []Gap{gap(SeverityLow, StateOpen)}, ControlNotEffective, "One run, test users only."},
		"a gap that is accepted":       {with(OutcomeConformant), []Gap{gap(SeverityHigh, StateExcepted)}, ControlNotEffective, "One run, test users only."},
		"a gap that somebody has done": {with(OutcomeConformant), []Gap{gap(SeverityHigh, StateClaimedFixed)}, ControlNotEffective, "One run, test users only."},
		"a gap for information":        {with(OutcomeConformant), []Gap{gap(SeverityInfo, StateOpen)}, ControlNotDemonstrated, "A gap for information is about it"},
		"only what says nothing":       {[]Check{seen("x", EventDeactivate, "web-session", OutcomeNotApplicable)}, nil, ControlNotDemonstrated, "No check of this run shows it."},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			v := controlIn(t, heldAgainst(t, c.checks, c.gaps...), "ASVS 5.0", "7.4.2")
			g.Expect(v.State).To(Equal(c.state))
			g.Expect(v.Limits).To(ContainSubstring(c.limits))
			g.Expect(v.Gaps).To(HaveLen(len(c.gaps)))
		})
	}
}

func TestAnOutageShowsNoControl(t *testing.T) {
	r := &Report{Checks: []Check{seen("survival.deactivate.put.web-session", EventDeactivate, "web-session", OutcomeConformant)}, Policy: DefaultPolicy()}
	r.Health = Health{Requests: 10, Errors: 9}
	r.hold(Basis{})
	NewWithT(t).Expect(controlIn(t, r, "ASVS 5.0", "7.4.2").State).To(Equal(ControlNotDemonstrated))
}

func TestWhatWasNotLookedAtIsSaid(t *testing.T) {
	r := heldAgainst(t, []Check{seen("survival.deactivate.put.personal-token", EventDeactivate, "personal-token", OutcomeConformant)})
	v := controlIn(t, r, "OWASP NHI:2025", "NHI7:2025")
	g := NewWithT(t)
	g.Expect(v.State).To(Equal(ControlEffective))
	g.Expect(v.Limits).To(Equal("One run, test users only. Not looked at: orphaned-nhi, channel-weak."))
	g.Expect(v.Checks).To(Equal([]string{"survival.deactivate.put.personal-token"}))
}

func TestALongListOfChecksIsCut(t *testing.T) {
	var checks []Check
	for range 40 {
		checks = append(checks, seen("survival.deactivate.put.web-session", EventDeactivate, "web-session", OutcomeConformant))
	}
	v := controlIn(t, heldAgainst(t, checks), "ASVS 5.0", "7.4.2")
	g := NewWithT(t)
	g.Expect(v.Checks).To(HaveLen(25))
	g.Expect(v.Limits).To(ContainSubstring("15 more checks of it not named here."))
}

// A gap of one check has the class that the check was said to speak for.
func TestEveryMissHasAClassThatItsCheckSpeaksFor(t *testing.T) {
	for name, c := range map[string]struct {
		spec Spec
		seen Observation
	}{
		"a fact of lists":  {Spec{ID: "querying.page.walk"}, Observation{Fact: &Fact{Expected: "all rows"}}},
		"a fact of errors": {Spec{ID: "errors.form.status"}, Observation{Fact: &Fact{Expected: "a status"}}},
		"the channel":      {Spec{ID: "channel.no-credential"}, Observation{Fact: &Fact{Expected: "401"}}},
		"any other fact":   {Spec{ID: "patching.add.values"}, Observation{Fact: &Fact{Expected: "values"}}},
		"a claim":          {Spec{ID: "querying.sort.order", Gate: []string{"sort"}}, Observation{Fact: &Fact{Expected: "order"}}},
		"ignored":          {Spec{ID: "lifecycle.deactivate.put", Event: EventDeactivate}, Observation{Effect: &Effect{Action: "deactivate", Status: 200}}},
		"refused":          {Spec{ID: "lifecycle.deactivate.put", Event: EventDeactivate}, Observation{Effect: &Effect{Action: "deactivate", Status: 400}}},
		"neither":          {Spec{ID: "lifecycle.deactivate.put", Event: EventDeactivate}, Observation{Effect: &Effect{Action: "deactivate", Status: 400, Achieved: true}}},
		"a story":          {Spec{ID: "story.entra"}, Observation{Effect: &Effect{Action: "deactivate", Status: 200}}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			c.spec.State, c.seen.ID, c.seen.Check = SpecRan, "o1", c.spec.ID
			rec := record([]Observation{c.seen}, c.spec)
			rec.Capabilities = []Capability{{Feature: "sort", Declared: DeclaredSupported}}
			r := Judge(rec)
			i := slices.IndexFunc(r.Gaps, func(gap Gap) bool { return slices.Contains(gap.Checks, c.spec.ID) })
			g.Expect(i).NotTo(Equal(-1))
			var classes []string
			for _, s := range r.wouldBe(c.spec, r.writes()[c.spec.ID]) {
				classes = append(classes, s.Class)
			}
			g.Expect(classes).To(ContainElement(string(r.Gaps[i].Class)))
			g.Expect(r.Gaps[i].Controls).NotTo(BeEmpty())
			for _, on := range r.Gaps[i].Controls {
				if on.Framework != levelFramework {
					g.Expect(controlIn(t, r, on.Framework, on.ID).Gaps).To(ContainElement(r.Gaps[i].ID))
				}
			}
		})
	}
}

func TestTheUsersMappingReplacesTheProgramsOwn(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	g.Expect(os.MkdirAll(dir+"/frameworks", 0o755)).To(Succeed())
	g.Expect(os.WriteFile(dir+"/frameworks/mine.yaml", []byte("{name: House, title: House rules, version: '1', licence: Ours., controls: [{id: H-1, words: Somebody answers.}]}"), 0o600)).To(Succeed())
	g.Expect(os.WriteFile(dir+"/mapping.yaml", []byte("{version: mine, frameworks: [House], classes: [{class: governance, controls: {House: [H-1]}}]}"), 0o600)).To(Succeed())
	mine, err := controls.Load(dir)
	g.Expect(err).NotTo(HaveOccurred())
	r := JudgeOn(record(nil), Basis{Controls: mine}) // nobody is named
	g.Expect(r.Frameworks).To(HaveLen(1))
	g.Expect(r.Frameworks[0].Version).To(Equal("mine"))
	g.Expect(r.Frameworks[0].Controls[0].State).To(Equal(ControlNotEffective))
	g.Expect(r.Gaps[0].Controls).To(Equal([]Control{{"House", "H-1"}}))
}

// knownChecks are the ids of all checks that the program has.
func knownChecks(t *testing.T) []string {
	t.Helper()
	list, err := os.ReadFile("../suites/runner/testdata/checks.golden")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(list))
}
