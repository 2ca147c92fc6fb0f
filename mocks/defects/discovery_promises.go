package defects

import (
	"fmt"
	"net/http"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// brokenPromises are attributes that behave otherwise than their schema says.
func brokenPromises() []Defect {
	return []Defect{
		{
			Name:    "numbers-as-text",
			Summary: "The numbers of Acme's own extension, and which telephone is the primary one, are shown as text.",
			Checks:  []string{"discovery.schema.types"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(func(resource map[string]any) {
				for _, holder := range append(model.Objects(resource["phoneNumbers"]), workplaceOf(resource)) {
					for _, name := range []string{"primary", "badgeNumber", "payGrade"} {
						if value, there := holder[name]; there {
							holder[name] = fmt.Sprint(value)
						}
					}
				}
			}),
		},
		{
			Name:    "one-tag-kept",
			Summary: "Of several tags in Acme's own extension the first is kept.",
			Checks:  []string{"discovery.schema.multivalued"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if tags, ok := workplaceOf(c.After)["tags"].([]any); ok && len(tags) > 1 {
					workplaceOf(c.After)["tags"] = tags[:1]
				}
			}),
		},
		{
			Name:    "phone-types-reduced",
			Summary: "Telephones of every type but work and home, of which the schema suggests more, are stored as other.",
			Checks:  []string{"discovery.schema.canonical"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				for _, phone := range model.Objects(c.After["phoneNumbers"]) {
					if phone["type"] != "work" && phone["type"] != "home" {
						phone["type"] = "other"
					}
				}
			}),
		},
		{
			Name:    "pin-shown",
			Summary: "A user of Acme's own extension is shown with a deskPin, which is never returned.",
			Checks:  []string{"discovery.schema.returned"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(func(resource map[string]any) {
				if workplace := workplaceOf(resource); workplace != nil {
					workplace["deskPin"] = "1234"
				}
			}),
		},
		{
			Name:    "hint-withheld",
			Summary: "recoveryHint in Acme's own extension, which is returned on request, is not returned then either.",
			Checks:  []string{"discovery.schema.returned", "users.read.on-request"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(withoutHint),
		},
		{
			Name:    "cost-code-taken-twice",
			Summary: "Two users can have the same costCode, which Acme's own extension says is unique.",
			Checks:  []string{"discovery.schema.unique"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Err != nil && c.Err.ScimType == "uniqueness" && workplaceOf(c.After)["costCode"] != nil {
					c.Err = nil
				}
			}),
		},
		{
			Name:    "attributes-published-and-dropped",
			Summary: "The middle name, addresses, the cost center and payGrade are published, and stored nowhere.",
			Checks:  []string{"discovery.schema.mutability.read-write", "users.enterprise.round-trip", "users.values.country", "patching.add.complex"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: beforeChange(func(c *acme.Change) {
				name, _ := c.After["name"].(map[string]any)
				enterprise, _ := c.After[model.URNEnterprise].(map[string]any)
				delete(name, "middleName")
				delete(enterprise, "costCenter")
				delete(workplaceOf(c.After), "payGrade")
				delete(c.After, "addresses")
			}),
		},
		{
			Name:    "locker-moved-by-clients",
			Summary: "The building of a locker in Acme's own extension, which is read-only, is as a client says.",
			Checks:  []string{"discovery.schema.mutability.read-only"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				sent, _ := workplaceOf(c.Body)["locker"].(map[string]any)
				stored, _ := workplaceOf(c.After)["locker"].(map[string]any)
				if building := sent["building"]; building != nil && stored != nil {
					stored["building"] = building
				}
			}),
		},
		{
			Name:    "badge-number-changes",
			Summary: "A PUT changes what is immutable.",
			Checks:  []string{"discovery.schema.mutability.immutable", "replacing.immutable"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodPut && c.Err != nil && c.Err.ScimType == "mutability" {
					c.Err = nil
				}
			}),
		},
		{
			Name:    "badge-number-cleared",
			Summary: "A PUT that would change what is immutable clears it.",
			Checks:  []string{"discovery.schema.mutability.immutable", "replacing.immutable"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodPut && c.Err != nil && c.Err.ScimType == "mutability" {
					c.Err = nil
					delete(workplaceOf(c.After), "badgeNumber")
				}
			}),
		},
		{
			Name:    "bare-users-refused",
			Summary: "Somebody of whom nothing but the userName is sent is refused, which no schema says.",
			Checks:  []string{"discovery.schema.required", "users.create.defaults", "users.create.duplicate"},
			Gaps:    []string{"nonconformant", "no-evidence"},
			Install: beforeChange(func(c *acme.Change) {
				if _, named := c.Body["userName"]; named && changesUser(c, http.MethodPost) && len(c.Body) == 2 {
					c.Err = model.BadRequest("invalidValue", "a name and an address are required")
				}
			}),
		},
	}
}

// workplaceOf is the part of a user that Acme's own extension has; nil for none.
func workplaceOf(user map[string]any) map[string]any {
	workplace, _ := user[model.URNWorkplace].(map[string]any)
	return workplace
}

// withoutHint hides what Acme's own extension returns on request.
func withoutHint(resource map[string]any) { delete(workplaceOf(resource), "recoveryHint") }
