package launch

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimproof/scimproof/suites/exchange"
)

// longestLine is how much of a line of a log is shown, in bytes.
const longestLine = 500

// telling are words whose values are secrets, whole or as part of a name such as
// DB_PASSWORD or accessToken.
const telling = `[\w.-]*(?:token|passw|passphrase|pwd|secret|key|credential|authorization|bearer|cookie|session|jwt|otp|pin\b)[\w-]*`

const (
	value = `("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;]+)`
	joint = `["']?\s*(?::=|=>|[:=]|\b(?:is|was)\b)?\s*`
)

var (
	// named matches a telling word, or several such as "secret key:", and the value after it.
	named = regexp.MustCompile(`(?i)((?:` + telling + joint + `)+)` + value)
	// described matches what stands between: "password for admin: value".
	described = regexp.MustCompile(`(?i)(` + telling + `[^:=]{1,80}[:=]\s*)` + value)
	// address matches the credentials of an address such as postgres://user:password@db.
	address = regexp.MustCompile(`(://)([^/\s@]+)@`)
	// tag is what stands for a secret that the vault knows. Its name may be a telling one.
	tag = regexp.MustCompile(`‹[^›]*›`)
	// word is what a secret without a name is part of.
	word = regexp.MustCompile(`[A-Za-z0-9_+=-]{16,}`)
)

const removed = "‹removed›"

// clean takes out of the lines of a log all that is or could be a secret: what is known to
// be one, what the profile says that a secret is captured from, what stands under a telling
// name, and what looks like one. An application that fails often says why, and with what.
func (l *launching) clean(lines []string) []string {
	if len(lines) > lastLines {
		lines = lines[len(lines)-lastLines:]
	}
	var patterns []*regexp.Regexp
	for _, step := range l.profile.Container().Seed {
		for _, c := range step.Capture {
			if pattern, err := regexp.Compile(c.Match); step.Log != nil && err == nil {
				patterns = append(patterns, pattern)
			}
		}
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		line = tag.ReplaceAllString(l.vault.Text(line), removed)
		for _, pattern := range patterns {
			line = withoutGroups(pattern, line)
		}
		line = described.ReplaceAllString(line, "${1}"+removed)
		line = named.ReplaceAllString(line, "${1}"+removed)
		line = address.ReplaceAllString(line, "${1}"+removed+"@")
		line = word.ReplaceAllStringFunc(line, unlessPlain)
		out[i] = exchange.Printable(line, longestLine)
	}
	return out
}

// withoutGroups takes out what the groups of a pattern hold.
func withoutGroups(pattern *regexp.Regexp, line string) string {
	var b strings.Builder
	from := 0
	for _, found := range pattern.FindAllStringSubmatchIndex(line, -1) {
		for g := 2; g+1 < len(found); g += 2 {
			if found[g] >= from && found[g+1] > found[g] {
				b.WriteString(line[from:found[g]] + removed)
				from = found[g+1]
			}
		}
	}
	return b.String() + line[from:]
}

// caseLength is the length from which a word of both cases is more likely a secret than a
// name in a program.
const caseLength = 24

// unlessPlain takes out a long word that has digits among its letters, or both cases.
func unlessPlain(w string) string {
	digit := strings.ContainsFunc(w, unicode.IsDigit)
	upper, lower := strings.ContainsFunc(w, unicode.IsUpper), strings.ContainsFunc(w, unicode.IsLower)
	if (upper || lower) && digit || upper && lower && len(w) >= caseLength {
		return fmt.Sprintf("‹%d characters›", utf8.RuneCountInString(w))
	}
	return w
}
