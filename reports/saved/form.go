package saved

import (
	"bytes"
	"errors"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/scimproof/scimproof/reports/schema"
)

var compiled = sync.OnceValue(func() *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.Report()))
	compiler := jsonschema.NewCompiler()
	if err == nil {
		err = compiler.AddResource(schema.ID, doc)
	}
	if err != nil {
		panic(err) // the schema is part of the program; its tests read it
	}
	return compiler.MustCompile(schema.ID)
})

// unlikeSchema says where a text is not as the schema of reports has it; empty if it is.
func unlikeSchema(text []byte) string {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err.Error()
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(compiled().Validate(doc), &invalid) {
		return ""
	}
	for len(invalid.Causes) > 0 {
		invalid = invalid.Causes[0]
	}
	at := "/" + strings.Join(invalid.InstanceLocation, "/")
	return shortened(at) + ": " + shortened(invalid.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
}
