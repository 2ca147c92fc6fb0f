// Package defects names ways to be wrong. Each is a small change of the reference
// application's behaviour through its hooks, with the failure that it imitates and
// the checks that must notice it.
package defects

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/scimproof/scimproof/mocks/acme"
)

// Defect is one way to be wrong.
type Defect struct {
	Name    string
	Summary string // one sentence
	// Imitates is where it happened for real; empty where none is known.
	Imitates string
	// Checks are the ids of exactly the checks that turn red. A * stands for one
	// part between dots, so survival.delete.* is each credential.
	Checks []string
	// Operational marks passing trouble, which is no defect and must cost no gap.
	Operational bool
	// Install switches the defect on.
	Install func(*acme.Hooks)
}

// All lists the defects by family, in a fixed order.
func All() []Defect {
	return slices.Concat(leaver(), survival(), returning(), representation(), operational())
}

// Install switches the named defects on, several at a time if need be.
func Install(h *acme.Hooks, names ...string) error {
	for _, name := range names {
		d, ok := Get(name)
		if !ok {
			return fmt.Errorf("no defect has the name %q; did you mean %s?", name, nearest(name))
		}
		d.Install(h)
	}
	return nil
}

// Get returns the defect with the name.
func Get(name string) (Defect, bool) {
	for _, d := range All() {
		if d.Name == name {
			return d, true
		}
	}
	return Defect{}, false
}

func nearest(name string) string {
	best, distance := "", -1
	for _, d := range All() {
		if n := levenshtein.Distance(name, d.Name, nil); distance < 0 || n < distance {
			best, distance = d.Name, n
		}
	}
	return best
}

// Expected lists which of the given check ids the defect must turn red.
func (d Defect) Expected(all []string) []string {
	var out []string
	for _, id := range all {
		if slices.ContainsFunc(d.Checks, func(pattern string) bool { return covers(pattern, id) }) {
			out = append(out, id)
		}
	}
	return out
}

func covers(pattern, id string) bool {
	p, parts := strings.Split(pattern, "."), strings.Split(id, ".")
	if len(p) != len(parts) {
		return false
	}
	for i := range p {
		if p[i] != "*" && p[i] != parts[i] {
			return false
		}
	}
	return true
}
