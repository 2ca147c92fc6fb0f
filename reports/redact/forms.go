package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// forms lists the spellings under which a secret can turn up in an output, the
// plain one first, without repeats.
func forms(secret string) []string {
	spellings := []string{
		secret,
		url.QueryEscape(secret),
		url.PathEscape(secret),
		jsonEscaped(secret),
		html.EscapeString(secret),
		hex.EncodeToString([]byte(secret)),
	}
	spellings = append(spellings, base64Forms(secret)...)
	seen := make(map[string]bool, len(spellings))
	unique := spellings[:0]
	for _, s := range spellings {
		if len(s) >= MinLength && !seen[s] {
			seen[s] = true
			unique = append(unique, s)
		}
	}
	return unique
}

// base64Forms gives the runs of base64 text that any text holding the secret must
// contain. A secret may start at each of the three places within a group of three
// bytes; the characters that also depend on its neighbours are left off.
func base64Forms(secret string) []string {
	var out []string
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			text := enc.EncodeToString([]byte(strings.Repeat("\x00", shift) + secret))
			// Characters that hold bits of the bytes before the secret …
			from := (shift*8 + 5) / 6
			// … and the last one, when it also holds bits of the byte after it.
			to := len(text)
			if (shift+len(secret))%3 != 0 {
				to--
			}
			// A short run would match innocent text.
			if to-from >= 8 {
				out = append(out, text[from:to])
			}
		}
	}
	return out
}

func jsonEscaped(secret string) string {
	quoted, err := json.Marshal(secret)
	if err != nil {
		return secret
	}
	return string(quoted[1 : len(quoted)-1])
}

// longestEscape is how many bytes an escape takes at most in the place of one, as &#x22; does.
const longestEscape = 6

// loosened is a text without the escapes of HTML, XML, JSON, Markdown, CSV and workflow commands:
// entities are read, backslashes go, doubled quotation marks are single ones, and so is %25. A
// format writes a secret in some mixture of these.
func loosened(s string) string {
	return singly.Replace(html.UnescapeString(unicodeEscape.ReplaceAllStringFunc(s, unescaped)))
}

var singly = strings.NewReplacer(`\`, "", `""`, `"`, "%25", "%")

// unicodeEscape is how JSON may write a character.
var unicodeEscape = regexp.MustCompile(`\\u00[0-7][0-9a-fA-F]`)

func unescaped(escape string) string {
	code, err := strconv.ParseUint(escape[2:], 16, 8)
	if err != nil {
		return escape
	}
	return string(rune(code))
}
