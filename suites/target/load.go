package target

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Load reads, checks and resolves the profile in a file. The error is Faults.
func Load(file string) (*Target, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, Faults{{File: file, Problem: "the profile cannot be read: " + reason(err, file), Hint: "name an existing file with --target"}}
	case info.IsDir():
		return nil, Faults{{File: file, Problem: "this is a folder", Hint: "name the profile itself"}}
	case info.Size() > maxBytes:
		return nil, Faults{{File: file, Problem: fmt.Sprintf("the profile has %d bytes; at most %d are read", info.Size(), maxBytes)}}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, Faults{{File: file, Problem: "the profile cannot be read: " + reason(err, file)}}
	}
	return Parse(file, text, os.LookupEnv)
}

// Parse checks and resolves a profile. file names it in errors, and its folder is
// the one that other files are relative to; env looks up environment variables.
// The error is Faults: all of them at once.
func Parse(file string, text []byte, env func(string) (string, bool)) (*Target, error) {
	src, doc, err := read(file, text)
	if err != nil {
		return nil, err
	}
	faults := &faultList{source: src}
	literal, err := asJSON(doc)
	if err != nil {
		faults.add(nil, "the profile cannot be put into JSON: "+err.Error(), "keys must be text")
		return nil, faults.err()
	}
	faults.expandRecipes(literal)
	faults.checkForm(literal)
	// What has not the form of a profile is still looked at as far as it can be, so
	// that one round shows every fault.
	before, err := decode(literal)
	resolver := &resolver{faults: faults, env: env, dir: filepath.Dir(file)}
	filled := resolver.fill(nil, literal)
	if err != nil {
		// A wrong type keeps the values from being looked at; the form's fault says so.
		faults.add(nil, "the profile cannot be read further: "+err.Error(), "")
		return nil, faults.err()
	}
	after, err := decode(filled)
	if err != nil {
		return nil, err
	}
	t := (&builder{faults: faults, resolver: resolver, literal: before, doc: after}).build()
	if err := faults.err(); err != nil {
		return nil, err
	}
	digest := sha256.Sum256(text)
	t.File, t.Digest, t.Secrets = file, hex.EncodeToString(digest[:]), resolver.secrets
	return t, nil
}

// asJSON turns YAML's values into those of JSON, which the schema speaks of.
func asJSON(doc any) (any, error) {
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(raw))
}

func decode(doc any) (document, error) {
	var d document
	raw, err := json.Marshal(doc)
	if err == nil {
		err = json.Unmarshal(raw, &d)
	}
	return d, err
}
