package questionnaire_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/scimproof/scimproof/reports"
	page "github.com/scimproof/scimproof/reports/html"
	"github.com/scimproof/scimproof/reports/questionnaire"
	"github.com/scimproof/scimproof/reports/reporttest"
)

func write(t *testing.T, r *reports.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := questionnaire.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func parse(t *testing.T, text string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// words is what can be read below a node, with single spaces.
func words(n *html.Node) string {
	var out []string
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "style" {
			out = append(out, strings.Fields(d.Data)...)
		}
	}
	return strings.Join(out, " ")
}

func byID(doc *html.Node, id string) *html.Node {
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && attr(n, "id") == id {
			return n
		}
	}
	return nil
}

// The fixture has a personal token that outlives its account, sessions that end late, and no
// check of groups or of a log.
func TestThePageAnswers(t *testing.T) {
	g := NewWithT(t)
	doc := parse(t, write(t, reporttest.Report()))
	for id, want := range map[string][]string{
		"q-IAM-SaaS-07": {"no", "A personal token outlives the deactivation"},
		"q-IAM-SaaS-09": {"partial", "control gap speaks against it"},
		"q-IAM-SaaS-16": {"not shown by this run", "No check of this run shows it."},
		"q-LOG-SaaS-01": {"not shown by this run"},
		"q-IAM-07.1":    {"partial", "4 control gaps speak against it", "accepted for a time", "that source's process"},
	} {
		n := byID(doc, id)
		g.Expect(n).NotTo(BeNil(), id)
		for _, w := range want {
			g.Expect(words(n)).To(ContainSubstring(w), id)
		}
	}
	g.Expect(write(t, reporttest.Report())).To(Equal(write(t, reporttest.Report())))
}

func TestEachLinkLeadsToSomethingInTheReport(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	var report bytes.Buffer
	g.Expect(page.Write(&report, r)).To(Succeed())
	there := parse(t, report.String())
	links := 0
	for n := range parse(t, write(t, r)).Descendants() {
		target, leads := strings.CutPrefix(attr(n, "href"), "report.html#")
		if !leads {
			continue
		}
		links++
		g.Expect(byID(there, target)).NotTo(BeNil(), target)
	}
	g.Expect(links).To(BeNumerically(">", 20))
}

func TestThePageAsksNobodyForAnything(t *testing.T) {
	g := NewWithT(t)
	for n := range parse(t, write(t, reporttest.Report())).Descendants() {
		g.Expect(n.Data).NotTo(BeElementOf("script", "link", "img", "iframe", "object", "form"))
		g.Expect(attr(n, "src")).To(BeEmpty())
		if href := attr(n, "href"); href != "" {
			g.Expect(href).To(MatchRegexp(`^(#main|report\.html(#[A-Za-z0-9._-]+)?)$`))
		}
		if attr(n, "http-equiv") == "Content-Security-Policy" {
			g.Expect(attr(n, "content")).To(HavePrefix("default-src 'none';"))
		}
	}
}

const attack = `"><script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) ' --> ]]> {{.}} </style></svg>` +
	"\u202edesrever\u2066\u200b \x00\x07\x1b[31m\x7f\u0085 \xff\xfe"

func TestHostileTextIsOnlyText(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	for i := range r.Gaps { // ids and words that choose what is shown stay as they are
		reporttest.Poison(reflect.ValueOf(&r.Gaps[i].Title), "", attack+strings.Repeat("x", 500))
		reporttest.Poison(reflect.ValueOf(&r.Gaps[i].ID), "", attack+strings.Repeat("x", 500))
	}
	for i := range r.Checks {
		reporttest.Poison(reflect.ValueOf(&r.Checks[i].Because), "", attack+strings.Repeat("x", 500))
	}
	r.Checks[0].ID = "lifecycle." + attack
	reporttest.Poison(reflect.ValueOf(&r.Target), "", attack+strings.Repeat("x", 500))
	reporttest.Poison(reflect.ValueOf(&r.Run), "", attack+strings.Repeat("x", 500))
	reporttest.Poison(reflect.ValueOf(&r.Verdict.Word), "", attack+strings.Repeat("x", 500))
	text := write(t, r)
	for _, c := range "\u202e\u2066\u200b\u0085\x00\x07\x1b\x7f" {
		g.Expect(strings.ContainsRune(text, c)).To(BeFalse(), "the page holds U+%04X", c)
	}
	doc := parse(t, text)
	g.Expect(words(doc)).To(ContainSubstring("<script>alert(1)</script>"))
	g.Expect(words(doc)).To(ContainSubstring("⟨U+202E⟩desrever"))
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			g.Expect(n.Data).NotTo(BeElementOf("script", "img"))
			g.Expect(attr(n, "onerror")).To(BeEmpty())
		}
		g.Expect(attr(n, "href")).NotTo(HavePrefix("javascript"))
	}
}

func TestALongTextIsCut(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Target.Name = strings.Repeat("ß", 10_000_000)
	text := write(t, r)
	g.Expect(len(text)).To(BeNumerically("<", 100_000))
	g.Expect(text).To(ContainSubstring("more characters in report.json)"))
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestAFullDiskIsAnError(t *testing.T) {
	NewWithT(t).Expect(questionnaire.Write(full{}, reporttest.Report())).To(MatchError(ContainSubstring("the disk is full")))
}
