package reports

import (
	"math"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// A gate whose words mean nothing decides nothing, and says all that is wrong with it.
func TestAMistakeInTheGateIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Policy)
		reason string
	}{
		"no severity":          {func(p *Policy) { p.FailFrom = "grave" }, `failFrom is "grave"`},
		"no verdict":           {func(p *Policy) { p.NoEvidence = VerdictPass }, `noEvidence is "pass"; it can be fail or inconclusive`},
		"a share above 1":      {func(p *Policy) { p.MaxErrorShare = 20 }, "maxErrorShare is 20; it is a share from 0 to 1"},
		"a share below 0":      {func(p *Policy) { p.MaxErrorShare = -0.1 }, "maxErrorShare is -0.1"},
		"no share at all":      {func(p *Policy) { p.MaxErrorShare = math.NaN() }, "maxErrorShare is NaN"},
		"no class of gaps":     {func(p *Policy) { p.Exceptions.NeverWaive = []string{"ignored"} }, `neverWaive has "ignored"`},
		"no pattern":           {func(p *Policy) { p.Required = []string{"users.[a"} }, `requires "users.[a", which is no pattern`},
		"a pattern of nothing": {func(p *Policy) { p.Required = []string{"users.a", "group.*"} }, `requires "group.*", and no check is called so`},
		"two mistakes":         {func(p *Policy) { p.Required, p.FailFrom = []string{"x"}, "y" }, `failFrom is "y", which is no severity. The gate requires "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			v := decided(func(s *scene) { c.change(s.b.Policy) })
			g.Expect(v.Word).To(Equal(VerdictError))
			g.Expect(v.Rule).To(Equal(RuleConfiguration))
			g.Expect(v.Reason).To(ContainSubstring(c.reason))
		})
	}
}

// A report counts only if it is what the gate asks for.
func TestAReportHasToBeTrusted(t *testing.T) {
	signed := func(valid, nonce bool) func(*scene) {
		return func(s *scene) {
			s.b.Signature = &Signature{Valid: valid, NonceMatches: nonce}
			s.b.Policy.RequireSignature, s.b.Policy.RequireNonce = true, true
		}
	}
	aged := func(age time.Duration) func(*scene) {
		return func(s *scene) {
			s.b.Policy.MaxAgeDays = 30
			s.b.Now = s.r.Run.Finished.Add(age)
		}
	}
	by := func(kind OperatorKind) func(*scene) {
		return func(s *scene) {
			s.b.Policy.Operators = []OperatorKind{OperatorBuyer, OperatorThirdParty}
			s.r.Run.Operator = Operator{Kind: kind}
		}
	}
	in := func(environment string) func(*scene) {
		return func(s *scene) {
			s.b.Policy.NotEnvironments, s.r.Target.Environment = []string{"demo", "vendor-sandbox"}, environment
		}
	}
	for name, c := range map[string]struct {
		change func(*scene)
		reason string // empty where it passes
	}{
		"signed, with the nonce":      {signed(true, true), ""},
		"a broken signature":          {signed(false, true), "the report's is not valid"},
		"another nonce":               {func(s *scene) { signed(true, false)(s); s.r.Run.Nonce = "n" }, "nothing shows that the run's is that one"},
		"no nonce":                    {signed(true, false), "the run has none"},
		"no look at the signature":    {func(s *scene) { s.b.Policy.RequireSignature = true }, "none was looked at"},
		"no look at the nonce":        {func(s *scene) { s.b.Policy.RequireNonce, s.r.Run.Nonce = true, "n" }, "nothing shows"},
		"30 days old":                 {aged(30 * 24 * time.Hour), ""},
		"older":                       {aged(30*24*time.Hour + time.Second), "runs of the last 30 days, and this one ended on 2026-11-27"},
		"from the future":             {aged(-25 * time.Hour), "has not come yet"},
		"by a clock that is ahead":    {aged(-time.Hour), ""},
		"without a time":              {func(s *scene) { aged(0)(s); s.r.Run.Finished = time.Time{} }, "does not say when it ended"},
		"old when it was judged":      {func(s *scene) { s.b.Policy.MaxAgeDays = 1; s.r.Judged = s.r.Run.Finished.AddDate(0, 0, 2) }, "runs of the last 1 day,"},
		"by the buyer":                {by(OperatorBuyer), ""},
		"by the vendor":               {by(OperatorVendor), "made by the buyer or the third-party, and this one was made by vendor"},
		"by nobody":                   {by(""), "made by nobody who is named"},
		"in production":               {in("production"), ""},
		"in the vendor's environment": {in("Vendor-Sandbox"), "no runs against the environment Vendor-Sandbox"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			v := decided(c.change)
			if c.reason == "" {
				g.Expect(v.Word).To(Equal(VerdictPass), v.Reason)
				return
			}
			g.Expect(v.Word).To(Equal(VerdictFail))
			g.Expect(v.Rule).To(Equal(RuleTrust))
			g.Expect(v.Reason).To(ContainSubstring(c.reason))
		})
	}
}
