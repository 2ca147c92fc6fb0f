package defects

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// patch are the defects of PATCH (RFC 7644 §3.5.2).
func patch() []Defect {
	return slices.Concat(patchMessages(), patchRefusals(), patchEffects(), morePatch())
}

// patchMessages are the defects in reading the message.
func patchMessages() []Defect {
	return []Defect{
		{
			Name:     "patch-op-case-sensitive",
			Summary:  "An op in capitals, as Microsoft Entra ID sends it, is refused.",
			Imitates: "ssoready/ssoready #155 and others that learnt to accept it",
			Checks:   append(slices.Concat(inForm("patch-string"), inForm("patch-last-of-several"), takenOut("value-list")), "story.entra", "patching.message.op-case"),
			Gaps:     []string{"partial-support deactivate", "partial-support remove-member", "refused-explicitly group-push", "refused-explicitly update", "declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if slices.ContainsFunc(c.Operations, func(o acme.Operation) bool { return o.Op != o.Spelled }) {
					c.Err = model.BadRequest("invalidSyntax", "op must be add, remove or replace")
				}
			}),
		},
		{
			Name:    "patch-path-case-sensitive",
			Summary: "A path in another letter case than the schema's is refused.",
			Checks:  []string{"patching.path.letter-case"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if slices.ContainsFunc(c.Operations, func(o acme.Operation) bool {
					return strings.EqualFold(o.Path, "displayname") && o.Path != "displayName"
				}) {
					c.Err = model.BadRequest("invalidPath", "unknown attribute")
				}
			}),
		},
		{
			Name:    "patch-urn-path-ignored",
			Summary: "An operation whose path begins with the URN of the core schema is answered 200 and does nothing.",
			Checks:  inForm("patch-urn-path"),
			Gaps:    []string{"ignored-silently deactivate"},
			Install: withOperations(func(operations []acme.Operation) []acme.Operation {
				return slices.DeleteFunc(operations, func(o acme.Operation) bool { return strings.HasPrefix(o.Path, model.URNUser) })
			}),
		},
		{
			Name:    "patch-only-the-first",
			Summary: "Of several operations only the first is carried out.",
			Checks:  append(inForm("patch-last-of-several"), "lifecycle.update.patch", "story.entra", "story.entra-flag", "story.sailpoint", "story.interop-draft", "patching.order.*"),
			Gaps:    []string{"ignored-silently update", "ignored-silently deactivate", "declared-not-delivered patch"},
			Install: withOperations(func(operations []acme.Operation) []acme.Operation { return operations[:1] }),
		},
		{
			Name:    "patch-in-reverse-order",
			Summary: "The operations are carried out from the last to the first.",
			Checks:  []string{"patching.order.same-attribute"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: withOperations(func(operations []acme.Operation) []acme.Operation {
				slices.Reverse(operations)
				return operations
			}),
		},
		{
			Name:    "patch-204-despite-attributes",
			Summary: "A PATCH that asks for attributes is answered 204 without them.",
			Checks:  []string{"patching.message.attributes"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Request.Method == http.MethodPatch && r.Status == http.StatusOK && r.Request.URL.Query().Has("attributes") {
					r.Status, r.Body = http.StatusNoContent, nil
				}
			}),
		},
	}
}

// patchRefusals are successes that should be refusals, and a refusal with an effect.
func patchRefusals() []Defect {
	return []Defect{
		{
			Name:    "patch-unknown-path-200",
			Summary: "A path to an attribute that nobody has is answered 200 and does nothing.",
			Checks:  []string{"patching.path.malformed", "patching.path.unknown"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(forgives("invalidPath")),
		},
		{
			Name:    "patch-read-only-200",
			Summary: "An operation on a read-only or required attribute is answered 200 and does nothing.",
			Checks:  []string{"users.groups.patch-refused", "users.enterprise.manager-name.patch", "groups.members.immutable", "patching.refused.read-only", "patching.refused.immutable", "patching.remove.required", "patching.members.name"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(forgives("mutability")),
		},
		{
			Name:    "patch-no-target-200",
			Summary: "An operation without a target is answered 200 and does nothing.",
			Checks:  []string{"patching.remove.pathless", "patching.replace.no-match"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(forgives("noTarget")),
		},
		{
			Name:    "patch-wrong-type-200",
			Summary: "A value that does not fit the schema is answered 200 and does nothing.",
			Checks:  []string{"users.model.wrong-boolean.leaving", "users.model.binary", "patching.refused.value", "patching.add.without-value", "patching.replace.required-null"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: onPatch(forgives("invalidValue")),
		},
		{
			Name:    "patch-taken-username-200",
			Summary: "A PATCH gives a user the userName of another.",
			Checks:  []string{"users.username.unique.patch", "patching.refused.taken-name"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if c.Err != nil && c.Err.ScimType == "uniqueness" {
					c.Err = nil
				}
			}),
		},
		{
			Name:    "patch-half-applied",
			Summary: "When an operation fails, those before it stay in force.",
			Checks:  []string{"patching.atomic.user", "patching.atomic.group"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: halfApplied,
		},
	}
}

// patchEffects are the defects in what an operation does.
func patchEffects() []Defect {
	return []Defect{
		{
			Name:    "patch-add-replaces-values",
			Summary: "An add to a multi-valued attribute of a user replaces what is there.",
			Checks:  []string{"patching.add.values", "patching.add.again", "patching.add.null", "patching.order.new-value"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: withOperations(func(operations []acme.Operation) []acme.Operation {
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
			Install: withOperations(func(operations []acme.Operation) []acme.Operation {
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
			Install: withOperations(func(operations []acme.Operation) []acme.Operation {
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
			Checks:   []string{"users.enterprise.patch", "users.enterprise.emptied", "patching.extension.*", "patching.replace.dotted-keys"},
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
			Checks:  []string{"patching.extension.begin-and-end"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if c.After != nil {
					keep(c, "schemas")
				}
			}),
		},
	}
}

func onPatch(hook func(*acme.Change)) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if c.Method == http.MethodPatch && c.Before != nil {
			hook(c)
		}
	})
}

// withOperations carries out other operations than a user's PATCH has.
func withOperations(alter func([]acme.Operation) []acme.Operation) func(*acme.Config) {
	return onPatch(func(c *acme.Change) {
		if c.Type != acme.TypeUser || c.After == nil {
			return
		}
		if after, err := model.SchemaOf(c.Type).ApplyOperations(c.Before, alter(slices.Clone(c.Operations))); err == nil {
			c.After = after
		}
	})
}

// forgives makes a success without an effect of an error.
func forgives(scimType string) func(*acme.Change) {
	return func(c *acme.Change) {
		if c.Err != nil && c.Err.ScimType == scimType {
			c.Err, c.Drop = nil, true
		}
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

// halfApplied stores what the operations before a failing one did, and answers with
// the error all the same.
func halfApplied(config *acme.Config) {
	var failed sync.Map // errors by id
	onPatch(func(c *acme.Change) {
		failed.Delete(c.ID)
		for n := len(c.Operations) - 1; c.Err != nil && n > 0; n-- {
			if after, err := model.SchemaOf(c.Type).ApplyOperations(c.Before, c.Operations[:n]); err == nil {
				failed.Store(c.ID, c.Err)
				c.After, c.Err = after, nil
			}
		}
	})(config)
	writeReply(func(r *acme.Reply) {
		id := r.Request.URL.Path[strings.LastIndex(r.Request.URL.Path, "/")+1:]
		if err, ok := failed.LoadAndDelete(id); ok && r.Request.Method == http.MethodPatch {
			refuse(r, err.(*acme.Error))
		}
	})(config)
}
