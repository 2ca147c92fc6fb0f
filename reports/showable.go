package reports

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Showable is a text on one line that may stand in any format of a report, whoever wrote it:
// valid UTF-8 without what XML 1.0 forbids, without invisible characters that could hide or
// reorder their neighbours, and without control characters, which are shown as their pictures. Of
// a text longer than limit characters the head is kept, with a word on the rest.
//
// It escapes nothing: what a format's own syntax would take for markup, the format has to escape.
func Showable(text string, limit int) string {
	head, rest := headOf(text, limit)
	var out strings.Builder
	out.Grow(len(head))
	for _, r := range head {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			out.WriteByte(' ')
		case r < ' ':
			out.WriteRune('\u2400' + r) // the picture of the control character
		case r == 0x7f:
			out.WriteRune('\u2421')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r&0xfffe == 0xfffe:
			fmt.Fprintf(&out, "⟨U+%04X⟩", r)
		default:
			out.WriteRune(r) // what is no UTF-8 arrives as U+FFFD
		}
	}
	shown := strings.TrimSpace(out.String())
	if rest > 0 {
		shown += fmt.Sprintf(" … (%d more characters in report.json)", rest)
	}
	return shown
}

// headOf splits off what goes beyond the limit and counts its characters.
func headOf(text string, limit int) (head string, rest int) {
	if len(text) <= limit {
		return text, 0
	}
	n := 0
	for i := range text {
		if n == limit {
			return text[:i], utf8.RuneCountInString(text[i:])
		}
		n++
	}
	return text, 0
}
