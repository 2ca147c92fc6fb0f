package policy

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/scimproof/scimproof/reports"
)

// valid asks a validator of its own whether a YAML text has a schema's form.
func valid(t *testing.T, schema []byte, text string) bool {
	t.Helper()
	form, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource("urn:x", form); err != nil {
		t.Fatal(err)
	}
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return false
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	return err == nil && compiler.MustCompile("urn:x").Validate(doc) == nil
}

func TestSchemaAndReaderAgree(t *testing.T) {
	g := NewWithT(t)
	g.Expect(valid(t, ExceptionsSchema(), accepted)).To(BeTrue())
	g.Expect(valid(t, ExceptionsSchema(), string(StarterExceptions()))).To(BeTrue())
	g.Expect(valid(t, GateSchema(), string(StarterGate()))).To(BeTrue())
	for _, name := range Builtins() {
		text, _ := BuiltinSource(name)
		g.Expect(valid(t, GateSchema(), string(text))).To(BeTrue(), name)
	}
	for name, c := range wrongExceptions {
		g.Expect(valid(t, ExceptionsSchema(), strings.Replace(accepted, c.old, c.new, 1))).To(Equal(c.beyond), name)
	}
	for name, c := range wrongGates {
		g.Expect(valid(t, GateSchema(), "version: 1\n"+c.text+"\n")).To(Equal(c.beyond), name)
	}
}

// schemaObject is as much of a schema as these tests look at.
type schemaObject struct {
	Description          string
	Type                 string
	Enum                 []string
	Required             []string
	AdditionalProperties *bool
	Properties           map[string]schemaObject
	Defs                 map[string]schemaObject `json:"$defs"`
	Items                *schemaObject
}

func parsed(t *testing.T, text []byte) schemaObject {
	t.Helper()
	var s schemaObject
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchemasAreClosedAndDescribed(t *testing.T) {
	g := NewWithT(t)
	var walk func(where string, s schemaObject)
	walk = func(where string, s schemaObject) {
		g.Expect(s.Description).NotTo(BeEmpty(), where)
		if s.Type == "object" {
			g.Expect(s.AdditionalProperties).To(HaveValue(BeFalse()), where)
		}
		for key, inner := range s.Properties {
			// The days and signers of a severity are described where they are defined.
			if !slices.Contains([]string{"info", "low", "medium", "high", "critical"}, key) {
				walk(where+"."+key, inner)
			}
		}
		for key, inner := range s.Defs {
			walk(key, inner)
		}
	}
	walk("exceptions", parsed(t, ExceptionsSchema()))
	walk("gate", parsed(t, GateSchema()))
}

// keysOf lists the JSON keys of a type.
func keysOf(t reflect.Type, without ...string) []string {
	var keys []string
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if !slices.Contains(without, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

func names(s schemaObject) []string {
	var keys []string
	for key := range s.Properties {
		keys = append(keys, key)
	}
	return keys
}

// A field that the model gains must be one that a user can write.
func TestTheSchemasHaveEveryKeyOfTheModel(t *testing.T) {
	g := NewWithT(t)
	gate, exceptions := parsed(t, GateSchema()), parsed(t, ExceptionsSchema())
	g.Expect(names(gate)).To(ConsistOf(append(keysOf(reflect.TypeFor[reports.Policy](), "digest"), "version", "extends")))
	g.Expect(names(gate.Properties["exceptions"])).To(ConsistOf(keysOf(reflect.TypeFor[reports.ExceptionPolicy]())))
	g.Expect(names(*gate.Properties["escalation"].Items)).To(ConsistOf(keysOf(reflect.TypeFor[reports.EscalationStep]())))
	g.Expect(names(*gate.Properties["raise"].Items)).To(ConsistOf(keysOf(reflect.TypeFor[reports.Raise]())))
	g.Expect(gate.Properties["extends"].Enum).To(Equal(Builtins()))
	for def, of := range map[string]reflect.Type{
		"exception": reflect.TypeFor[reports.Exception](), "party": reflect.TypeFor[reports.Party](), "approval": reflect.TypeFor[reports.Approval](),
		"compensatingControl": reflect.TypeFor[reports.CompensatingControl](), "remediation": reflect.TypeFor[reports.RemediationPlan](),
	} {
		g.Expect(names(exceptions.Defs[def])).To(ConsistOf(keysOf(of)), def)
	}
}

func FuzzReadExceptions(f *testing.F) {
	f.Add([]byte(accepted))
	f.Add(StarterExceptions())
	for _, c := range wrongExceptions {
		f.Add([]byte(strings.Replace(accepted, c.old, c.new, 1)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := ReadExceptions("e.yaml", text)
		if (e == nil) == (err == nil) {
			t.Fatalf("exceptions %v and the error %v", e, err)
		}
	})
}

func FuzzReadGate(f *testing.F) {
	f.Add(StarterGate())
	for _, name := range Builtins() {
		text, _ := BuiltinSource(name)
		f.Add(text)
	}
	for _, c := range wrongGates {
		f.Add([]byte("version: 1\n" + c.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := ReadGate("g.yaml", text)
		if (p == nil) == (err == nil) {
			t.Fatalf("the gate %v and the error %v", p, err)
		}
		if p != nil && p.NoEvidence == reports.VerdictPass {
			t.Fatal("no evidence passes")
		}
	})
}
