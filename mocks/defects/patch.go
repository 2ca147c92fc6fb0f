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
	return slices.Concat(patchMessages(), patchRefusals(), patchEffects(), patchAnswers(), patchAdds(), patchRemovals(), patchReplacements(), patchMembers())
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
			Install: withOperations(acme.TypeUser, func(operations []acme.Operation) []acme.Operation {
				return slices.DeleteFunc(operations, func(o acme.Operation) bool { return strings.HasPrefix(o.Path, model.URNUser) })
			}),
		},
		{
			Name:    "patch-only-the-first",
			Summary: "Of several operations only the first is carried out.",
			Checks:  append(inForm("patch-last-of-several"), "lifecycle.update.patch", "story.entra", "story.entra-flag", "story.sailpoint", "story.interop-draft", "patching.order.*", "errors.text.hostile"),
			Gaps:    []string{"ignored-silently update", "ignored-silently deactivate", "declared-not-delivered patch"},
			Install: withOperations(acme.TypeUser, func(operations []acme.Operation) []acme.Operation { return operations[:1] }),
		},
		{
			Name:    "patch-in-reverse-order",
			Summary: "The operations are carried out from the last to the first.",
			Checks:  []string{"patching.order.same-attribute"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: withOperations(acme.TypeUser, func(operations []acme.Operation) []acme.Operation {
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
		{
			Name:    "patch-path-urn-case-sensitive",
			Summary: "A path that begins with the URN of the core schema in another letter case is refused.",
			Checks:  []string{"querying.projection.notation.patch-path"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if slices.ContainsFunc(c.Operations, func(o acme.Operation) bool {
					return len(o.Path) > len(model.URNUser) && strings.EqualFold(o.Path[:len(model.URNUser)], model.URNUser) && !strings.HasPrefix(o.Path, model.URNUser)
				}) {
					c.Err = model.BadRequest("invalidPath", "unknown attribute")
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

func onPatch(hook func(*acme.Change)) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if c.Method == http.MethodPatch && c.Before != nil {
			hook(c)
		}
	})
}

// withOperations carries out other operations than the PATCH of a resource of one type has.
func withOperations(kind string, alter func([]acme.Operation) []acme.Operation) func(*acme.Config) {
	return onPatch(func(c *acme.Change) {
		if c.Type != kind || c.After == nil {
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
