package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/scimproof/scimproof/reports/strictyaml"
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
type form struct{ strictyaml.Form }

var (
	exceptionsForm = sync.OnceValue(func() form { return form{strictyaml.Compile(exceptionsID, exceptionsSchema)} })
	gateForm       = sync.OnceValue(func() form { return form{strictyaml.Compile(gateID, gateSchema)} })
)

// check notes every way in which a document has not the form.
func (f form) check(doc any, faults *faultList) {
	f.Misses(doc, func(at strictyaml.Path, miss jsonschema.ErrorKind) { f.note(faults, at, miss) })
}

func (f form) note(faults *faultList, at strictyaml.Path, miss jsonschema.ErrorKind) {
	switch k := miss.(type) {
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			faults.Add(at.Child(key), "unknown key", strictyaml.DidYouMean(key, f.Keys(at)))
		}
	case *kind.Required:
		for _, key := range k.Missing {
			faults.Add(at, "the key "+key+" is missing", f.Described(at.Child(key)))
		}
	case *kind.Type:
		faults.Add(at, fmt.Sprintf("this is %s, but must be %s", k.Got, strings.Join(k.Want, " or ")), f.typeHint(at, k))
	case *kind.Enum:
		faults.Add(at, fmt.Sprintf("%q is not one of the known words", fmt.Sprint(k.Got)), strictyaml.DidYouMean(fmt.Sprint(k.Got), words(k.Want)))
	case *kind.Const:
		faults.Add(at, "not a known version of this form", "write "+fmt.Sprint(k.Want))
	case *kind.MinLength:
		faults.Add(at, tooShort(k), f.Described(at))
	case *kind.Pattern:
		faults.Add(at, fmt.Sprintf("%q has not the right form", shortened(k.Got)), f.Described(at))
	case *kind.Minimum, *kind.Maximum:
		faults.Add(at, "out of range", f.Described(at))
	default:
		faults.Add(at, miss.LocalizedString(message.NewPrinter(language.English)), f.Described(at))
	}
}

func tooShort(k *kind.MinLength) string {
	if k.Got == 0 {
		return "must not be empty"
	}
	return fmt.Sprintf("%d characters, but at least %d are needed", k.Got, k.Want)
}

// typeHint tells how a number or a word of YAML becomes text.
func (f form) typeHint(at strictyaml.Path, k *kind.Type) string {
	if slices.Contains(k.Want, "string") && (k.Got == "number" || k.Got == "integer" || k.Got == "boolean") {
		return "put it in quotes"
	}
	return f.Described(at)
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
