package defects

import (
	"slices"

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
		{
			Name:    "schema-without-plurality",
			Summary: "The User schema does not say whether title has several values.",
			Checks:  []string{"discovery.schemas.identified"},
			Gaps:    []string{"nonconformant"},
			Install: onAttribute("title", func(attribute map[string]any) { delete(attribute, "multiValued") }),
		},
		{
			Name:    "schema-complex-within-complex",
			Summary: "The User schema has a complex attribute within name.",
			Checks:  []string{"discovery.schemas.depth"},
			Gaps:    []string{"nonconformant"},
			Install: onAttribute("name", func(attribute map[string]any) {
				list, _ := attribute["subAttributes"].([]any)
				attribute["subAttributes"] = append(slices.Clone(list), map[string]any{
					"name": "legal", "type": "complex", "multiValued": false,
					"subAttributes": []any{map[string]any{"name": "until", "type": "dateTime", "multiValued": false}},
				})
			}),
		},
		{
			Name:    "resources-of-an-unserved-schema",
			Summary: "Users have a schema that /Schemas does not list.",
			Checks:  []string{"discovery.schemas.used", "users.model.schemas.shown"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(func(resource map[string]any) {
				if list, ok := resource["schemas"].([]any); ok && resource["userName"] != nil {
					resource["schemas"] = append(slices.Clone(list), "urn:acme:params:scim:schemas:extension:legacy:2.0:User")
				}
			}),
		},
		{
			Name:    "schema-title-always",
			Summary: "The User schema says that title is always returned, and it is left out when others are asked for.",
			Checks:  []string{"discovery.schema.returned"},
			Gaps:    []string{"nonconformant"},
			Install: says("title", "returned", "always"),
		},
		{
			Name:    "schema-cost-code-required",
			Summary: "The schema of Acme's own extension says that costCode is required, and users without it are accepted.",
			Checks:  []string{"discovery.schema.required"},
			Gaps:    []string{"nonconformant"},
			Install: saysOf(model.URNWorkplace, "costCode", "required", true),
		},
		{
			Name:    "schema-cost-code-not-exact",
			Summary: "The schema of Acme's own extension says that letter case makes no difference to costCode, and it does.",
			Checks:  []string{"discovery.schema.case-exact"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: saysOf(model.URNWorkplace, "costCode", "caseExact", false),
		},
		{
			Name:    "schemas-list-messages",
			Summary: "Schemas lists the message of a list beside the schemas of resources.",
			Checks:  []string{"errors.form.messages-not-schemas", "discovery.schemas.identified", "discovery.schemas.by-urn"},
			Gaps:    []string{"nonconformant"},
			Install: atDiscovery("/Schemas", func(r *acme.Reply) {
				if list, ok := r.Body["Resources"].([]any); ok {
					message := map[string]any{"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:Schema"}, "id": "urn:ietf:params:scim:api:messages:2.0:ListResponse", "name": "ListResponse", "attributes": []any{}}
					r.Body["Resources"], r.Body["totalResults"], r.Body["itemsPerPage"] = append(list, message), len(list)+1, len(list)+1
				}
			}),
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
