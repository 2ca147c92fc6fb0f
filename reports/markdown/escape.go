package markdown

import (
	"regexp"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// The longest texts, in characters. report.json has the rest.
const (
	maxID   = 120
	maxText = 600
)

// inline makes a text of anybody's fit to stand within a line or a cell of a table: nothing in it
// is markup, a link, or the name of somebody who would be told.
func inline(text string) string { return escaped(text, maxText) }

// id is inline for what names something: as code where it is plain, so that nothing in it is taken
// for a link.
func id(text string) string {
	if plainID.MatchString(text) {
		return "`" + text + "`"
	}
	return escaped(text, maxID)
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$`)

func escaped(text string, limit int) string {
	shown := reports.Showable(text, limit)
	var out strings.Builder
	out.Grow(len(shown) + len(shown)/8)
	for i, r := range shown {
		switch {
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '&':
			out.WriteString("&amp;")
		case r == '@' || r == '#':
			// GitHub looks for names and numbers once the page is made, where an escape is gone; a
			// space without width keeps the sign and what follows apart.
			out.WriteString("\\" + string(r) + "&#8203;")
		case strings.ContainsRune("\\`*_[]|~$", r),
			r == ':' && strings.HasPrefix(shown[i:], "://"),
			r == '.' && i >= 3 && strings.EqualFold(shown[i-3:i], "www"),
			i == 0 && strings.ContainsRune("-+", r),
			strings.ContainsRune(".)", r) && onlyDigits(shown[:i]) && strings.HasPrefix(shown[i+1:]+" ", " "):
			out.WriteString("\\" + string(r))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// onlyDigits tells whether what follows would make an item of a numbered list.
func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
