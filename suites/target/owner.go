package target

import "slices"

// OwnerName is what the last step of an access path's Owner captures: the userName, id or
// address of who answers for the credential.
const OwnerName = "owner"

// owner checks how it is asked whose a credential is.
func (b *builder) owner(at path, p documentPath, known []string) []Step {
	if p.Owner == nil {
		if p.MayBeHandedOver {
			b.faults.add(at.child("mayBeHandedOver"), "nobody would see to whom", "say under owner how that is asked")
		}
		return nil
	}
	steps, _ := b.steps(at.child("owner"), p.Owner, slices.Clone(known))
	if len(steps) == 0 {
		return nil // a fault in the form
	}
	last := steps[len(steps)-1]
	if _, captures := last.Capture[OwnerName]; !captures || len(last.Capture) > 1 || last.Method == "" {
		b.faults.add(at.child("owner"), "the last step must be a request that captures owner, and nothing else", "such as capture: {owner: {json: owner.userName}}")
	}
	return steps
}
