package scim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Document is a SCIM resource or message as it came over the wire. Attribute
// names are matched without regard to letter case (RFC 7643 §2.1).
type Document map[string]any

// decode reads a JSON object, or gives nil.
func decode(body []byte) Document {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var d Document
	if decoder.Decode(&d) != nil {
		return nil
	}
	return d
}

// Get returns the value at a path of attribute names, such as ("name",
// "familyName"), and whether there is one. A JSON null counts as none (RFC 7643
// §2.5).
func (d Document) Get(path ...string) (any, bool) {
	var here any = map[string]any(d)
	for _, name := range path {
		object, ok := here.(map[string]any)
		if !ok {
			return nil, false
		}
		if here, ok = fold(object, name); !ok {
			return nil, false
		}
	}
	return here, here != nil
}

func fold(object map[string]any, name string) (any, bool) {
	if v, ok := object[name]; ok {
		return v, true
	}
	for key, v := range object {
		if strings.EqualFold(key, name) {
			return v, true
		}
	}
	return nil, false
}

// Text returns the string at a path, or "".
func (d Document) Text(path ...string) string {
	v, _ := d.Get(path...)
	s, _ := v.(string)
	return s
}

// Flag returns the Boolean at a path, or false.
func (d Document) Flag(path ...string) bool {
	v, _ := d.Get(path...)
	b, _ := v.(bool)
	return b
}

// Int returns the integer at a path; ok is false when there is none.
func (d Document) Int(path ...string) (n int, ok bool) {
	v, _ := d.Get(path...)
	number, _ := v.(json.Number)
	long, err := number.Int64()
	return int(long), err == nil
}

// Objects lists the objects of a multi-valued attribute.
func (d Document) Objects(path ...string) []Document {
	v, _ := d.Get(path...)
	list, _ := v.([]any)
	var out []Document
	for _, item := range list {
		if object, ok := item.(map[string]any); ok {
			out = append(out, object)
		}
	}
	return out
}

// Texts lists the strings of a multi-valued attribute.
func (d Document) Texts(path ...string) []string {
	v, _ := d.Get(path...)
	list, _ := v.([]any)
	var out []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Active returns the Boolean attribute active; ok is false when it is absent or
// no Boolean.
func (d Document) Active() (active, ok bool) {
	v, _ := d.Get("active")
	active, ok = v.(bool)
	return active, ok
}

// Activity puts the attribute active into words.
func (d Document) Activity() string {
	if active, ok := d.Active(); ok {
		return fmt.Sprintf("active: %t", active)
	}
	return "no Boolean active"
}

// Resources returns the resources of a ListResponse (RFC 7644 §3.4.2).
func (d Document) Resources() []Document { return d.Objects("Resources") }

// FindUser returns the resource with exactly this userName (case-insensitive, as
// RFC 7643 §4.1.1 has it), or nil. A target that ignores the filter sends more
// than was asked for.
func (d Document) FindUser(userName string) Document {
	for _, r := range d.Resources() {
		if strings.EqualFold(r.Text("userName"), userName) {
			return r
		}
	}
	return nil
}

// FindGroup returns the resource with exactly this displayName, or nil.
func (d Document) FindGroup(displayName string) Document {
	for _, r := range d.Resources() {
		if r.Text("displayName") == displayName {
			return r
		}
	}
	return nil
}

// Values lists the sub-attribute value of each element of a multi-valued attribute, such
// as the ids of a group's members.
func (d Document) Values(attribute string) []string {
	v, _ := d.Get(attribute)
	list, _ := v.([]any)
	var out []string
	for _, item := range list {
		if object, ok := item.(map[string]any); ok {
			if value := Document(object).Text("value"); value != "" {
				out = append(out, value)
			}
		}
	}
	return out
}

// Clone copies the document deeply.
func (d Document) Clone() Document {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil
	}
	return decode(raw)
}
