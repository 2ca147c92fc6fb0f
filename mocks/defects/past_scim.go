package defects

import (
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// pastSCIM are ways back in that somebody opens without asking the identity source.
func pastSCIM() []Defect {
	password := []acme.CredentialKind{acme.Password}
	return []Defect{
		{
			Name:     "self-registration-revives-leaver",
			Summary:  "Whoever signs up with the address of an inactive user gets that user's account.",
			Imitates: "grafana #17955, by the same address",
			Checks:   []string{"survival.out-of-band.self-registration.local-password"},
			Gaps:     gaps("revived-access out-of-band", password),
			Install:  takesOver(acme.SelfRegistration),
		},
		{
			Name:     "invitation-revives-leaver",
			Summary:  "An invitation of the address of an inactive user gives whoever accepts it that user's account.",
			Imitates: "getsentry/sentry #45430",
			Checks:   []string{"survival.out-of-band.invitation.local-password"},
			Gaps:     gaps("revived-access out-of-band", password),
			Install:  takesOver(acme.ByInvitation),
		},
		{
			Name:     "sign-out-keeps-sessions",
			Summary:  "The identity provider's sign-out is acknowledged, and the web sessions go on.",
			Imitates: "mattermost #6155",
			Checks:   []string{"survival.sign-out.web-session"},
			Gaps:     []string{"survived-access sign-out web-session"},
			Install: judge(func(c *acme.Credential) {
				if c.Ended != nil && c.Ended.Why == acme.SignOut && c.Owner.State == acme.Active && c.Kind == acme.Session {
					letIn(c, c.Owner)
				}
			}),
		},
		{
			Name:     "sso-revives-leaver",
			Summary:  "An assertion that names groups makes an inactive user active, as it would make an account for somebody new.",
			Imitates: "grafana #17956",
			Checks:   []string{"survival.out-of-band.sso-login.local-password"},
			Gaps:     gaps("revived-access out-of-band", password),
			Install:  takesOver(acme.BySSO),
		},
		{
			Name:     "re-enabled-by-hand-unseen",
			Summary:  "An administrator can switch on whom the identity source switched off, and SCIM goes on showing them as inactive.",
			Imitates: "ls1intum/Artemis #11963, where people could do it for themselves",
			Checks:   []string{"survival.out-of-band.re-enable.*"},
			Gaps:     gaps("revived-access out-of-band", plainKinds),
			Install:  enabledUnseen,
		},
		{
			Name:    "reset-link-mailed-to-leaver",
			Summary: "A password reset link is issued and mailed to somebody inactive or deleted who asks for one; the form behind it does not open.",
			Checks:  []string{"survival.issued.deactivate.*", "survival.issued.delete"},
			Gaps:    []string{"nonconformant deactivate", "nonconformant delete"},
			Install: func(c *acme.Config) {
				c.Hooks.JudgeMail = append(c.Hooks.JudgeMail, func(m *acme.MailAsked) { m.Send = m.Send || m.Kind == acme.ResetLink })
			},
		},
		{
			Name:     "grant-keeps-leaver-in",
			Summary:  "Who has something by a direct grant is let in although inactive.",
			Imitates: "coder/coder #8916",
			Checks:   []string{"survival.deactivate.granted.*", "survival.out-of-band.direct-grant.*"},
			Gaps: append(gaps("revived-access out-of-band", plainKinds),
				append(gaps("survived-access deactivate", plainKinds), "survived-access deactivate direct-grant")...),
			Install: judge(func(c *acme.Credential) {
				if c.Owner.State == acme.Inactive && len(c.Owner.Documents) > 0 {
					letIn(c, c.Owner)
				}
			}),
		},
	}
}

// takesOver gives an inactive account to who comes by a road with its address.
func takesOver(road acme.Road) func(*acme.Config) {
	return func(c *acme.Config) {
		c.Hooks.JudgeNewcomer = append(c.Hooks.JudgeNewcomer, func(n *acme.Newcomer) {
			n.TakeOver = n.TakeOver || n.Road == road && n.InTheWay.State == acme.Inactive
		})
	}
}

// byHand reports the console's wish to switch on whom the identity source switched off.
func byHand(c *acme.Change) bool {
	return changesUser(c, http.MethodPatch) && strings.HasPrefix(c.By, "admin ") && c.After != nil && !c.Before.Active() && c.After.Active()
}

// enabledUnseen lets in whom an administrator switched on, and stores nothing of it.
func enabledUnseen(config *acme.Config) {
	var on ids
	beforeChange(func(c *acme.Change) {
		if byHand(c) {
			on.set(c.ID, true)
			c.Err, c.Drop = nil, true
		}
	})(config)
	judge(func(c *acme.Credential) {
		if c.Owner.State == acme.Inactive && on.has(c.Owner.User.Text("id")) {
			letIn(c, c.Owner)
		}
	})(config)
}
