package html_test

import (
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

const attack = `"><script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) ' --> ]]> {{.}} </style></svg>` +
	"\u202edesrever\u2066\u200b \x00\x07\x1b[31m\x7f\u0085 \xff\xfe"

// hostile is the fixture with an attack in each text, ids included.
func hostile() *reports.Report { return reporttest.Poisoned("", attack) }

func TestHostileTextIsOnlyText(t *testing.T) {
	g := NewWithT(t)
	page := write(t, hostile())
	for _, r := range "\u202e\u2066\u200b\u0085\x00\x07\x1b\x7f" {
		g.Expect(strings.ContainsRune(page, r)).To(BeFalse(), "the page holds U+%04X", r)
	}
	words := visible(t, page)
	g.Expect(words).To(ContainSubstring("<script>alert(1)</script>"))
	g.Expect(words).To(ContainSubstring("⟨U+202E⟩desrever"))
	g.Expect(words).To(ContainSubstring("␀␇␛[31m␡⟨U+0085⟩ \ufffd"))
	// A text that broke out of its attribute would show up in one of these.
	for n := range parse(t, page).Descendants() {
		if n.Type == html.ElementNode {
			g.Expect(attr(n, "class")).NotTo(ContainSubstring("<"))
			g.Expect(attr(n, "id")).NotTo(ContainSubstring("<"))
		}
	}
}

func TestLongTextIsCut(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Target.Name = strings.Repeat("ß", 50_000)
	r.Exchanges[0].ResponseBody = strings.Repeat("x", 3_000_000)
	page := write(t, r)
	g.Expect(len(page)).To(BeNumerically("<", 600_000))
	g.Expect(strings.Contains(page, "… (48\u202f000 characters more in report.json)")).To(BeTrue())
	g.Expect(strings.Contains(page, "… (2\u202f994\u202f000 characters more in report.json)")).To(BeTrue())
}

func parse(t *testing.T, page string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// visible is the page's text with single spaces, without the style sheet.
func visible(t *testing.T, page string) string {
	t.Helper()
	var out strings.Builder
	for n := range parse(t, page).Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" {
			out.WriteString(n.Data)
			out.WriteByte(' ')
		}
	}
	return squeeze(out.String())
}

// squeeze makes texts comparable: single spaces, and none before a full stop,
// where an element ends within a sentence.
func squeeze(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), " .", ".")
}

func find(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, key string) string {
	value, _ := find(n, key)
	return value
}

func plainNumber(n int) string { return strconv.Itoa(n) }

// A browser that would run what stands in the page runs nothing of it; it does run the same where
// nothing escapes it.
func TestHostileTextDoesNothingInABrowser(t *testing.T) {
	browser := chromium(t)
	const mark = "document.documentElement.dataset.owned=1"
	const breakOut = `"><script>` + mark + `</script><img src=x onerror="` + mark + `"><svg onload="` + mark + `">`
	page := write(t, reporttest.Poisoned(breakOut, breakOut))
	for name, c := range map[string]struct {
		page  string
		owned bool
	}{
		"the page":             {page, false},
		"without its policy":   {scripted(t, page, ""), false},
		"with an open passage": {scripted(t, page, mark), true},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			dom := dump(t, browser, c.page)
			g.Expect(dom).To(ContainSubstring("&lt;script&gt;"))
			g.Expect(strings.Contains(dom, "data-owned")).To(Equal(c.owned))
		})
	}
}
