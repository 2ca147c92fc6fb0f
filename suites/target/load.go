package target

import (
	"encoding/json"
	"path/filepath"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// Load reads, checks and resolves the profile in a file. The error is Faults, also for a
// profile whose target is a container: see Read.
func Load(file string) (*Target, error) {
	p, err := Read(file)
	if err != nil {
		return nil, err
	}
	return p.running()
}

// Parse checks and resolves a profile. file names it in errors, and its folder is
// the one that other files are relative to; env looks up environment variables.
// The error is Faults: all of them at once.
func Parse(file string, text []byte, env func(string) (string, bool)) (*Target, error) {
	p, err := ReadText(file, text, env)
	if err != nil {
		return nil, err
	}
	return p.running()
}

// resolve checks and resolves a profile with what a started container gives, by the names
// of its variables. Nil fills stand-ins in.
func resolve(file string, text []byte, env func(string) (string, bool), container map[string]string) (*Target, error) {
	src, literal, err := strictyaml.Read(file, text)
	if err != nil {
		return nil, err
	}
	faults := &faultList{List: strictyaml.List{Source: src}}
	faults.expandRecipes(literal)
	faults.checkForm(literal)
	// What has not the form of a profile is still looked at as far as it can be, so
	// that one round shows every fault.
	before, err := decode(literal)
	resolver := &resolver{faults: faults, env: env, dir: filepath.Dir(file)}
	resolver.expect(before.Container, container)
	filled := resolver.fill(nil, literal)
	if err != nil {
		// A wrong type keeps the values from being looked at; the form's fault says so.
		faults.add(nil, "the profile cannot be read further: "+err.Error(), "")
		return nil, faults.Err()
	}
	after, err := decode(filled)
	if err != nil {
		return nil, err
	}
	t := (&builder{faults: faults, resolver: resolver, literal: before, doc: after}).build()
	if err := faults.Err(); err != nil {
		return nil, err
	}
	t.File, t.Digest, t.Secrets = file, strictyaml.Digest(text), resolver.secrets
	return t, nil
}

func decode(doc any) (document, error) {
	var d document
	raw, err := json.Marshal(doc)
	if err == nil {
		err = json.Unmarshal(raw, &d)
	}
	return d, err
}
