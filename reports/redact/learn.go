package redact

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
)

// secretKey matches the JSON keys and query parameters whose values are taken for
// secrets wherever a target sends them.
var secretKey = regexp.MustCompile(`(?i)(token|secret|passw|api[_-]?key|^key$|assertion|cookie|otp|session|^code$|csrf)`)

// jwt matches a JSON Web Token by its shape: two base64url parts that begin like
// a JSON object, and a signature.
var jwt = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{5,}\.eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*`)

// SecretKey reports whether a value under this name is taken for a secret.
func SecretKey(name string) bool { return secretKey.MatchString(name) }

// LearnBody learns what a body gives away by itself: the values of telling JSON
// keys at any depth, and everything in the shape of a JSON Web Token.
func (v *Vault) LearnBody(body []byte) {
	for _, token := range jwt.FindAll(body, -1) {
		v.Learn("jwt", string(token))
	}
	var doc any
	if json.Unmarshal(body, &doc) == nil {
		v.learnValue("", doc)
	}
}

func (v *Vault) learnValue(key string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for k, inner := range value {
			v.learnValue(k, inner)
		}
	case []any:
		for _, inner := range value {
			v.learnValue(key, inner)
		}
	case string:
		v.LearnNamed(key, value)
	}
}

// LearnNamed learns a value that a target sent under a name, if the name tells of
// a secret and the value can be one. A word such as "Bearer" under "token_type",
// or an address under "token_endpoint", is no secret; learning it would black out
// innocent text all over the report.
func (v *Vault) LearnNamed(name, value string) {
	if len(value) >= 8 && SecretKey(name) && !strings.HasPrefix(value, "http") && looksRandom(value) {
		v.Learn(strings.ToLower(name), value)
	}
}

// looksRandom tells a token from a word: it has a digit, or both letter cases
// beyond a capital at the start.
func looksRandom(s string) bool {
	var digit, lower, upper bool
	for i, r := range s {
		switch {
		case unicode.IsDigit(r):
			digit = true
		case unicode.IsLower(r):
			lower = true
		case unicode.IsUpper(r) && i > 0:
			upper = true
		}
	}
	return digit || lower && upper
}
