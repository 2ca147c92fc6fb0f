package target

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// variable matches ${NAME}, and $${ which stands for a plain ${.
var variable = regexp.MustCompile(`\$\$\{|\$\{([^}]*)\}`)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// resolver fills ${VARIABLES} in and remembers what they held.
type resolver struct {
	faults  *faultList
	env     func(string) (string, bool)
	dir     string // of the profile, for relative files
	secrets []Secret
	// container are the values that a started container gives, by the names of its
	// variables; nil for a profile without one.
	container map[string]string
	// given are those of them that are no stand-ins.
	given map[string]string
}

// fill replaces the variables in every string of the document.
func (r *resolver) fill(at path, value any) any {
	switch value := value.(type) {
	case string:
		return r.text(at, value)
	case map[string]any:
		for key, inner := range value {
			value[key] = r.fill(at.Child(key), inner)
		}
	case []any:
		for i, inner := range value {
			value[i] = r.fill(at.Child(strconv.Itoa(i)), inner)
		}
	}
	return value
}

func (r *resolver) text(at path, text string) string {
	return variable.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$${" {
			return "${"
		}
		name := found[2 : len(found)-1]
		if ofContainer(name) {
			return r.fromContainer(at, name)
		}
		if !variableName.MatchString(name) {
			r.faults.add(at, fmt.Sprintf("${%s} names no environment variable", name), "write $${ for a plain ${")
			return ""
		}
		value, ok := r.env(name)
		if !ok || value == "" {
			r.faults.add(at, fmt.Sprintf("the environment variable %s is not set", name), fmt.Sprintf("export %s=…", name))
			return ""
		}
		r.secrets = append(r.secrets, Secret{Label: at.String(), Value: value})
		return value
	})
}

// secret returns the value of a secret that the profile names by a variable under
// key, or by a file under key + "File". literal is the text before variables were
// filled in.
func (r *resolver) secret(at path, key, value, literal, file string) string {
	switch {
	case literal != "" && file != "":
		r.faults.add(at, fmt.Sprintf("%s and %sFile exclude each other", key, key), "")
	case file != "":
		return r.fromFile(at.Child(key+"File"), file)
	case literal == "":
		r.faults.add(at, "the secret is missing", fmt.Sprintf("set %s to \"${VARIABLE}\", or %sFile to a file", key, key))
	case variable.ReplaceAllString(literal, "") != "" || strings.Contains(literal, "$${") || strings.Contains(literal, "${"+containerPrefix):
		r.faults.add(at.Child(key), "a secret must not stand in the profile", fmt.Sprintf("put it into a variable and write \"${VARIABLE}\", or name a file with %sFile", key))
	}
	return value
}

func (r *resolver) fromFile(at path, name string) string {
	full := r.resolve(name)
	info, err := os.Stat(full)
	if err == nil && info.Size() > strictyaml.MaxBytes {
		r.faults.add(at, fmt.Sprintf("%s is too large for a secret", full), "")
		return ""
	}
	raw, err := os.ReadFile(full)
	if err != nil {
		r.faults.add(at, "the file cannot be read: "+strictyaml.Reason(err)+" ("+full+")", "paths are relative to the profile")
		return ""
	}
	value := strings.TrimRight(string(raw), "\r\n")
	if value == "" {
		r.faults.add(at, fmt.Sprintf("%s is empty", full), "")
	}
	r.secrets = append(r.secrets, Secret{Label: at.String(), Value: value})
	return value
}

// resolve makes a file name relative to the profile's folder.
func (r *resolver) resolve(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(r.dir, name)
}
