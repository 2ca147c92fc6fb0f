package changes_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	. "github.com/onsi/gomega"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	render "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

const attack = "\"><script>alert(1)</script><img src=x onerror=alert(2)> ![i](http://evil.example/i) [l](javascript:alert(3)) <http://evil.example>" +
	" https://evil.example/x www.evil.example a@evil.example @octocat #12 `code` **bold** _em_ ~~s~~ | a | b |\n\n# heading\n- item\n1. one\n> quote\n```\nfence\n:::\n" +
	"</style></title> --> ]]> {{.}} %s %!d(MISSING) &lt; \\ \n::error::boo\n\u202edesrever\u2066\u200b \x00\x07\x1b[31m\x7f\u0085\u2028 \xff\xfe"

// hostile is the comparison with an attack in each text.
func hostile() *reports.Comparison {
	c := comparison()
	reporttest.Poison(reflect.ValueOf(c).Elem(), "", attack)
	return c
}

func TestNoFormHoldsWhatATerminalObeys(t *testing.T) {
	for form := range writers {
		t.Run(form, func(t *testing.T) {
			g := NewWithT(t)
			got := write(t, form, hostile())
			g.Expect(utf8.ValidString(got)).To(BeTrue())
			g.Expect(got).NotTo(MatchRegexp(`[\x00-\x09\x0b-\x1f\x7f\x{80}-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{2028}\x{2029}]`))
			g.Expect(html.UnescapeString(got)).To(ContainSubstring("⟨U+202E⟩"))
		})
	}
}

// No text begins a line of its own, where a log reader such as that of GitHub Actions obeys it.
func TestHostileTextStaysInItsLine(t *testing.T) {
	g := NewWithT(t)
	lines := func(s string) int { return strings.Count(s, "\n") }
	for _, form := range []string{"txt", "md"} {
		calm := comparison()
		for i := range calm.Gaps { // each under a heading of its own, as the poisoned ones are
			calm.Gaps[i].Change += "-x"
		}
		g.Expect(lines(write(t, form, hostile()))).To(Equal(lines(write(t, form, calm))), form)
		g.Expect(write(t, form, hostile())).NotTo(MatchRegexp(`(?m)^\s*::`))
	}
}

func TestAHostilePageIsOnlyText(t *testing.T) {
	g := NewWithT(t)
	page := write(t, "html", hostile())
	seen := elements(t, page)
	for _, never := range []string{"script", "img", "a", "iframe", "object", "link", "form", "svg"} {
		g.Expect(seen).NotTo(HaveKey(never))
	}
	g.Expect(seen["style"]).To(Equal(1))
	g.Expect(page).To(ContainSubstring(`content="default-src 'none'; style-src 'unsafe-inline'"`))
}

// A reader of Markdown as GitHub's, raw HTML let through, finds only what this program wrote.
func TestHostileMarkdownIsOnlyText(t *testing.T) {
	g := NewWithT(t)
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(render.WithUnsafe()))
	var out bytes.Buffer
	g.Expect(md.Convert([]byte(write(t, "md", hostile())), &out)).To(Succeed())
	seen := elements(t, out.String())
	for name := range seen {
		g.Expect([]string{"html", "head", "body", "h2", "h3", "p", "ul", "li", "strong", "br"}).To(ContainElement(name))
	}
	c := comparison()
	g.Expect(seen["li"]).To(Equal(2 + len(c.Gaps) + len(c.Lost) + len(c.Settings)))
	g.Expect(seen["h2"]).To(Equal(1))
	g.Expect(seen["br"]).To(Equal(len(c.Gaps) + len(c.Lost)))
	// What it says is what the text says.
	g.Expect(text(t, out.String())).To(ContainSubstring(`<img src=x onerror=alert(2)> ![i](http://evil.example/i)`))
	g.Expect(out.String()).NotTo(MatchRegexp(`[@#][a-z0-9]`), "GitHub would link it")
}

func TestLongTextIsCut(t *testing.T) {
	g := NewWithT(t)
	c := comparison()
	c.Gaps[0].Why = strings.Repeat("€", 10<<20)
	for form := range writers {
		g.Expect(len(write(t, form, c))).To(BeNumerically("<", 40_000), form)
	}
}

// elements counts the elements of a page.
func elements(t *testing.T, page string) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for n := range parse(t, page).Descendants() {
		if n.Type == html.ElementNode {
			seen[n.Data]++
			if i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool {
				return strings.HasPrefix(a.Key, "on") || a.Key == "href" || a.Key == "src"
			}); i >= 0 {
				t.Errorf("<%s> has the attribute %s", n.Data, n.Attr[i].Key)
			}
		}
	}
	return seen
}

func text(t *testing.T, page string) string {
	t.Helper()
	var out strings.Builder
	for n := range parse(t, page).Descendants() {
		if n.Type == html.TextNode {
			out.WriteString(n.Data)
		}
	}
	return out.String()
}

func parse(t *testing.T, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}
