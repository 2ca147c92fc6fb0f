package defects_test

import (
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// config returns what is at a path of ServiceProviderConfig.
func config(keys ...string) func(*Client) any {
	return func(c *Client) any { return c.SCIM("GET", "/ServiceProviderConfig", nil).Get(keys...) }
}

// has reports whether there is anything to see.
func has(look func(*Client) any) func(*Client) any {
	return func(c *Client) any { return look(c) != nil }
}

// definitions names what a list of definitions has, by the end of each id.
func definitions(path string) func(*Client) any {
	return func(c *Client) any {
		var ends []string
		for _, d := range items(c.SCIM("GET", path, nil)) {
			id, _ := d["id"].(string)
			ends = append(ends, id[strings.LastIndex(id, ":")+1:])
		}
		return strings.Join(ends, " ")
	}
}

// resourceType returns what is at a path of a resource type.
func resourceType(id string, keys ...string) func(*Client) any {
	return func(c *Client) any { return c.SCIM("GET", "/ResourceTypes/"+id, nil).Get(keys...) }
}

// extensionRequired reports whether users must have the enterprise extension.
func extensionRequired(c *Client) any {
	list, _ := resourceType("User", "schemaExtensions")(c).(List)
	first, _ := list[0].(Object)
	return first["required"]
}

// attribute returns a characteristic of an attribute in the User schema.
func attribute(name, characteristic string) func(*Client) any {
	return func(c *Client) any {
		list, _ := c.SCIM("GET", "/Schemas/"+User, nil).Get("attributes").(List)
		for _, item := range list {
			if a, ok := item.(Object); ok && a["name"] == name {
				return a[characteristic]
			}
		}
		return nil
	}
}

var _ = show(map[string]shown{
	"config-supported-as-text":      {config("filter", "supported"), true, "true"},
	"config-max-results-untrue":     {config("filter", "maxResults"), 200.0, 10000.0},
	"config-without-max-results":    {has(config("filter", "maxResults")), true, false},
	"config-without-authentication": {has(config("authenticationSchemes")), true, false},
	"config-claims-basic": {func(c *Client) any {
		return strings.Contains(c.SCIM("GET", "/ServiceProviderConfig", nil).Text, "httpbasic")
	}, false, true},

	"resource-types-without-group":      {definitions("/ResourceTypes"), "User Group", "User"},
	"resource-types-wrong-endpoint":     {resourceType("User", "endpoint"), "/Users", "/People"},
	"resource-types-unserved-schema":    {resourceType("Group", "schema"), Group, "urn:ietf:params:scim:schemas:core:1.0:Group"},
	"resource-types-extension-required": {extensionRequired, false, true},

	"schemas-empty":              {definitions("/Schemas"), "User Group User User", ""},
	"schemas-without-enterprise": {definitions("/Schemas"), "User Group User User", "User Group User"},
	"schemas-as-bare-array":      {func(c *Client) any { return c.SCIM("GET", "/Schemas", nil).Doc != nil }, true, false},
	"schemas-not-by-id":          {statusOf("GET", "/Schemas/"+User, nil), 200, 404},
	"schemas-paged":              {definitions("/Schemas?count=1"), "User Group User User", "User"},
	"discovery-filter-ignored":   {statusOf("GET", "/ResourceTypes?filter=name%20pr", nil), 403, 200},
	"discovery-refused":          {statusOf("GET", "/ServiceProviderConfig", nil), 200, 403},

	"schema-username-optional":   {attribute("userName", "required"), true, false},
	"schema-username-case-exact": {attribute("userName", "caseExact"), false, true},
	"schema-username-not-unique": {attribute("userName", "uniqueness"), "server", "none"},
	"schema-password-returned":   {attribute("password", "returned"), "never", "default"},
	"schema-groups-writable":     {attribute("groups", "mutability"), "readOnly", "readWrite"},
	"schema-mutability-unknown":  {attribute("displayName", "mutability"), "readWrite", "read-write"},
	"schema-emails-single":       {attribute("emails", "multiValued"), true, false},
	"schema-name-without-parts":  {has(attribute("name", "subAttributes")), true, false},
})
