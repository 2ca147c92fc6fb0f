package main

import (
	"context"
	"os"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/reports"
)

func report(red ...string) *reports.Report {
	r := &reports.Report{}
	for _, id := range []string{"a.1", "a.2", "b"} {
		c := reports.Check{Spec: reports.Spec{ID: id}}
		for _, name := range red {
			if name == id {
				c.Gap = "G-" + id
				r.Gaps = append(r.Gaps, reports.Gap{Outcome: reports.OutcomeIgnored, Event: "delete", Severity: reports.SeverityCritical})
			}
		}
		r.Checks = append(r.Checks, c)
	}
	return r
}

// The measure itself has to notice what is wrong with a tester.
func TestCompare(t *testing.T) {
	g := NewWithT(t)
	declared := defects.Defect{Name: "d", Family: defects.Leaver, Checks: []string{"a.*"}, Gaps: []string{"ignored-silently delete", "ignored-silently delete"}}
	for _, tt := range []struct {
		defect         defects.Defect
		red            []string
		missed, alarms []string
		exact          bool
	}{
		{declared, []string{"a.1", "a.2"}, nil, nil, true},
		{declared, []string{"a.1"}, []string{"a.2"}, nil, false},
		{declared, []string{"a.1", "a.2", "b"}, nil, []string{"b"}, false},
		{defects.Defect{Family: defects.Lawful}, nil, nil, nil, true},
		{defects.Defect{Family: defects.Lawful}, []string{"b"}, nil, []string{"b"}, false},
		{defects.Defect{Family: defects.Leaver}, []string{"b"}, nil, []string{"b"}, false},
	} {
		r := compare(tt.defect, report(tt.red...))
		g.Expect(r.missed).To(HaveExactElements(tt.missed))
		g.Expect(r.alarms).To(HaveExactElements(tt.alarms))
		g.Expect(r.exact()).To(Equal(tt.exact))
	}
	undeclared := declared
	undeclared.Gaps = []string{"survived-access delete"}
	g.Expect(compare(undeclared, report("a.1", "a.2")).exact()).To(BeFalse(), "the right checks for the wrong gaps")
}

func TestScore(t *testing.T) {
	g := NewWithT(t)
	noticed := defects.Defect{Name: "d", Family: defects.Leaver, Checks: []string{"b"}, Gaps: []string{"ignored-silently delete"}}
	s := tally([]result{
		compare(noticed, report("b")),
		compare(noticed, report()),
		compare(defects.Defect{Family: defects.Leaver}, report()),
		compare(defects.Defect{Family: defects.Leaver}, report("b")),
		compare(defects.Defect{Family: defects.Operational}, report()),
	})
	g.Expect(s.defects).To(Equal(4))
	g.Expect(s.noticed).To(Equal(1), "a false alarm notices nothing")
	g.Expect(s.missed).To(Equal(1))
	g.Expect(s.alarms).To(Equal(1))
	g.Expect(s.right()).To(BeFalse())
}

// The table is about the defects of today.
func TestTheTableIsCurrent(t *testing.T) {
	g := NewWithT(t)
	written, err := os.ReadFile("../../mocks/defects/NOTICED.md")
	g.Expect(err).NotTo(HaveOccurred())
	var results []result
	for _, d := range defects.All() {
		results = append(results, result{defect: d, red: d.Checks})
	}
	g.Expect(string(written)).To(Equal(renderTable(results)), "make mutation writes it anew")
}

func TestMistakesAreNamed(t *testing.T) {
	g := NewWithT(t)
	g.Expect(run(context.Background(), []string{"no-such-defect"})).To(MatchError(ContainSubstring("scimproof defects lists them")))
}

// Each run is made once, whatever order that is in.
func TestRunsThatWaitAndRunsThatComputeTakeTurns(t *testing.T) {
	g := NewWithT(t)
	chosen, err := choose(nil)
	g.Expect(err).NotTo(HaveOccurred())
	order := turns(chosen)
	first := slices.IndexFunc(order, func(i int) bool { return !computes(chosen[i]) })
	g.Expect(chosen[order[first]].Family).To(Equal(defects.Operational))
	waits := func(from, to int) (n int) {
		for _, i := range order[from:to] {
			if !computes(chosen[i]) {
				n++
			}
		}
		return n
	}
	half := len(order) / 2
	g.Expect(waits(0, half)).To(BeNumerically("~", waits(half, len(order)), 2), "as many in each half")
	slices.Sort(order)
	for i, n := range order {
		g.Expect(n).To(Equal(i))
	}
	g.Expect(order).To(HaveLen(len(chosen)))
	g.Expect(turns(nil)).To(BeEmpty())
}
