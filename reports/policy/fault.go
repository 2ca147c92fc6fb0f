package policy

import "github.com/scimproof/scimproof/reports/strictyaml"

// Fault is one thing that is wrong with a file.
type Fault = strictyaml.Fault

// Faults is everything that is wrong with a file, in the order of the file.
type Faults = strictyaml.Faults

type path = strictyaml.Path

// faultList collects what is wrong with a gate or with exceptions.
type faultList struct{ strictyaml.List }

// further notes a fault in what is said, where the form has none at the same place.
func (f *faultList) further(at path, problem, hint string) {
	if !f.Has(at) {
		f.Add(at, problem, hint)
	}
}

// unreadable gives the faults of a file that could not be put into the model; where it has none of
// its form, the error says what is wrong.
func (f *faultList) unreadable(err error) error {
	if f.Len() == 0 {
		f.Add(nil, "the file cannot be read further: "+err.Error(), "")
	}
	return f.Err()
}
