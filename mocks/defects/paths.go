package defects

import (
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// way is a way into the product beside the five that a profile arms by itself, and
// where it was seen to outlive its owner's stay.
type way struct {
	kind acme.CredentialKind
	// what goes on, as the beginning of a sentence.
	what              string
	inactive, deleted string // where that was seen, for each event
	// revives says that a reactivation may bring it back, and needsOwner that it opens
	// nothing once its owner is gone.
	revives, needsOwner bool
}

var ways = []way{
	{kind: acme.RememberMe, what: "A remember-me cookie mints sessions", inactive: "we-promise/sure #2890", revives: true},
	{kind: acme.AppPassword, what: "An app password opens the files", inactive: "nextcloud/server #31016", revives: true},
	{kind: acme.SSHKey, what: "An SSH key opens repositories", inactive: "gitlabhq #9608, ls1intum/Artemis #13404", revives: true},
	{kind: acme.ServiceToken, what: "The token of an owned bot or service account works", inactive: "mattermost #10662, grafana #47688", revives: true},
	{kind: acme.AuthorizationCode, what: "An unused authorization code can be redeemed", inactive: "concretecms #13091"},
	{kind: acme.ResetLink, what: "A password reset link that was sent before sets a password", inactive: "akeneo #15632", needsOwner: true},
	{kind: acme.MagicLink, what: "A magic link that was sent before signs in"},
	{kind: acme.InvitationLink, what: "An invitation by somebody who left can be accepted", inactive: "wireapp/wire-server #5443"},
	{kind: acme.WelcomeLink, what: "A link of the welcome that was never followed sets a password", inactive: "getsentry/sentry #45430", revives: true, needsOwner: true},
	{kind: acme.SSOAssertion, what: "The identity provider's word alone signs somebody in", inactive: "grafana #17956, commcare-hq #34139"},
	{kind: acme.Webhook, what: "A webhook goes on delivering", inactive: "outline #3738", revives: true},
	{kind: acme.Job, what: "A scheduled job goes on running as its owner", inactive: "molgenis #7169", revives: true},
	{kind: acme.Stream, what: "An open stream goes on receiving", inactive: "GetStream/stream-chat-js #642"},
	{kind: acme.ShareLink, what: "A share link opens its document", revives: true},
	{kind: acme.FeedURL, what: "A personal feed address answers", revives: true},
	{kind: acme.Impersonation, what: "A session in which an administrator acts as somebody goes on", inactive: "nextcloud/impersonate #49"},
}

// beyondTheProfile are the credentials that no profile arms by itself: each goes on
// after a deactivation, after a deletion, or comes back with a reactivation.
func beyondTheProfile() []Defect {
	var all []Defect
	for _, p := range ways {
		kinds := []acme.CredentialKind{p.kind}
		all = append(all, outlivesDeactivation(p.slug()+"-survives-deactivate", p.what, p.inactive, kinds))
		if !p.needsOwner {
			all = append(all, outlivesDeletion(p.slug()+"-survives-delete", p.what, p.deleted, kinds))
		}
		if p.revives {
			d := Defect{
				Name:    p.slug() + "-revives-on-reactivate",
				Summary: p.what + " again once its owner is active.",
				Checks:  checks("survival.reactivate.", kinds),
				Gaps:    gaps("revived-access reactivate", kinds),
				Install: revives(p.kind),
			}
			if p.kind == acme.RememberMe { // which a new password ends as well
				d.Checks = append(d.Checks, "survival.change-password.remember-me")
				d.Gaps = append(d.Gaps, "survived-access change-password remember-me")
			}
			all = append(all, d)
		}
	}
	return all
}

// slug is the kind as a part of a defect's name.
func (p way) slug() string { return strings.ReplaceAll(strings.ToLower(string(p.kind)), " ", "-") }
