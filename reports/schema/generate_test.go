package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/scimproof/scimproof/reports"
)

const model = "github.com/scimproof/scimproof/reports"

// generate writes the schema of a report from the model's types, their comments
// and their constants.
func generate() ([]byte, error) {
	source, err := readModel("..")
	if err != nil {
		return nil, err
	}
	reflector := jsonschema.Reflector{
		BaseSchemaID:   "urn:scimproof:schema",
		ExpandedStruct: true,
		CommentMap:     source.comments,
		Mapper:         source.enum,
	}
	root := reflector.Reflect(&reports.Report{})
	root.ID = ID
	root.Title = "A report of scimproof"
	for name, words := range source.words {
		if source.used[name] {
			root.Definitions[name] = closed(source.comments[model+"."+name], words)
		}
	}
	if err := refine(root); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(root); err != nil {
		return nil, fmt.Errorf("schema: writing it: %w", err)
	}
	return out.Bytes(), nil
}

// enum points each word type at its closed list; every other type is left to the
// reflector.
func (m *source) enum(t reflect.Type) *jsonschema.Schema {
	if t.Kind() != reflect.String || t.PkgPath() != model {
		return nil
	}
	if t == reflect.TypeFor[reports.Day]() {
		return &jsonschema.Schema{Type: "string", Pattern: `^(\d{4}-\d{2}-\d{2})?$`}
	}
	m.used[t.Name()] = true
	return &jsonschema.Schema{Ref: "#/$defs/" + t.Name()}
}

// closed is the list of the words that a type knows.
func closed(comment string, words []word) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	lines := []string{comment}
	for _, w := range words {
		s.Enum = append(s.Enum, w.value)
		if w.comment != "" {
			lines = append(lines, fmt.Sprintf("%q: %s.", w.value, strings.TrimSuffix(w.comment, ".")))
		}
	}
	s.Description = strings.Join(lines, " ")
	return s
}

// refine adds what Go types cannot say.
func refine(root *jsonschema.Schema) error {
	form, ok := root.Properties.Get("schema")
	if !ok {
		return fmt.Errorf("schema: the report has no property %q any more", "schema")
	}
	form.Const = ID

	observation, ok := root.Definitions["Observation"]
	if !ok {
		return fmt.Errorf("schema: the model has no type Observation any more")
	}
	for _, kind := range []string{"fact", "effect", "access", "state", "issued", "behaviour", "trouble"} {
		if _, ok := observation.Properties.Get(kind); !ok {
			return fmt.Errorf("schema: an observation has no property %q any more", kind)
		}
		observation.OneOf = append(observation.OneOf, &jsonschema.Schema{Required: []string{kind}})
	}

	counts, ok := root.Definitions["Counts"]
	if !ok {
		return fmt.Errorf("schema: the model has no type Counts any more")
	}
	for property, keys := range map[string]string{"checks": "Outcome", "gapsBySeverity": "Severity"} {
		s, ok := counts.Properties.Get(property)
		if !ok {
			return fmt.Errorf("schema: the counts have no property %q any more", property)
		}
		s.PropertyNames = &jsonschema.Schema{Ref: "#/$defs/" + keys}
	}
	return nil
}
