package policy

import (
	"embed"
	"strings"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/strictyaml"
)

// Prefix begins the names of the program's own gates.
const Prefix = "builtin:"

//go:embed builtin/*.yaml
var builtins embed.FS

// Builtins lists the names of the program's own gates, the default first.
func Builtins() []string {
	return []string{Prefix + "default", Prefix + "onboarding", Prefix + "vendor-acceptance", Prefix + "upgrade"}
}

// Builtin returns one of the program's own gates by its name, such as builtin:upgrade. It has no
// digest: the program's version says what it is.
func Builtin(name string) (reports.Policy, bool) {
	text, ok := BuiltinSource(name)
	if !ok {
		return reports.Policy{}, false
	}
	p, err := ReadGate(name, text)
	if err != nil {
		panic(err) // the file is part of the program; tests read it
	}
	p.Name, p.Digest = name, ""
	return *p, true
}

// BuiltinSource returns the text of one of the program's own gates, to read or to copy.
func BuiltinSource(name string) ([]byte, bool) {
	short, ok := strings.CutPrefix(name, Prefix)
	if !ok {
		return nil, false
	}
	text, err := builtins.ReadFile("builtin/" + short + ".yaml")
	return text, err == nil
}

// Gate is one of the program's own where the name begins with builtin:, and a file otherwise. The
// error says what to do.
func Gate(name string) (*reports.Policy, error) {
	if !strings.HasPrefix(name, Prefix) {
		return LoadGate(name)
	}
	p, ok := Builtin(name)
	if !ok {
		return nil, Faults{{File: name, Problem: "the program has no such gate", Hint: strictyaml.DidYouMean(name, Builtins())}}
	}
	return &p, nil
}
