package defects

import (
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// patchEffects are the defects in what an operation does.
func patchEffects() []Defect {
	return []Defect{
		{
			Name:    "patch-add-replaces-values",
			Summary: "An add to a multi-valued attribute of a user replaces what is there.",
			Checks:  []string{"patching.add.values", "patching.add.again", "patching.add.null", "patching.order.new-value"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: withOperations(acme.TypeUser, func(operations []acme.Operation) []acme.Operation {
				for i := range operations {
					if operations[i].Op == "add" && operations[i].Path == "emails" {
						operations[i].Op = "replace"
					}
				}
				return operations
			}),
		},
		{
			Name:    "patch-add-null-erases",
			Summary: "An add of null takes the attribute away.",
			Checks:  []string{"patching.add.null"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: withOperations(acme.TypeUser, func(operations []acme.Operation) []acme.Operation {
				for i := range operations {
					if operations[i].Op == "add" && operations[i].Value == nil {
						operations[i].Op = "replace"
					}
				}
				return operations
			}),
		},
		{
			Name:    "patch-replace-drops-parts",
			Summary: "A replace of some parts of the name takes the other parts away.",
			Checks:  []string{"patching.replace.complex"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				for _, o := range c.Operations {
					if part, ok := o.Value.(map[string]any); ok && o.Op == "replace" && o.Path == "name" && c.After != nil {
						c.After["name"] = model.Resource(part).Clone()
					}
				}
			}),
		},
		{
			Name:    "patch-first-match-only",
			Summary: "Of several values that a filter in the path chooses, only the first is changed.",
			Checks:  []string{"patching.replace.chosen", "patching.primary.chosen"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if c.After != nil && slices.ContainsFunc(c.Operations, func(o acme.Operation) bool { return o.Op != "remove" && strings.HasPrefix(o.Path, "emails[") }) {
					keepAllButFirst(c, "emails")
				}
			}),
		},
		{
			Name:    "patch-two-primaries",
			Summary: "A new primary value does not take the mark from the old one.",
			Checks:  []string{"patching.primary.*"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if c.After == nil {
					return
				}
				for _, old := range model.Objects(c.Before["emails"]) {
					for _, now := range model.Objects(c.After["emails"]) {
						if old["primary"] == true && now["value"] == old["value"] {
							now["primary"] = true
						}
					}
				}
			}),
		},
		{
			Name:    "patch-part-removal-takes-the-value",
			Summary: "A remove of one part of a chosen value takes the whole value away.",
			Checks:  []string{"patching.remove.part"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: withOperations(acme.TypeUser, func(operations []acme.Operation) []acme.Operation {
				for i, o := range operations {
					if at := strings.LastIndex(o.Path, "]."); o.Op == "remove" && at > 0 {
						operations[i].Path = o.Path[:at+1]
					}
				}
				return operations
			}),
		},
		{
			Name:    "patch-removal-leaves-empty-text",
			Summary: "Text that was removed is shown as empty text.",
			Checks:  []string{"patching.remove.single", "patching.replace.null"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				for name := range c.Before {
					if c.Type == acme.TypeUser && c.After != nil && c.Before.Text(name) != "" && c.After[name] == nil {
						c.After[name] = ""
					}
				}
			}),
		},
		{
			Name:     "patch-extension-ignored",
			Summary:  "An operation on the enterprise extension is answered 200 and does nothing.",
			Imitates: "keystone-scim #25, which had to learn these paths",
			Checks:   []string{"users.enterprise.patch", "users.enterprise.emptied", "patching.extension.begins", "patching.replace.dotted-keys"},
			Gaps:     []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if c.After != nil {
					keep(c, model.URNEnterprise)
					keep(c, "schemas")
				}
			}),
		},
		{
			Name:    "patch-schemas-not-extended",
			Summary: "A PATCH that begins an extension does not name it in schemas.",
			Checks:  []string{"patching.extension.begins"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if c.After != nil {
					keep(c, "schemas")
				}
			}),
		},
	}
}

// keepAllButFirst takes back all but the first change of a list's values.
func keepAllButFirst(c *acme.Change, name string) {
	old, _ := c.Before[name].([]any)
	now, _ := c.After[name].([]any)
	changed := 0
	for i := range min(len(old), len(now)) {
		if model.Same(old[i], now[i]) {
			continue
		}
		if changed++; changed > 1 {
			now[i] = old[i]
		}
	}
}
