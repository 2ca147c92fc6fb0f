// Package requirements is the catalogue of what the checks decide on, as data: one file for
// each part of the protocol, and one for what access does.
package requirements

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/scimproof/scimproof/reports"
)

// Requirement is one rule that a target has to meet.
type Requirement struct {
	ID string `yaml:"id" json:"id"`
	// Source is the document and section, or the controls, behind it.
	Source string `yaml:"source" json:"source"`
	// Level is the RFC's keyword, "derived", "interop" or "control".
	Level string `yaml:"level" json:"level"`
	// Class says what a miss means; empty for what is no matter of protocol.
	Class reports.Class `yaml:"class" json:"class,omitempty"`
	// Gate lists the features without which nobody can look; see package features.
	Gate []string `yaml:"gate" json:"gate,omitempty"`
	// Stake is what a miss may give or cost beyond a wrong protocol.
	Stake reports.Stake `yaml:"stake" json:"stake,omitempty"`
	// Untestable is why no check can look from outside; empty for all others.
	Untestable string `yaml:"untestable" json:"untestable,omitempty"`

	Says  string `yaml:"says" json:"says"`   // the rule as a sentence
	Sends string `yaml:"sends" json:"sends"` // how it is looked at
	Why   string `yaml:"why" json:"why"`     // what goes wrong otherwise
}

//go:embed catalogue/*.yaml
var files embed.FS

// parts are the files in the order of the catalogue.
var parts = strings.Fields(`transport messages errors discovery model users groups enterprise create read query replace
	patch patch-add patch-remove patch-replace delete bulk me versions strings cursor events access`)

// All lists the catalogue in its own order.
var All = sync.OnceValue(func() []Requirement {
	var all []Requirement
	for _, name := range parts {
		source, err := files.ReadFile("catalogue/" + name + ".yaml")
		var part []Requirement
		if err == nil {
			err = yaml.UnmarshalWithOptions(source, &part, yaml.Strict())
		}
		// The files are part of the program; a test reads them on every build.
		if err != nil {
			panic(fmt.Sprintf("catalogue/%s.yaml: %v", name, err))
		}
		all = append(all, part...)
	}
	return all
})

// byID is the catalogue by its ids.
var byID = sync.OnceValue(func() map[string]Requirement {
	index := map[string]Requirement{}
	for _, r := range All() {
		index[r.ID] = r
	}
	return index
})

// Get returns the requirement with the id.
func Get(id string) (Requirement, bool) {
	r, known := byID()[id]
	return r, known
}

// ForReport lists the catalogue in the report's terms, or only what has the given ids.
func ForReport(ids ...string) []reports.Requirement {
	chosen := All()
	if len(ids) > 0 {
		chosen = nil
		for _, id := range ids {
			if r, known := Get(id); known {
				chosen = append(chosen, r)
			}
		}
	}
	list := make([]reports.Requirement, 0, len(chosen))
	for _, r := range chosen {
		list = append(list, reports.Requirement{
			ID: r.ID, Source: r.Source, Level: r.Level, Class: r.Class, Says: r.Says, Stake: r.Stake, Untestable: r.Untestable,
		})
	}
	return list
}

// ClassOf is the class of several requirements: the one whose miss means most. It is empty
// for those that are no matter of protocol.
func ClassOf(ids []string) reports.Class {
	for _, class := range reports.Classes() {
		for _, id := range ids {
			if r, known := Get(id); known && r.Class == class {
				return class
			}
		}
	}
	return ""
}
