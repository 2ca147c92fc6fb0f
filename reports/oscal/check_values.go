package oscal

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

var (
	tokenForm = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}._-]*$`)
	uuidForm  = regexp.MustCompile(`^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$`)
)

// tokens are the keys whose values have to be tokens.
var tokens = map[string]bool{
	"control-id": true, "objective-id": true, "target-id": true, "role-id": true, "status": true, "status-change": true,
	"state": true, "class": true, "lifecycle": true, "types": true, "rel": true,
}

// moments are the keys whose values have to be times with a zone.
var moments = map[string]bool{
	"last-modified": true, "published": true, "start": true, "end": true, "collected": true, "expires": true, "deadline": true, "date": true,
}

// multiline are the keys whose texts may have more than one line.
var multiline = map[string]bool{"description": true, "statement": true, "remarks": true}

func (c *checker) text(path, key, text string) {
	switch {
	case text == "":
		c.fault(path, "is empty; leave it out")
		return
	case strings.TrimSpace(text) != text:
		c.fault(path, "begins or ends with a space; trim it")
	}
	if strings.ContainsFunc(text, func(r rune) bool { return !inXML(r) }) {
		c.fault(path, "has a character that an XML form of the document cannot hold; replace it")
	}
	if !multiline[key] && strings.Contains(text, "\n") {
		c.fault(path, "has more than one line; %s is a single one", key)
	}
	if tokens[key] && !tokenForm.MatchString(text) {
		c.fault(path, "is %q, which is no token: a letter or _ first, then letters, digits, and . - _ alone", text)
	}
	if (key == "control-id" || key == "objective-id" || key == "target-id") && strings.ContainsFunc(text, unicode.IsUpper) {
		c.fault(path, "is %q; ids of NIST's catalogue are lower case, such as ac-2.3", text)
	}
	if moments[key] {
		if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
			c.fault(path, "is %q, which is no moment with a zone such as 2026-11-23T09:12:04Z", text)
		}
	}
	if (key == "uuid" || strings.HasSuffix(key, "-uuid") || strings.HasSuffix(key, "-uuids")) && !uuidForm.MatchString(text) {
		c.fault(path, "is %q, which is no uuid of version 4 or 5", text)
	}
}

// inXML tells the characters of XML 1.0.
func inXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff
}

// property examines the names of props and facets, which other objects use for other things.
func (c *checker) property(path, key string, object map[string]any) {
	if key != "props" && key != "facets" {
		return
	}
	name, _ := object["name"].(string)
	if !tokenForm.MatchString(name) {
		c.fault(path+".name", "is %q, which is no token: a letter or _ first, then letters, digits, and . - _ alone", name)
	}
	value, isText := object["value"].(string)
	if !isText {
		c.fault(path, "has no value; a property without one is left out")
	}
	if object["ns"] == Namespace && strings.HasSuffix(name, "-party-uuid") {
		c.reference(path+".value", "party-uuid", value)
	}
}
