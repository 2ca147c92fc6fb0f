package defects

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// members are the defects of groups and roles, and of what they open.
func members() []Defect { return slices.Concat(membership(), groupForms(), opened(), heldAgain()) }

// takenOut are the checks on forms of a removal: what SCIM shows, and what the group opens.
func takenOut(forms ...string) []string {
	var all []string
	for _, form := range forms {
		all = append(all, "lifecycle.remove-member."+form, "survival.remove-member."+form+".group-access")
	}
	return all
}

// membership are those that SCIM shows.
func membership() []Defect {
	return []Defect{
		{
			Name:     "members-value-list-removes-all",
			Summary:  "A remove of listed members, as Microsoft Entra ID sends it, empties the group.",
			Imitates: "AzureAD/SCIMReferenceCode #10, simpleidserver #244",
			Checks:   []string{"lifecycle.remove-member.value-list", "lifecycle.remove-member.value-list-plain", "lifecycle.remove-member.value-list-stranger", "story.entra", "story.jumpcloud", "patching.members.value-list"},
			Gaps:     []string{"ignored-silently remove-member", "declared-not-delivered patch"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if o.Op == "remove" && o.Value != nil {
					delete(c.After, "members")
				}
			}),
		},
		{
			Name:     "members-value-list-refused",
			Summary:  "A remove of listed members, as Microsoft Entra ID sends it, is refused.",
			Imitates: "Captain-P-Goldfish/SCIM-SDK #149, pingidentity/scim2 #174",
			Checks:   append(takenOut("value-list", "value-list-plain"), "story.entra", "story.jumpcloud", "patching.members.value-list"),
			Gaps:     []string{"partial-support remove-member", "declared-not-delivered patch"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if o.Op == "remove" && o.Value != nil {
					c.Err = model.BadRequest("invalidSyntax", "remove takes no value")
				}
			}),
		},
		{
			Name:     "members-value-list-ignored",
			Summary:  "A remove of listed members is answered 200 and removes nobody.",
			Imitates: "thomaspoignant/scim-patch #959",
			Checks:   append(takenOut("value-list", "value-list-plain"), "story.entra", "story.jumpcloud", "patching.members.value-list"),
			Gaps:     []string{"ignored-silently remove-member", "declared-not-delivered patch"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if o.Op == "remove" && o.Value != nil {
					keep(c, "members")
				}
			}),
		},
		{
			Name:    "members-removal-of-a-stranger-empties",
			Summary: "A remove of somebody who is no member empties the group.",
			Checks:  []string{"lifecycle.remove-member.value-list-stranger", "patching.members.stranger"},
			Gaps:    []string{"ignored-silently remove-member", "declared-not-delivered patch"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if o.Op == "remove" && len(c.Lost()) == 0 {
					delete(c.After, "members")
				}
			}),
		},
		{
			Name:     "members-replace-keeps-stale",
			Summary:  "A replace of the members adds the new ones and keeps those who are not listed.",
			Imitates: "keycloak #52752",
			Checks:   append(takenOut("replace", "replace-with-none"), "story.okta-oin", "story.interop-draft"),
			Gaps:     []string{"ignored-silently remove-member", "ignored-silently group-push"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if o.Op == "replace" {
					c.After["members"] = slices.Concat(list(c.Before["members"]), list(c.After["members"]))
				}
			}),
		},
		{
			Name:     "members-replace-with-none-refused",
			Summary:  "A replace of the members by an empty list is refused, so that the last one stays.",
			Imitates: "Captain-P-Goldfish/SCIM-SDK #757",
			Checks:   append(takenOut("replace-with-none"), "story.okta-oin"),
			Gaps:     []string{"partial-support remove-member"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if values, ok := o.Value.([]any); ok && o.Op == "replace" && len(values) == 0 {
					c.Err = model.BadRequest("invalidValue", "members must not be empty")
				}
			}),
		},
		{
			Name:    "members-or-filter-takes-one",
			Summary: "A remove of the members that one or another value chooses takes the first only.",
			Checks:  takenOut("or-filter"),
			Gaps:    []string{"ignored-silently remove-member"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if gone := c.Lost(); o.Op == "remove" && strings.Contains(o.Path, " or ") && len(gone) > 1 {
					c.After["members"] = slices.DeleteFunc(list(c.Before["members"]), func(m any) bool { return model.Resource(m.(map[string]any)).Text("value") == gone[0] })
				}
			}),
		},
		{
			Name:    "members-filter-in-capitals-ignored",
			Summary: "A remove with the operator EQ in capitals is answered 200 and removes nobody.",
			Checks:  takenOut("filter-in-capitals"),
			Gaps:    []string{"ignored-silently remove-member"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if strings.Contains(o.Path, " EQ ") {
					keep(c, "members")
				}
			}),
		},
		{
			Name:    "members-add-replaces",
			Summary: "An add of a member takes the others out.",
			Checks:  []string{"story.entra", "patching.members.add"},
			Gaps:    []string{"ignored-silently group-push", "ignored-silently remove-member", "declared-not-delivered patch"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if o.Op == "add" && len(list(c.After["members"])) > len(list(c.Before["members"])) {
					c.After["members"] = list(c.After["members"])[len(list(c.Before["members"])):]
				}
			}),
		},
		{
			Name:     "members-nested-refused",
			Summary:  "A group that is made a member of a group is refused, though the schema names the type.",
			Imitates: "Airbyte, which has no nested groups and says so",
			Checks:   []string{"groups.nested", "bulk.references.circular"},
			Gaps:     []string{"nonconformant", "declared-not-delivered bulk"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Type == acme.TypeGroup && c.After != nil && slices.ContainsFunc(list(c.After["members"]), func(m any) bool {
					return model.Resource(m.(map[string]any)).Text("type") == acme.TypeGroup
				}) {
					c.Err = model.BadRequest("invalidValue", "groups cannot be nested")
				}
			}),
		},
		{
			Name:     "members-beyond-100-dropped",
			Summary:  "Of more than a hundred members that one request adds, the rest is dropped without a word.",
			Imitates: "AWS IAM Identity Center, which has the limit and refuses openly",
			Checks:   []string{"patching.members.hundred"},
			Gaps:     []string{"declared-not-delivered patch"},
			Install: onMembership(func(c *acme.Change, _ acme.Operation) {
				if now := list(c.After["members"]); len(now) > len(list(c.Before["members"]))+100 {
					c.After["members"] = now[:len(list(c.Before["members"]))+100]
				}
			}),
		},
		{
			Name:    "groups-missing-on-users",
			Summary: "A user does not show the groups that they are in.",
			Checks:  []string{"users.groups.shown", "groups.shown-on-users"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(func(resource map[string]any) { delete(resource, "groups") }),
		},
		{
			Name:    "deleted-user-stays-a-member",
			Summary: "A group goes on listing a user who was deleted.",
			Checks:  []string{"groups.member-deleted"},
			Gaps:    []string{"nonconformant"},
			Install: deletedStaysListed,
		},
		{
			Name:    "inactive-user-leaves-groups",
			Summary: "A deactivation takes the user out of the groups that are shown, and a return does not bring that back.",
			Checks:  []string{"groups.member-deactivated"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: inactiveLeavesGroups,
		},
	}
}

// onMembership alters what one operation on the members of a group did.
func onMembership(hook func(*acme.Change, acme.Operation)) func(*acme.Config) {
	return onPatch(func(c *acme.Change) {
		if c.Type != acme.TypeGroup || c.After == nil || len(c.Operations) != 1 {
			return
		}
		if o := c.Operations[0]; strings.HasPrefix(strings.ToLower(o.Path), "members") {
			hook(c, o)
		}
	})
}

func list(v any) []any {
	values, _ := v.([]any)
	return values
}

// deletedStaysListed shows deleted users in the groups that they were in.
func deletedStaysListed(config *acme.Config) {
	var gone sync.Map // a member's value by group
	beforeChange(func(c *acme.Change) {
		if changesUser(c, http.MethodDelete) && c.Err == nil {
			for _, g := range model.Objects(c.Before["groups"]) {
				gone.Store(g["value"], c.ID)
			}
		}
	})(config)
	onRead(func(r *acme.Read) {
		if id, ok := gone.Load(r.Current.Text("id")); ok && r.Type == acme.TypeGroup {
			r.Current["members"] = append(list(r.Current["members"]), map[string]any{"value": id, "type": acme.TypeUser})
		}
	})(config)
}

// inactiveLeavesGroups hides members who were inactive once.
func inactiveLeavesGroups(config *acme.Config) {
	var left ids
	beforeChange(func(c *acme.Change) {
		if c.Type == acme.TypeUser && c.Before != nil && c.After != nil && c.Before.Active() && !c.After.Active() {
			left.set(c.ID, true)
		}
	})(config)
	onRead(func(r *acme.Read) {
		if r.Type == acme.TypeGroup && r.Current != nil {
			model.SetList(r.Current, "members", slices.DeleteFunc(list(r.Current["members"]), func(m any) bool {
				return left.has(model.Resource(m.(map[string]any)).Text("value"))
			}))
		}
	})(config)
}
