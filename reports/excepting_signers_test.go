package reports

import (
	"slices"
	"testing"

	. "github.com/onsi/gomega"
)

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
	together := accepted()
	together.ID = "EXC-1"
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
		"of none, on the same day":   {[]Exception{together, accepted()}, StateExcepted, "EXC-17 accepts it until"},
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
