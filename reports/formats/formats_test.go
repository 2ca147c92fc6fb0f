package formats

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/output"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/reports/reporttest"
)

func TestFormatsAreChosenByName(t *testing.T) {
	for list, want := range map[string][]string{
		"":               {"json", "html"},
		"junit, sarif":   {"json", "html", "junit", "sarif"},
		"all":            Names(),
		"html,json,html": {"json", "html"},
	} {
		g := NewWithT(t)
		chosen, err := Choose(list)
		g.Expect(err).NotTo(HaveOccurred())
		var names []string
		for _, f := range chosen {
			names = append(names, f.Name)
		}
		g.Expect(names).To(Equal(want), list)
	}
	some, err := Choose("junit,sarif,csv,github,questionnaire,oscal")
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Others(some)).To(Equal([]string{"report.md"}))
	_, err = Choose("junit,word")
	NewWithT(t).Expect(err).To(MatchError(`no format has the name "word"; there are ` + strings.Join(Names(), ", ") + ", and all"))
}

// made makes all files of a report.
func made(r *reports.Report, chosen []Format) (files []output.File, err error) {
	for _, f := range Files(r, chosen) {
		var data bytes.Buffer
		written, err := f.Make(&data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if written {
			files = append(files, output.File{Name: f.Name, Data: data.Bytes()})
		}
	}
	return files, nil
}

func TestTheSameReportGivesTheSameBytes(t *testing.T) {
	g := NewWithT(t)
	one, err := made(reporttest.Report(), All())
	g.Expect(err).NotTo(HaveOccurred())
	other, err := made(reporttest.Report(), All())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(other).To(Equal(one))
	g.Expect(len(one)).To(BeNumerically(">=", 12))
}

// Without gaps there is no plan of action, which OSCAL would not take empty.
func TestNothingOpenIsNoPlan(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Gaps = []reports.Gap{}
	files, err := made(r, All())
	g.Expect(err).NotTo(HaveOccurred())
	for _, f := range files {
		g.Expect(f.Name).NotTo(ContainSubstring("poam"))
	}
}

// Whatever the target controls, every format is still written.
func TestHostileTextIsTakenByEachFormat(t *testing.T) {
	g := NewWithT(t)
	_, err := made(reporttest.Poisoned("", reporttest.Attack), All())
	g.Expect(err).NotTo(HaveOccurred())
	huge := reporttest.Report()
	huge.Gaps[0].Title, huge.Checks[0].Because = strings.Repeat("a", 10<<20), strings.Repeat("<", 10<<20)
	files, err := made(huge, All())
	g.Expect(err).NotTo(HaveOccurred())
	for _, f := range files {
		if f.Name != "report.json" { // which has what was recorded, and that was capped
			g.Expect(len(f.Data)).To(BeNumerically("<", 5<<20), f.Name)
		}
	}
}

// secrets is how many secrets the leak scan is tried with.
const secrets = 40

// A secret in any field of the report stops each format, in whatever form it would stand there.
func TestNoFormatLetsASecretThrough(t *testing.T) {
	g := NewWithT(t)
	vault := redact.New()
	var known []string
	for i := range secrets {
		secret := fmt.Sprintf("tok/%02d+Zm9v\"%x<&>~end", i, i*7919)
		known = append(known, secret)
		vault.Learn("token", secret)
	}
	vault.Settle()
	clean, err := made(reporttest.Report(), All())
	g.Expect(err).NotTo(HaveOccurred())
	dir := t.TempDir()
	g.Expect(output.Write(dir, vault, clean...)).To(Succeed())

	forms := map[string]func(string) string{
		"plain":  func(s string) string { return s },
		"base64": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"url":    url.QueryEscape,
		"json": func(s string) string {
			quoted, _ := json.Marshal(s)
			return strings.Trim(string(quoted), `"`)
		},
	}
	for name, form := range forms {
		r := reporttest.Report()
		one := r.Gaps[0]
		r.Gaps = nil
		for i, secret := range known {
			gap := one
			gap.ID, gap.Title = fmt.Sprintf("gap-%012d", i), "Let in with "+form(secret)
			r.Gaps = append(r.Gaps, gap)
		}
		for _, format := range All() {
			files, err := made(r, []Format{format})
			g.Expect(err).NotTo(HaveOccurred())
			for _, f := range files {
				empty := t.TempDir()
				var leak *output.LeakError
				g.Expect(errors.As(output.Write(empty, vault, f), &leak)).To(BeTrue(), "%s, %s", f.Name, name)
				// These show some of the gaps, and say how many there are beyond.
				shown := cmp.Or(map[string]int{"github": 10, "questionnaire": 20}[format.Name], secrets)
				g.Expect(leak.Tags).To(HaveLen(shown), "%s, %s", f.Name, name)
				left, err := os.ReadDir(empty)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(left).To(BeEmpty())
			}
		}
	}
}

// many is a record of so many observations, with a gap for every fifth check.
func many(observations int) reports.Record {
	party := reports.Party{Name: "Somebody", Contact: "somebody@example.com"}
	rec := reports.Record{
		Run:    reports.Run{ID: "r", Started: reporttest.Report().Run.Started, Finished: reporttest.Report().Run.Finished},
		Target: reports.Target{Name: "App", ID: "app", Owners: reports.Owners{IdentitySource: party, ApplicationOwner: party, ExceptionApprover: party, FailureInvestigator: party, RemediationCertifier: party}},
		Health: reports.Health{Requests: observations},
	}
	for i := range observations {
		check := fmt.Sprintf("users.part%d.check%d", i%40, i/10)
		if i%10 == 0 {
			rec.Specs = append(rec.Specs, reports.Spec{ID: fmt.Sprintf("users.part%d.check%d", i%40, i/10), Text: "does what is asked", State: reports.SpecRan})
		}
		exchange := fmt.Sprintf("x%05d", i)
		rec.Exchanges = append(rec.Exchanges, reports.Exchange{ID: exchange, Check: check, Method: "GET", URL: "https://app.example/scim/v2/Users/" + exchange, Status: 200, ResponseBody: strings.Repeat(`{"a":1}`, 20)})
		rec.Observations = append(rec.Observations, reports.Observation{
			ID: fmt.Sprintf("o%05d", i), Check: fmt.Sprintf("users.part%d.check%d", (i/10*10)%40, i/10), Evidence: []string{exchange},
			Fact: &reports.Fact{Met: i%50 != 0, Expected: "one thing", Actual: "another"},
		})
	}
	return rec
}

// BenchmarkTenThousandObservations judges and writes all formats.
func BenchmarkTenThousandObservations(b *testing.B) {
	rec := many(10_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := made(reports.Judge(rec), All()); err != nil {
			b.Fatal(err)
		}
	}
}

// The heap that is alive after judging and writing, which is what a small machine has to hold.
func TestTenThousandObservationsFitIntoMemory(t *testing.T) {
	g := NewWithT(t)
	rec := many(10_000)
	report := reports.Judge(rec)
	g.Expect(report.Gaps).NotTo(BeEmpty())
	files, err := made(report, All())
	g.Expect(err).NotTo(HaveOccurred())
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	g.Expect(m.HeapAlloc).To(BeNumerically("<", 200<<20))
	runtime.KeepAlive(files)
}
