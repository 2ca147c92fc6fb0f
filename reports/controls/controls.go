// Package controls maps a class of control gap to the controls that the gap shows
// to be not effective, in the frameworks that auditors ask for. The mapping is
// data (controls.yaml): framework identifiers with this project's own words.
package controls

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"
)

// Control is one identifier of one framework.
type Control struct {
	Framework string // such as "NIST 800-53r5"
	ID        string // as the framework writes it, such as "PS-4b"
	Words     string // what it asks for, in our words, as a sentence
}

// For returns the controls of a gap class for a kind of credential, framework by
// framework in the order of the data. The class is an outcome word such as
// "survived-access", the credential a kind such as "web-session" or "" for a gap
// of the protocol. A class that is no gap, such as "conformant", has none.
func For(class, credential string) []Control {
	m := mapping()
	row, ok := m.row(class, credential)
	if !ok {
		return nil
	}
	var controls []Control
	for _, f := range m.Frameworks {
		for _, id := range row.Controls[f.Name] {
			controls = append(controls, Control{Framework: f.Name, ID: id, Words: f.Words[id]})
		}
	}
	return controls
}

// Words returns what a control asks for in our words, or "" for one that the data
// does not hold.
func Words(framework, id string) string {
	for _, f := range mapping().Frameworks {
		if f.Name == framework {
			return f.Words[id]
		}
	}
	return ""
}

// Version is the version of the mapping, a date.
func Version() string { return mapping().Version }

//go:embed controls.yaml
var source []byte

// mapping reads the embedded data once. The tests read it too, so a program with
// broken data is never built into a release.
var mapping = sync.OnceValue(func() *data {
	m, err := parse(source)
	if err != nil {
		return &data{}
	}
	return m
})

// data is the form of controls.yaml.
type data struct {
	Version    string              `yaml:"version"`
	Frameworks []framework         `yaml:"frameworks"`
	Groups     map[string][]string `yaml:"groups"`
	Classes    []row               `yaml:"classes"`
}

type framework struct {
	Name    string            `yaml:"name"`
	Pattern string            `yaml:"pattern"`
	Words   map[string]string `yaml:"words"`
}

type row struct {
	Class       string              `yaml:"class"`
	Credentials string              `yaml:"credentials"`
	Controls    map[string][]string `yaml:"controls"`
}

func parse(src []byte) (*data, error) {
	var m data
	if err := yaml.UnmarshalWithOptions(src, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("controls.yaml: %w", err)
	}
	return &m, nil
}

// stored is the group of every credential kind that no other group names.
const stored = "stored"

func (m *data) row(class, credential string) (row, bool) {
	group := m.group(credential)
	for _, r := range m.Classes {
		if r.Class == class && (r.Credentials == "" || r.Credentials == group) {
			return r, true
		}
	}
	return row{}, false
}

func (m *data) group(credential string) string {
	for name, kinds := range m.Groups {
		if slices.Contains(kinds, credential) {
			return name
		}
	}
	return stored
}
