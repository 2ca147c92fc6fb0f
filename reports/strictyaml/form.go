package strictyaml

import (
	"bytes"
	"errors"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Form is what a file has to look like: a JSON Schema.
type Form struct{ schema *jsonschema.Schema }

// Compile makes a form of a schema that is part of the program; id is its name. It panics on a
// schema that is wrong, which tests see.
func Compile(id string, text []byte) Form {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	compiler := jsonschema.NewCompiler()
	if err == nil {
		err = compiler.AddResource(id, doc)
	}
	if err != nil {
		panic(err)
	}
	return Form{compiler.MustCompile(id)}
}

// Misses calls for each single way in which a document has not the form, with its place.
func (f Form) Misses(doc any, miss func(at Path, kind jsonschema.ErrorKind)) {
	var invalid *jsonschema.ValidationError
	if err := f.schema.Validate(doc); errors.As(err, &invalid) {
		leaves(invalid, miss)
	}
}

func leaves(e *jsonschema.ValidationError, miss func(at Path, kind jsonschema.ErrorKind)) {
	for _, cause := range e.Causes {
		leaves(cause, miss)
	}
	if len(e.Causes) == 0 {
		miss(Path(e.InstanceLocation), e.ErrorKind)
	}
}

// Keys lists the keys that the form allows at a place.
func (f Form) Keys(at Path) []string {
	var keys []string
	if here := f.at(at); here != nil {
		for key := range deref(here).Properties {
			keys = append(keys, key)
		}
	}
	return keys
}

// Described is the first sentence of what the form says of a key, as a hint.
func (f Form) Described(at Path) string {
	here := f.at(at)
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

// at is the part of the schema that speaks of a place, or nil.
func (f Form) at(at Path) *jsonschema.Schema {
	here := f.schema
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
