package defects

import (
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// namedWrongly are the defects of the attribute schemas (RFC 7643 §3).
func namedWrongly() []Defect {
	return []Defect{
		{
			Name:    "schemas-with-message",
			Summary: "schemas of a resource also names the message that it came with.",
			Checks:  []string{"users.model.schemas.shown", "discovery.schemas.used"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(func(resource map[string]any) {
				resource["schemas"] = append(list(resource["schemas"]), "urn:ietf:params:scim:api:messages:2.0:Resource")
			}),
		},
		{
			Name:    "create-without-schemas-accepted",
			Summary: "A user is created from a body that names no schema.",
			Checks:  []string{"users.model.schemas.missing"},
			Gaps:    []string{"nonconformant"},
			Install: onRefusedCreate(func(c *acme.Change) {
				if _, sent, _ := model.Lookup(c.Body, "schemas"); len(list(sent)) == 0 {
					admitInstead(c, func(body map[string]any) { body["schemas"] = []any{model.URNUser} })
				}
			}),
		},
		{
			Name:    "create-by-extension-accepted",
			Summary: "A user is created from a body that names the enterprise extension and not the schema of users.",
			Checks:  []string{"users.model.schemas.base"},
			Gaps:    []string{"nonconformant"},
			Install: onRefusedCreate(func(c *acme.Change) {
				if slices.Contains(list(c.Body["schemas"]), any(model.URNEnterprise)) {
					admitInstead(c, func(body map[string]any) { body["schemas"] = []any{model.URNUser, model.URNEnterprise} })
				}
			}),
		},
		{
			Name:    "schemas-as-sent-twice",
			Summary: "A schema that a client names twice is shown twice.",
			Checks:  []string{"users.model.schemas.twice"},
			Gaps:    []string{"nonconformant"},
			Install: sentSchemasShown(func(urn string) bool { return urn == model.URNUser }),
		},
		{
			Name:    "schemas-as-sent-unknown",
			Summary: "A schema that the service does not have is shown as the client sent it.",
			Checks:  []string{"users.model.schemas.foreign"},
			Gaps:    []string{"nonconformant"},
			Install: sentSchemasShown(func(urn string) bool { return !strings.Contains(urn, ":core:") && urn != model.URNEnterprise }),
		},
		{
			Name:    "first-schema-counts",
			Summary: "A new user whose schemas name the enterprise extension first is stored without the displayName, which is the other schema's.",
			Checks:  []string{"users.model.schemas.order"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				if sent := list(c.Body["schemas"]); len(sent) > 0 && sent[0] == model.URNEnterprise {
					delete(c.After, "displayName")
				}
			}),
		},
	}
}

// sentSchemasShown shows schemas of new users a second time, or at all, as they were sent.
func sentSchemasShown(of func(urn string) bool) func(*acme.Config) {
	return func(config *acme.Config) {
		var sent sync.Map // lists by id
		onCreate(func(c *acme.Change) {
			extra := slices.DeleteFunc(slices.Clone(list(c.Body["schemas"])), func(urn any) bool { text, _ := urn.(string); return !of(text) })
			if of(model.URNUser) && len(extra) > 0 {
				extra = extra[1:] // it is shown once anyhow
			}
			sent.Store(c.ID, extra)
		})(config)
		onResources(func(resource map[string]any) {
			if extra, ok := sent.Load(resource["id"]); ok && resource["schemas"] != nil {
				resource["schemas"] = append(list(resource["schemas"]), list(extra)...)
			}
		})(config)
	}
}
