package oscal

import (
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

func TestObjectives(t *testing.T) {
	for _, c := range []struct {
		control string
		event   reports.EventKind
		want    string
		own     bool
	}{
		{"PS-4b", "", "ps-4_obj.b", true},
		{"AC-2(3)b", "", "ac-2.3_obj.b", true},
		{"AC-2l", reports.EventDeactivate, "ac-2_obj.l-1", true},
		{"AC-2l", reports.EventRemoveRole, "ac-2_obj.l-2", true},
		{"AC-2f", reports.EventDeactivate, "ac-2_obj.f-4", true},
		{"AC-2f", reports.EventDelete, "ac-2_obj.f-5", true},
		{"AC-2f", "", "ac-2_obj", false},
		{"AC-2(3)", "", "ac-2.3_obj", true},
		{"AC-2(13)", "", "ac-2.13_obj", true},
		{"AC-12", "", "ac-12_obj", true},
		{"SA-9a", "", "sa-9_obj.a-1", true},
		{"SA-9d", "", "sa-9_obj", false},
		{"RA-7", "", "ra-7_obj", true},
		{"PR.AA-01", "", "", false},
		{"ac-2", "", "", false},
		{"AC-2(3", "", "", false},
		{"", "", "", false},
	} {
		objective, own := objectiveOf(c.control, c.event)
		NewWithT(t).Expect([]any{objective, own}).To(Equal([]any{c.want, c.own}), c.control+" "+string(c.event))
	}
}

// Every line of the data has to be of the control that it is the objective of.
func TestObjectivesAreOfTheirControl(t *testing.T) {
	g := NewWithT(t)
	for control, objective := range objectives {
		g.Expect(objective).To(HavePrefix(controlID(control) + "_obj"))
	}
	for control, list := range byEvent {
		for _, objective := range list {
			g.Expect(objective).To(HavePrefix(controlID(control) + "_obj"))
		}
	}
}

func TestTokens(t *testing.T) {
	for words, want := range map[string]string{
		"application owner": "application-owner", "CSF 2.0": "csf-2.0", "OWASP NHI:2025": "owasp-nhi-2025", "  risk office  ": "risk-office",
		"": "x-unnamed", "2nd line": "x-2nd-line", "リスク": "x-unnamed", "..": "x-unnamed", "_a": "x-_a", "a.": "a",
	} {
		g := NewWithT(t)
		g.Expect(token(words)).To(Equal(want), words)
		g.Expect(token(words)).To(MatchRegexp(tokenForm.String()))
	}
}

func TestContactsThatAreAddresses(t *testing.T) {
	for contact, want := range map[string]string{
		"a.b@example.com": "a.b@example.com", "mailto:a@example.com": "a@example.com", " a@b ": "a@b",
		"#identity-ops": "", "a@b@c": "", "Ada <a@example.com>": "", "a@example.com\r\nBcc: x@y": "", `"a b"@example.com`: "", "a..b@example.com": "",
	} {
		NewWithT(t).Expect(email(contact)).To(Equal(want), contact)
	}
}

func TestMomentsThatOSCALHolds(t *testing.T) {
	g := NewWithT(t)
	g.Expect(moment(time.Date(2026, 11, 23, 9, 12, 4, 500, time.FixedZone("", 3600)))).To(Equal("2026-11-23T08:12:04.0000005Z"))
	g.Expect(moment(time.Time{})).To(BeEmpty())
	g.Expect(moment(time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC))).To(BeEmpty())
	g.Expect(endOf("2026-12-01")).To(Equal("2026-12-01T23:59:59Z"))
	g.Expect(endOf("")).To(BeEmpty())
	g.Expect(endOf("tomorrow")).To(BeEmpty())
}

func TestLongTextsAreCut(t *testing.T) {
	g := NewWithT(t)
	g.Expect(plain(strings.Repeat("é", longest))).To(Equal(strings.Repeat("é", longest)))
	g.Expect(plain(strings.Repeat("é", longest+1))).To(Equal(strings.Repeat("é", longest) + " …"))
}

func TestMarkupShowsTextAsItIs(t *testing.T) {
	for text, want := range map[string]string{
		"# no heading": `\# no heading`, "- no list": `\- no list`, "a - b": "a - b", "a < b & c": "a &lt; b &amp; c", "snake_case": "snake_case",
		"&lt;": "&amp;lt;", `C:\x`: `C:\\x`, "{{ insert: param, x }}": `\{\{ insert: param, x }}`, "two\n\nlines": "two lines", " \t": "",
	} {
		NewWithT(t).Expect(markup(text)).To(Equal(want), text)
	}
}

// stringForm is the official pattern of a string, with the spaces of ECMAScript.
var stringForm = regexp.MustCompile(`^[^\s\x{85}\p{Z}\x{feff}](.*[^\s\x{85}\p{Z}\x{feff}])?$`)

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"", " a ", "\x00\x1b", "\xff", "\u202e", "\u2028a", "\ufeff", "a\u00a0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g := NewWithT(t)
		out := plain(text)
		g.Expect(utf8.ValidString(out)).To(BeTrue())
		g.Expect(plain(out)).To(Equal(out))
		if out != "" {
			g.Expect(out).To(MatchRegexp(stringForm.String()))
		}
		var buf strings.Builder
		g.Expect(xml.EscapeText(&buf, []byte(out))).To(Succeed())
		g.Expect(xml.Unmarshal([]byte("<a>"+buf.String()+"</a>"), new(string))).To(Succeed())
		g.Expect(token(text)).To(MatchRegexp(tokenForm.String()))
	})
}
