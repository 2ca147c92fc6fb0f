package reports

import (
	"encoding/json"
	"slices"
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
		"long before":  {"2026-12-04", StateExcepted, ExceptionActive, VerdictWithExceptions, "EXC-17 accepts it until 2026-12-04.", ""},
		"first warned": {"2026-12-03", StateExcepted, ExceptionActive, VerdictWithExceptions, "EXC-17 accepts it until 2026-12-03.", "EXC-17 expires in 6 days."},
		"soon":         {"2026-12-02", StateExcepted, ExceptionActive, VerdictWithExceptions, "EXC-17 accepts it until 2026-12-02.", "EXC-17 expires in 5 days."},
		"tomorrow":     {"2026-11-28", StateExcepted, ExceptionActive, VerdictWithExceptions, "EXC-17 accepts it until 2026-11-28.", "EXC-17 expires in 1 day."},
		"on the day":   {"2026-11-27", StateExcepted, ExceptionActive, VerdictWithExceptions, "EXC-17 accepts it until 2026-11-27.", "EXC-17 expires today."},
		"a day late":   {"2026-11-26", StateExceptionExpired, ExceptionExpired, VerdictFail, "EXC-17 expired 1 day ago.", ""},
		"days late":    {"2026-11-24", StateExceptionExpired, ExceptionExpired, VerdictFail, "EXC-17 expired 3 days ago.", ""},
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
		g.Expect(judgeWith(mended, r, accepted()).Verdict.Word).To(Equal(VerdictError), "a mistake does not become known by being repeated")
	})
	t.Run("that passing trouble hides", func(t *testing.T) {
		g := NewWithT(t)
		hidden := onlyDeaf()
		hidden.Observations[0] = Observation{ID: "o1", Check: "a", Trouble: &Trouble{Kind: TroubleOperational, Message: "503"}}
		g.Expect(judgeWith(hidden, before, accepted()).Exceptions[0].State).To(Equal(ExceptionActive))
	})
	t.Run("that nobody looks at any more", func(t *testing.T) {
		for about, o := range map[string]Observation{
			"by somebody's word": {ID: "o1", Check: "a", Trouble: &Trouble{Kind: TroubleAsserted, Message: "there is none"}},
			"recorded":           {ID: "o1", Check: "a", Behaviour: &Behaviour{About: "a", Seen: "b"}},
		} {
			g := NewWithT(t)
			open := onlyDeaf()
			open.Observations[0] = o
			g.Expect(judgeWith(open, before, accepted()).Exceptions[0].State).To(Equal(ExceptionActive), about)
		}
	})
	for name, c := range map[string]struct {
		rec      Record
		previous *Report
		state    ExceptionState
		why      string
		expires  Day
	}{
		"that is mended":                                      {mended, before, ExceptionUnneeded, "decided again and do not show it. Remove the exception.", "2026-12-02"},
		"that was certified as closed":                        {mended, certified, ExceptionUnneeded, "certified as closed on 2026-11-25", "2026-12-02"},
		"that was closed a run ago":                           {mended, judgeWith(mended, before, accepted()), ExceptionUnneeded, "its gap was closed before this run", "2026-12-02"},
		"that this run did not look at":                       {unseen, before, ExceptionActive, "nothing shows that the gap is closed", "2026-12-02"},
		"that two runs did not look at":                       {unseen, judgeWith(unseen, before, accepted()), ExceptionActive, "nothing shows that the gap is closed", "2026-12-02"},
		"that nobody looks at any more, and that has expired": {unseen, before, ExceptionExpired, "expired 3 days ago", "2026-11-24"},
		"that nobody looks at any more, without an end":       {unseen, before, ExceptionExpired, "holds on no day", "some time"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := accepted()
			e.Expires = c.expires
			r := judgeWith(c.rec, c.previous, e)
			g.Expect(r.Exceptions[0].State).To(Equal(c.state))
			g.Expect(r.Exceptions[0].Why).To(And(HavePrefix("EXC-17 "), ContainSubstring(c.why)))
			g.Expect(r.Verdict.Word).To(Equal(VerdictPass), r.Verdict.Reason)
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

// Of two exceptions for a gap the one that holds counts, however long the other claims to last.
func TestTheExceptionThatHoldsCounts(t *testing.T) {
	g := NewWithT(t)
	endless := accepted()
	endless.ID, endless.Expires = "EXC-99", "2099-01-01"
	for _, list := range [][]Exception{{accepted(), endless}, {endless, accepted()}} {
		r := judgeWith(onlyDeaf(), nil, list...)
		g.Expect(r.Gaps[0].State).To(Equal(StateExcepted))
		g.Expect(r.Gaps[0].Exception).To(Equal("EXC-17"))
		g.Expect(r.Exceptions).To(HaveLen(2), "both are in the report")
	}
}
