package defects

import (
	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// schemaClaims are the defects of /Schemas (RFC 7643 §7).
func schemaClaims() []Defect {
	return []Defect{
		{
			Name:    "schemas-empty",
			Summary: "Schemas lists nothing.",
			Checks:  []string{"discovery.schemas"},
			Gaps:    []string{"nonconformant"},
			Install: atDiscovery("/Schemas", func(r *acme.Reply) {
				r.Body["Resources"], r.Body["totalResults"], r.Body["itemsPerPage"] = []any{}, 0, 0
			}),
		},
		{
			Name:    "schemas-without-enterprise",
			Summary: "Schemas does not list the enterprise extension, which users have.",
			Checks:  []string{"discovery.types.schemas", "discovery.schemas.used"},
			Gaps:    []string{"nonconformant"},
			Install: atDiscovery("/Schemas", func(r *acme.Reply) { leaveOut(r, model.URNEnterprise) }),
		},
		{
			Name:    "schema-username-optional",
			Summary: "The User schema says that userName is not required, and nobody is created without it.",
			Checks:  []string{"discovery.schemas.core"},
			Gaps:    []string{"nonconformant"},
			Install: says("userName", "required", false),
		},
		{
			Name:    "schema-username-case-exact",
			Summary: "The User schema says that userName is caseExact, and letter case makes no difference.",
			Checks:  []string{"discovery.schemas.core", "discovery.schema.case-exact"},
			Gaps:    []string{"nonconformant", "declared-not-delivered filter"},
			Install: says("userName", "caseExact", true),
		},
		{
			Name:    "schema-username-not-unique",
			Summary: "The User schema says that userName is not unique, and a second one is refused.",
			Checks:  []string{"discovery.schemas.core"},
			Gaps:    []string{"nonconformant"},
			Install: says("userName", "uniqueness", "none"),
		},
		{
			Name:    "schema-password-returned",
			Summary: "The User schema says that password is returned by default.",
			Checks:  []string{"discovery.schemas.core"},
			Gaps:    []string{"nonconformant"},
			Install: says("password", "returned", "default"),
		},
		{
			Name:    "schema-groups-writable",
			Summary: "The User schema says that groups is readWrite, and writes to it are ignored.",
			Checks:  []string{"discovery.schemas.core"},
			Gaps:    []string{"nonconformant"},
			Install: says("groups", "mutability", "readWrite"),
		},
		{
			Name:    "schema-mutability-unknown",
			Summary: "The User schema has a mutability of its own making: read-write.",
			Checks:  []string{"discovery.schemas.keywords"},
			Gaps:    []string{"nonconformant"},
			Install: says("displayName", "mutability", "read-write"),
		},
		{
			Name:    "schema-emails-single",
			Summary: "The User schema says that emails has one value, and it is a list.",
			Checks:  []string{"discovery.schemas.core", "discovery.schema.multivalued"},
			Gaps:    []string{"nonconformant"},
			Install: says("emails", "multiValued", false),
		},
		{
			Name:    "schema-name-without-parts",
			Summary: "The User schema lists no subAttributes of name, which is complex.",
			Checks:  []string{"discovery.schemas.parts"},
			Gaps:    []string{"nonconformant"},
			Install: onAttribute("name", func(attribute map[string]any) { delete(attribute, "subAttributes") }),
		},
	}
}

// says changes a characteristic of an attribute in the User schema.
func says(attribute, characteristic string, value any) func(*acme.Config) {
	return saysOf(model.URNUser, attribute, characteristic, value)
}

// saysOf changes a characteristic of an attribute in a schema.
func saysOf(urn, attribute, characteristic string, value any) func(*acme.Config) {
	return onAttributeOf(urn, attribute, func(a map[string]any) { a[characteristic] = value })
}

// onAttribute alters the definition of an attribute in the User schema.
func onAttribute(name string, hook func(map[string]any)) func(*acme.Config) {
	return onAttributeOf(model.URNUser, name, hook)
}

func onAttributeOf(urn, name string, hook func(map[string]any)) func(*acme.Config) {
	return onDefinition("/Schemas", urn, func(schema map[string]any) {
		for _, attribute := range model.Objects(schema["attributes"]) {
			if attribute["name"] == name {
				hook(attribute)
			}
		}
	})
}
