package defects

import (
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// typedWrongly are the defects of the types of values (RFC 7643 §2.3).
func typedWrongly() []Defect {
	return []Defect{
		{
			Name:    "active-zero-ignored",
			Summary: "The number 0 for active is answered 200 and changes nothing.",
			Checks:  []string{"users.model.wrong-boolean.leaving"},
			Gaps:    []string{"nonconformant"},
			Install: onPatch(func(c *acme.Change) {
				if value, sets := activeOf(c); sets && value == 0.0 {
					c.Err, c.After = nil, c.Before.Clone()
				}
			}),
		},
		{
			Name:     "active-anything-lets-back-in",
			Summary:  "What is neither a Boolean nor reads as one, sent for active of somebody inactive, makes them active instead of being refused.",
			Imitates: "the truth of values in several programming languages, where a text that is not empty is true",
			Checks:   []string{"users.model.wrong-boolean.staying-out"},
			Gaps:     []string{"nonconformant"},
			Install: onPatch(func(c *acme.Change) {
				if value, sets := activeOf(c); sets && value != false && c.Err != nil && !c.Before.Active() {
					c.Err, c.After = nil, c.Before.Clone()
					c.After["active"] = true
				}
			}),
		},
		{
			Name:    "active-text-ignored-at-creation",
			Summary: "A new user with a text for active is active, whatever the text says.",
			Checks:  []string{"users.model.wrong-boolean.created"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				if _, isText := c.Body["active"].(string); isText {
					c.After["active"] = true
				}
			}),
		},
		{
			Name:    "empty-list-refused",
			Summary: "A new user with an empty list, as some providers send them, is refused.",
			Checks:  []string{"users.model.null.create", "story.okta-oin", "story.okta-aiw", "story.entra", "story.entra-flag"},
			Gaps:    []string{"nonconformant", "refused-explicitly create"},
			Install: onCreate(func(c *acme.Change) {
				for name, value := range c.Body {
					if values, isList := value.([]any); isList && len(values) == 0 && name != "schemas" {
						c.Err = model.BadRequest("invalidValue", "%s must have a value", name)
					}
				}
			}),
		},
		{
			Name:    "primary-as-text",
			Summary: `The primary address is marked by the text "true" instead of a Boolean.`,
			Checks:  []string{"users.model.booleans", "users.emails.several", "discovery.schema.types", "patching.add.again"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: onResources(func(resource map[string]any) {
				for _, value := range model.Objects(resource["emails"]) {
					if value["primary"] == true {
						value["primary"] = "true"
					}
				}
			}),
		},
	}
}

// activeOf is what a PATCH of a user sets active to.
func activeOf(c *acme.Change) (value any, sets bool) {
	for _, o := range c.Operations {
		if strings.EqualFold(o.Path, "active") && o.Op != "remove" {
			return o.Value, c.Type == acme.TypeUser
		}
	}
	return nil, false
}
