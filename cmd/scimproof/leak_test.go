package main

import (
	"os"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/formats"
	"github.com/scimproof/scimproof/reports/redact"
)

// A secret that redaction has missed ends the command with an exit code of its own, and no file
// is there, in whichever format it would have stood.
func TestAPlantedSecretLeavesNoFile(t *testing.T) {
	const secret = "swordfish-0123456789"
	for name, plant := range map[string]func(*reports.Record){
		"in what a check saw": func(r *reports.Record) { r.Observations[0].Fact.Actual = "let in with " + secret },
		"in an exchange":      func(r *reports.Record) { r.Exchanges[0].ResponseBody = `{"token":"` + secret + `"}` },
		"in an address":       func(r *reports.Record) { r.Target.SCIMBase = "https://app.example/?t=" + secret },
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			record := &reports.Record{
				Run:          reports.Run{ID: "r", Started: time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC), Finished: time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)},
				Target:       reports.Target{ID: "app", Name: "App"},
				Specs:        []reports.Spec{{ID: "a.check", Text: "does it", State: reports.SpecRan}},
				Observations: []reports.Observation{{ID: "o1", Check: "a.check", Fact: &reports.Fact{Expected: "a refusal", Actual: "let in"}, Evidence: []string{"x1"}}},
				Exchanges:    []reports.Exchange{{ID: "x1", Method: "GET", URL: "https://app.example/", Status: 200}},
			}
			vault := redact.New()
			vault.Learn("token", secret)
			files := reportFiles{out: t.TempDir(), formats: formats.All()}
			_, err := publish(record, vault, reports.Basis{}, files)
			g.Expect(err).NotTo(HaveOccurred(), "without the secret all is written")
			plant(record)
			files.out = t.TempDir()
			_, err = publish(record, vault, reports.Basis{}, files)
			g.Expect(exitCode(err)).To(Equal(exitInternal))
			g.Expect(err).To(MatchError(And(ContainSubstring("nothing was written"), Not(ContainSubstring(secret)))))
			left, err := os.ReadDir(files.out)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(left).To(BeEmpty())
		})
	}
}
