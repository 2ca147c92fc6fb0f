package controls

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// builder puts a mapping together and gathers what is wrong with it.
type builder struct {
	known   map[string]*frameworkFile // by name
	ids     map[string]map[string]bool
	classes []string // that a row may name; nil for any
	faults  []error
}

func (b *builder) fault(file string, where text, hint, format string, values ...any) {
	b.faults = append(b.faults, &Fault{File: file, Line: where.line, Column: where.column, Problem: fmt.Sprintf(format, values...), Hint: hint})
}

// addFramework checks a framework's file by itself.
func (b *builder) addFramework(f *frameworkFile) {
	for _, must := range []struct {
		key   string
		value text
	}{{"name", f.Name}, {"title", f.Title}, {"version", f.Version}, {"licence", f.Licence}} {
		if strings.TrimSpace(must.value.value) == "" {
			b.fault(f.file, must.value, "add it", "%s is missing", must.key)
		}
	}
	if first := b.known[f.Name.value]; first != nil {
		b.fault(f.file, f.Name, "give each framework one file", "the framework %q is in %s already", f.Name.value, first.file)
		return
	}
	pattern, err := regexp.Compile("^(?:" + f.Pattern.value + ")$")
	if err != nil {
		b.fault(f.file, f.Pattern, "write a regular expression of Go", "pattern cannot be read: %v", err)
		pattern = regexp.MustCompile("")
	}
	if f.Pattern.value == "" {
		pattern = regexp.MustCompile(".")
	}
	ids := map[string]bool{}
	for _, c := range f.Controls {
		switch {
		case c.ID.value == "":
			b.fault(f.file, orPlace(c.ID, c.Words), "give it the framework's identifier", "a control has no id")
		case ids[c.ID.value]:
			b.fault(f.file, c.ID, "remove one of them", "the control %q is there twice", c.ID.value)
		case !pattern.MatchString(c.ID.value):
			b.fault(f.file, c.ID, "write it as the framework does", "the id %q does not fit the pattern %s", c.ID.value, f.Pattern.value)
		}
		if strings.TrimSpace(c.Words.value) == "" {
			b.fault(f.file, orPlace(c.Words, c.ID), "say in a sentence of your own what it asks for", "the control %q has no words", c.ID.value)
		}
		ids[c.ID.value] = true
	}
	b.known[f.Name.value], b.ids[f.Name.value] = f, ids
}

func orPlace(t, other text) text {
	if t.line > 0 {
		return t
	}
	return other
}

// build checks mapping.yaml against the frameworks and returns the mapping.
func (b *builder) build(file *mappingFile) (*Mapping, error) {
	m := &Mapping{version: file.Version.value, groups: map[string][]string{}, successors: map[string]map[string][]Control{}}
	if strings.TrimSpace(m.version) == "" {
		b.fault(file.file, text{}, "give it one, such as a date, and change it with each row", "version is missing")
	}
	for name, kinds := range file.Groups {
		m.groups[name] = values(kinds)
	}
	b.order(file, m)
	for _, c := range file.Classes {
		b.addRow(file.file, m, c)
	}
	if len(file.Classes) == 0 {
		b.fault(file.file, text{}, "add a row for each class", "classes is empty")
	}
	if len(b.faults) > 0 {
		return nil, errors.Join(b.faults...)
	}
	return m, nil
}

// order lays the frameworks out as the mapping lists them.
func (b *builder) order(file *mappingFile, m *Mapping) {
	listed := map[string]bool{}
	for _, name := range file.Frameworks {
		f := b.known[name.value]
		switch {
		case f == nil:
			b.fault(file.file, name, "add its file to frameworks/, or remove it here", "there is no framework %q", name.value)
			continue
		case listed[name.value]:
			b.fault(file.file, name, "remove one of them", "the framework %q is listed twice", name.value)
			continue
		}
		listed[name.value] = true
		m.frameworks = append(m.frameworks, b.framework(f, m))
	}
	for name, f := range b.known {
		if !listed[name] {
			b.fault(f.file, f.Name, "list it under frameworks in mapping.yaml", "the framework %q is not listed", name)
		}
	}
	// Of several that are not listed, always the same one is named first.
	slices.SortStableFunc(b.faults, func(x, y error) int { return strings.Compare(x.Error(), y.Error()) })
}

func (b *builder) framework(f *frameworkFile, m *Mapping) Framework {
	out := Framework{Name: f.Name.value, Title: f.Title.value, Version: f.Version.value, Source: f.Source.value, Licence: f.Licence.value}
	heirs := map[string][]Control{}
	for _, c := range f.Controls {
		out.Controls = append(out.Controls, Control{Framework: out.Name, ID: c.ID.value, Words: c.Words.value})
		if c.Successors == nil {
			continue
		}
		for _, id := range c.Successors.IDs {
			if !b.ids[c.Successors.Framework.value][id.value] {
				b.fault(f.file, id, "name a control of a framework that is there", "there is no control %q of %q", id.value, c.Successors.Framework.value)
			}
			heirs[c.ID.value] = append(heirs[c.ID.value], Control{Framework: c.Successors.Framework.value, ID: id.value})
		}
	}
	m.successors[out.Name] = heirs
	return out
}

// addRow adds one row of the mapping.
func (b *builder) addRow(file string, m *Mapping, c classEntry) {
	r := row{class: c.Class.value, group: c.Credentials.value, outcomes: values(c.Outcomes), controls: map[string][]string{}}
	if b.classes != nil && !slices.Contains(b.classes, r.class) {
		b.fault(file, c.Class, "use one of "+strings.Join(b.classes, ", "), "there is no class %q", r.class)
	}
	if _, known := m.groups[r.group]; r.group != "" && !known {
		b.fault(file, c.Credentials, "define it under groups", "there is no group of credentials %q", r.group)
	}
	for _, earlier := range m.rows {
		if earlier.class == r.class && earlier.group == r.group && slices.Equal(earlier.outcomes, r.outcomes) {
			b.fault(file, c.Class, "remove one of them", "there are two rows for %q that fit the same gaps", r.class)
		}
	}
	for _, e := range c.Controls {
		if b.ids[e.framework.value] == nil {
			b.fault(file, e.framework, "name one of those under frameworks", "there is no framework %q", e.framework.value)
			continue
		}
		if r.controls[e.framework.value] != nil {
			b.fault(file, e.framework, "put the identifiers into one list", "the framework %q is there twice", e.framework.value)
		}
		for _, id := range e.ids {
			switch {
			case !b.ids[e.framework.value][id.value]:
				b.fault(file, id, "add it to the framework's file", "%q has no control %q", e.framework.value, id.value)
			case slices.Contains(r.controls[e.framework.value], id.value):
				b.fault(file, id, "remove one of them", "the control %q is there twice", id.value)
			}
			r.controls[e.framework.value] = append(r.controls[e.framework.value], id.value)
		}
	}
	m.rows = append(m.rows, r)
}
