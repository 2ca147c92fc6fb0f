package defects

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// selections are the defects of attributes and excludedAttributes (RFC 7644 §3.9).
func selections() []Defect {
	return []Defect{
		{
			Name:    "attributes-ignored",
			Summary: "The parameter attributes is ignored: the whole resource comes back.",
			Checks:  []string{"querying.projection.attributes", "querying.projection.notation.parts", "querying.projection.notation.urn", "querying.projection.notation.letter-case", "discovery.schema.returned", "users.read.on-request"},
			Gaps:    []string{"nonconformant"},
			Install: onParameters(func(parameters url.Values) { parameters.Del("attributes") }),
		},
		{
			Name:    "attributes-drops-id",
			Summary: "With attributes=userName, only userName comes back and not even the id.",
			Checks:  []string{"querying.projection.minimum", "querying.projection.writes"},
			Gaps:    []string{"nonconformant"},
			Install: droppingID("attributes"),
		},
		{
			Name:    "excluded-attributes-ignored",
			Summary: "The parameter excludedAttributes is ignored, so that a group comes with all its members.",
			Checks:  []string{"querying.projection.excluded", "querying.projection.excluded-members"},
			Gaps:    []string{"nonconformant"},
			Install: onParameters(func(parameters url.Values) { parameters.Del("excludedAttributes") }),
		},
		{
			Name:    "excluded-attributes-drops-id",
			Summary: "excludedAttributes=id takes the id away, which is always returned.",
			Checks:  []string{"querying.projection.always"},
			Gaps:    []string{"nonconformant"},
			Install: droppingID("excludedAttributes"),
		},
		{
			Name:    "attributes-spelled-exactly",
			Summary: "attributes=username brings no userName: the names are told apart by letter case.",
			Checks:  []string{"querying.projection.notation.urn", "querying.projection.notation.letter-case"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if list := r.Request.URL.Query().Get("attributes"); list != "" {
					for _, resource := range resources(r) {
						keepSpelled(resource, list)
					}
				}
			}),
		},
	}
}

// droppingID takes the id away by a parameter: attributes that does not name it, or
// excludedAttributes that does.
func droppingID(parameter string) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		list := r.Request.URL.Query().Get(parameter)
		if list == "" || names(list, "id") != (parameter == "excludedAttributes") {
			return
		}
		for _, resource := range resources(r) {
			delete(resource, "id")
		}
	})
}

// keepSpelled leaves what is listed in the spelling that it has, what is always
// returned, and extensions.
func keepSpelled(resource map[string]any, list string) {
	for name := range resource {
		if name != "id" && name != "schemas" && !strings.Contains(name, ":") && !names(list, name) {
			delete(resource, name)
		}
	}
}

// names reports whether a list of attributes has a name, or a part of that.
func names(list, name string) bool {
	for _, one := range strings.Split(list, ",") {
		if first, _, _ := strings.Cut(strings.TrimSpace(one), "."); first == name {
			return true
		}
	}
	return false
}

// encodings are the defects of media types and characters (RFC 7644 §3.8).
func encodings() []Defect {
	return []Defect{
		{
			Name:    "content-type-json",
			Summary: "Replies are marked application/json, also where application/scim+json was asked for.",
			Checks:  []string{"errors.media.scim", "errors.media.default"},
			Gaps:    []string{"nonconformant"},
			Install: contentType("application/json"),
		},
		{
			Name:     "content-type-html",
			Summary:  "Replies of JSON are marked text/html.",
			Imitates: "FortiAuthenticator",
			Checks:   []string{"errors.media.scim", "errors.media.json", "errors.media.default"},
			Gaps:     []string{"nonconformant"},
			Install:  contentType("text/html; charset=utf-8"),
		},
		{
			Name:    "non-ascii-lost",
			Summary: "Letters outside ASCII come back as question marks.",
			Checks:  []string{"errors.text.letters"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(func(resource map[string]any) { toASCII(resource) }),
		},
		{
			Name:    "non-ascii-mangled",
			Summary: "Replies are sent in Latin-1 instead of UTF-8, as far as their letters allow.",
			Checks:  []string{"errors.text.letters"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if raw, err := json.Marshal(r.Body); err == nil && r.Body != nil {
					r.Raw = latin1(string(raw))
				}
			}),
		},
	}
}

// contentType marks replies with a media type.
func contentType(media string) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) { r.Header.Set("Content-Type", media) })
}

// toASCII puts a question mark for each letter outside ASCII.
func toASCII(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			v[name] = toASCII(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = toASCII(inner)
		}
	case string:
		return strings.Map(func(r rune) rune {
			if r > 0x7f {
				return '?'
			}
			return r
		}, v)
	}
	return v
}

// latin1 encodes text in ISO 8859-1, with a question mark for what that lacks.
func latin1(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			r = '?'
		}
		out = append(out, byte(r))
	}
	return out
}
