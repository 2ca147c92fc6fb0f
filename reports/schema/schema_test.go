package schema

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"

	. "github.com/onsi/gomega"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

var update = flag.Bool("update", false, "write report.schema.json anew from the Go types")

func TestSchemaIsCurrent(t *testing.T) {
	g := NewWithT(t)
	want, err := generate()
	g.Expect(err).NotTo(HaveOccurred())
	if *update {
		g.Expect(os.WriteFile("report.schema.json", want, 0o644)).To(Succeed())
		report = want // what the tests below embed is still the old one
	}
	g.Expect(string(Report())).To(Equal(string(want)), "the model has changed: run go test ./reports/schema -update, and raise reports.SchemaVersion if an older reader would be misled")
}

func TestIDFollowsTheVersion(t *testing.T) {
	NewWithT(t).Expect(ID).To(Equal("urn:scimproof:schema:report:" + reports.SchemaVersion))
}

// The words are written out here by hand: a word that is added, dropped or
// respelt is a change that readers of report.json will notice.
func TestWordsAreClosed(t *testing.T) {
	g := NewWithT(t)
	var doc struct {
		Defs map[string]struct {
			Enum []string `json:"enum"`
		} `json:"$defs"`
	}
	g.Expect(json.Unmarshal(Report(), &doc)).To(Succeed())
	want := map[string][]string{
		"Word":     {"pass", "pass-with-exceptions", "fail", "inconclusive", "error"},
		"Severity": {"info", "low", "medium", "high", "critical"},
		"Outcome": {
			"conformant", "suspended-not-revoked", "nonconformant", "partial-support", "refused-explicitly", "ignored-silently", "delayed",
			"survived-access", "revived-access", "operational", "no-evidence", "not-applicable", "not-selected", "recorded", "not-tested", "declared-not-delivered",
			"governance", "unreliable-path",
		},
		"EventKind": {
			"deactivate", "delete", "recreate", "reactivate", "update", "delete-inactive", "sync", "out-of-band",
			"remove-member", "delete-group", "remove-role", "change-password", "rename", "sign-out", "look-up", "create", "group-push",
		},
		"MarkState":   {"pending", "taken", "missed", "abandoned"},
		"Phase":       {"before", "left", "returned"},
		"Result":      {"allowed", "denied", "inconclusive"},
		"SpecState":   {"ran", "not-selected", "interrupted", "broken"},
		"TroubleKind": {"operational", "no-evidence", "undecided", "not-applicable", "not-tested"},
		"UserState":   {"active", "inactive", "absent", "unknown", "held", "taken"},
		"OwnerIs":     {"leaver", "nobody", "another", "unknown"},
		"Class":       {"A", "B", "C", "I", "D"},
		"GapClass": {
			"survived-access.credential", "survived-access.session", "local-path", "lingering-entitlement", "unauthoritative-write", "ignored-silently",
			"partial-support", "refused-explicitly", "declared-not-delivered", "delayed", "revived-access", "unreported", "unreconcilable",
			"orphaned-nhi", "dormant-account", "channel-weak", "unreliable-path", "no-evidence", "governance",
		},
		"GapState":       {"open", "excepted", "exception-expired", "exception-exceeded", "exception-invalid", "claimed-fixed", "regressed"},
		"GateRule":       {"configuration", "trust", "evidence", "health", "gaps", "regression", "unfinished", "exceptions", "pass"},
		"ExceptionState": {"active", "expired", "exceeded", "invalid", "no-longer-needed"},
		"Change":         {"new", "fixed", "regressed", "worse", "better", "unchanged", "no-longer-tested"},
		"ControlState":   {"not-effective", "not-demonstrated", "effective-within-this-run"},
		"OperatorKind":   {"buyer", "vendor", "third-party"},
		"Occurrence":     {"systemic", "intermittent", "one-off"},
		"Stake":          {"data", "access", "identity", "secret", "rights"},
		"Declared":       {"supported", "unsupported", "undeclared"},
		"StoryResult":    {"not-sent", "works", "unclear", "partial", "refused", "ignored"},
		"Who":            {"polled", "silent", "control"},
	}
	for name, def := range doc.Defs {
		if len(def.Enum) > 0 {
			g.Expect(def.Enum).To(Equal(want[name]), name)
			delete(want, name)
		}
	}
	g.Expect(want).To(BeEmpty(), "word types that the schema does not close")
}

func TestEveryWordTypeOfTheModelHasWords(t *testing.T) {
	g := NewWithT(t)
	m, err := readModel("..")
	g.Expect(err).NotTo(HaveOccurred())
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		if seen[t] || t.PkgPath() != "" && t.PkgPath() != model {
			return
		}
		seen[t] = true
		switch t.Kind() {
		case reflect.Struct:
			for i := range t.NumField() {
				walk(t.Field(i).Type)
			}
		case reflect.Map:
			walk(t.Key())
			walk(t.Elem())
		case reflect.Slice, reflect.Pointer:
			walk(t.Elem())
		case reflect.String:
			if t.PkgPath() == model && t != reflect.TypeFor[reports.Day]() {
				g.Expect(m.words[t.Name()]).NotTo(BeEmpty(), "%s is a word type without constants", t.Name())
			}
		}
	}
	walk(reflect.TypeFor[reports.Report]())
}

func TestFixtureValidates(t *testing.T) {
	NewWithT(t).Expect(validate(t, document(t, reporttest.Report()))).To(Succeed())
}

func TestSchemaRefuses(t *testing.T) {
	for name, spoil := range map[string]func(doc map[string]any){
		"another form":                  func(doc map[string]any) { doc["schema"] = "urn:scimproof:schema:report:0.9" },
		"a null list":                   func(doc map[string]any) { doc["gaps"] = nil },
		"a missing list":                func(doc map[string]any) { delete(doc, "exchanges") },
		"an unknown key":                func(doc map[string]any) { doc["extra"] = true },
		"an unknown key deep down":      func(doc map[string]any) { first(doc, "gaps")["mood"] = "bad" },
		"an unknown outcome":            func(doc map[string]any) { first(doc, "checks")["outcome"] = "fine" },
		"an unknown counted outcome":    func(doc map[string]any) { at(doc, "counts", "checks")["fine"] = 1 },
		"an unknown counted severity":   func(doc map[string]any) { at(doc, "counts", "gapsBySeverity")["mild"] = 1 },
		"an observation of two kinds":   func(doc map[string]any) { first(doc, "observations")["trouble"] = trouble },
		"an observation without a kind": func(doc map[string]any) { delete(first(doc, "observations"), "access") },
		"a null list deep down":         func(doc map[string]any) { first(doc, "matrix")["cells"] = nil },
		"a word for a number":           func(doc map[string]any) { at(doc, "health")["requests"] = "many" },
	} {
		t.Run(name, func(t *testing.T) {
			doc := document(t, reporttest.Report())
			spoil(doc)
			NewWithT(t).Expect(validate(t, doc)).NotTo(Succeed())
		})
	}
}

func TestReportGivesACopy(t *testing.T) {
	g := NewWithT(t)
	Report()[0] = 'x'
	g.Expect(Report()[0]).To(Equal(byte('{')))
}

var trouble = map[string]any{"kind": "operational", "message": "503"}

func at(doc map[string]any, path ...string) map[string]any {
	for _, key := range path {
		doc = doc[key].(map[string]any)
	}
	return doc
}

func first(doc map[string]any, list string) map[string]any {
	return doc[list].([]any)[0].(map[string]any)
}

func document(t *testing.T, r *reports.Report) map[string]any {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := validator.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc.(map[string]any)
}

func validate(t *testing.T, doc any) error {
	t.Helper()
	form, err := validator.UnmarshalJSON(bytes.NewReader(Report()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := validator.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(ID, form); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(ID)
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(doc)
}
