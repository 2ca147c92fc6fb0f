package changes

import (
	"fmt"
	"strings"
	"unicode"
)

// maxText is the longest text that is shown, in characters; the reports have the rest.
const maxText = 2_000

// clean makes a text fit for one line: valid UTF-8, no control character that a terminal would
// obey, nothing invisible that could hide or reorder its neighbours, and no longer than maxText.
func clean(s string) string {
	var out strings.Builder
	n := 0
	for _, r := range s { // what is no UTF-8 arrives as U+FFFD
		if n++; n > maxText {
			out.WriteString(" … (cut; the report has the rest)")
			break
		}
		switch {
		case r == '\n', r == '\r', r == '\t':
			out.WriteByte(' ')
		case r < ' ':
			out.WriteRune('\u2400' + r) // the picture of the control character
		case r == 0x7f:
			out.WriteRune('\u2421')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			fmt.Fprintf(&out, "⟨U+%04X⟩", r)
		default:
			out.WriteRune(r)
		}
	}
	return strings.TrimSpace(out.String())
}
