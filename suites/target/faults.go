package target

import (
	"slices"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// Fault is one thing that is wrong with a profile.
type Fault = strictyaml.Fault

// Faults is everything that is wrong with a profile, in the order of the file. None quotes a secret.
type Faults = strictyaml.Faults

type path = strictyaml.Path

// faultList collects faults while a profile is read.
type faultList struct {
	strictyaml.List
	// malformed are the places that have not the form of a profile. What else is
	// wrong there, or around there, follows from that and is not said again.
	malformed []path
}

// addForm notes a fault in the form: at is where to show it, about the key that it
// is about.
func (f *faultList) addForm(at, about path, problem, hint string) {
	f.Add(at, problem, hint)
	f.malformed = append(f.malformed, about)
}

// add notes a fault at a place, given as the path of keys to it.
func (f *faultList) add(at path, problem, hint string) {
	if !f.isMalformed(at) {
		f.Add(at, problem, hint)
	}
}

// isMalformed reports whether something at the place, within it or around it has
// not the form of a profile.
func (f *faultList) isMalformed(at path) bool {
	return slices.ContainsFunc(f.malformed, func(m path) bool {
		n := min(len(m), len(at))
		return slices.Equal(m[:n], at[:n])
	})
}
