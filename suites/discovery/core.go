package discovery

import (
	"strings"

	"github.com/scimproof/scimproof/suites/scim"
)

// promise is what RFC 7643 says of an attribute, and a schema may not deny.
type promise struct {
	attribute, what string
	kept            func(scim.Attribute) bool
}

// always are promises of the common attributes (RFC 7643 §3.1), wherever they are listed.
func always() []promise {
	return []promise{
		{"id", "readOnly", isReadOnly},
		{"id", "always returned", func(a scim.Attribute) bool { return a.Returned == "always" }},
		{"id", "caseExact", isExact},
		{"externalId", "caseExact", isExact},
	}
}

// ofUsers are promises of the User schema (RFC 7643 §4.1).
func ofUsers() []promise {
	list := []promise{
		{"userName", "required", func(a scim.Attribute) bool { return a.Required }},
		{"userName", "unique", func(a scim.Attribute) bool { return a.Uniqueness != "none" }},
		{"userName", "not caseExact", func(a scim.Attribute) bool { return !a.CaseExact }},
		{"password", "writeOnly", func(a scim.Attribute) bool { return a.Mutability == "writeOnly" }},
		{"password", "never returned", func(a scim.Attribute) bool { return a.Returned == "never" }},
		{"groups", "readOnly", isReadOnly},
		{"active", "boolean", func(a scim.Attribute) bool { return a.Type == "boolean" }},
	}
	for _, name := range strings.Fields("name emails phoneNumbers addresses groups") {
		list = append(list, promise{name, "complex", func(a scim.Attribute) bool { return a.Type == "complex" }})
	}
	for _, name := range strings.Fields("emails phoneNumbers ims photos addresses groups entitlements roles x509Certificates") {
		list = append(list, promise{name, "multi-valued", isMany})
	}
	for _, name := range strings.Fields("userName name displayName nickName profileUrl title userType preferredLanguage locale timezone active password") {
		list = append(list, promise{name, "single-valued", isOne})
	}
	return list
}

// ofGroups are promises of the Group schema (RFC 7643 §4.2). Whether displayName is required the
// RFC says in two ways.
func ofGroups() []promise {
	return []promise{{"members", "multi-valued", isMany}, {"displayName", "single-valued", isOne}}
}

func isReadOnly(a scim.Attribute) bool { return a.Mutability == "readOnly" }
func isExact(a scim.Attribute) bool    { return a.CaseExact }
func isMany(a scim.Attribute) bool     { return a.MultiValued }
func isOne(a scim.Attribute) bool      { return !a.MultiValued }

// promises are those of a schema; none for extensions, and for the schemas of discovery itself,
// which have an id of another kind.
func promises(s scim.Schema) []promise {
	switch {
	case strings.EqualFold(s.ID, scim.UserSchema):
		return append(always(), ofUsers()...)
	case strings.EqualFold(s.ID, scim.GroupSchema):
		return append(always(), ofGroups()...)
	}
	return nil
}

// contradictions lists where a schema denies what RFC 7643 says. What it does not list it need
// not have.
func contradictions(s scim.Schema) (m misses) {
	for _, p := range promises(s) {
		if a, there := s.Find(p.attribute); there && !p.kept(a) {
			m.add("%s is not %s", p.attribute, p.what)
		}
	}
	return m
}
