package reports_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

func TestShowable(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		limit int
		want  string
	}{
		"plain text stays":           {"Ada Okafor, ß and 日本", 100, "Ada Okafor, ß and 日本"},
		"lines become one":           {"a\r\nb\nc\td\u2028e\u2029f", 100, "a  b c d e f"},
		"outer space goes":           {" \t a \n", 100, "a"},
		"controls are shown":         {"\x00\x1b[31m\x7f", 100, "␀␛[31m␡"},
		"C1 controls are named":      {"\u0085", 100, "⟨U+0085⟩"},
		"reordering marks are named": {"\u202ea\u2066b\u200bc\ufeff", 100, "⟨U+202E⟩a⟨U+2066⟩b⟨U+200B⟩c⟨U+FEFF⟩"},
		"what XML forbids is named":  {"\ufffe\uffff\U0001fffe", 100, "⟨U+FFFE⟩⟨U+FFFF⟩⟨U+1FFFE⟩"},
		"no UTF-8 is replaced":       {"a\xff\xfeb", 100, "a\ufffd\ufffdb"},
		"a text at the limit stays":  {"ßßß", 3, "ßßß"},
		"a longer one is cut":        {"ßßßßß", 3, "ßßß … (2 more characters in report.json)"},
		"nothing":                    {"", 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(reports.Showable(c.text, c.limit)).To(Equal(c.want))
		})
	}
}

func FuzzShowable(f *testing.F) {
	f.Add("a\x00\r\n\u202e\xff", 3)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		shown := reports.Showable(text, limit)
		if !utf8.ValidString(shown) {
			t.Errorf("%q gives no UTF-8: %q", text, shown)
		}
		if at := strings.IndexFunc(shown, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }); at >= 0 {
			t.Errorf("%q gives an invisible character at %d: %q", text, at, shown)
		}
	})
}
