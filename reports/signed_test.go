package reports

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestTheRunsOfSomeOperatorsCountOnlySigned(t *testing.T) {
	for _, c := range []struct {
		by     OperatorKind
		signed bool
	}{{OperatorVendor, true}, {OperatorBuyer, false}, {OperatorThirdParty, false}, {"", false}} {
		t.Run("by "+string(c.by), func(t *testing.T) {
			g := NewWithT(t)
			gate := DefaultPolicy()
			gate.SignedOperators = []OperatorKind{OperatorVendor}
			r := JudgeOn(Record{Run: Run{Operator: Operator{Kind: c.by}}}, Basis{Policy: &gate})
			g.Expect(r.Policy.RequireSignature).To(Equal(c.signed))
			g.Expect(r.Policy.RequireNonce).To(Equal(c.signed))
			g.Expect(gate.RequireSignature || gate.RequireNonce).To(BeFalse(), "the gate itself stays as it is")
		})
	}
}
