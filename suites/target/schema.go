package target

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

//go:embed target.schema.json
var schemaSource []byte

// Schema returns the JSON Schema of a profile, for editors that complete it.
func Schema() []byte { return slices.Clone(schemaSource) }

const schemaID = "urn:scimproof:schema:target:1"

var profileForm = sync.OnceValue(func() strictyaml.Form { return strictyaml.Compile(schemaID, schemaSource) })

// checkForm notes every way in which the document has not the form of a profile.
func (f *faultList) checkForm(doc any) { profileForm().Misses(doc, f.addMiss) }

func (f *faultList) addMiss(at path, miss jsonschema.ErrorKind) {
	switch k := miss.(type) {
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			f.addForm(at.Child(key), at.Child(key), "unknown key", strictyaml.DidYouMean(key, profileForm().Keys(at)))
		}
	case *kind.Required:
		for _, key := range k.Missing {
			f.addForm(at, at.Child(key), "the key "+key+" is missing", profileForm().Described(at.Child(key)))
		}
	case *kind.Type:
		f.addForm(at, at, fmt.Sprintf("this is %s, but must be %s", k.Got, strings.Join(k.Want, " or ")), profileForm().Described(at))
	case *kind.Enum:
		f.addForm(at, at, "not one of the known words", "known here: "+words(k.Want))
	case *kind.MinLength:
		f.addForm(at, at, "must not be empty", profileForm().Described(at))
	case *kind.Pattern:
		f.addForm(at, at, "not a duration", "write one such as 30s or 5m")
	default:
		f.addForm(at, at, miss.LocalizedString(message.NewPrinter(language.English)), "")
	}
}

func words(list []any) string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = fmt.Sprint(w)
	}
	return strings.Join(out, ", ")
}
