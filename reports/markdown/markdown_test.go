package markdown_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	rendered "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/markdown"
	"github.com/scimproof/scimproof/reports/reporttest"
)

var update = flag.Bool("update", false, "write the golden file anew; then read it")

const golden = "testdata/fixture.md"

func TestGolden(t *testing.T) {
	g := NewWithT(t)
	got := write(t, compared())
	if *update {
		g.Expect(os.MkdirAll("testdata", 0o755)).To(Succeed())
		g.Expect(os.WriteFile(golden, []byte(got), 0o644)).To(Succeed())
	}
	want, err := os.ReadFile(golden)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got).To(Equal(string(want)), "the page has changed: run go test ./reports/markdown -update, read it, and commit it")
}

// compared is the fixture against an earlier run.
func compared() *reports.Report {
	r := reporttest.Report()
	r.Comparison = &reports.Comparison{
		Earlier:  reports.ComparedRun{Run: "20260911-070000-11aa", Verdict: reports.VerdictFail, Version: "4.1.0"},
		Later:    reports.ComparedRun{Run: r.Run.ID, Verdict: reports.VerdictFail, Version: "4.2.1"},
		Settings: []reports.SettingChange{{What: "version of the target", Was: "4.1.0", Is: "4.2.1"}},
		Gaps: []reports.GapChange{
			{Gap: "gap-b07e55d1c2a9", Title: "A new account inherits the old account's personal tokens", Change: reports.ChangeRegressed, After: reports.SeverityCritical, Why: "It was certified as closed on 2026-09-12."},
			{Gap: "gap-e2d94a37f150", Title: "A web session lives on for six to eight minutes", Change: reports.ChangeUnchanged, Before: reports.SeverityMedium, After: reports.SeverityMedium},
		},
		Lost: []reports.CheckChange{{Check: "lifecycle.delete.gone-from-lists", Was: reports.OutcomeConformant, Is: reports.OutcomeOperational, Why: "The list answered 503 three times."}},
	}
	return r
}

func write(t *testing.T, r *reports.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := markdown.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// render turns a page into what a reader sees, and lets everything through that is HTML.
func render(t *testing.T, page string) *html.Node {
	t.Helper()
	var out bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(rendered.WithUnsafe())).Convert([]byte(page), &out); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func count(doc *html.Node, element string) int {
	n := 0
	for node := range doc.Descendants() {
		if node.Type == html.ElementNode && node.Data == element {
			n++
		}
	}
	return n
}

func words(doc *html.Node) string {
	var out strings.Builder
	for node := range doc.Descendants() {
		if node.Type == html.TextNode {
			out.WriteString(node.Data)
		}
	}
	return out.String()
}

func TestThePageReadsAsItWasMeant(t *testing.T) {
	g := NewWithT(t)
	doc := render(t, write(t, compared()))
	g.Expect(count(doc, "table")).To(Equal(6))
	g.Expect(count(doc, "tr")).To(Equal(6 + 4 + 2 + 1 + 1 + 1 + 5))
	g.Expect(count(doc, "h2")).To(Equal(1))
	text := words(doc)
	for _, want := range []string{
		"Verdict: fail. Open control gaps: 2 critical, 1 high, 1 medium.", "Decided by the rule gaps of the gate builtin:default", "Northwind CRM 4.2.1 (staging)",
		"Gaps by severity: 2 critical, 1 high, 1 medium", "Gaps by state: 1 regressed, 2 open, 1 excepted",
		"excepted: EXC-17 accepts it until 2026-12-11.", "EXC-17 expires in 18 days.", "a regression. Gaps that changed: 1, unchanged: 1.",
		"1284 requests, 9 retries, 7 errors, 2 throttled", "Still there of the 22 objects that the run made: 1",
	} {
		g.Expect(text).To(ContainSubstring(want))
	}
}

func TestHostileTextIsOnlyText(t *testing.T) {
	for name, r := range map[string]*reports.Report{
		"after":         reporttest.Poisoned("", reporttest.Attack),
		"before":        reporttest.Poisoned(reporttest.Attack, ""),
		"list":          reporttest.Poisoned("- ", ""),
		"numbered list": reporttest.Poisoned("1. ", ""),
		"heading":       reporttest.Poisoned("# ", "\n==="),
		"rule":          reporttest.Poisoned("---\n", "\n---"),
		"code":          reporttest.Poisoned("```\n", "```"),
		"indented":      reporttest.Poisoned("\n\n    ", "\t"),
		"table":         reporttest.Poisoned("| a | b |\n| --- | --- |\n| ", "\\|"),
		"links":         reporttest.Poisoned("https://evil.example [a](b) ![a](b) <https://evil.example> WWW.evil.example mailto:a@evil.example ", " a@evil.example http://evil.example [^1]\n[^1]: x"),
		"reference":     reporttest.Poisoned("[a]: https://evil.example\n\n[a] ", ""),
		"entities":      reporttest.Poisoned("&lt;script&gt; &#64;somebody &amp; ", ""),
		"emphasis":      reporttest.Poisoned("**_~~", "~~_**"),
		"comment":       reporttest.Poisoned("<!--", ""),
		"details":       reporttest.Poisoned("<details>", "</td></tr></table>"),
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r.Comparison = nil
			page := write(t, r)
			doc := render(t, page)
			for node := range doc.Descendants() {
				switch node.Type {
				case html.ElementNode:
					g.Expect(node.Data).To(BeElementOf("html", "head", "body", "h2", "h3", "p", "ul", "li", "strong", "code", "table", "thead", "tbody", "tr", "th", "td"))
				case html.CommentNode:
					t.Errorf("a comment: %q", node.Data)
				}
			}
			g.Expect(count(doc, "h2")).To(Equal(1))
			g.Expect(count(doc, "h3")).To(Equal(4))
			g.Expect(count(doc, "ul")).To(Equal(3))
			g.Expect(count(doc, "tr")).To(Equal(3+4+2+5), "each row is one row")
			g.Expect(count(doc, "td")).To(Equal(4*6 + 2*5 + 5*8))
			g.Expect(words(doc)).NotTo(ContainSubstring("@somebody"), "nobody is told")
			g.Expect(words(doc)).NotTo(MatchRegexp(`#[0-9]`))
			for _, c := range "\x00\x1b\u202e\u200b\u0085\ufffe" {
				g.Expect(strings.ContainsRune(page, c)).To(BeFalse(), "the page holds U+%04X", c)
			}
		})
	}
}

func TestTheTextIsStillThere(t *testing.T) {
	r := reporttest.Report()
	r.Gaps[0].Title = "a_b *c* `d` [e](f) | g <h> & \\i ~j~ 1. #k 100% (x) &lt; &copy;"
	text := words(render(t, write(t, r)))
	NewWithT(t).Expect(strings.ReplaceAll(text, "\u200b", "")).To(ContainSubstring(r.Gaps[0].Title))
}

func TestAPageIsCutBetweenRows(t *testing.T) {
	for name, c := range map[string]struct {
		gaps    int
		length  int
		matrix  int
		wantCut string
	}{
		"all fits":            {gaps: 1_000, length: 100},
		"gaps are cut":        {gaps: 9_000, length: 400, wantCut: " of 9000 control gaps"},
		"the matrix is cut":   {gaps: 10, length: 10, matrix: 5_000, wantCut: " of 5000 ways in"},
		"no room for another": {gaps: 3_000, length: 10_000, matrix: 10, wantCut: " control gaps, "},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := reporttest.Report()
			one := r.Gaps[0]
			r.Gaps = nil
			for i := range c.gaps {
				one.ID, one.Title = fmt.Sprintf("gap-%d", i), strings.Repeat("ß", c.length)
				r.Gaps = append(r.Gaps, one)
			}
			r.Comparison = nil // its rows have gaps, too
			way := r.Matrix[0]
			if c.matrix > 0 {
				r.Matrix = nil
			}
			for range c.matrix {
				r.Matrix = append(r.Matrix, way)
			}
			page := write(t, r)
			g.Expect(len(page)).To(BeNumerically("<=", 900_000))
			g.Expect(page).To(ContainSubstring("### Operational health"))
			if c.wantCut == "" {
				g.Expect(page).NotTo(ContainSubstring("Left out"))
				return
			}
			g.Expect(len(page)).To(BeNumerically(">", 800_000), "the room is used")
			g.Expect(page).To(MatchRegexp(`\n\*\*Left out\*\*, as the page may have 900 kB: .*` + c.wantCut + `.*\n$`))
			for line := range strings.Lines(page) {
				if strings.HasPrefix(line, "|") {
					g.Expect(line).To(HaveSuffix(" |\n"))
				}
			}
			// What is there and what was left out are all.
			var left int
			_, err := fmt.Sscanf(page[strings.LastIndex(page, "900 kB: ")+len("900 kB: "):], "%d", &left)
			g.Expect(err).NotTo(HaveOccurred())
			if c.matrix == 0 {
				g.Expect(strings.Count(page, "| `gap-") + left).To(Equal(c.gaps + strings.Count(page, "| `EXC-")))
			}
		})
	}
}

func TestHostileLengthStaysUnderTheLimit(t *testing.T) {
	r := reporttest.Poisoned("", strings.Repeat("\u202e", 1_000)+strings.Repeat("@", 1_000))
	page := write(t, r)
	NewWithT(t).Expect(len(page)).To(BeNumerically("<=", 900_000))
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Gaps[0].Accountable = reports.Party{}
	r.Health.Outage, r.Run.Partial, r.Run.Why = "No answer for ten minutes.", true, "Stopped by the user"
	page := write(t, r)
	g.Expect(page).To(ContainSubstring("| **nobody** |"))
	g.Expect(page).To(ContainSubstring("\n- Outage: No answer for ten minutes.\n"))
	g.Expect(page).To(ContainSubstring("\n- The run was cut short: Stopped by the user\n"))
}

func TestAnEmptyReport(t *testing.T) {
	g := NewWithT(t)
	page := write(t, &reports.Report{})
	g.Expect(page).To(ContainSubstring("Gaps by severity: none"))
	g.Expect(count(render(t, page), "table")).To(BeZero())
}

func TestAWriteThatFailsIsSaid(t *testing.T) {
	NewWithT(t).Expect(markdown.Write(full{}, reporttest.Report())).To(MatchError(ContainSubstring("disk full")))
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }
