package acme

import (
	"regexp"
	"strings"
)

// reference finds the bulkId in a text that refers to one (RFC 7644 §3.7.2): alone, at
// the end of an address as in $ref, or in the filter of a PATCH's path.
var reference = regexp.MustCompile(`(^|[/"])bulkId:([^/"]+)("|$)`)

// references lists the bulkIds that a JSON value refers to.
func references(value any) []string {
	var out []string
	eachText(value, func(text string) string {
		for _, found := range reference.FindAllStringSubmatch(text, -1) {
			out = append(out, found[2])
		}
		return text
	})
	return out
}

// resolved puts the ids in the place of the bulkIds whose resources were made.
func (j *job) resolved(value any) any {
	return eachText(value, func(text string) string {
		return reference.ReplaceAllStringFunc(text, func(found string) string {
			part := reference.FindStringSubmatch(found)
			if maker := j.created[part[2]]; maker != nil && maker.stage == done {
				return part[1] + maker.id + part[3]
			}
			return found
		})
	})
}

// eachText returns a JSON value with another text in the place of each.
func eachText(value any, other func(string) string) any {
	switch value := value.(type) {
	case string:
		return other(value)
	case map[string]any:
		out := make(map[string]any, len(value))
		for key, inner := range value {
			out[key] = eachText(inner, other)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, inner := range value {
			out[i] = eachText(inner, other)
		}
		return out
	}
	return value
}

// postpone takes the attributes out of the data that refer to what is not made yet.
func (o *bulkOperation) postpone() {
	o.late = map[string]any{}
	data, _ := o.data.(map[string]any)
	for key, value := range data {
		part, isObject := value.(map[string]any)
		switch {
		case len(references(value)) == 0:
		case isObject && strings.HasPrefix(strings.ToLower(key), "urn:"):
			for name, inner := range part {
				if len(references(inner)) > 0 {
					o.late[key+":"+name] = inner
					delete(part, name)
				}
			}
		default:
			o.late[key] = value
			delete(data, key)
		}
	}
}
