package defects

import (
	"strings"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// byGroup are the checks on what a group opens.
var byGroup = []string{"survival.remove-member.*.group-access", "survival.delete-group.group-access"}

// opened are those of what a group, a role or a grant opens in the product.
func opened() []Defect {
	return []Defect{
		{
			Name:     "removed-member-keeps-access",
			Summary:  "Somebody who was taken out of a group can still open what it gave them.",
			Imitates: "croffasia/itsaplan #250",
			Checks:   byGroup,
			Gaps:     []string{"survived-access remove-member group-access", "survived-access delete-group group-access"},
			Install:  judgeGrant(func(g *acme.Grant) bool { return strings.HasPrefix(g.Resource, "group ") && len(g.Lost) > 0 }),
		},
		{
			Name:     "membership-cached-3s",
			Summary:  "What a group gave can be opened for three seconds after its member was taken out.",
			Imitates: "BerriAI/litellm #26861, where entitlements are cached",
			Checks:   append([]string{"survival.remove-role.role-access"}, byGroup...),
			Gaps:     []string{"delayed remove-member group-access", "delayed delete-group group-access", "delayed remove-role role-access"},
			Watch:    8 * time.Second,
			Delay:    3 * time.Second,
			Install: judgeGrant(func(g *acme.Grant) bool {
				return len(g.Lost) > 0 && g.Now.Sub(g.Lost[len(g.Lost)-1].At) < 3*time.Second
			}),
		},
		{
			Name:     "removed-role-keeps-access",
			Summary:  "Somebody whose role was taken away can still do what it allowed.",
			Imitates: "Microsoft Entra ID's complex role mapping, which never sends the removal",
			Checks:   []string{"survival.remove-role.role-access"},
			Gaps:     []string{"survived-access remove-role role-access"},
			Install:  judgeGrant(func(g *acme.Grant) bool { return strings.HasPrefix(g.Resource, "role ") && len(g.Lost) > 0 }),
		},
		{
			Name:    "withdrawn-grant-keeps-access",
			Summary: "A document that was granted to somebody directly stays open after the grant was withdrawn.",
			Install: judgeGrant(func(g *acme.Grant) bool { return strings.HasPrefix(g.Resource, "document ") && len(g.Lost) > 0 }),
		},
		{
			Name:    "members-only-pages-open-to-all",
			Summary: "What is for the members of a group is open to everybody who is signed in.",
			Checks:  byGroup,
			Gaps:    []string{"survived-access remove-member group-access", "survived-access delete-group group-access"},
			Install: judgeGrant(func(g *acme.Grant) bool { return strings.HasPrefix(g.Resource, "group ") }),
		},
		{
			Name:    "console-open-to-all",
			Summary: "Everybody who is signed in passes for an administrator.",
			Checks:  []string{"survival.remove-role.role-access"},
			Gaps:    []string{"survived-access remove-role role-access"},
			Install: judgeGrant(func(g *acme.Grant) bool { return g.Resource == "role admin" }),
		},
	}
}

// judgeGrant opens what is guarded where a condition holds.
func judgeGrant(opens func(*acme.Grant) bool) func(*acme.Config) {
	return func(c *acme.Config) {
		c.Hooks.JudgeGrant = append(c.Hooks.JudgeGrant, func(g *acme.Grant) { g.Allowed = g.Allowed || opens(g) })
	}
}
