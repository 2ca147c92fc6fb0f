// Package defects names ways to be wrong. Each is a small change of the reference
// application's behaviour through its hooks, with the failure that it imitates and
// the checks that must notice it.
package defects

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/scimproof/scimproof/mocks/acme"
)

// Defect is one way to be wrong.
type Defect struct {
	// Name is unique, in lower case with hyphens.
	Name string
	// Summary is one sentence.
	Summary string
	// Imitates is where it happened for real; empty where none is known.
	Imitates string
	// Family is what it is about: leaver, survival, create, identity, query or
	// operational.
	Family string
	// Checks are the ids of exactly the checks that turn red. A * stands for one
	// part between dots, so survival.delete.* is each credential.
	Checks []string
	// Operational marks passing trouble, which is no defect and must cost no gap.
	Operational bool
	// Install switches the defect on. Several can be on at once.
	Install func(*acme.Config)
}

// families lists each family's defects; a new one is a file and a line here.
var families = map[string]func() []Defect{
	"leaver":      leaver,
	"survival":    survival,
	"create":      create,
	"identity":    identity,
	"query":       query,
	"operational": operational,
}

// All lists the defects, sorted by family and then by name.
func All() []Defect {
	var all []Defect
	for family, list := range families {
		for _, d := range list() {
			d.Family = family
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b Defect) int {
		return cmp.Or(cmp.Compare(a.Family, b.Family), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// Get returns the defect with the name.
func Get(name string) (Defect, bool) {
	all := All()
	i := slices.IndexFunc(all, func(d Defect) bool { return d.Name == name })
	if i < 0 {
		return Defect{}, false
	}
	return all[i], true
}

// Install switches the named defects on, all of them or, on an error, none. The
// error for an unknown name lists the nearest known ones.
func Install(c *acme.Config, names ...string) error {
	chosen := make([]Defect, len(names))
	for i, name := range names {
		var ok bool
		if chosen[i], ok = Get(name); !ok {
			return fmt.Errorf("no defect has the name %q; the nearest are %s", name, strings.Join(nearest(name, 3), ", "))
		}
	}
	for _, d := range chosen {
		d.Install(c)
	}
	return nil
}

// nearest lists the n names that are most like the given one.
func nearest(name string, n int) []string {
	all := All()
	slices.SortStableFunc(all, func(a, b Defect) int {
		return cmp.Compare(levenshtein.Distance(name, a.Name, nil), levenshtein.Distance(name, b.Name, nil))
	})
	var names []string
	for _, d := range all[:min(n, len(all))] {
		names = append(names, d.Name)
	}
	return names
}

// Expected lists which of the given check ids the defect must turn red.
func (d Defect) Expected(all []string) []string {
	var out []string
	for _, id := range all {
		if slices.ContainsFunc(d.Checks, func(pattern string) bool { return matches(pattern, id) }) {
			out = append(out, id)
		}
	}
	return out
}

// matches compares an id with a pattern part by part.
func matches(pattern, id string) bool {
	return slices.EqualFunc(strings.Split(pattern, "."), strings.Split(id, "."), func(p, part string) bool {
		return p == "*" || p == part
	})
}
