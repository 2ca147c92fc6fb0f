package target

import (
	"slices"
	"strconv"
)

// OwnerName is what the last step of an access path's Owner captures: the userName, id or
// address of who answers for the credential.
const OwnerName = "owner"

// IssuedName is what the last step of a profile's Issued captures: a JSON list of the ids
// of what a person holds.
const IssuedName = "issued"

// owner checks how it is asked whose a credential is.
func (b *builder) owner(at path, p documentPath, known []string) []Step {
	if p.Owner == nil {
		if p.MayBeHandedOver {
			b.faults.add(at.Child("mayBeHandedOver"), "nobody would see to whom", "say under owner how that is asked")
		}
		return nil
	}
	return b.asked(at.Child("owner"), OwnerName, p.Owner, slices.Clone(known))
}

// doNotListen checks steps that ask or do something: what they would wait for is opened
// while a credential is armed, and for nothing else.
func (b *builder) doNotListen(at path, list []documentStep) {
	for i, s := range list {
		if s.Stream != nil || s.Mail != nil {
			b.faults.add(at.Child(strconv.Itoa(i)), "nothing is done by this", "give a request or a command")
		}
	}
}

// asked checks steps by which somebody is asked something: the last one captures the
// answer.
func (b *builder) asked(at path, answer string, list []documentStep, known []string) []Step {
	steps, _ := b.steps(at, list, known)
	b.doNotListen(at, list)
	if len(steps) == 0 {
		return nil // not given, or a fault in the form
	}
	last := steps[len(steps)-1]
	if _, captures := last.Capture[answer]; !captures || len(last.Capture) > 1 || last.Method == "" {
		b.faults.add(at, "the last step must be a request that captures "+answer+", and nothing else", "such as capture: {"+answer+": {json: data."+answer+"}}")
	}
	return steps
}
