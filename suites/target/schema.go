package target

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed target.schema.json
var schemaSource []byte

// Schema returns the JSON Schema of a profile, for editors that complete it.
func Schema() []byte { return slices.Clone(schemaSource) }

const schemaID = "urn:scimproof:schema:target:1"

var compiled = sync.OnceValue(func() *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaSource))
	compiler := jsonschema.NewCompiler()
	if err == nil {
		err = compiler.AddResource(schemaID, doc)
	}
	if err != nil {
		panic(err) // the schema is part of the program; tests read it
	}
	return compiler.MustCompile(schemaID)
})

// checkForm notes every way in which the document has not the form of a profile.
func (f *faultList) checkForm(doc any) {
	var invalid *jsonschema.ValidationError
	if err := compiled().Validate(doc); errors.As(err, &invalid) {
		f.addLeaves(invalid)
	}
}

func (f *faultList) addLeaves(e *jsonschema.ValidationError) {
	for _, cause := range e.Causes {
		f.addLeaves(cause)
	}
	if len(e.Causes) > 0 {
		return
	}
	at := path(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			f.addForm(at.child(key), at.child(key), "unknown key", didYouMean(key, knownKeys(at)))
		}
	case *kind.Required:
		for _, key := range k.Missing {
			f.addForm(at, at.child(key), "the key "+key+" is missing", described(at.child(key)))
		}
	case *kind.Type:
		f.addForm(at, at, fmt.Sprintf("this is %s, but must be %s", k.Got, strings.Join(k.Want, " or ")), described(at))
	case *kind.Enum:
		f.addForm(at, at, "not one of the known words", "known here: "+words(k.Want))
	case *kind.MinLength:
		f.addForm(at, at, "must not be empty", described(at))
	case *kind.Pattern:
		f.addForm(at, at, "not a duration", "write one such as 30s or 5m")
	default:
		f.addForm(at, at, e.ErrorKind.LocalizedString(message.NewPrinter(language.English)), "")
	}
}

func words(list []any) string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = fmt.Sprint(w)
	}
	return strings.Join(out, ", ")
}

// knownKeys lists the keys that the schema allows at a place.
func knownKeys(at path) []string {
	var keys []string
	if here := schemaAt(at); here != nil {
		for key := range deref(here).Properties {
			keys = append(keys, key)
		}
	}
	return keys
}

// described is what the schema says of a key, as a hint.
func described(at path) string {
	here := schemaAt(at)
	if here == nil {
		return ""
	}
	text := here.Description
	if text == "" {
		text = deref(here).Description
	}
	first, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(first, ".")
}

// schemaAt is the part of the schema that speaks of a place, or nil.
func schemaAt(at path) *jsonschema.Schema {
	here := compiled()
	for _, key := range at {
		here = deref(here)
		switch {
		case here.Properties[key] != nil:
			here = here.Properties[key]
		case here.Items2020 != nil:
			here = here.Items2020
		default:
			additional, ok := here.AdditionalProperties.(*jsonschema.Schema)
			if !ok {
				return nil
			}
			here = additional
		}
	}
	return here
}

func deref(s *jsonschema.Schema) *jsonschema.Schema {
	for s.Ref != nil {
		s = s.Ref
	}
	return s
}
