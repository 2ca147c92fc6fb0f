package target

import (
	"fmt"
	"regexp"
)

// placeholder matches {{name}}.
var placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// Expand fills the placeholders of a template. Braces without a partner stay as
// they are; an unknown name is an error.
func Expand(template string, values map[string]string) (string, error) {
	var missing error
	out := placeholder.ReplaceAllStringFunc(template, func(found string) string {
		name := placeholder.FindStringSubmatch(found)[1]
		value, ok := values[name]
		if !ok && missing == nil {
			missing = fmt.Errorf("no value for the placeholder {{%s}}", name)
		}
		return value
	})
	if missing != nil {
		return "", missing
	}
	return out, nil
}

// placeholders lists the names that a template uses.
func placeholders(template string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		names = append(names, m[1])
	}
	return names
}
