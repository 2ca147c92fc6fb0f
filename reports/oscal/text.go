package oscal

import (
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/scimproof/scimproof/reports"
)

// longest is how many characters of a text the documents hold; report.json has the rest.
const longest = 2_000

// plain makes a text fit for a string of OSCAL: one line, trimmed, valid UTF-8, without
// characters that JSON's readers or an XML form of the document refuse, and without those that
// reorder or hide what stands beside them. What has no such form becomes U+FFFD.
func plain(text string) string {
	var out strings.Builder
	space, n := false, 0
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = n > 0
			continue
		}
		if n >= longest {
			out.WriteString(" …")
			break
		}
		if space {
			out.WriteByte(' ')
			n, space = n+1, false
		}
		if forbidden(r) {
			r = unicode.ReplacementChar
		}
		out.WriteRune(r)
		n++
	}
	return out.String()
}

// forbidden tells the characters that are no part of XML 1.0, and the invisible ones.
func forbidden(r rune) bool {
	if r < 0x7f { // most of all texts
		return r < ' '
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || r&0xfffe == 0xfffe
}

// special are the characters that OSCAL's Markdown reads as more than themselves.
var special = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "[", `\[`, "]", `\]`, "{", `\{`, "~", `\~`, "^", `\^`, "|", `\|`, "!", `\!`,
)

// markup is plain text as OSCAL's Markdown: whatever a target has sent is shown as it is, and no
// link, picture, tag or parameter comes of it.
func markup(text string) string {
	escaped := special.Replace(plain(text))
	if escaped != "" && strings.ContainsRune("#-+=_", rune(escaped[0])) {
		escaped = `\` + escaped
	}
	return escaped
}

// line is markup that has to be there.
func line(text, otherwise string) string {
	if escaped := markup(text); escaped != "" {
		return escaped
	}
	return otherwise
}

// paragraphs are texts of several sentences, one below the other, that have to be there.
func paragraphs(otherwise string, texts ...string) string {
	var out []string
	for _, text := range texts {
		if escaped := markup(text); escaped != "" {
			out = append(out, escaped)
		}
	}
	if len(out) == 0 {
		return otherwise
	}
	return strings.Join(out, "\n\n")
}

// token makes an OSCAL token of words: "application owner" becomes application-owner. Of
// something that has no letter at its beginning it makes one that has.
func token(words string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(plain(words)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '_':
			out.WriteRune(r)
		case out.Len() > 0:
			out.WriteByte('-')
		}
	}
	name := strings.TrimRight(out.String(), "-.")
	if name == "" || name[0] < 'a' || name[0] > 'z' {
		return "x-" + orWord(strings.TrimLeft(name, "."), "unnamed")
	}
	return name
}

func orWord(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// moment is a time with its zone, UTC; empty for one that OSCAL cannot hold, such as the zero
// time.
func moment(at time.Time) string {
	at = at.UTC()
	if at.Year() < 1900 || at.Year() > 2999 {
		return ""
	}
	return at.Format(time.RFC3339Nano)
}

// endOf is a day's last second, because a deadline includes its day; empty where there is none.
func endOf(day reports.Day) string {
	start := day.Time()
	if start.IsZero() {
		return ""
	}
	return moment(start.Add(24*time.Hour - time.Second))
}

// email returns a contact that is an address and nothing else; empty for any other.
func email(contact string) string {
	contact = strings.TrimPrefix(strings.TrimSpace(contact), "mailto:")
	if !addresses.MatchString(contact) {
		return ""
	}
	if _, err := mail.ParseAddress(contact); err != nil {
		return ""
	}
	return contact
}

// addresses are the common form of an e-mail address, without quotes and comments.
var addresses = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// sha256s are digests as the report holds them.
var sha256s = regexp.MustCompile(`^[0-9a-f]{64}$`)
