package reports

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

var (
	mei    = Party{Name: "Mei Tanaka", Contact: "mei@example.com"}
	digest = strings.Repeat("ab", 32)
)

// rerun is an earlier report with a gap that two checks show for three leavers, and the report of
// a run that shows it to be fixed, with the proof that goes with it.
func rerun() (r *Report, by Party, now time.Time, proof Proof) {
	earlier, later := pair()
	later.Target.Owners = Owners{
		ApplicationOwner: Party{Name: "Ada Okafor", Contact: "ada@example.com"}, RemediationCertifier: mei,
		Vendor: Party{Name: "Northwind Software", Contact: "security@northwind.example"},
	}
	earlier.Gaps[0].Checks = []string{"a", "b"}
	earlier.Gaps[0].Reproduced = &Reproduced{Seen: 3, Decided: 3, Class: OccurrenceSystemic}
	earlier.Gaps[0].Remediator = later.Target.Owners.Vendor
	earlier.Checks = append(earlier.Checks, ran("b", OutcomeSurvived))
	later.Checks = append(later.Checks, ran("b", OutcomeConformant))
	for subject := range 3 {
		later.Observations = append(later.Observations,
			Observation{Check: "a", Access: &Access{Path: "token", Subject: subject + 1}}, Observation{Check: "b", State: &State{Subject: subject + 1}})
	}
	later.Policy = DefaultPolicy()
	return later, Party{Contact: "MEI@example.com"}, later.Run.Finished.Add(time.Hour), Proof{Previous: earlier, FixedIn: "1.1.0", Evidence: digest}
}

func TestACleanRerunClosesAGap(t *testing.T) {
	g := NewWithT(t)
	r, by, now, proof := rerun()
	before, err := json.Marshal(r)
	g.Expect(err).NotTo(HaveOccurred())
	got, err := Certify(r, "gap-1", by, now, proof)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got).To(Equal(Closure{
		Gap: "gap-1", Title: "Tokens survive", Certifier: Party{Role: RoleRemediationCertifier, Name: "Mei Tanaka", Contact: "mei@example.com"},
		On: now, Run: "run-2", Version: "1.1.0", Evidence: digest, Severity: SeverityHigh,
	}))
	g.Expect(json.Marshal(r)).To(Equal(before), "certifying changes no report by itself")
}

// The report's own comparison is enough where it names the gap as fixed.
func TestAComparisonOfTheReportIsEnough(t *testing.T) {
	g := NewWithT(t)
	r, by, now, proof := rerun()
	comparison, err := Compare(proof.Previous, r)
	g.Expect(err).NotTo(HaveOccurred())
	r.Comparison, proof.Previous = comparison, nil
	g.Expect(Certify(r, "gap-1", by, now, proof)).To(HaveField("Severity", SeverityHigh))
}

func TestWhatIsNotCertified(t *testing.T) {
	type scene struct {
		r     *Report
		gap   string
		by    Party
		now   time.Time
		proof Proof
	}
	for name, c := range map[string]struct {
		change func(s *scene)
		says   string
	}{
		"without a report":                         {func(s *scene) { s.r = nil }, "no report"},
		"a gap that is still there":                {func(s *scene) { s.r.Gaps = s.proof.Previous.Gaps }, `run "run-2" still shows it (high, open)`},
		"nothing to compare with":                  {func(s *scene) { s.proof.Previous = nil }, "--previous"},
		"an earlier report of another target":      {func(s *scene) { s.proof.Previous.Target.ID = "other" }, `"other"`},
		"an earlier report without the gap":        {func(s *scene) { s.proof.Previous.Gaps = nil }, `(run "run-1") does not have it`},
		"another gap":                              {func(s *scene) { s.gap = "gap-2" }, "gap-2 stays as it is"},
		"a check that was not selected":            {func(s *scene) { s.r.Checks[1].Outcome = OutcomeNotSelected }, "b was not selected"},
		"passing trouble in one check":             {func(s *scene) { s.r.Checks[0].Outcome = OutcomeOperational }, "operational"},
		"a check that is recorded alone":           {func(s *scene) { s.r.Checks[0].Outcome = OutcomeRecorded }, "a came to recorded"},
		"access that is suspended alone":           {func(s *scene) { s.r.Checks[0].Outcome = OutcomeSuspended }, "a came to suspended-not-revoked"},
		"an outage":                                {func(s *scene) { s.r.Health.Outage = "nobody answers" }, "Nobody answers"},
		"a run that was cut short":                 {func(s *scene) { s.r.Run.Partial = true }, "cut short"},
		"too many failed requests":                 {func(s *scene) { s.r.Health = Health{Requests: 10, Errors: 3} }, "30% of the requests"},
		"fewer leavers than before":                {func(s *scene) { s.r.Observations = s.r.Observations[:4] }, "repeated for 2 leavers in run \"run-2\", and for 3 before"},
		"an older version":                         {func(s *scene) { s.proof.FixedIn = "1.2.0" }, "the older 1.1.0"},
		"a version that cannot be ordered":         {func(s *scene) { s.proof.FixedIn = "spring" }, "cannot be ordered"},
		"a version of the target that cannot":      {func(s *scene) { s.r.Target.Version = "build 7" }, "cannot be ordered"},
		"a target without a version":               {func(s *scene) { s.r.Target.Version = "" }, "does not state the target's version"},
		"no certifier in the profile":              {func(s *scene) { s.r.Target.Owners.RemediationCertifier = Party{} }, "names no remediation certifier"},
		"somebody else certifies":                  {func(s *scene) { s.by = Party{Contact: "ada@example.com"} }, `"ada@example.com" is not the remediation certifier; the profile names Mei Tanaka <mei@example.com>`},
		"nobody certifies":                         {func(s *scene) { s.by = Party{} }, "is not the remediation certifier"},
		"the certifier made the fix":               {func(s *scene) { s.proof.RemediatedBy = []string{"Mei@Example.com"} }, "made the fix"},
		"the certifier made the fix, by name":      {func(s *scene) { s.proof.RemediatedBy = []string{"mei tanaka"} }, "made the fix"},
		"the fix was the certifier's part":         {func(s *scene) { s.r.Target.Owners.Vendor, s.r.Target.Owners.ApplicationOwner = Party{}, mei }, "made the fix"},
		"it was the certifier's part before":       {func(s *scene) { s.proof.Previous.Gaps[0].Remediator = mei }, "made the fix"},
		"a vendor certifies":                       {func(s *scene) { s.r.Target.Owners.Vendor = mei }, "is the vendor"},
		"the certifier asked for it":               {func(s *scene) { s.proof.RequestedBy = []string{"mei@example.com"} }, "asked for the closure"},
		"the certifier asked for the exception":    {func(s *scene) { s.r.Exceptions = asked("gap-1") }, "an exception"},
		"the certifier asked for it, in the past":  {func(s *scene) { s.proof.Previous.Exceptions = asked("gap-1") }, "an exception"},
		"a certification before the end":           {func(s *scene) { s.now = s.r.Run.Finished.Add(-time.Second) }, "look at the clock"},
		"a second certification":                   {func(s *scene) { s.r.Closures = []Closure{{Gap: "gap-1", Run: "run-2", Certifier: mei, On: s.now}} }, "closed already: Mei Tanaka"},
		"no digest":                                {func(s *scene) { s.proof.Evidence = "" }, "digest"},
		"no SHA-256":                               {func(s *scene) { s.proof.Evidence = strings.Repeat("x", 64) }, "digest"},
		"a gap without checks, of an unowned role": {func(s *scene) { g := &s.proof.Previous.Gaps[0]; g.Class, g.Checks = ClassGovernance, nil }, "names no check"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r, by, now, proof := rerun()
			s := scene{r, "gap-1", by, now, proof}
			c.change(&s)
			closure, err := Certify(s.r, s.gap, s.by, s.now, s.proof)
			var refused *RefusedError
			g.Expect(errors.As(err, &refused)).To(BeTrue(), "%v", closure)
			g.Expect(err).To(MatchError(ContainSubstring(c.says)))
			g.Expect(closure).To(BeZero())
		})
	}
}

func asked(gap string) []ExceptionUse {
	return []ExceptionUse{{Exception: Exception{ID: "EXC-1", Gap: gap, RequestedBy: "mei@example.com"}}}
}

func TestVersionsThatHaveTheFix(t *testing.T) {
	for name, c := range map[string]struct{ is, fixedIn string }{
		"no claim":                  {"", ""},
		"the same":                  {"1.1.0", "1.1.0"},
		"the same, with its letter": {"v1.1.0", "1.1.0"},
		"a later one":               {"1.10.0", "1.9.0"},
		"a short one":               {"4.2", "4.1.9"},
		"after a candidate":         {"2.0.0", "2.0.0-rc.1"},
		"the same word":             {"spring", "spring"},
	} {
		t.Run(name, func(t *testing.T) { NewWithT(t).Expect(hasFix(c.is, c.fixedIn)).To(Succeed()) })
	}
	NewWithT(t).Expect(hasFix("2.0.0-rc.1", "2.0.0")).To(MatchError(ContainSubstring("older")))
}

// A closure that is written into the report makes the gap's return a regression.
func TestAClosedGapThatComesBackRegresses(t *testing.T) {
	g := NewWithT(t)
	r, by, now, proof := rerun()
	closure, err := Certify(r, "gap-1", by, now, proof)
	g.Expect(err).NotTo(HaveOccurred())
	r.Closures = append(r.Closures, closure)
	again := *r
	again.Run = Run{ID: "run-3", Started: now.Add(time.Hour)}
	again.Gaps, again.Checks = proof.Previous.Gaps, proof.Previous.Checks
	c, err := Compare(r, &again)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Gaps[0].Change).To(Equal(ChangeRegressed))
}

func TestAClaimIsNoClosure(t *testing.T) {
	g := NewWithT(t)
	r, _ := pair()
	r.Counts.ByState = map[GapState]int{StateOpen: 1}
	g.Expect(Claim(r, "gap-1", Party{Name: "Ada Okafor"}, "SEC-481", monday)).To(Succeed())
	g.Expect(r.Gaps[0].State).To(Equal(StateClaimedFixed))
	g.Expect(r.Gaps[0].State.Open()).To(BeTrue())
	g.Expect(r.Gaps[0].StateWhy).To(Equal("Ada Okafor said on 2026-11-23 that it is fixed (SEC-481); no run shows it yet."))
	g.Expect(r.Counts.ByState).To(Equal(map[GapState]int{StateClaimedFixed: 1}))
	g.Expect(r.Closures).To(BeEmpty())
	g.Expect(Claim(r, "gap-1", Party{Contact: "ada@example.com"}, "SEC-482", monday)).To(Succeed(), "a claim may be made anew")
	g.Expect(r.Counts.ByState).To(Equal(map[GapState]int{StateClaimedFixed: 1}))
}

func TestWhatIsNotClaimed(t *testing.T) {
	for name, c := range map[string]struct {
		change          func(r *Report)
		gap, by, ticket string
		says            string
	}{
		"another gap":     {func(*Report) {}, "gap-2", "ada@example.com", "SEC-1", "does not have it"},
		"nobody":          {func(*Report) {}, "gap-1", " ", "SEC-1", "--by"},
		"no reference":    {func(*Report) {}, "gap-1", "ada@example.com", " ", "--reference"},
		"an excepted gap": {func(r *Report) { r.Gaps[0].State, r.Gaps[0].Exception = StateExcepted, "EXC-1" }, "gap-1", "ada@example.com", "SEC-1", "EXC-1"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r, _ := pair()
			c.change(r)
			state := r.Gaps[0].State
			err := Claim(r, c.gap, Party{Contact: c.by}, c.ticket, monday)
			var refused *RefusedError
			g.Expect(errors.As(err, &refused)).To(BeTrue())
			g.Expect(err).To(MatchError(ContainSubstring(c.says)))
			g.Expect(r.Gaps[0].State).To(Equal(state))
		})
	}
}

func TestAContactIsAPartyOfTheTarget(t *testing.T) {
	g := NewWithT(t)
	owners := Owners{RemediationCertifier: mei, Vendor: Party{Name: "Northwind", Contact: "nw@example.com"}}
	g.Expect(owners.PartyOf(" MEI@example.com ")).To(Equal(Party{Role: RoleRemediationCertifier, Name: "Mei Tanaka", Contact: "mei@example.com"}))
	g.Expect(owners.PartyOf("northwind")).To(HaveField("Role", RoleVendor))
	g.Expect(owners.PartyOf("li@example.com")).To(Equal(Party{Name: "li@example.com", Contact: "li@example.com"}))
	g.Expect(owners.PartyOf("")).To(Equal(Party{}))
}
