package changes

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// Markdown writes a comparison for a pull request or a wiki, in CommonMark. The same comparison
// gives the same bytes.
func Markdown(w io.Writer, c *reports.Comparison) error {
	v, err := newView(c)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w) // keeps the first error until Flush
	// What may be hostile is in the arguments alone.
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, escaped(args)...) }
	say("## What changed: %s\n\n**%s.** %s\n\n", v.Target, v.Headline, v.Tally)
	for _, r := range v.Runs {
		say("- %s: run %s, %s, target version %s, verdict **%s**\n", r.Side, r.ID, r.Started, r.Version, r.Verdict)
	}
	for _, g := range v.Groups {
		say("\n### %s (%d)\n\nGaps: %s.\n\n", g.Title, len(g.Gaps), g.Meaning)
		for _, gap := range g.Gaps {
			say("- **%s** · %s (%s)  \n  Why: %s\n", gap.Severity, gap.Title, strings.Join(gap.marks(), "; "), gap.Why)
		}
	}
	if len(v.Lost) > 0 {
		say("\n### No longer decided (%d)\n\nThese checks decided something, and decide nothing now.\n\n", len(v.Lost))
	}
	for _, l := range v.Lost {
		say("- Check %s: **%s**, before %s  \n  Why: %s\n", l.Check, l.Is, l.Was, l.Why)
	}
	if len(v.Settings) > 0 {
		say("\n### Changed beside the application\n\n")
	}
	for _, s := range v.Settings {
		say("- The %s: %s, before %s\n", s.What, s.Is, s.Was)
	}
	return finish(out)
}

func escaped(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		if s, is := a.(string); is {
			a = escape(s)
		}
		out[i] = a
	}
	return out
}

// harmless is the punctuation that means nothing inside a line of Markdown.
const harmless = `.,;'"?!%$=/()+-`

// escape makes a clean text mean itself in Markdown. GitHub links names, issues and addresses
// after it has taken the backslashes away; a zero-width space breaks these apart.
func escape(s string) string {
	var out strings.Builder
	for i, r := range s {
		switch {
		case r == '@' || r == '#':
			out.WriteByte('\\')
			out.WriteRune(r)
			out.WriteRune('\u200b')
			continue
		case r == ':' && !strings.HasPrefix(s[i:], ":/"): // of a sentence or a time, not of an address
		case r == '.' && endsWithWWW(s[:i]):
			out.WriteByte('\\')
		case r > ' ' && r < 0x7f && !isWord(r) && !strings.ContainsRune(harmless, r):
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

func endsWithWWW(s string) bool {
	return len(s) >= 3 && strings.EqualFold(s[len(s)-3:], "www")
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
