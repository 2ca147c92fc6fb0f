package policy

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

var (
	//go:embed exceptions.schema.json
	exceptionsSchema []byte
	//go:embed gate.schema.json
	gateSchema []byte
)

// ExceptionsSchema returns the JSON Schema (2020-12) of exceptions.yaml, for editors that
// complete it.
func ExceptionsSchema() []byte { return slices.Clone(exceptionsSchema) }

// GateSchema returns the JSON Schema (2020-12) of gate.yaml.
func GateSchema() []byte { return slices.Clone(gateSchema) }

// The names of the schemas. They are names, not addresses.
const (
	exceptionsID = "urn:scimproof:schema:exceptions:1"
	gateID       = "urn:scimproof:schema:gate:1"
)

// form is what a file has to look like.
type form struct{ schema *jsonschema.Schema }

var (
	exceptionsForm = sync.OnceValue(func() form { return compile(exceptionsID, exceptionsSchema) })
	gateForm       = sync.OnceValue(func() form { return compile(gateID, gateSchema) })
)

func compile(id string, text []byte) form {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	compiler := jsonschema.NewCompiler()
	if err == nil {
		err = compiler.AddResource(id, doc)
	}
	if err != nil {
		panic(err) // the schema is part of the program; tests read it
	}
	return form{compiler.MustCompile(id)}
}

// check notes every way in which a document has not the form.
func (f form) check(doc any, faults *faultList) {
	var invalid *jsonschema.ValidationError
	if err := f.schema.Validate(doc); errors.As(err, &invalid) {
		f.addLeaves(invalid, faults)
	}
}

func (f form) addLeaves(e *jsonschema.ValidationError, faults *faultList) {
	for _, cause := range e.Causes {
		f.addLeaves(cause, faults)
	}
	if len(e.Causes) > 0 {
		return
	}
	at := path(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			faults.add(at.child(key), "unknown key", didYouMean(key, f.keys(at)))
		}
	case *kind.Required:
		for _, key := range k.Missing {
			faults.add(at, "the key "+key+" is missing", f.described(at.child(key)))
		}
	case *kind.Type:
		faults.add(at, fmt.Sprintf("this is %s, but must be %s", k.Got, strings.Join(k.Want, " or ")), f.typeHint(at, k))
	case *kind.Enum:
		faults.add(at, fmt.Sprintf("%q is not one of the known words", fmt.Sprint(k.Got)), didYouMean(fmt.Sprint(k.Got), words(k.Want)))
	case *kind.Const:
		faults.add(at, "not a known version of this form", "write "+fmt.Sprint(k.Want))
	case *kind.MinLength:
		faults.add(at, tooShort(k), f.described(at))
	case *kind.Pattern:
		faults.add(at, fmt.Sprintf("%q has not the right form", shortened(k.Got)), f.described(at))
	case *kind.Minimum, *kind.Maximum:
		faults.add(at, "out of range", f.described(at))
	default:
		faults.add(at, e.ErrorKind.LocalizedString(message.NewPrinter(language.English)), f.described(at))
	}
}

func tooShort(k *kind.MinLength) string {
	if k.Got == 0 {
		return "must not be empty"
	}
	return fmt.Sprintf("%d characters, but at least %d are needed", k.Got, k.Want)
}

// typeHint tells how a number or a word of YAML becomes text.
func (f form) typeHint(at path, k *kind.Type) string {
	if slices.Contains(k.Want, "string") && (k.Got == "number" || k.Got == "integer" || k.Got == "boolean") {
		return "put it in quotes"
	}
	return f.described(at)
}

// shortened is a value of a file as far as a message shows it.
func shortened(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func words(list []any) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = fmt.Sprint(w)
	}
	return out
}

// keys lists the keys that the schema allows at a place.
func (f form) keys(at path) []string {
	var keys []string
	if here := f.at(at); here != nil {
		for key := range deref(here).Properties {
			keys = append(keys, key)
		}
	}
	return keys
}

// described is the first sentence of what the schema says of a key, as a hint.
func (f form) described(at path) string {
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
func (f form) at(at path) *jsonschema.Schema {
	here := f.schema
	for _, key := range at {
		here = deref(here)
		switch {
		case here.Properties[key] != nil:
			here = here.Properties[key]
		case here.Items2020 != nil:
			here = here.Items2020
		default:
			return nil
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
