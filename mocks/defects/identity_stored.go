package defects

import (
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// storedWrongly are the defects of what is stored of a person.
func storedWrongly() []Defect {
	return []Defect{
		{
			Name:    "profile-url-without-query",
			Summary: "A profileUrl is stored without its query and fragment.",
			Checks:  []string{"users.values.profile-url"},
			Gaps:    []string{"nonconformant"},
			Install: onText("profileUrl", func(text string) string {
				return strings.FieldsFunc(text, func(r rune) bool { return r == '?' || r == '#' })[0]
			}),
		},
		{
			Name:    "locale-without-region",
			Summary: "Of a locale only the language is stored.",
			Checks:  []string{"users.values.locale", "discovery.schema.mutability.read-write"},
			Gaps:    []string{"nonconformant"},
			Install: onText("locale", func(text string) string {
				return strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '_' })[0]
			}),
		},
		{
			Name:    "country-in-lower-case",
			Summary: "The country of an address is stored in lower case, which is no country code.",
			Checks:  []string{"users.values.country"},
			Gaps:    []string{"nonconformant"},
			Install: onUser(func(c *acme.Change) {
				for _, address := range model.Objects(c.After["addresses"]) {
					address["country"] = strings.ToLower(model.Resource(address).Text("country"))
				}
			}),
		},
		{
			Name:    "role-stays-when-removed",
			Summary: "A remove of one role of several is answered 200 and does nothing.",
			Checks:  []string{"users.values.roles"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: withOperations(acme.TypeUser, func(operations []acme.Operation) []acme.Operation {
				return slices.DeleteFunc(operations, func(o acme.Operation) bool { return o.Op == "remove" && strings.HasPrefix(o.Path, "roles[") })
			}),
		},
		{
			Name:     "manager-as-text",
			Summary:  "The manager of a user is shown as a text instead of an object.",
			Imitates: "a form that Microsoft's documentation shows",
			Checks:   []string{"users.enterprise.manager", "users.enterprise.patch", "bulk.references.extension"},
			Gaps:     []string{"nonconformant", "declared-not-delivered patch", "declared-not-delivered bulk"},
			Install: onResources(func(resource map[string]any) {
				if part, ok := resource[model.URNEnterprise].(map[string]any); ok {
					if manager, ok := part["manager"].(map[string]any); ok {
						part["manager"] = manager["value"]
					}
				}
			}),
		},
		{
			Name:    "manager-name-as-sent",
			Summary: "The displayName of a manager is stored as the client sends it, whoever the manager is.",
			Checks:  []string{"users.enterprise.manager-name.create"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				sent := model.Resource(c.Body).Text(model.URNEnterprise, "manager", "displayName")
				part, _ := c.After[model.URNEnterprise].(map[string]any)
				if manager, ok := part["manager"].(map[string]any); ok && sent != "" {
					manager["displayName"] = sent
				}
			}),
		},
	}
}

// onUser alters what will be stored of a user.
func onUser(hook func(*acme.Change)) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if c.Type == acme.TypeUser && c.Err == nil && c.After != nil {
			hook(c)
		}
	})
}

// onText stores another text than was sent.
func onText(name string, alter func(string) string) func(*acme.Config) {
	return onUser(func(c *acme.Change) {
		if text := c.After.Text(name); text != "" {
			c.After[name] = alter(text)
		}
	})
}
