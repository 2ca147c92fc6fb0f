package defects

import (
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// survival are the defects in which access outlives the event.
func survival() []Defect {
	all := []Defect{
		survives("sessions", "Web sessions", acme.Inactive, "goauthentik/authentik #25081", "web-session", acme.Session),
		survives("tokens", "Personal and OAuth access tokens", acme.Inactive, "BerriAI/litellm #26861", "personal-token access-token", acme.PAT, acme.AccessToken),
		survives("refresh", "Refresh tokens", acme.Inactive, "goauthentik/authentik #12858", "refresh-token", acme.RefreshToken),
		survives("password-login", "Local passwords", acme.Inactive, "Synapse GHSA-26c5-ppr8-f33p", "local-password", acme.Password),
		survives("sessions", "Web sessions", acme.Deleted, "mattermost #6155", "web-session", acme.Session),
		survives("tokens", "Personal and OAuth access tokens", acme.Deleted, "windmill-labs/windmill #8484", "personal-token access-token", acme.PAT, acme.AccessToken),
		survives("refresh", "Refresh tokens", acme.Deleted, "Observal #755", "refresh-token", acme.RefreshToken),
		survives("password-login", "Local passwords", acme.Deleted, "LanternOps/breeze #1367", "local-password", acme.Password),
	}
	return append(all, Defect{
		Name:     "revocation-delayed-3s",
		Summary:  "Everything goes on working for three seconds after a deactivation or deletion.",
		Imitates: "simstudioai/sim #7567, where a signed cookie is cached",
		Checks:   []string{"survival.deactivate.*.*", "survival.delete.*"},
		Install: judge(func(c *acme.Credential) {
			if c.State != acme.Active && c.Now.Sub(c.LeftAt) < 3*time.Second {
				allow(c, c.Owner)
			}
		}),
	})
}

// survives makes a defect in which some kinds of credential ignore what became of
// their owner. One that survives the deletion is also alive when the userName is
// used again; the person's password is expected to work again after reactivation.
func survives(name, what string, after acme.OwnerState, imitates, credentials string, kinds ...acme.CredentialKind) Defect {
	d := Defect{Imitates: imitates, Install: judge(func(c *acme.Credential) {
		if c.State == after && slices.Contains(kinds, c.Kind) {
			allow(c, c.Owner)
		}
	})}
	for _, credential := range strings.Fields(credentials) {
		if after == acme.Inactive {
			d.Checks = append(d.Checks, "survival.deactivate.*."+credential, "survival.reactivate."+credential)
		} else {
			d.Checks = append(d.Checks, "survival.delete."+credential, "survival.recreate."+credential)
		}
	}
	if after == acme.Inactive {
		d.Name, d.Summary = name+"-survive-deactivate", what+" go on working while their owner is inactive."
	} else {
		d.Name, d.Summary = name+"-survive-delete", what+" go on working after their owner was deleted."
	}
	if name == "refresh" || name == "password-login" {
		d.Name = strings.Replace(d.Name, "-survive-", "-survives-", 1)
	}
	return d
}

// judge installs a hook on credentials.
func judge(hook func(*acme.Credential)) func(*acme.Hooks) {
	return func(h *acme.Hooks) { h.JudgeCredential = append(h.JudgeCredential, hook) }
}

// allow lets a credential in as a user.
func allow(c *acme.Credential, as acme.Resource) { c.Allowed, c.As = true, as }

// named reports whether a filter asks for the user by userName.
func named(filter string, user acme.Resource) bool {
	return filter == "" || strings.Contains(strings.ToLower(filter), strings.ToLower(user.Text("userName")))
}
