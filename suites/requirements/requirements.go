// Package requirements is the catalogue of what the checks decide on, as data.
package requirements

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"
)

// Requirement is one rule that a target has to meet.
type Requirement struct {
	ID string `yaml:"id" json:"id"`
	// Source is the document and section, or the controls, behind it.
	Source string `yaml:"source" json:"source"`
	// Level is the RFC's keyword, "derived", "interop" or "control".
	Level string `yaml:"level" json:"level"`
	Says  string `yaml:"says" json:"says"`   // the rule as a sentence
	Sends string `yaml:"sends" json:"sends"` // how it is looked at
	Why   string `yaml:"why" json:"why"`     // what goes wrong otherwise
}

//go:embed requirements.yaml
var source []byte

// All lists the catalogue in its own order.
var All = sync.OnceValue(func() []Requirement {
	var file struct {
		Requirements []Requirement `yaml:"requirements"`
	}
	// The file is part of the program; a test reads it on every build.
	if err := yaml.UnmarshalWithOptions(source, &file, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("requirements.yaml: %v", err))
	}
	return file.Requirements
})

// Get returns the requirement with the id.
func Get(id string) (Requirement, bool) {
	for _, r := range All() {
		if r.ID == id {
			return r, true
		}
	}
	return Requirement{}, false
}
