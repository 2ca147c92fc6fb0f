package defects

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// groupForms are the defects of groups as they are made, shown and put into each other.
func groupForms() []Defect {
	return []Defect{
		{
			Name:    "group-without-name-accepted",
			Summary: "A group is created without a displayName.",
			Checks:  []string{"groups.display-name", "discovery.schema.required"},
			Gaps:    []string{"nonconformant"},
			Install: onGroup(http.MethodPost, func(c *acme.Change) {
				if c.Err != nil && c.Body["displayName"] == nil {
					c.Err, c.After = nil, acme.Resource{"schemas": []any{model.URNGroup}, "externalId": c.Body["externalId"]}
				}
			}),
		},
		{
			Name:    "group-without-members-refused",
			Summary: "A new group without the attribute members is refused.",
			Checks:  []string{"groups.empty", "story.entra", "story.entra-flag", "story.onelogin", "story.jumpcloud", "story.pingfederate", "story.interop-draft"},
			Gaps:    []string{"nonconformant", "refused-explicitly group-push"},
			Install: onGroup(http.MethodPost, func(c *acme.Change) {
				if _, sent := c.Body["members"]; !sent && c.Err == nil && !c.InBulk {
					c.Err = model.BadRequest("invalidValue", "members is required")
				}
			}),
		},
		{
			Name:    "group-external-id-dropped",
			Summary: "A group is stored without its externalId.",
			Checks:  []string{"groups.external-id"},
			Gaps:    []string{"nonconformant"},
			Install: onGroup(http.MethodPost, func(c *acme.Change) { delete(c.After, "externalId") }),
		},
		{
			Name:     "members-listed-twice",
			Summary:  "Somebody who is added to a group again is listed twice.",
			Imitates: "wso2/product-is #5333",
			Checks:   []string{"groups.members.again", "patching.members.again"},
			Gaps:     []string{"declared-not-delivered patch"},
			Install: onMembership(func(c *acme.Change, o acme.Operation) {
				if now := list(c.After["members"]); o.Op == "add" && len(now) > 0 && len(now) == len(list(c.Before["members"])) {
					c.After["members"] = append(now, now[0])
				}
			}),
		},
		{
			Name:    "members-exchanged-200",
			Summary: "A PATCH that turns one member into another is answered 200 and does nothing.",
			Checks:  []string{"groups.members.immutable", "patching.members.name"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onGroup(http.MethodPatch, forgives("mutability")),
		},
		{
			Name:    "members-unknown-500",
			Summary: "Adding a member who does not exist is answered 500.",
			Checks:  []string{"groups.members.unknown"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onGroup(http.MethodPatch, func(c *acme.Change) {
				if hasUnknownMember(c) {
					c.Err = &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"}
				}
			}),
		},
		{
			Name:    "members-cycle-500",
			Summary: "A PATCH after which two groups contain each other is answered 500.",
			Checks:  []string{"groups.cycle"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: cycleBreaks,
		},
		{
			Name:    "members-not-inherited",
			Summary: "A user does not show the groups that they are in through another group.",
			Checks:  []string{"groups.nested"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(func(resource map[string]any) {
				if groups, ok := resource["groups"].([]any); ok {
					resource["groups"] = slices.DeleteFunc(groups, func(g any) bool { return model.Resource(g.(map[string]any)).Text("type") == "indirect" })
				}
			}),
		},
		{
			Name:    "deleted-group-stays-on-users",
			Summary: "A user goes on showing a group that was deleted.",
			Checks:  []string{"groups.deleted"},
			Gaps:    []string{"nonconformant"},
			Install: deletedStaysShown,
		},
	}
}

// onGroup alters the changes of groups by one method.
func onGroup(method string, hook func(*acme.Change)) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if c.Type == acme.TypeGroup && c.Method == method {
			hook(c)
		}
	})
}

// hasUnknownMember reports a group that is refused for a member who does not exist.
func hasUnknownMember(c *acme.Change) bool {
	return c.Err != nil && strings.Contains(c.Err.Detail, "no user's and no group's")
}

// cycleBreaks fails where a group gets a member of which it is one.
func cycleBreaks(config *acme.Config) {
	var holds sync.Map // a group's members by its id
	beforeChange(func(c *acme.Change) {
		if c.Type != acme.TypeGroup || c.After == nil || c.Err != nil {
			return
		}
		var members []string
		for _, m := range model.Objects(c.After["members"]) {
			id := model.Resource(m).Text("value")
			members = append(members, id)
			if inner, known := holds.Load(id); known && slices.Contains(inner.([]string), c.ID) {
				c.Err = &acme.Error{Status: http.StatusInternalServerError, Detail: "stack level too deep"}
				return
			}
		}
		holds.Store(c.ID, members)
	})(config)
}

// deletedStaysShown shows deleted groups with the users who were in them.
func deletedStaysShown(config *acme.Config) {
	var gone sync.Map // a group by its member's id
	onGroup(http.MethodDelete, func(c *acme.Change) {
		for _, m := range model.Objects(c.Before["members"]) {
			gone.Store(m["value"], c.ID)
		}
	})(config)
	onRead(func(r *acme.Read) {
		if id, ok := gone.Load(r.Current.Text("id")); ok && r.Type == acme.TypeUser {
			r.Current["groups"] = append(list(r.Current["groups"]), map[string]any{"value": id, "type": "direct"})
		}
	})(config)
}
