package oscal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/oscal"
	"github.com/scimproof/scimproof/reports/reporttest"
)

// models are the root objects, each with its definition in the schema. One schema per model tells
// what is wrong; the complete one only says that neither of the two fits.
var models = map[string]string{
	"assessment-results":            "oscal-complete-oscal-ar:assessment-results",
	"plan-of-action-and-milestones": "oscal-complete-oscal-poam:plan-of-action-and-milestones",
}

// The official schemas are not part of the project: they are looked for in a folder beside it, or
// in the one that SCIMPROOF_SHARED names.
func TestDocumentsFollowTheOfficialSchema(t *testing.T) {
	folder := schemas(t)
	for name, report := range map[string]func() *reports.Report{
		"the fixture": reporttest.Report, "without gaps": withoutGaps, "hostile": hostile, "200 gaps": func() *reports.Report { return many(200) },
		"every state": everyState, "effective controls": effective, "nothing but a start": bare, "no evidence": noEvidence,
	} {
		for _, version := range oscal.Versions() {
			t.Run(fmt.Sprintf("%s, %s", name, version), func(t *testing.T) {
				for model, doc := range documents(t, report(), version) {
					NewWithT(t).Expect(validate(t, folder, version, model, doc)).To(Succeed(), model)
				}
			})
		}
	}
}

func TestTheSchemaIsRead(t *testing.T) {
	g := NewWithT(t)
	folder := schemas(t)
	for _, version := range oscal.Versions() {
		for model, doc := range documents(t, reporttest.Report(), version) {
			broken := bytes.Replace(doc, []byte(`"metadata"`), []byte(`"metadatum"`), 1)
			g.Expect(validate(t, folder, version, model, broken)).To(MatchError(ContainSubstring("metadat")), model)
		}
	}
}

func validate(t *testing.T, folder string, version oscal.Version, model string, doc []byte) error {
	t.Helper()
	g := NewWithT(t)
	file, err := os.Open(filepath.Join(folder, fmt.Sprintf("oscal-%s-ar-poam.json", version)))
	g.Expect(err).NotTo(HaveOccurred())
	defer file.Close() //nolint:errcheck // it was only read
	schema, err := jsonschema.UnmarshalJSON(file)
	g.Expect(err).NotTo(HaveOccurred())
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	g.Expect(err).NotTo(HaveOccurred())
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	// The whole schema says by its oneOf which models there are; one of them is enough.
	whole := schema.(map[string]any)
	delete(whole, "oneOf")
	whole["type"] = "object"
	whole["required"] = []any{model}
	whole["additionalProperties"] = false
	whole["properties"] = map[string]any{model: map[string]any{"$ref": "#/definitions/" + models[model]}}
	g.Expect(compiler.AddResource("urn:schema", whole)).To(Succeed())
	compiled, err := compiler.Compile("urn:schema")
	g.Expect(err).NotTo(HaveOccurred())
	return compiled.Validate(document)
}

// schemas is the folder of the official schemas; without one the test is skipped.
func schemas(t *testing.T) string {
	t.Helper()
	candidates := []string{}
	if shared := os.Getenv("SCIMPROOF_SHARED"); shared != "" {
		candidates = append(candidates, filepath.Join(shared, "schemas"))
	}
	dir, err := os.Getwd()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			candidates = append(candidates, filepath.Join(dir, "..", "shared", "schemas"))
			break
		}
	}
	for _, folder := range candidates {
		if _, err := os.Stat(filepath.Join(folder, "oscal-1.1.3-ar-poam.json")); err == nil {
			return folder
		}
	}
	t.Skip("not tested: OSCAL's official schemas are not there; put them into ../shared/schemas beside the project, or name the folder above in SCIMPROOF_SHARED")
	return ""
}

// documents are both documents of a report; the plan is missing where nothing was written.
func documents(t *testing.T, r *reports.Report, version oscal.Version) map[string][]byte {
	t.Helper()
	g := NewWithT(t)
	docs := map[string][]byte{}
	var results, plan bytes.Buffer
	g.Expect(oscal.WriteResults(&results, r, version)).To(Succeed())
	docs["assessment-results"] = results.Bytes()
	written, err := oscal.WritePlan(&plan, r, version)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(written).To(Equal(len(r.Gaps) > 0))
	if !written {
		g.Expect(plan.Bytes()).To(BeEmpty())
	} else {
		docs["plan-of-action-and-milestones"] = plan.Bytes()
	}
	for _, doc := range docs {
		g.Expect(json.Valid(doc)).To(BeTrue())
	}
	return docs
}
