package model

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Attribute is the definition of an attribute (RFC 7643 §7).
type Attribute struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	MultiValued bool   `json:"multiValued"`
	Required    bool   `json:"required"`
	CaseExact   bool   `json:"caseExact"`
	// Mutability is readOnly, readWrite, immutable or writeOnly.
	Mutability string `json:"mutability"`
	// Returned is always, default, request or never.
	Returned   string `json:"returned"`
	Uniqueness string `json:"uniqueness"` // none, server or global
	// CanonicalValues are suggestions but where the description says "only".
	CanonicalValues []string     `json:"canonicalValues"`
	Description     string       `json:"description"`
	SubAttributes   []*Attribute `json:"subAttributes"`
}

func (at *Attribute) readOnly() bool { return at.Mutability == "readOnly" }

func (at *Attribute) sub(name string) *Attribute { return find(at.SubAttributes, name) }

func find(list []*Attribute, name string) *Attribute {
	for _, at := range list {
		if strings.EqualFold(at.Name, name) {
			return at
		}
	}
	return nil
}

// fit checks a value against the attribute's type and spells its parts as the
// schema does. nil means absent.
func (at *Attribute) fit(value any) (any, error) {
	if value == nil {
		return nil, nil
	}
	if !at.MultiValued {
		return at.fitOne(value)
	}
	list, ok := value.([]any)
	if !ok {
		return nil, BadRequest("invalidValue", "%s must be a list", at.Name)
	}
	var out []any
	known := map[string]bool{} // of many members each would be compared with all others without it
	for _, item := range list {
		fitted, err := at.fitOne(item)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(fitted)
		if err != nil {
			return nil, err
		}
		// The same value twice is one (RFC 7643 §2.4).
		if fitted != nil && !known[string(text)] {
			known[string(text)] = true
			out = append(out, fitted)
		}
	}
	if out == nil {
		return nil, nil
	}
	return out, nil
}

func (at *Attribute) fitOne(value any) (any, error) {
	switch at.Type {
	case "complex":
		part, err := at.fitComplex(value)
		if err != nil || len(part) == 0 {
			return nil, err
		}
		return part, nil
	case "boolean":
		return at.fitBoolean(value)
	case "integer", "decimal":
		return at.fitNumber(value)
	}
	text, ok := value.(string)
	if !ok {
		return nil, BadRequest("invalidValue", "%s must be text", at.Name)
	}
	return text, at.checkText(text)
}

// fitNumber checks a number (RFC 7643 §2.3.3, §2.3.4): an integer has no fraction.
func (at *Attribute) fitNumber(value any) (any, error) {
	n, ok := value.(float64)
	if !ok || at.Type == "integer" && n != math.Trunc(n) {
		return nil, BadRequest("invalidValue", "%s must be of type %s", at.Name, at.Type)
	}
	return n, nil
}

// checkText checks the types that JSON has as text (RFC 7643 §2.3.5 to §2.3.7).
func (at *Attribute) checkText(text string) (err error) {
	switch at.Type {
	case "dateTime":
		_, err = time.Parse(time.RFC3339Nano, text)
	case "binary":
		if _, err = base64.RawStdEncoding.DecodeString(text); err != nil { // padding may be left out (RFC 7643 §2.3.6)
			_, err = base64.StdEncoding.DecodeString(text)
		}
	case "reference":
		_, err = url.Parse(text)
	}
	if err != nil {
		return BadRequest("invalidValue", "%s must be of type %s", at.Name, at.Type)
	}
	if at.restricted() && !slices.Contains(at.CanonicalValues, text) {
		return BadRequest("invalidValue", "%s must be one of its canonical values", at.Name)
	}
	return nil
}

// restricted reports an attribute that takes its canonical values only, which a
// service may decide (RFC 7643 §7). The published description says so.
func (at *Attribute) restricted() bool {
	return len(at.CanonicalValues) > 0 && strings.Contains(at.Description, "only these")
}

// fitComplex checks an object, and takes a bare value for its sub-attribute value:
// roles and the like are often sent so.
func (at *Attribute) fitComplex(value any) (map[string]any, error) {
	if text, ok := value.(string); ok && at.MultiValued {
		value = map[string]any{"value": text}
	}
	return admitObject(at.SubAttributes, value, at.Name)
}

// fitBoolean takes the strings that Microsoft Entra ID sends by default.
func (at *Attribute) fitBoolean(value any) (any, error) {
	switch value := value.(type) {
	case bool:
		return value, nil
	case string:
		if strings.EqualFold(value, "true") || strings.EqualFold(value, "false") {
			return strings.EqualFold(value, "true"), nil
		}
	}
	return nil, BadRequest("invalidValue", "%s must be true or false", at.Name)
}
