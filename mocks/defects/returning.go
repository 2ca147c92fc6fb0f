package defects

import (
	"net/http"
	"slices"

	"github.com/scimproof/scimproof/mocks/acme"
)

// returning are the defects of people who come back, or of their names.
func returning() []Defect {
	tokens := []acme.CredentialKind{acme.PAT, acme.AccessToken, acme.RefreshToken}
	return []Defect{
		{
			Name:     "old-session-revives-on-reactivate",
			Summary:  "A web session that the deactivation ended works again once the user is active.",
			Imitates: "speakeasy gram 0.90.1",
			Checks:   []string{"survival.reactivate.web-session"},
			Install:  revives(acme.Session),
		},
		{
			Name:     "old-tokens-revive-on-reactivate",
			Summary:  "Tokens that the deactivation ended work again once the user is active.",
			Imitates: "GitHub Enterprise Managed Users, by design",
			Checks:   []string{"survival.reactivate.personal-token", "survival.reactivate.access-token", "survival.reactivate.refresh-token"},
			Install:  revives(tokens...),
		},
		{
			Name:    "reactivate-locks-out",
			Summary: "A reactivated user is shown as active and cannot sign in.",
			Checks:  []string{"survival.reactivate.local-password"},
			Install: judge(func(c *acme.Credential) {
				if c.Kind == acme.Password && c.State == acme.Active && !c.LeftAt.IsZero() {
					c.Allowed = false
				}
			}),
		},
		{
			Name:     "recreate-inherits-tokens",
			Summary:  "Tokens of a deleted user open the next account of that userName.",
			Imitates: "elastic/elasticsearch #157818",
			Checks:   []string{"survival.recreate.personal-token", "survival.recreate.access-token", "survival.recreate.refresh-token"},
			Install:  inherits(tokens...),
		},
		{
			Name:     "recreate-inherits-sessions",
			Summary:  "A web session of a deleted user opens the next account of that userName.",
			Imitates: "planet #2195",
			Checks:   []string{"survival.recreate.web-session"},
			Install:  inherits(acme.Session),
		},
		{
			Name:     "recreate-inherits-password",
			Summary:  "The password of a deleted user opens the next account of that userName.",
			Imitates: "LanternOps/breeze #1367",
			Checks:   []string{"survival.recreate.local-password"},
			Install:  inherits(acme.Password),
		},
		{
			Name:     "recreate-conflicts",
			Summary:  "The userName of a deleted user stays taken.",
			Imitates: "gitlab-org/gitlab #433194",
			Checks:   []string{"lifecycle.recreate", "survival.recreate.*"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodPost && len(c.Deleted) > 0 {
					c.Refuse = &acme.Error{Status: http.StatusConflict, ScimType: "uniqueness", Detail: "the userName is taken"}
				}
			}),
		},
		{
			Name:    "recreate-reuses-id",
			Summary: "A user who is created again under an old userName gets the deleted user's id.",
			Checks:  []string{"lifecycle.recreate"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodPost && len(c.Deleted) > 0 {
					c.After["id"] = c.Deleted[0].Text("id")
				}
			}),
		},
	}
}

// revives lets credentials in again that a deactivation had ended.
func revives(kinds ...acme.CredentialKind) func(*acme.Hooks) {
	return judge(func(c *acme.Credential) {
		if c.State == acme.Active && c.Revoked == acme.Inactive && slices.Contains(kinds, c.Kind) {
			allow(c, c.Owner)
		}
	})
}

// inherits lets a deleted user's credentials speak for whoever has the name now.
func inherits(kinds ...acme.CredentialKind) func(*acme.Hooks) {
	return judge(func(c *acme.Credential) {
		if c.State == acme.Deleted && c.Namesake != nil && slices.Contains(kinds, c.Kind) {
			allow(c, c.Namesake)
		}
	})
}
