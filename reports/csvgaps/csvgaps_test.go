package csvgaps_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/csvgaps"
	"github.com/scimproof/scimproof/reports/reporttest"
)

func write(t *testing.T, r *reports.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := csvgaps.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// rows reads a file back: a map by column for each row.
func rows(t *testing.T, file string) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range all[1:] {
		cells := map[string]string{}
		for i, name := range all[0] {
			cells[name] = row[i]
		}
		out = append(out, cells)
	}
	return out
}

func TestEachGapIsARow(t *testing.T) {
	g := NewWithT(t)
	file := write(t, reporttest.Report())
	g.Expect(file).To(HavePrefix("id,class,outcome,severity,state,title,event,credential,accountable,remediator,investigator,approver,certifier,firstSeen,deadline,exception,controls,checks\r\n"))
	g.Expect(strings.Count(file, "\r\n")).To(Equal(5))
	g.Expect(strings.ReplaceAll(file, "\r\n", "")).NotTo(ContainSubstring("\n"))
	all := rows(t, file)
	g.Expect(all).To(HaveLen(4))
	g.Expect(all[3]).To(Equal(map[string]string{
		"id": "gap-e2d94a37f150", "class": "delayed", "outcome": "delayed", "severity": "medium", "state": "excepted",
		"title": "A web session lives on for six to eight minutes", "event": "deactivate", "credential": "web-session",
		"accountable": "Ada Okafor <ada.okafor@example.com>", "remediator": "Northwind Software <security@northwind.example>",
		"investigator": "Identity Operations <idops@example.com>", "approver": "", "certifier": "Jonas Weber, Internal Audit <jonas.weber@example.com>",
		"firstSeen": "2026-09-11T07:00:00Z", "deadline": "2026-12-10", "exception": "EXC-17",
		"controls": "NIST 800-53r5 PS-4a | NIST 800-53r5 AC-2(3) | CSA SSCF IAM-SaaS-15 | CIS v8 6.2",
		"checks":   "survival.deactivate.patch-pathless.web-session | survival.deactivate.patch-path.web-session | survival.deactivate.put.web-session",
	}))
}

func TestAFormulaIsText(t *testing.T) {
	for name, c := range map[string]struct{ title, want string }{
		"equals":             {"=HYPERLINK(\"https://evil.example\")", "'=HYPERLINK(\"https://evil.example\")"},
		"plus":               {"+1", "'+1"},
		"minus":              {"-1", "'-1"},
		"at":                 {"@SUM(A1)", "'@SUM(A1)"},
		"tab":                {"\t=1", "'=1"},
		"carriage return":    {"\rx", "'x"},
		"space before":       {"  =1", "'=1"},
		"wide space before":  {"\u3000=1", "'=1"},
		"line break before":  {"\n=1", "'=1"},
		"full width":         {"＝1+1", "'＝1+1"},
		"within":             {"a=1", "a=1"},
		"quotes and commas":  {`say "a, b"`, `say "a, b"`},
		"breaks become room": {"a\r\nb", "a  b"},
	} {
		t.Run(name, func(t *testing.T) {
			r := reporttest.Report()
			r.Gaps[0].Title = c.title
			NewWithT(t).Expect(rows(t, write(t, r))[0]["title"]).To(Equal(c.want))
		})
	}
}

func TestHostileTextIsOnlyText(t *testing.T) {
	g := NewWithT(t)
	file := write(t, reporttest.Poisoned(reporttest.Attack, reporttest.Attack))
	for _, r := range "\x00\x1b\u202e\u200b\u0085\ufffe" {
		g.Expect(strings.ContainsRune(file, r)).To(BeFalse(), "the file holds U+%04X", r)
	}
	all := rows(t, file)
	g.Expect(all).To(HaveLen(4))
	for _, row := range all {
		for name, cell := range row {
			g.Expect(cell).NotTo(MatchRegexp(`^[=+\-@\t\r]`), name)
			g.Expect(cell).NotTo(MatchRegexp(`[\r\n]`), name)
		}
		g.Expect(row["title"]).To(HavePrefix(`'=1+1"><script>`))
	}
}

func TestLongValuesAreCut(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	long := strings.Repeat("x", 10_000_000)
	r.Gaps[0].Title, r.Gaps[0].Accountable.Name, r.Gaps[0].Checks = long, long, []string{long, long}
	file := write(t, r)
	g.Expect(len(file)).To(BeNumerically("<", 100_000))
	g.Expect(rows(t, file)[0]["title"]).To(HaveSuffix(" … (9970000 more characters in report.json)"))
}

func TestAnEmptyReport(t *testing.T) {
	g := NewWithT(t)
	g.Expect(rows(t, write(t, &reports.Report{}))).To(BeEmpty())
	one := rows(t, write(t, &reports.Report{Gaps: []reports.Gap{{ID: "gap-1", FirstSeen: time.Time{}}}}))
	g.Expect(one).To(HaveLen(1))
	g.Expect(one[0]["firstSeen"]).To(BeEmpty())
}

func TestAWriteThatFailsIsSaid(t *testing.T) {
	NewWithT(t).Expect(csvgaps.Write(full{}, reporttest.Report())).To(MatchError(ContainSubstring("disk full")))
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }
