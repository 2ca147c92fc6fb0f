package controls

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

// maxBytes is the most that is read of one file.
const maxBytes = 1 << 20

// Load reads a mapping that replaces the program's own: dir holds mapping.yaml and
// the folder frameworks with a YAML file for each framework, in the form of the
// files in this package. Unknown keys, frameworks, identifiers and classes are
// errors. An error names file, line and column, and is one or several *Fault.
func Load(dir string) (*Mapping, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the controls: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("reading the controls: %s is no folder; name one that holds mapping.yaml and frameworks/*.yaml", dir)
	}
	return read(os.DirFS(dir), dir, Embedded().classes())
}

// read reads a mapping out of a folder; dir is put before the names of files in errors. Classes
// are those that a row may name; nil for any.
func read(from fs.FS, dir string, classes []string) (*Mapping, error) {
	names, err := fs.Glob(from, "frameworks/*.yaml")
	if err != nil || len(names) == 0 {
		return nil, &Fault{File: filepath.Join(dir, "frameworks"), Problem: "there is no framework", Hint: "put a file such as frameworks/mine.yaml there"}
	}
	b := &builder{known: map[string]*frameworkFile{}, ids: map[string]map[string]bool{}, classes: classes}
	for _, name := range names {
		var f frameworkFile
		if err := decode(from, dir, name, &f); err != nil {
			return nil, err
		}
		f.file = filepath.Join(dir, name)
		b.addFramework(&f)
	}
	var m mappingFile
	if err := decode(from, dir, "mapping.yaml", &m); err != nil {
		return nil, err
	}
	m.file = filepath.Join(dir, "mapping.yaml")
	return b.build(&m)
}

// decode reads one file with strict keys.
func decode(from fs.FS, dir, name string, into any) error {
	shown := filepath.Join(dir, name)
	data, err := fs.ReadFile(from, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Fault{File: shown, Problem: "there is no such file", Hint: "a mapping is made of mapping.yaml and frameworks/*.yaml"}
	case err != nil:
		return &Fault{File: shown, Problem: "it cannot be read: " + err.Error()}
	case len(data) > maxBytes:
		return &Fault{File: shown, Problem: fmt.Sprintf("it has %d bytes; at most %d are read", len(data), maxBytes)}
	}
	return parse(shown, data, into)
}

// parse is decode of bytes.
func parse(file string, data []byte, into any) error {
	switch {
	case !utf8.Valid(data):
		return &Fault{File: file, Problem: "it is not UTF-8", Hint: "save it as UTF-8"}
	case strings.TrimSpace(string(data)) == "":
		return &Fault{File: file, Line: 1, Column: 1, Problem: "it is empty"}
	}
	if err := yaml.UnmarshalWithOptions(data, into, yaml.Strict()); err != nil {
		return fault(file, err)
	}
	return nil
}

// frameworkFile is the form of a file of frameworks/.
type frameworkFile struct {
	file     string
	Name     text           `yaml:"name"`
	Title    text           `yaml:"title"`
	Version  text           `yaml:"version"`
	Source   text           `yaml:"source"`
	Licence  text           `yaml:"licence"`
	Pattern  text           `yaml:"pattern"` // of an id, a regular expression for the whole of it
	Controls []controlEntry `yaml:"controls"`
}

type controlEntry struct {
	ID    text `yaml:"id"`
	Words text `yaml:"words"`
	// Successors are the controls of another framework that have taken it in: it is mapped
	// wherever one of them is.
	Successors *successors `yaml:"successors"`
}

type successors struct {
	Framework text   `yaml:"framework"`
	IDs       []text `yaml:"ids"`
}

// mappingFile is the form of mapping.yaml.
type mappingFile struct {
	file       string
	Version    text              `yaml:"version"`
	Frameworks []text            `yaml:"frameworks"`
	Groups     map[string][]text `yaml:"groups"`
	Classes    []classEntry      `yaml:"classes"`
}

type classEntry struct {
	Class       text        `yaml:"class"`
	Credentials text        `yaml:"credentials"`
	Outcomes    []text      `yaml:"outcomes"`
	Controls    byFramework `yaml:"controls"`
}

func values(list []text) []string {
	out := make([]string, 0, len(list))
	for _, t := range list {
		out = append(out, t.value)
	}
	return out
}
