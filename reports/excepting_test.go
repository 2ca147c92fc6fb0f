package reports

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// judgingDay is the day of judging in these tests.
const judgingDay = Day("2026-11-27")

// ownersWithContacts are people with contacts; the vendor's is one of them.
var ownersWithContacts = Owners{
	IdentitySource: Party{Name: "Identity"}, ApplicationOwner: Party{Name: "Ada", Contact: "ada@buyer.example"},
	ExceptionApprover: Party{Name: "Eve"}, FailureInvestigator: Party{Name: "Ian"}, RemediationCertifier: Party{Name: "Cy"},
	Vendor: Party{Name: "Acme", Contact: "sales@acme.example"},
}

// deafAndWrong is a run in which one form of the deletion is ignored (critical), one check of the
// protocol misses (low, of its own gap), and one conforms.
func deafAndWrong() Record {
	rec := record([]Observation{
		effect("o1", "a", "delete", "", 204, false),
		{ID: "o2", Check: "b", Fact: &Fact{Expected: "e", Actual: "a"}},
		{ID: "o3", Check: "c", Fact: &Fact{Met: true, Expected: "e"}},
	}, Spec{ID: "a", State: SpecRan, Event: EventDelete}, Spec{ID: "b", State: SpecRan}, Spec{ID: "c", State: SpecRan})
	rec.Target.Owners, rec.Target.Version = ownersWithContacts, "4.2"
	rec.Run.Started, rec.Run.Finished = judgingDay.Time(), judgingDay.Time().Add(time.Hour)
	return rec
}

// onlyDeaf is deafAndWrong without the miss of the protocol: one critical gap.
func onlyDeaf() Record {
	rec := deafAndWrong()
	rec.Observations, rec.Specs = slices.Delete(rec.Observations, 1, 2), slices.Delete(rec.Specs, 1, 2)
	return rec
}

// deafGap is the id of the critical gap of onlyDeaf.
func deafGap() string { return judgedFor(onlyDeaf()).Gaps[0].ID }

// accepted is an exception for the critical gap that keeps every rule.
func accepted() Exception {
	return Exception{
		ID: "EXC-17", Gap: deafGap(), Reason: "The vendor mends it with version 5.", RequestedBy: "product@buyer.example",
		Approvals: []Approval{
			{Role: RoleApplicationOwner, By: "ada@buyer.example", On: "2026-11-20"},
			{Role: "ciso", By: "cleo@buyer.example", On: "2026-11-21"},
		},
		ApprovedSeverity: SeverityCritical, Expires: "2026-12-02",
	}
}

func judgeWith(rec Record, previous *Report, list ...Exception) *Report {
	return JudgeOn(rec, Basis{Now: judgingDay.Time().Add(9 * time.Hour), Previous: previous, Exceptions: &Exceptions{Digest: "d1", List: list}})
}

// An accepted gap stays in the report with its severity, is counted apart, and makes of a pass a
// pass with exceptions.
func TestAnAcceptedGapStaysInTheReport(t *testing.T) {
	g := NewWithT(t)
	r := judgeWith(onlyDeaf(), nil, accepted())
	g.Expect(r.Gaps).To(HaveLen(1))
	gap := r.Gaps[0]
	g.Expect(gap.State).To(Equal(StateExcepted))
	g.Expect(gap.Severity).To(Equal(SeverityCritical))
	g.Expect(gap.Exception).To(Equal("EXC-17"))
	g.Expect(gap.StateWhy).To(Equal("EXC-17 accepts it until 2026-12-02."))
	g.Expect(r.Counts.ByState).To(Equal(map[GapState]int{StateExcepted: 1}))
	g.Expect(r.Verdict.Word).To(Equal(VerdictWithExceptions))
	g.Expect(r.Verdict.Rule).To(Equal(RuleExceptions))
	g.Expect(r.Verdict.Reason).To(Equal("No open control gap in 2 checks. 1 control gap is accepted by exception until 2026-12-02."))
	g.Expect(r.Summary).To(ContainSubstring("1 control gap is accepted by exception until 2026-12-02."))
	g.Expect(r.Summary).NotTo(ContainSubstring("open control gap"))
}

// An exception covers one gap and no other.
func TestAnExceptionCoversItsGapAlone(t *testing.T) {
	g := NewWithT(t)
	r := judgeWith(deafAndWrong(), nil, accepted())
	g.Expect(r.Verdict.Word).To(Equal(VerdictFail))
	g.Expect(r.Verdict.Reason).To(Equal("Open control gaps: 1 low."))
	g.Expect(r.Summary).To(ContainSubstring("answers for the 1 open control gap."))
}

// An exception holds on its last day, which is a day of UTC, and not on the next.
func TestAnExceptionHoldsUntilItsLastDay(t *testing.T) {
	for name, c := range map[string]struct {
		expires      Day
		gap          GapState
		use          ExceptionState
		word         Word
		why, warning string
	}{
		"long before": {"2026-12-04", StateExcepted, ExceptionActive, VerdictWithExceptions, "EXC-17 accepts it until 2026-12-04.", ""},
		"soon":        {"2026-12-02", StateExcepted, ExceptionActive, VerdictWithExceptions, "EXC-17 accepts it until 2026-12-02.", "EXC-17 expires in 5 days."},
		"tomorrow":    {"2026-11-28", StateExcepted, ExceptionActive, VerdictWithExceptions, "EXC-17 accepts it until 2026-11-28.", "EXC-17 expires in 1 day."},
		"on the day":  {"2026-11-27", StateExcepted, ExceptionActive, VerdictWithExceptions, "EXC-17 accepts it until 2026-11-27.", "EXC-17 expires today."},
		"a day late":  {"2026-11-26", StateExceptionExpired, ExceptionExpired, VerdictFail, "EXC-17 expired 1 day ago.", ""},
		"days late":   {"2026-11-24", StateExceptionExpired, ExceptionExpired, VerdictFail, "EXC-17 expired 3 days ago.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := accepted()
			e.Expires = c.expires
			policy := DefaultPolicy()
			policy.Exceptions.WarnBeforeDays = 6
			r := JudgeOn(onlyDeaf(), Basis{
				Now:    time.Date(2026, 11, 28, 1, 30, 0, 0, time.FixedZone("east", 2*60*60)), // 27 November, 23:30 UTC
				Policy: &policy, Exceptions: &Exceptions{List: []Exception{e}},
			})
			g.Expect(r.Gaps[0].State).To(Equal(c.gap))
			g.Expect(r.Gaps[0].StateWhy).To(Equal(c.why))
			g.Expect(r.Exceptions).To(HaveLen(1))
			g.Expect(r.Exceptions[0].State).To(Equal(c.use))
			g.Expect(r.Exceptions[0].Why).To(Equal(c.why))
			g.Expect(r.Exceptions[0].Warning).To(Equal(c.warning))
			g.Expect(r.Verdict.Word).To(Equal(c.word))
			if c.word == VerdictFail {
				g.Expect(r.Verdict.Reason).To(ContainSubstring(c.why), "the verdict says that an exception has ended")
			}
		})
	}
}

// broken is an exception that breaks a rule, with what the report then says.
type broken struct {
	change func(*Exception)
	state  GapState
	why    string // a part of it
}

func expectBroken(t *testing.T, cases map[string]broken) {
	t.Helper()
	states := map[GapState]ExceptionState{
		StateExcepted: ExceptionActive, StateExceptionInvalid: ExceptionInvalid, StateExceptionExceeded: ExceptionExceeded,
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := accepted()
			c.change(&e)
			r := judgeWith(onlyDeaf(), nil, e)
			g.Expect(r.Gaps[0].State).To(Equal(c.state), r.Gaps[0].StateWhy)
			g.Expect(r.Gaps[0].StateWhy).To(And(HavePrefix("EXC-17 "), ContainSubstring(c.why), HaveSuffix(".")))
			g.Expect(r.Exceptions[0].State).To(Equal(states[c.state]))
			g.Expect(r.Verdict.Word == VerdictWithExceptions).To(Equal(c.state == StateExcepted))
			g.Expect(r.Gaps[0].State.Open()).To(Equal(c.state != StateExcepted))
		})
	}
}

// None is open-ended: from the first approval on it lasts as long as the gate lets a gap of its
// severity, 14 days for a critical one.
func TestAnExceptionLastsNoLongerThanTheGateAllows(t *testing.T) {
	expectBroken(t, map[string]broken{
		"the longest":       {func(e *Exception) { e.Expires = "2026-12-04" }, StateExcepted, "until 2026-12-04"},
		"a day more":        {func(e *Exception) { e.Expires = "2026-12-05" }, StateExceptionInvalid, "lasts 15 days from its first approval, and the gate allows 14"},
		"without an end":    {func(e *Exception) { e.Expires = "" }, StateExceptionInvalid, "no last day (expires)"},
		"on no day at all":  {func(e *Exception) { e.Expires = "2026-02-30" }, StateExceptionInvalid, "no last day (expires)"},
		"in a distant year": {func(e *Exception) { e.Expires = "9999-12-31" }, StateExceptionInvalid, "the gate allows 14"},
		"by later word": {func(e *Exception) {
			e.Approvals[0].On, e.Approvals[1].On, e.Expires = "2026-11-27", "2026-11-27", "2026-12-11"
		},
			StateExcepted, "until 2026-12-11"},
	})
	g := NewWithT(t)
	policy := DefaultPolicy()
	policy.Exceptions.MaxDays = map[Severity]int{SeverityLow: 180}
	r := JudgeOn(onlyDeaf(), Basis{Now: judgingDay.Time(), Policy: &policy, Exceptions: &Exceptions{List: []Exception{accepted()}}})
	g.Expect(r.Gaps[0].StateWhy).To(ContainSubstring("no longest time (maxDays)"), "no number is no permission")
}

// An exception covers what was approved: the severity, and the version if one is named.
func TestAGapThatIsWorseThanWhatWasApprovedIsNotCovered(t *testing.T) {
	expectBroken(t, map[string]broken{
		"a milder gap was approved": {func(e *Exception) { e.ApprovedSeverity = SeverityHigh }, StateExceptionExceeded, "high was approved, and the gap is critical"},
		"no severity was":           {func(e *Exception) { e.ApprovedSeverity = "" }, StateExceptionInvalid, "which severity was approved"},
		"for this version":          {func(e *Exception) { e.TargetVersion = "4.2" }, StateExcepted, "accepts it"},
		"for another version":       {func(e *Exception) { e.TargetVersion = "4.1" }, StateExceptionExceeded, "approved for version 4.1, and this is 4.2"},
	})
	g := NewWithT(t)
	unversioned := onlyDeaf()
	unversioned.Target.Version = ""
	e := accepted()
	e.TargetVersion = "4.1"
	g.Expect(judgeWith(unversioned, nil, e).Gaps[0].StateWhy).To(ContainSubstring("a version that nobody states"))
}

// sessions is a run with three leavers whose session outlives the deactivation or does not.
func sessions(leavers ...[]string) Record {
	r := playedFor(leavers...)
	rec := Record{Run: Run{Started: judgingDay.Time(), Finished: judgingDay.Time()}, Target: r.Target, Events: r.Events, Observations: r.Observations}
	rec.Target.Owners = ownersWithContacts
	for _, c := range r.Checks {
		rec.Specs = append(rec.Specs, c.Spec)
	}
	return rec
}

// What was approved as something that happens now and then is not approved as what always happens;
// nor in the runs that follow, until somebody approves it anew.
func TestAGapThatSpreadIsNotCovered(t *testing.T) {
	g := NewWithT(t)
	rare, always := sessions(stays, outAtOnce, outAtOnce), sessions(stays, stays, outAtOnce)
	e := accepted()
	e.Gap = judgedFor(rare).Gaps[0].ID
	first := judgeWith(rare, nil, e)
	g.Expect(first.Gaps[0].State).To(Equal(StateExcepted), first.Gaps[0].StateWhy)
	second := judgeWith(always, first, e)
	g.Expect(second.Gaps[0].State).To(Equal(StateExceptionExceeded))
	g.Expect(second.Gaps[0].StateWhy).To(ContainSubstring("is now seen for most of them"))
	third := judgeWith(always, second, e)
	g.Expect(third.Gaps[0].State).To(Equal(StateExceptionExceeded), "a second run makes it no better")
	e.Approvals = slices.Clone(e.Approvals)
	e.Approvals[1].On = "2026-11-27"
	g.Expect(judgeWith(always, second, e).Gaps[0].State).To(Equal(StateExcepted), "approved anew")
	g.Expect(judgeWith(rare, first, e).Gaps[0].State).To(Equal(StateExcepted))
}

// A control that stands in and names a check is tested: it has to conform in the same run.
func TestACompensatingControlIsShownByItsCheck(t *testing.T) {
	shownBy := func(check string) func(*Exception) {
		return func(e *Exception) {
			e.Compensating = []CompensatingControl{{Description: "by hand"}, {Description: "by a job", VerifiedBy: check}}
		}
	}
	expectBroken(t, map[string]broken{
		"that conforms":         {shownBy("c"), StateExcepted, "accepts it"},
		"that does not conform": {shownBy("a"), StateExceptionInvalid, "the check of its compensating control, a, came to ignored-silently in this run"},
		"that nobody knows":     {shownBy("z"), StateExceptionInvalid, "no check is called z"},
	})
	g := NewWithT(t)
	left := onlyDeaf()
	left.Specs = append(left.Specs, Spec{ID: "d", State: SpecNotSelected})
	e := accepted()
	shownBy("d")(&e)
	g.Expect(judgeWith(left, nil, e).Gaps[0].StateWhy).To(ContainSubstring("came to not-selected in this run"))
}

// Each list of roles needs a signer; roles and contacts are the same in any case.
func TestEachListOfRolesHasASigner(t *testing.T) {
	expectBroken(t, map[string]broken{
		"one is missing":      {func(e *Exception) { e.Approvals = e.Approvals[:1] }, StateExceptionInvalid, "the approval of another person as ciso or risk office"},
		"the other is":        {func(e *Exception) { e.Approvals = e.Approvals[1:] }, StateExceptionInvalid, "the approval of another person as application owner"},
		"none":                {func(e *Exception) { e.Approvals = nil }, StateExceptionInvalid, "nobody has approved it"},
		"in other letters":    {func(e *Exception) { e.Approvals[0].Role, e.Approvals[1].Role = " Application Owner", "CISO" }, StateExcepted, "accepts it"},
		"in a role of no use": {func(e *Exception) { e.Approvals[1].Role = "intern" }, StateExceptionInvalid, "ciso or risk office"},
		"by nobody":           {func(e *Exception) { e.Approvals[1].By = " " }, StateExceptionInvalid, "ciso or risk office"},
		"on a day to come":    {func(e *Exception) { e.Approvals[1].On = "2026-11-28" }, StateExceptionInvalid, "ciso or risk office"},
		"on no day":           {func(e *Exception) { e.Approvals[1].On = "soon" }, StateExceptionInvalid, "ciso or risk office"},
	})
	g := NewWithT(t)
	policy := DefaultPolicy()
	policy.Exceptions.Approvals = nil
	r := JudgeOn(onlyDeaf(), Basis{Now: judgingDay.Time(), Policy: &policy, Exceptions: &Exceptions{List: []Exception{accepted()}}})
	g.Expect(r.Gaps[0].StateWhy).To(ContainSubstring("names nobody who approves"), "an empty list is no permission")
}

// Nobody approves what they asked for, a person signs once whatever their roles, and the vendor
// never does.
func TestNobodyJudgesTheirOwnCase(t *testing.T) {
	expectBroken(t, map[string]broken{
		"the one who asked approves":    {func(e *Exception) { e.RequestedBy = "CLEO@buyer.example " }, StateExceptionInvalid, "asked for it and approved it"},
		"in letters that look the same": {func(e *Exception) { e.RequestedBy, e.Approvals[1].By = "\u212Aim@buyer.example", "kim@buyer.example" }, StateExceptionInvalid, "asked for it and approved it"},
		"nobody asked":                  {func(e *Exception) { e.RequestedBy = "" }, StateExceptionInvalid, "who asked for it"},
		"one person with two roles":     {func(e *Exception) { e.Approvals[1].By = "ADA@buyer.example" }, StateExceptionInvalid, "another person as ciso or risk office"},
		"the vendor's contact approves": {func(e *Exception) { e.Approvals[1].By = "Sales@Acme.example" }, StateExceptionInvalid, "signs for the vendor, who never approves"},
		"the vendor approves as such": {func(e *Exception) {
			e.Approvals = append(e.Approvals, Approval{Role: "Vendor", By: "x@acme.example", On: "2026-11-20"})
		}, StateExceptionInvalid, "signs for the vendor"},
	})
}

// Who could sign for either list signs for the one that nobody else can.
func TestSignersArePlacedWhereTheyAreNeeded(t *testing.T) {
	g := NewWithT(t)
	lists := [][]string{{"owner", "ciso"}, {"owner"}, {"risk", "ciso"}}
	a := func(role, by string) Approval { return Approval{Role: role, By: by, On: judgingDay} }
	g.Expect(withoutSigner(lists, []Approval{a("owner", "1"), a("ciso", "2"), a("risk", "3")})).To(BeEmpty())
	g.Expect(withoutSigner(lists, []Approval{a("owner", "1"), a("ciso", "1"), a("risk", "3"), a("ciso", "3")})).To(HaveLen(1))
	g.Expect(withoutSigner(lists, nil)).To(Equal(lists))
}

// A renewal names what it renews, as often as the gate allows, and the gap stays as old as it is.
func TestRenewals(t *testing.T) {
	old := accepted()
	old.ID, old.Expires = "EXC-1", "2026-11-22"
	for i := range old.Approvals {
		old.Approvals[i].On = "2026-11-10"
	}
	next := accepted()
	next.Renews = "EXC-1"
	older := old
	older.ID, older.Expires = "EXC-0", "2026-11-11"
	older.Approvals = slices.Clone(old.Approvals)
	older.Approvals[0].On, older.Approvals[1].On = "2026-11-01", "2026-11-01"
	renewing := func(e Exception, id string) Exception { e.Renews = id; return e }
	strange := old
	strange.Gap = "gap-000000000000"
	for name, c := range map[string]struct {
		list  []Exception
		state GapState
		why   string
	}{
		"once":                       {[]Exception{old, next}, StateExcepted, "EXC-17 accepts it until"},
		"twice":                      {[]Exception{older, renewing(old, "EXC-0"), next}, StateExceptionInvalid, "it is renewal 2, and the gate allows 1"},
		"of what is not in the file": {[]Exception{next}, StateExceptionInvalid, "EXC-17 renews EXC-1, which is neither in the file nor in the last report"},
		"of itself":                  {[]Exception{renewing(old, "EXC-17"), next}, StateExceptionInvalid, "renews itself by way of EXC-1"},
		"of one for another gap":     {[]Exception{strange, next}, StateExceptionInvalid, "which is for another gap"},
		"without saying so":          {[]Exception{old, renewing(next, "")}, StateExceptionInvalid, "follows EXC-1 for the same gap and does not name it"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := judgeWith(onlyDeaf(), nil, c.list...)
			g.Expect(r.Gaps[0].State).To(Equal(c.state))
			g.Expect(r.Gaps[0].StateWhy).To(ContainSubstring(c.why))
		})
	}
	g := NewWithT(t)
	before := onlyDeaf()
	before.Run.Started = Day("2026-11-05").Time()
	first := JudgeOn(before, Basis{Now: Day("2026-11-12").Time(), Exceptions: &Exceptions{List: []Exception{old}}})
	g.Expect(first.Gaps[0].State).To(Equal(StateExcepted), first.Gaps[0].StateWhy)
	r := judgeWith(onlyDeaf(), first, next)
	g.Expect(r.Gaps[0].State).To(Equal(StateExcepted), "the last report knows what is renewed")
	g.Expect(r.Gaps[0].FirstSeen).To(Equal(Day("2026-11-05").Time()), "no exception makes a gap younger")
	g.Expect(judgeWith(onlyDeaf(), first, renewing(next, "")).Gaps[0].State).To(Equal(StateExceptionInvalid), "to take the old one out of the file hides nothing")
}

// The gate names gaps, classes, and classes with an event, that nobody may accept.
func TestSomeGapsAreNeverWaived(t *testing.T) {
	for name, c := range map[string]struct {
		never string
		state GapState
	}{
		"the gap":                  {deafGap(), StateExceptionInvalid},
		"its class":                {"ignored-silently", StateExceptionInvalid},
		"its class with its event": {"ignored-silently.delete", StateExceptionInvalid},
		"with another event":       {"ignored-silently.deactivate", StateExcepted},
		"another class":            {"delayed", StateExcepted},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			policy := DefaultPolicy()
			policy.Exceptions.NeverWaive = []string{c.never}
			r := JudgeOn(onlyDeaf(), Basis{Now: judgingDay.Time(), Policy: &policy, Exceptions: &Exceptions{List: []Exception{accepted()}}})
			g.Expect(r.Gaps[0].State).To(Equal(c.state))
			if c.state == StateExceptionInvalid {
				g.Expect(r.Gaps[0].StateWhy).To(ContainSubstring("the gate lets nobody accept " + c.never))
			}
		})
	}
}

// An exception for a gap that nobody has ever seen is a mistake in the file, and all of them are
// named; one whose gap is closed is of no use any more.
func TestAnExceptionWithoutAGap(t *testing.T) {
	mended := onlyDeaf()
	mended.Observations = []Observation{effect("o1", "a", "delete", "", 204, true), mended.Observations[1]}
	unseen := onlyDeaf()
	unseen.Observations, unseen.Specs[0].State = unseen.Observations[1:], SpecNotSelected
	before := judgedFor(onlyDeaf())
	certified := judgedFor(mended)
	certified.Closures = []Closure{{Gap: deafGap(), Certifier: Party{Name: "Cy"}, On: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)}}
	other := accepted()
	other.ID, other.Gap = "EXC-18", "gap-000000000000"

	t.Run("that nobody knows", func(t *testing.T) {
		g := NewWithT(t)
		r := judgeWith(mended, nil, accepted(), other)
		g.Expect(r.Verdict.Word).To(Equal(VerdictError))
		g.Expect(r.Verdict.Rule).To(Equal(RuleConfiguration))
		g.Expect(r.Verdict.Reason).To(ContainSubstring("EXC-17 (" + deafGap() + "), EXC-18 (gap-000000000000)"))
		again := &Report{}
		raw, err := json.Marshal(r)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(json.Unmarshal(raw, again)).To(Succeed())
		g.Expect(Decide(again, Basis{})).To(Equal(r.Verdict), "a report that is read back says the same")
	})
	for name, c := range map[string]struct {
		rec      Record
		previous *Report
		state    ExceptionState
		why      string
	}{
		"that is mended":                {mended, before, ExceptionUnneeded, "decided again and do not show it. Remove the exception."},
		"that was certified as closed":  {mended, certified, ExceptionUnneeded, "certified as closed on 2026-11-25"},
		"that was closed a run ago":     {mended, judgeWith(mended, before, accepted()), ExceptionUnneeded, "its gap was closed before this run"},
		"that this run did not look at": {unseen, before, ExceptionActive, "nothing shows that the gap is closed"},
		"that two runs did not look at": {unseen, judgeWith(unseen, before, accepted()), ExceptionActive, "nothing shows that the gap is closed"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := judgeWith(c.rec, c.previous, accepted())
			g.Expect(r.Exceptions[0].State).To(Equal(c.state))
			g.Expect(r.Exceptions[0].Why).To(And(HavePrefix("EXC-17 "), ContainSubstring(c.why)))
			g.Expect(r.Verdict.Word).To(Equal(VerdictPass), r.Verdict.Reason)
		})
	}
}

// No exception stands in for the evidence of a check that the gate requires.
func TestMissingEvidenceOfARequiredCheckIsNotAccepted(t *testing.T) {
	rec := onlyDeaf()
	rec.Observations = []Observation{rec.Observations[1]}
	rec.Specs[0] = Spec{ID: "a.b", State: SpecBroken, Why: "it broke"}
	gap := judgedFor(rec).Gaps[0]
	e := accepted()
	e.Gap = gap.ID
	e.Approvals = append(e.Approvals, Approval{Role: "risk office", By: "rob@buyer.example", On: "2026-11-20"})
	for name, c := range map[string]struct {
		required []string
		state    GapState
	}{
		"not required":       {[]string{"c"}, StateExcepted},
		"required":           {[]string{"a.b"}, StateExceptionInvalid},
		"required by a star": {[]string{"a.*"}, StateExceptionInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			policy := DefaultPolicy()
			policy.Required = c.required
			r := JudgeOn(rec, Basis{Now: judgingDay.Time(), Policy: &policy, Exceptions: &Exceptions{List: []Exception{e}}})
			g.Expect(r.Gaps[0].Class).To(Equal(ClassNoEvidence))
			g.Expect(r.Gaps[0].State).To(Equal(c.state), r.Gaps[0].StateWhy)
		})
	}
}

// What was closed and is back voids the exceptions from before; one that was approved since holds.
func TestAClosureVoidsTheExceptionsBeforeIt(t *testing.T) {
	g := NewWithT(t)
	previous := judgedFor(onlyDeaf())
	previous.Closures = []Closure{{Gap: deafGap(), Certifier: Party{Name: "Cy"}, On: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)}}
	r := judgeWith(onlyDeaf(), previous, accepted())
	g.Expect(r.Gaps[0].State).To(Equal(StateRegressed))
	g.Expect(r.Gaps[0].StateWhy).To(And(ContainSubstring("EXC-17 is void"), ContainSubstring("certified as closed by Cy")))
	g.Expect(r.Exceptions[0].State).To(Equal(ExceptionInvalid))
	later := accepted()
	later.ID = "EXC-18"
	later.Approvals[0].On = "2026-11-21"
	r = judgeWith(onlyDeaf(), previous, accepted(), later)
	g.Expect(r.Gaps[0].State).To(Equal(StateExcepted), r.Gaps[0].StateWhy)
	g.Expect(r.Gaps[0].Exception).To(Equal("EXC-18"))
}

// The digest of the file is in the report, and so is each of its exceptions: an edit shows.
func TestTheReportNamesTheFileOfExceptions(t *testing.T) {
	g := NewWithT(t)
	r := judgeWith(onlyDeaf(), nil, accepted())
	g.Expect(r.ExceptionsDigest).To(Equal("d1"))
	g.Expect(r.Exceptions).To(HaveLen(1))
	g.Expect(r.Exceptions[0].Exception).To(Equal(accepted()))
	without := judgedFor(onlyDeaf())
	g.Expect(without.ExceptionsDigest).To(BeEmpty())
	g.Expect(without.Exceptions).To(BeEmpty())
}

// A gap for information needs no exception, and one makes no pass with exceptions.
func TestAGapForInformationNeedsNoException(t *testing.T) {
	g := NewWithT(t)
	rec := onlyDeaf()
	rec.Observations[0] = Observation{ID: "o1", Check: "b", Fact: &Fact{Expected: "e", Actual: "a", Tolerable: true}}
	rec.Specs[0] = Spec{ID: "b", State: SpecRan}
	gap := judgedFor(rec).Gaps[0]
	g.Expect(gap.Severity).To(Equal(SeverityInfo))
	e := accepted()
	e.Gap = gap.ID
	r := judgeWith(rec, nil, e)
	g.Expect(r.Exceptions[0].State).To(Equal(ExceptionUnneeded))
	g.Expect(r.Gaps[0].State).To(Equal(StateOpen))
	g.Expect(r.Verdict.Word).To(Equal(VerdictPass))
}

// What is wrong with an exception itself keeps it from holding.
func TestAnExceptionIsComplete(t *testing.T) {
	expectBroken(t, map[string]broken{
		"19 characters of reason": {func(e *Exception) { e.Reason = strings.Repeat("ü", 19) + "  " }, StateExceptionInvalid, "fewer than 20 characters"},
		"20 characters of reason": {func(e *Exception) { e.Reason = strings.Repeat("ü", 20) }, StateExcepted, "accepts it"},
	})
	g := NewWithT(t)
	r := judgeWith(onlyDeaf(), nil, accepted(), accepted())
	g.Expect(r.Gaps[0].State).To(Equal(StateExceptionInvalid))
	g.Expect(r.Gaps[0].StateWhy).To(ContainSubstring("2 exceptions have this id"))
}
