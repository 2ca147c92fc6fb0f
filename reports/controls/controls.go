// Package controls maps a class of control gap to the controls that the gap shows
// to be not effective, in the frameworks that auditors ask for. The mapping is
// data: a file for each framework with its identifiers and this project's own
// words, and mapping.yaml, which says which class speaks against which of them. A
// user may replace all of it by a folder of the same form.
package controls

import (
	"embed"
	"slices"
	"sync"
)

// Control is one identifier of one framework.
type Control struct {
	Framework string // such as "NIST 800-53r5"
	ID        string // as the framework writes it, such as "PS-4b"
	Words     string // what it asks for, in our words, as a sentence
}

// Framework is a set of controls that somebody published.
type Framework struct {
	Name     string // the short name that a report uses, such as "CSF 2.0"
	Title    string // in full
	Version  string // of the framework
	Source   string // where its text is to be had
	Licence  string // what may be done with its text, as a sentence
	Controls []Control
}

// Subject is what a gap is about, as far as the mapping goes by it.
type Subject struct {
	Class      string // such as "survived-access.session"
	Outcome    string // what was seen, such as "survived-access"
	Credential string // a kind such as "web-session"; "" for a gap of the protocol
}

// Mapping is a complete set of frameworks with the rows that lead to them. It is
// not changed once it was read, and may be used by several goroutines.
type Mapping struct {
	version    string
	frameworks []Framework
	successors map[string]map[string][]Control // framework and id → the controls that took it in
	groups     map[string][]string
	rows       []row
}

// row says which controls a class speaks against; empty fields fit everything.
type row struct {
	class    string
	group    string
	outcomes []string
	controls map[string][]string // framework → ids
}

// Version is the version of the mapping; the embedded one has a date.
func (m *Mapping) Version() string { return m.version }

// Frameworks lists the frameworks in the order of the mapping.
func (m *Mapping) Frameworks() []Framework { return slices.Clone(m.frameworks) }

// For returns the controls that a gap speaks against, framework by framework in the
// order of the data. A class that the mapping does not know has none.
func (m *Mapping) For(s Subject) []Control {
	i := slices.IndexFunc(m.rows, func(r row) bool { return m.fits(r, s) })
	if i < 0 {
		return nil
	}
	var out []Control
	for _, f := range m.frameworks {
		for _, c := range f.Controls {
			if m.named(m.rows[i], c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// Words returns what a control asks for in our words, or "" for one that the
// mapping does not hold.
func (m *Mapping) Words(framework, id string) string {
	for _, f := range m.frameworks {
		if f.Name != framework {
			continue
		}
		for _, c := range f.Controls {
			if c.ID == id {
				return c.Words
			}
		}
	}
	return ""
}

// named says whether a row names a control, or one that has taken it in.
func (m *Mapping) named(r row, c Control) bool {
	if slices.Contains(r.controls[c.Framework], c.ID) {
		return true
	}
	return slices.ContainsFunc(m.successors[c.Framework][c.ID], func(heir Control) bool {
		return slices.Contains(r.controls[heir.Framework], heir.ID)
	})
}

func (m *Mapping) fits(r row, s Subject) bool {
	return r.class == s.Class && (r.group == "" || slices.Contains(m.groups[r.group], s.Credential)) &&
		(len(r.outcomes) == 0 || slices.Contains(r.outcomes, s.Outcome))
}

// ClassesOf lists the classes that speak against a control, in the order of the rows.
func (m *Mapping) ClassesOf(framework, id string) []string {
	var out []string
	for _, r := range m.rows {
		if m.named(r, Control{Framework: framework, ID: id}) && !slices.Contains(out, r.class) {
			out = append(out, r.class)
		}
	}
	return out
}

// classes lists the classes that have a row.
func (m *Mapping) classes() []string {
	var out []string
	for _, r := range m.rows {
		if !slices.Contains(out, r.class) {
			out = append(out, r.class)
		}
	}
	return out
}

//go:embed mapping.yaml frameworks/*.yaml
var files embed.FS

// Embedded is the mapping of the program. The tests read it too, so that a program
// with broken data is never built into a release.
var Embedded = sync.OnceValue(func() *Mapping {
	m, err := read(files, "", nil)
	if err != nil {
		return &Mapping{}
	}
	return m
})

// Words is Mapping.Words of the program's own mapping.
func Words(framework, id string) string { return Embedded().Words(framework, id) }
