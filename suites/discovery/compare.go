package discovery

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/scimproof/scimproof/suites/scim"
)

// kept reports whether a value is shown as it was sent, as far as its definition goes. Of a
// complex value the parts that were sent count; of several values, the first.
func kept(a scim.Attribute, sent, shown any) bool {
	if list, ok := sent.([]any); ok {
		return len(list) > 0 && keptOf(a, list[:1], shown) == 1
	}
	return keptOne(a, sent, shown)
}

// keptOf counts which of several values are shown.
func keptOf(a scim.Attribute, sent []any, shown any) int {
	list, ok := shown.([]any)
	if !ok && shown != nil {
		list = []any{shown}
	}
	n := 0
	for _, one := range sent {
		for _, other := range list {
			if keptOne(a, one, other) {
				n++
				break
			}
		}
	}
	return n
}

func keptOne(a scim.Attribute, sent, shown any) bool {
	parts, complex := sent.(map[string]any)
	if !complex {
		return same(a, sent, shown)
	}
	return len(lost(a, parts, shown)) == 0
}

// lost names the parts of a complex value that are shown otherwise, or not at all.
func lost(a scim.Attribute, parts map[string]any, shown any) []string {
	object, _ := shown.(map[string]any)
	var names []string
	for _, sub := range a.Sub {
		sent, written := parts[sub.Name]
		if !written || sub.Returned == "never" || sub.Returned == "request" {
			continue
		}
		value, _ := scim.Document(object).Get(sub.Name)
		// Which value is the primary one may be said once, or not at all.
		if !same(sub, sent, value) && sub.Name != "primary" {
			names = append(names, sub.Name)
		}
	}
	return names
}

// same compares simple values in the sense of their type.
func same(a scim.Attribute, sent, shown any) bool {
	if text, ok := sent.(string); ok {
		other, isText := shown.(string)
		return isText && sameText(a, text, other)
	}
	return fmt.Sprint(plain(sent)) == fmt.Sprint(plain(shown))
}

// plain makes one form of the numbers 7, 7.0 and what came as JSON.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return f
		}
	case int:
		return float64(v)
	}
	return v
}

func sameText(a scim.Attribute, sent, shown string) bool {
	switch a.Type {
	case "dateTime":
		one, wrong := time.Parse(time.RFC3339Nano, sent)
		other, err := time.Parse(time.RFC3339Nano, shown)
		return wrong == nil && err == nil && one.Equal(other)
	case "binary":
		one, wrong := base64.StdEncoding.DecodeString(sent)
		other, err := base64.StdEncoding.DecodeString(shown)
		return wrong == nil && err == nil && bytes.Equal(one, other)
	case "reference":
		return strings.TrimSuffix(sent, "/") == strings.TrimSuffix(shown, "/")
	}
	// A telephone number may be written in another way (RFC 7643 §4.1.2).
	if strings.HasPrefix(sent, "+") && digits(sent) == digits(shown) {
		return true
	}
	return sent == shown || !a.CaseExact && strings.EqualFold(sent, shown)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// shape tells how a value differs from its definition's type; empty where it fits. Which values
// are several is another matter.
func shape(a scim.Attribute, value any) string {
	if !slices.Contains(words["type"], a.Type) {
		return "" // which is said of the schema
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for _, one := range list {
		if wrong := shapeOne(a, one); wrong != "" {
			return wrong
		}
	}
	return ""
}

func shapeOne(a scim.Attribute, value any) string {
	fits := true
	switch v := value.(type) {
	case nil:
	case bool:
		fits = a.Type == "boolean"
	case json.Number:
		_, err := v.Int64()
		fits = a.Type == "decimal" || a.Type == "integer" && err == nil
	case string:
		fits = textFits(a.Type, v)
	case map[string]any:
		if a.Type == "complex" {
			return shapeParts(a, v)
		}
		fits = false
	default:
		fits = false
	}
	if fits {
		return ""
	}
	raw, _ := json.Marshal(value) //nolint:errchkjson // It came as JSON.
	return fmt.Sprintf("%s is of type %s and shown as %s", a.Name, a.Type, cut(string(raw)))
}

func shapeParts(a scim.Attribute, object map[string]any) string {
	for _, sub := range a.Sub {
		value, _ := scim.Document(object).Get(sub.Name)
		if wrong := shape(sub, value); wrong != "" {
			return a.Name + "." + wrong
		}
	}
	return ""
}

func textFits(kind, text string) bool {
	var err error
	switch kind {
	case "string", "reference":
	case "binary":
		_, err = base64.StdEncoding.DecodeString(text)
	case "dateTime":
		_, err = time.Parse(time.RFC3339Nano, text)
	default:
		return false
	}
	return err == nil
}
