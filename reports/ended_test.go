package reports

import (
	"testing"

	. "github.com/onsi/gomega"
)

// A target that died in the run is never a finding, whatever was seen before.
func TestATargetThatEndedIsInconclusive(t *testing.T) {
	for name, trip := range map[string]func(*scene){
		"alone":                               func(*scene) {},
		"a gap that was seen before":          func(s *scene) { s.add(Gap{ID: "gap-1", Severity: SeverityCritical, State: StateOpen}) },
		"a required check that had no chance": func(s *scene) { s.b.Policy.Required = append(s.b.Policy.Required, "users.b") },
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			s := passes()
			trip(&s)
			s.r.Health.TargetEnded, s.r.Health.Outage, s.r.Run.Partial = true, "the container ended", true
			v := Decide(s.r, s.b)
			g.Expect(v).To(Equal(Verdict{VerdictInconclusive, "The container ended.", RuleHealth}))
		})
	}
}
