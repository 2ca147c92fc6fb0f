package reports

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	. "github.com/onsi/gomega"
)

// chance makes records, gates and exceptions from a seed.
type chance struct{ *rand.Rand }

func seeded(seed uint64) chance { return chance{rand.New(rand.NewPCG(seed, 6))} }

func (c chance) yes() bool { return c.IntN(2) == 0 }

func pick[T any](c chance, from ...T) T { return from[c.IntN(len(from))] }

// unconvincing is something seen that shows nothing to work.
func (c chance) unconvincing(o *Observation) {
	switch c.IntN(8) {
	case 0:
		o.Fact = &Fact{Expected: "e", Actual: "a", Tolerable: c.yes(), Open: c.yes()}
	case 1:
		o.Effect = &Effect{Action: "delete", Status: pick(c, 0, 200, 204, 302, 400, 404, 429, 500, 501), Wanted: "w", Seen: "s", Client: pick(c, "", "entra")}
	case 2:
		o.Access = &Access{Event: pick(c, "e1", "e2", "none"), Path: "web session", Kind: "web-session", DenialsNeeded: 5, Complete: c.yes(),
			Tries: tries(PhaseLeft, marks, pick(c, nil, []string{"II", "II"}, []string{"DD", "DD", "DD"}, stays)...)}
	case 3:
		o.State = &State{Event: pick(c, "e1", "none")}
	case 4:
		o.Issued = &Issued{Event: pick(c, "e2", "none")}
	case 5:
		o.Behaviour = &Behaviour{About: "b", Seen: "s"}
	case 6:
		o.Trouble = &Trouble{Kind: pick(c, TroubleOperational, TroubleNoEvidence, TroubleUndecided, TroubleAsserted, TroubleNotTested, "strange"), Path: pick(c, "", "web session"), Message: "m"}
	}
}

// record is a run of up to five checks that saw nothing that works; with a good one at the end if
// there is to be something.
func (c chance) record(good bool) Record {
	rec := Record{
		Run:    Run{Started: judgingDay.Time(), Finished: judgingDay.Time(), Partial: c.IntN(8) == 0},
		Target: Target{Name: "App", ID: "app", RevokeWithinMs: 2000, GiveUpAfterMs: 8000, Owners: ownersWithContacts, AccessPaths: []AccessPath{{Name: "web session", Kind: "web-session"}}},
		Health: Health{Requests: 10, Errors: c.IntN(11), Outage: pick(c, "", "", "", "", "down")},
		Events: []Event{
			{ID: "e1", Kind: EventDeactivate, Steps: []EventStep{acknowledged(PhaseLeft)}},
			{ID: "e2", Kind: EventDelete, Steps: []EventStep{{Phase: PhaseLeft, Status: 500}}},
		},
	}
	if c.yes() {
		rec.Target.Owners.ExceptionApprover = Party{}
	}
	for i := range c.IntN(5) {
		s := Spec{
			ID: fmt.Sprintf("check.%d", i), State: pick(c, SpecRan, SpecRan, SpecRan, SpecNotSelected, SpecInterrupted, SpecBroken, "strange"),
			Event: pick(c, "", EventDeactivate, EventDelete), Credential: pick(c, "", "web-session"),
		}
		rec.Specs = append(rec.Specs, s)
		for n := range c.IntN(3) {
			o := Observation{ID: fmt.Sprintf("o%d.%d", i, n), Check: s.ID}
			c.unconvincing(&o)
			rec.Observations = append(rec.Observations, o)
		}
	}
	if good {
		rec.Specs = append(rec.Specs, Spec{ID: "check.good", State: SpecRan})
		rec.Observations = append(rec.Observations, Observation{ID: "good", Check: "check.good", Fact: &Fact{Met: true, Expected: "e"}})
	}
	return rec
}

// lenient is a gate that asks for as little as one can, or for a little more.
func (c chance) lenient() *Policy {
	p := Policy{
		FailFrom: SeverityCritical, MaxErrorShare: 1, ExceptionsPass: true, NoEvidence: pick(c, VerdictInconclusive, VerdictFail, ""),
		Regressions: c.IntN(4) == 0, RequireOwners: c.IntN(4) == 0,
		Exceptions: ExceptionPolicy{MaxDays: map[Severity]int{}, Approvals: map[Severity][][]string{}, MaxRenewals: 9},
	}
	for _, s := range Severities() {
		p.Exceptions.MaxDays[s], p.Exceptions.Approvals[s] = 9999, [][]string{{RoleApplicationOwner}}
	}
	if c.IntN(4) == 0 {
		p.Required = []string{"check.*"}
	}
	return &p
}

// basis is a lenient gate with an exception for every gap, after a run that passed or did not.
func (c chance) basis(rec Record) Basis {
	b := Basis{Now: judgingDay.Time(), Policy: c.lenient()}
	if c.yes() {
		b.Previous = Judge(c.record(true))
	}
	if c.IntN(4) == 0 {
		b.Signature = &Signature{Valid: true, NonceMatches: true}
	}
	b.Exceptions = &Exceptions{Digest: "d"}
	for i, g := range JudgeOn(rec, b).Gaps {
		e := accepted()
		e.ID, e.Gap, e.Approvals = fmt.Sprintf("EXC-%d", i), g.ID, e.Approvals[:1]
		if c.IntN(8) > 0 {
			b.Exceptions.List = append(b.Exceptions.List, e)
		}
	}
	return b
}

// Whatever the gate, the exceptions and the runs before say: a run that shows nothing to work does
// not pass. That some of these runs come as far as the last step, and pass once one check shows
// something, shows that it is not for want of trying.
func TestNoInputMakesARunWithoutEvidencePass(t *testing.T) {
	g := NewWithT(t)
	accepted, last, with := 0, 0, map[Word]int{}
	for seed := range uint64(1500) {
		c := seeded(seed)
		rec := c.record(false)
		basis := c.basis(rec)
		r := JudgeOn(rec, basis)
		if w := r.Verdict.Word; w != VerdictFail && w != VerdictInconclusive && w != VerdictError {
			t.Fatalf("seed %d: a run that saw nothing work came to %s: %s", seed, w, r.Verdict.Reason)
		}
		if w := Decide(r, Basis{Policy: c.lenient(), Signature: basis.Signature}).Word; w == VerdictPass || w == VerdictWithExceptions {
			t.Fatalf("seed %d: by another gate a run that saw nothing work came to %s", seed, w)
		}
		accepted += r.Counts.ByState[StateExcepted]
		if r.Verdict.Rule == RuleEvidence && r.Counts.ByState[StateExcepted] > 0 {
			last++
		}
		c = seeded(seed)
		with[JudgeOn(c.record(true), basis).Verdict.Word]++
	}
	g.Expect(accepted).To(BeNumerically(">", 200), "gaps that were accepted")
	g.Expect(last).To(BeNumerically(">", 50), "runs of which every gap was accepted")
	g.Expect(with[VerdictPass]).To(BeNumerically(">", 50), "runs that pass with a check that conforms")
	g.Expect(with[VerdictWithExceptions]).To(BeNumerically(">", 50))
}

// The same record on the same basis gives the same bytes, and judging changes neither.
func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	g := NewWithT(t)
	for seed := range uint64(300) {
		c := seeded(seed)
		rec := c.record(c.yes())
		basis := c.basis(rec)
		before, err := json.Marshal([]any{rec, basis})
		g.Expect(err).NotTo(HaveOccurred())
		first, err := json.Marshal(JudgeOn(rec, basis))
		g.Expect(err).NotTo(HaveOccurred())
		second, err := json.Marshal(JudgeOn(rec, basis))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(second)).To(Equal(string(first)), "seed %d", seed)
		after, err := json.Marshal([]any{rec, basis})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(after)).To(Equal(string(before)), "seed %d", seed)
	}
}

// FuzzGate reads a gate and exceptions of any shape: neither panics, nor passes what shows nothing.
func FuzzGate(f *testing.F) {
	f.Add([]byte(`{"failFrom":"critical","maxErrorShare":1,"exceptionsPass":true}`), []byte(`{"exceptions":[{"id":"E","gap":"gap-1","renews":"E","expires":"2026-13-99","approvals":[{"on":"x"}]}]}`), uint64(1))
	f.Add([]byte(`{"required":["[","*"],"exceptions":{"approvals":{"high":[[],["ciso"]]},"maxDays":{"high":-1}}}`), []byte(`{"exceptions":[{"id":"E"},{"id":"E"}]}`), uint64(2))
	f.Fuzz(func(t *testing.T, rawPolicy, rawExceptions []byte, seed uint64) {
		policy, exceptions := DefaultPolicy(), Exceptions{}
		if json.Unmarshal(rawPolicy, &policy) != nil || json.Unmarshal(rawExceptions, &exceptions) != nil {
			t.Skip()
		}
		rec := seeded(seed).record(false)
		for i, g := range JudgeOn(rec, Basis{Policy: &policy}).Gaps {
			if i < len(exceptions.List) {
				exceptions.List[i].Gap = g.ID
			}
		}
		r := JudgeOn(rec, Basis{Policy: &policy, Exceptions: &exceptions})
		if r.Verdict.Word == VerdictPass || r.Verdict.Word == VerdictWithExceptions {
			t.Fatalf("a run that saw nothing work came to %s", r.Verdict.Word)
		}
	})
}
