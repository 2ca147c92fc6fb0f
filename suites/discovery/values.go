package discovery

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
)

// maker makes values up for one resource: such as an identity source could send, and unlike those
// of any other resource.
type maker struct{ mark, domain string }

// value makes up a value for an attribute, in the form that its definition asks for. ok is false
// for what nobody can make up.
func (m maker) value(a scim.Attribute) (value any, ok bool) {
	if beyond(a) {
		return nil, false
	}
	if !a.MultiValued {
		return m.one(a, 0)
	}
	var list []any
	for i := range m.many(a) {
		one, ok := m.one(a, i)
		if !ok {
			return nil, false
		}
		list = append(list, one)
	}
	return list, true
}

// many is how many values a multi-valued attribute gets: two, or one of each type.
func (m maker) many(a scim.Attribute) int {
	kinds, _ := a.Find("type")
	return min(max(2, len(kinds.Canonical)), most)
}

// one makes up a single value, the nth of several.
func (m maker) one(a scim.Attribute, nth int) (any, bool) {
	switch a.Type {
	case "complex":
		return m.object(a, nth)
	case "boolean":
		return false, true // a right that nobody asked for is not to be given
	case "integer":
		return 7 + nth, true
	case "decimal":
		return 7.5 + float64(nth), true
	case "dateTime":
		return fmt.Sprintf("2026-01-%02dT09:00:00Z", 30-nth), true
	case "binary":
		return base64.StdEncoding.EncodeToString([]byte(m.text("", nth))), true
	case "reference":
		if len(a.References) == 1 && strings.EqualFold(a.References[0], "external") {
			return "https://scimproof.example/" + m.text("", nth), true
		}
		return nil, false
	case "string":
		return m.word(a, nth)
	}
	return nil, false
}

// object makes up the parts that can be written. Which of several is the primary one is said once.
func (m maker) object(a scim.Attribute, nth int) (any, bool) {
	part := map[string]any{}
	for _, sub := range a.Sub {
		switch {
		case beyond(sub) || sub.Type == "complex" || sub.MultiValued || sub.Name == "display" || sub.Name == "formatted":
			// display and formatted are often the service's own summary of the rest.
		case sub.Name == "primary":
			if nth == 0 {
				part[sub.Name] = true
			}
		case sub.Name == "value" && sub.Type == "string":
			part[sub.Name] = m.wordFor(a.Name, nth)
		case sub.Name == "type" && a.MultiValued && len(sub.Canonical) > 0:
			part[sub.Name] = sub.Canonical[nth%len(sub.Canonical)]
		default:
			if value, ok := m.one(sub, nth); ok {
				part[sub.Name] = value
			}
		}
	}
	return part, len(part) > 0
}

func (m maker) word(a scim.Attribute, nth int) (any, bool) {
	if len(a.Canonical) > 0 {
		return a.Canonical[0], true
	}
	return m.wordFor(a.Name, nth), true
}

// formed are names whose values have a form of their own.
var formed = []struct {
	name  *regexp.Regexp
	value func(text string, nth int) string
}{
	{regexp.MustCompile(`(?i)phone|fax|mobile`), func(_ string, nth int) string { return fmt.Sprintf("+1-201-555-01%02d", nth) }},
	{regexp.MustCompile(`(?i)url$|uri$|link$`), func(text string, _ int) string { return "https://scimproof.example/" + text }},
	{regexp.MustCompile(`(?i)^country`), func(string, int) string { return "US" }},
	{regexp.MustCompile(`(?i)^region$`), func(string, int) string { return "CA" }},
	{regexp.MustCompile(`(?i)^postalcode$`), func(_ string, nth int) string { return fmt.Sprintf("9160%d", nth) }},
	{regexp.MustCompile(`(?i)^locale$`), func(string, int) string { return "en-US" }},
	{regexp.MustCompile(`(?i)language$`), func(string, int) string { return "en-US" }},
	{regexp.MustCompile(`(?i)^time_?zone$`), func(string, int) string { return "Europe/Berlin" }},
	{regexp.MustCompile(`(?i)currency`), func(string, int) string { return "EUR" }},
	{regexp.MustCompile(`(?i)date$`), func(string, int) string { return "2026-01-31" }},
}

func (m maker) wordFor(name string, nth int) string {
	if strings.Contains(strings.ToLower(name), "mail") {
		return subject.Prefix + strings.ToLower(m.text("", nth)) + "@" + m.domain
	}
	for _, f := range formed {
		if f.name.MatchString(name) {
			return f.value(m.text(name, nth), nth)
		}
	}
	return m.text(name, nth)
}

// text is short, and has letters of both cases.
func (m maker) text(name string, nth int) string {
	const enough = 8 // what is too long may be cut
	text := "Sp" + name[:min(enough, len(name))] + "-" + m.mark
	if nth > 0 {
		text += fmt.Sprintf("-%d", nth+1)
	}
	return text
}

// strangers are names of what takes a truth from outside, such as a picture, somebody else's id or
// a right that there is.
var strangers = regexp.MustCompile(`(?i)photo|picture|avatar|thumbnail|logo|image|certificate|password|secret|^roles?$|^entitlements?$|^groups?$|^members?$|manager|\$ref|license|permission`)

// idSuffix is what tells managerId from paid.
var idSuffix = regexp.MustCompile(`[a-z]I[dD]s?$`)

// beyond reports what cannot be made up, or cannot be written.
func beyond(a scim.Attribute) bool {
	if a.Mutability == "readOnly" {
		return true
	}
	return strangers.MatchString(a.Name) || idSuffix.MatchString(a.Name)
}
