package defects

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// roads are the defects in which what ends depends on how the event came, or on
// whose credential it is.
func roads() []Defect {
	session := []acme.CredentialKind{acme.Session}
	// Whatever the form of the event, four plain credentials are tried; three are issued.
	minted := []acme.CredentialKind{acme.AccessToken, acme.PersonalToken} // tried again and again
	obtained := []acme.CredentialKind{acme.Session, acme.AccessToken, acme.PersonalToken}
	return []Defect{
		{
			Name:     "active-flag-never-read",
			Summary:  "A deactivation is stored and shown, and nothing in the product looks at it.",
			Imitates: "BerriAI/litellm #21113",
			Checks:   []string{"survival.deactivate.*.*", "survival.reactivate.*", "survival.delete-inactive.*", "survival.sync.*.*", "survival.out-of-band.*.*"},
			Gaps: append(gaps("survived-access deactivate", everyKind),
				"survived-access deactivate direct-grant", "survived-access deactivate acting-as"),
			Install: judge(func(c *acme.Credential) {
				if holder(c).State == acme.Inactive {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:     "impersonation-outlives-its-actor",
			Summary:  "A session in which somebody acts as somebody else asks after the one who is acted for, and not after the one who acts.",
			Imitates: "we-promise/sure #2890",
			Checks:   []string{"survival.deactivate.role-holder.acting-as"},
			Gaps:     []string{"survived-access deactivate acting-as"},
			Install: judge(func(c *acme.Credential) {
				if c.Owner.State == acme.Active && c.Actor != nil && c.Actor.State != acme.Active {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:     "deleted-only-in-scim",
			Summary:  "A DELETE removes the user from SCIM; in the product everything goes on.",
			Imitates: "Atlassian, where the account outlives its SCIM record",
			Checks:   append([]string{"survival.delete.*", "survival.recreate.*"}, checks("survival.delete-inactive.", lasting(everyKind))...),
			Gaps:     append(gaps("survived-access delete", everyKind), gaps("revived-access delete-inactive", lasting(everyKind))...),
			Install: judge(func(c *acme.Credential) {
				if c.Owner.State == acme.Deleted {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:     "put-keeps-sessions",
			Summary:  "A deactivation by PUT ends tokens and passwords, but leaves web sessions alone.",
			Imitates: "goauthentik/authentik #25081, where only one of the roads ended sessions",
			Checks:   []string{"survival.deactivate.put.web-session", "survival.sync.put-without-active.web-session"},
			Gaps:     []string{"survived-access deactivate web-session", "revived-access sync web-session"},
			Install: func(c *acme.Config) {
				var marked ids
				beforeChange(func(c *acme.Change) {
					if c.Type == acme.TypeUser && c.After != nil {
						marked.set(c.ID, c.Method == http.MethodPut && !c.After.Active())
					}
				})(c)
				judge(func(c *acme.Credential) {
					if c.Owner.State == acme.Inactive && isOne(c, session...) && marked.has(c.Owner.User.Text("id")) {
						letIn(c, c.Owner)
					}
				})(c)
			},
		},
		{
			Name:     "keys-matched-by-label",
			Summary:  "A deactivation ends the personal tokens whose label holds the userName, and no others.",
			Imitates: "msaad00/agent-bom #3535",
			Checks:   neverCut([]acme.CredentialKind{acme.PersonalToken}),
			Gaps:     []string{"survived-access deactivate personal-token", "survived-access deactivate direct-grant"},
			Install: judge(func(c *acme.Credential) {
				if c.Owner.State == acme.Inactive && isOne(c, acme.PersonalToken) && !strings.Contains(c.Label, c.Owner.User.Text("userName")) {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:    "renamed-leaver-keeps-tokens",
			Summary: "Tokens are ended by userName: those of somebody who was renamed outlive a deactivation.",
			Checks:  []string{"survival.deactivate.renamed.access-token", "survival.deactivate.renamed.personal-token"},
			Gaps:    []string{"survived-access deactivate access-token", "survived-access deactivate personal-token"},
			Install: func(c *acme.Config) {
				var renamed ids
				beforeChange(func(c *acme.Change) {
					if c.Type == acme.TypeUser && c.Before != nil && c.After != nil && c.Before.Text("userName") != c.After.Text("userName") {
						renamed.set(c.ID, true)
					}
				})(c)
				judge(func(c *acme.Credential) {
					if c.Owner.State == acme.Inactive && isOne(c, acme.PersonalToken, acme.AccessToken) && renamed.has(c.Owner.User.Text("id")) {
						letIn(c, c.Owner)
					}
				})(c)
			},
		},
		{
			Name:    "second-deactivation-ends-nothing",
			Summary: "Whoever left before, came back and leaves again keeps what they obtained in between.",
			Checks:  checks("survival.deactivate.second-time.", obtained),
			Gaps:    gaps("survived-access deactivate", obtained),
			Install: judge(func(c *acme.Credential) {
				if c.Owner.State == acme.Inactive && len(c.Owner.Departures()) > 1 && !c.IssuedAt.IsZero() && !c.IssuedAt.Before(c.Owner.Departures()[0]) {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:     "delete-of-inactive-opens-again",
			Summary:  "Tokens look for an inactive owner: once that one is deleted, they work again.",
			Imitates: "windmill-labs/windmill #8484, where tokens are orphaned by a deletion",
			Checks:   []string{"survival.delete-inactive.personal-token"},
			Gaps:     []string{"revived-access delete-inactive personal-token"},
			Install: judge(func(c *acme.Credential) {
				if c.Owner.State == acme.Deleted && len(c.Owner.Departures()) > 1 && isOne(c, acme.PersonalToken) {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:    "members-of-a-group-stay",
			Summary: "A web session lives on after a deactivation while its owner is still listed in a group.",
			Checks:  []string{"survival.deactivate.group-member.web-session", "survival.sync.member-add.web-session"},
			Gaps:    []string{"survived-access deactivate web-session"},
			Install: judge(func(c *acme.Credential) {
				groups, _ := c.Owner.User["groups"].([]any)
				if c.Owner.State == acme.Inactive && isOne(c, acme.Session) && len(groups) > 0 {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:     "administrators-stay",
			Summary:  "Somebody with the role admin keeps every way in of their own after a deactivation that was answered with success.",
			Imitates: "growthbook #1680, where the last owner is kept, but the answer says so",
			Checks:   checks("survival.deactivate.role-holder.", append(obtained, acme.Password)),
			Gaps:     gaps("survived-access deactivate", append(obtained, acme.Password)),
			Install: judge(func(c *acme.Credential) {
				if c.Owner.State == acme.Inactive && hasRole(c.Owner.User, "admin") {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:     "token-minted-at-the-same-moment-survives",
			Summary:  "A token that was issued in the fifty milliseconds before the deactivation is missed by it.",
			Imitates: "better-auth/better-auth #10242, a race of the same kind",
			Checks:   checks("survival.deactivate.while-minting.", minted),
			Gaps:     gaps("survived-access deactivate", minted),
			Install: judge(func(c *acme.Credential) {
				age := c.Owner.LastDeparture().Sub(c.IssuedAt)
				if c.Owner.State == acme.Inactive && isOne(c, bearing...) && age >= 0 && age < 50*time.Millisecond {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:     "new-password-keeps-sessions",
			Summary:  "A new password, sent over SCIM, leaves the web sessions of the old one alive.",
			Imitates: "mastodon #9476",
			Checks:   []string{"survival.change-password.web-session"},
			Gaps:     []string{"survived-access change-password web-session"},
			Install:  judge(keepsAfterPasswordChange(acme.Session)),
		},
		{
			Name:     "new-password-keeps-tokens",
			Summary:  "A new password, sent over SCIM, leaves refresh and access tokens alive.",
			Imitates: "mastodon #14252",
			Checks:   []string{"survival.change-password.access-token", "survival.change-password.refresh-token"},
			Gaps:     []string{"survived-access change-password access-token", "survived-access change-password refresh-token"},
			Install:  judge(keepsAfterPasswordChange(acme.RefreshToken, acme.AccessToken)),
		},
	}
}

// holder is who holds a credential: its owner, or whoever acts in the owner's place.
func holder(c *acme.Credential) *acme.Account {
	if c.Actor != nil && c.Owner.State == acme.Active {
		return c.Actor
	}
	return c.Owner
}

func keepsAfterPasswordChange(kinds ...acme.CredentialKind) func(*acme.Credential) {
	return func(c *acme.Credential) {
		if c.Ended != nil && c.Ended.Why == acme.PasswordChange && c.Owner.State == acme.Active && isOne(c, kinds...) {
			letIn(c, c.Owner)
		}
	}
}

func hasRole(user acme.Resource, role string) bool {
	roles, _ := user["roles"].([]any)
	for _, r := range roles {
		if object, _ := r.(map[string]any); object["value"] == role {
			return true
		}
	}
	return false
}

// ids marks resources.
type ids struct{ marked sync.Map }

func (m *ids) set(id string, on bool) { m.marked.Store(id, on) }

func (m *ids) has(id string) bool {
	on, _ := m.marked.Load(id)
	return on == true
}
