package reports

import "slices"

// of is the basis for the run of an operator: where the gate takes his runs only signed, that is
// what it requires of this one.
func (b Basis) of(operator OperatorKind) Basis {
	if b.Policy == nil || !slices.Contains(b.Policy.SignedOperators, operator) {
		return b
	}
	p := *b.Policy
	p.RequireSignature, p.RequireNonce = true, true
	b.Policy = &p
	return b
}
