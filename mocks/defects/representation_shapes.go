package defects

import (
	"fmt"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// shapes are the defects in the form of attributes.
func shapes() []Defect {
	return []Defect{
		{
			Name:    "listed-active-as-text",
			Summary: `A list shows active as "True" or "False"; elsewhere it is a Boolean.`,
			Checks:  []string{"querying.list.resources"},
			Gaps:    []string{"nonconformant"},
			Install: inLists(func(resource map[string]any) {
				if active, ok := resource["active"].(bool); ok {
					resource["active"] = map[bool]string{true: "True", false: "False"}[active]
				}
			}),
		},
		{
			Name:    "roles-as-text",
			Summary: "roles is a list of texts instead of objects with a value.",
			Checks:  []string{"users.values.roles"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onResources(func(resource map[string]any) {
				if list, ok := resource["roles"].([]any); ok {
					for i, role := range model.Objects(list) {
						list[i] = role["value"]
					}
				}
			}),
		},
		{
			Name:    "extension-flattened",
			Summary: "Attributes of the enterprise extension are shown beside userName and not in an object of their own.",
			Checks:  []string{"users.enterprise.round-trip", "users.enterprise.manager", "users.enterprise.patch", "replacing.extension", "bulk.references.extension", "discovery.schema.mutability.read-write", "users.model.extension", "users.model.schemas.order", "patching.replace.dotted-keys", "patching.extension.begins"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch", "declared-not-delivered bulk"},
			Install: onResources(func(resource map[string]any) {
				part, _ := resource[model.URNEnterprise].(map[string]any)
				delete(resource, model.URNEnterprise)
				for name, value := range part {
					resource[name] = value
				}
			}),
		},
		{
			Name:    "members-without-value",
			Summary: "A group's members have display and $ref, and no value.",
			Checks:  []string{"lifecycle.remove-member.*", "groups.members.references", "groups.members.again", "groups.members.immutable", "groups.nested", "groups.member-deactivated", "groups.member-deleted", "replacing.memberships", "replacing.members", "bulk.references.members", "bulk.references.circular", "story.okta-oin", "story.okta-aiw", "story.entra", "story.entra-flag", "story.onelogin", "story.jumpcloud", "story.pingfederate", "story.interop-draft"},
			Gaps:    []string{"no-evidence", "nonconformant", "declared-not-delivered patch", "declared-not-delivered bulk", "ignored-silently group-push", "ignored-silently remove-member"},
			Install: onMembers(func(member map[string]any) { delete(member, "value") }),
		},
		{
			Name:    "members-ref-to-groups",
			Summary: "The $ref of a group's members leads to /Groups, also for users.",
			Checks:  []string{"groups.members.references", "users.model.references"},
			Gaps:    []string{"nonconformant"},
			Install: onMembers(func(member map[string]any) {
				member["$ref"] = strings.Replace(model.Resource(member).Text("$ref"), "/Users/", "/Groups/", 1)
			}),
		},
		{
			Name:    "members-ref-from-the-root",
			Summary: "The $ref of a group's members is a path from the root of the host, without that of the service.",
			Checks:  []string{"users.model.references"},
			Gaps:    []string{"nonconformant"},
			Install: onMembers(func(member map[string]any) {
				_, rest, _ := strings.Cut(model.Resource(member).Text("$ref"), "/scim/v2/")
				member["$ref"] = "/" + rest
			}),
		},
		{
			Name:    "username-in-lower-case",
			Summary: "userName is shown in lower case, whatever was sent.",
			Checks:  []string{"users.username.kept"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(func(resource map[string]any) {
				if name, ok := resource["userName"].(string); ok {
					resource["userName"] = strings.ToLower(name)
				}
			}),
		},
	}
}

// onMembers alters each member that a group is shown with.
func onMembers(hook func(map[string]any)) func(*acme.Config) {
	return onResources(func(resource map[string]any) {
		for _, member := range model.Objects(resource["members"]) {
			hook(member)
		}
	})
}

// listForms are the defects in the form of a ListResponse.
func listForms() []Defect {
	return []Defect{
		{
			Name:    "list-without-schemas",
			Summary: "A list does not say that it is a ListResponse.",
			Checks:  []string{"lifecycle.find-by-username", "querying.list.form"},
			Gaps:    []string{"nonconformant"},
			Install: onList(func(r *acme.Reply) { delete(r.Body, "schemas") }),
		},
		{
			Name:    "list-of-one-is-an-object",
			Summary: "Resources is no array when there is a single result, but that result.",
			Checks:  []string{"lifecycle.find-by-username", "querying.list.form", "users.enterprise.filter", "users.active.inactive-found", "users.username.filter-case", "story.*", "channel.tenant.cursor", "users.identity.external-id.letter-case", "users.strings.filter"},
			Gaps:    []string{"nonconformant", "declared-not-delivered filter", "ignored-silently look-up", "no-evidence"},
			Install: onList(func(r *acme.Reply) {
				if list, ok := r.Body["Resources"].([]any); ok && len(list) == 1 {
					r.Body["Resources"] = list[0]
				}
			}),
		},
		{
			Name:     "list-resources-in-lower-case",
			Summary:  "A list has resources instead of Resources.",
			Imitates: "Microsoft Entra ID's own SCIM server",
			Checks:   []string{"querying.list.form"},
			Gaps:     []string{"nonconformant"},
			Install: onList(func(r *acme.Reply) {
				r.Body["resources"] = r.Body["Resources"]
				delete(r.Body, "Resources")
			}),
		},
		{
			Name:    "list-total-as-text",
			Summary: "totalResults is a string instead of an integer.",
			Checks:  []string{"querying.list.form"},
			Gaps:    []string{"nonconformant"},
			Install: onList(func(r *acme.Reply) { r.Body["totalResults"] = fmt.Sprint(r.Body["totalResults"]) }),
		},
	}
}
