package reports

import (
	"slices"
	"testing"

	. "github.com/onsi/gomega"
)

// leaving is a run in which all that AL1 takes conforms.
func leaving() *Report {
	r := &Report{Policy: DefaultPolicy(), Target: Target{AccessPaths: []AccessPath{{Name: "browser", Kind: "web-session"}}}}
	r.Checks = []Check{
		seen("lifecycle.deactivate.put", EventDeactivate, "", OutcomeConformant),
		seen("lifecycle.deactivate.patch-path", EventDeactivate, "", OutcomeConformant),
		seen("lifecycle.deactivate.bulk", EventDeactivate, "", OutcomeNotTested),
		seen("lifecycle.reactivate", EventReactivate, "", OutcomeConformant),
		seen("survival.deactivate.put.web-session", EventDeactivate, "web-session", OutcomeConformant),
		seen("survival.deactivate.put.ssh-key", EventDeactivate, "ssh-key", OutcomeNotApplicable),
	}
	r.Matrix = []MatrixRow{{Credential: "web-session", Path: "browser", Cells: []Cell{{Check: "survival.deactivate.put.web-session", Outcome: OutcomeConformant}}}}
	return r
}

func TestALevelTakesAllOfItsNeeds(t *testing.T) {
	set := func(id string, o Outcome) func(*Report) {
		return func(r *Report) {
			i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.ID == id })
			r.Checks[i].Outcome, r.Checks[i].Gap = o, "gap-1"
		}
	}
	for name, c := range map[string]struct {
		change  func(*Report)
		missing string // empty where the level is reached
	}{
		"all conform":           {func(*Report) {}, ""},
		"a form is ignored":     {set("lifecycle.deactivate.put", OutcomeIgnored), "Every form of deactivation that the identity services send takes effect: not so, 1 check found otherwise."},
		"a form was left out":   {set("lifecycle.deactivate.put", OutcomeNotSelected), "1 check not selected."},
		"no return was seen":    {set("lifecycle.reactivate", OutcomeOperational), "Somebody who was deactivated can be reactivated: not demonstrated, 1 check could not decide."},
		"access ends late":      {set("survival.deactivate.put.web-session", OutcomeDelayed), "Every way in ends within the time that is allowed after a deactivation: not so, 1 check found otherwise."},
		"a kind without a word": {set("survival.deactivate.put.ssh-key", OutcomeNoEvidence), "1 check could not decide."},
		"a path without a try": {func(r *Report) {
			r.Target.AccessPaths = append(r.Target.AccessPaths, AccessPath{Name: "API", Kind: "access-token"})
		}, "nothing of the kind was seen of API."},
		"no path": {func(r *Report) { r.Target.AccessPaths = nil }, "no access path is declared."},
		"a membership beside it": {func(r *Report) {
			r.Target.AccessPaths = append(r.Target.AccessPaths, AccessPath{Name: "group page", Kind: "group-access"}, AccessPath{Name: "admin page", Kind: "role-access"})
		}, ""},
		"a membership alone": {func(r *Report) {
			r.Target.AccessPaths = []AccessPath{{Name: "group page", Kind: "group-access"}}
		}, "no access path is declared."},
		"no checks": {func(r *Report) { r.Checks = nil }, "no check of this run shows it."},
		"an outage": {func(r *Report) { r.Health.Outage = "It was down." }, "Too many requests failed"},
		"a gap of it": {func(r *Report) {
			r.Gaps = []Gap{{ID: "gap-2", Title: "A token comes back", Class: ClassRevived, Severity: SeverityLow}}
		}, "A gap speaks against it: A token comes back."},
		"a gap for information": {func(r *Report) {
			r.Gaps = []Gap{{ID: "gap-2", Class: ClassRevived, Severity: SeverityInfo}}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := leaving()
			c.change(r)
			r.hold(Basis{})
			level := r.IPSIE.Levels[0]
			g.Expect(level.ID).To(Equal("AL1"))
			g.Expect(level.Reached).To(Equal(c.missing == ""))
			g.Expect(slices.Contains(r.IPSIE.Reached, "AL1")).To(Equal(level.Reached))
			if c.missing != "" {
				g.Expect(level.Missing).To(ContainElement(ContainSubstring(c.missing)))
			}
			// The frameworks say the same.
			control := controlIn(t, r, "IPSIE", "AL1")
			effective := control.State == ControlEffective
			g.Expect(effective).To(Equal(level.Reached))
			g.Expect(control.Limits).To(ContainSubstring(c.missing))
		})
	}
}

// No run reaches what nothing looks at, however well it went.
func TestWhatNoCheckLooksAtIsNotReached(t *testing.T) {
	g := NewWithT(t)
	r := leaving()
	r.Checks = nil
	for _, id := range knownChecks(t) {
		r.Checks = append(r.Checks, seen(id, "", "", OutcomeConformant))
	}
	r.hold(Basis{})
	g.Expect(r.IPSIE.Profile).To(Equal("ipsie-al-scim@2026-09"))
	g.Expect(r.IPSIE.Reached).To(Equal([]string{"AL1"}))
	g.Expect(r.IPSIE.Levels[1].Missing).To(Equal([]string{"Managed users and groups cannot be created, changed or deleted locally: not demonstrated, no check of this run shows it."}))
	g.Expect(r.IPSIE.Levels[2].Missing).To(HaveLen(3))
}

func TestALevelTakesTheOneBefore(t *testing.T) {
	r := &Report{Policy: DefaultPolicy()}
	r.hold(Basis{})
	NewWithT(t).Expect(r.IPSIE.Levels[1].Missing).To(ContainElement("AL1, which comes before it, is not reached."))
	NewWithT(t).Expect(r.IPSIE.Reached).To(BeEmpty())
}

func TestTheNeedsNameChecksThatThereAre(t *testing.T) {
	g := NewWithT(t)
	known := knownChecks(t)
	data := levelNeeds()
	g.Expect(data.Levels).To(HaveLen(3))
	for _, l := range data.Levels {
		g.Expect(l.Needs).NotTo(BeEmpty())
		for _, n := range l.Needs {
			g.Expect(n.Words).To(MatchRegexp(`^[A-Z].*[^.]$`))
			for _, pattern := range slices.Concat(n.Checks, n.Paths) {
				g.Expect(slices.ContainsFunc(known, func(id string) bool { return fits([]string{pattern}, id) })).To(BeTrue(), "no check fits %s", pattern)
			}
		}
	}
}
