package defects

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// survival are the defects in which access outlives the event, or comes back.
func survival() []Defect {
	return slices.Concat(outliving(), reviving(), inheriting(), caches(), roads(), beyondTheProfile(), pastSCIM(), []Defect{{
		Name:     "revocation-delayed-3s",
		Summary:  "Everything, signing in included, goes on working for three seconds after a deactivation or deletion.",
		Imitates: "simstudioai/sim #7567, where a signed cookie is cached",
		Checks:   append([]string{"survival.deactivate.*.*", "survival.delete.*"}, checks("survival.delete-inactive.", lasting(everyKind))...),
		// The deletion of somebody inactive begins the three seconds anew.
		Gaps:  slices.Concat(gaps("delayed deactivate", everyKind), []string{"delayed deactivate direct-grant", "delayed deactivate acting-as"}, gaps("delayed delete", everyKind), gaps("revived-access delete-inactive", lasting(everyKind))),
		Watch: 8 * time.Second, // a machine that is busy otherwise still gets a try in between
		Delay: 3 * time.Second,
		Install: judge(func(c *acme.Credential) {
			if leaver := holder(c); leaver.State != acme.Active && c.Now.Sub(leaver.LastDeparture()) < 3*time.Second {
				letIn(c, c.Owner)
			}
		}),
	}})
}

// plainKinds are the four credentials that stand for the others where only the form of an
// event differs.
var plainKinds = []acme.CredentialKind{acme.Session, acme.AccessToken, acme.PersonalToken, acme.Password}

// bearing are the credentials that are tokens.
var bearing = []acme.CredentialKind{acme.PersonalToken, acme.AccessToken, acme.RefreshToken}

// outliving are credentials that do not care what became of their owner.
func outliving() []Defect {
	sessions, tokens := []acme.CredentialKind{acme.Session}, []acme.CredentialKind{acme.PersonalToken, acme.AccessToken}
	refresh, password := []acme.CredentialKind{acme.RefreshToken}, []acme.CredentialKind{acme.Password}
	return []Defect{
		outlivesDeactivation("sessions-survive-deactivate", "A web session goes on working", "goauthentik/authentik #25081", sessions),
		outlivesDeactivation("tokens-survive-deactivate", "A personal or access token goes on working", "BerriAI/litellm #26861", tokens),
		outlivesDeactivation("refresh-survives-deactivate", "A refresh token goes on working", "goauthentik/authentik #12858", refresh),
		outlivesDeactivation("password-login-survives-deactivate", "The right password goes on working", "BerriAI/litellm #21113", password),
		outlivesDeletion("sessions-survive-delete", "A web session goes on working, as the old person,", "", sessions),
		outlivesDeletion("tokens-survive-delete", "A personal or access token goes on working, as the old person,", "windmill-labs/windmill #8484", tokens),
		outlivesDeletion("refresh-survives-delete", "A refresh token goes on working, as the old person,", "", refresh),
		outlivesDeletion("password-login-survives-delete", "The right password goes on working, as the old person,", "LanternOps/breeze #1367", password),
	}
}

// neverCut are the checks on credentials that no deactivation ends. They are red in each
// event that begins with one, too.
func neverCut(kinds []acme.CredentialKind) []string {
	routine := slices.DeleteFunc(slices.Clone(kinds), func(k acme.CredentialKind) bool { return !slices.Contains(plainKinds, k) })
	return slices.Concat(checks("survival.deactivate.*.", kinds), granted("survival.deactivate.granted.", kinds), checks("survival.reactivate.", kinds),
		checks("survival.delete-inactive.", kinds), checks("survival.sync.*.", routine), checks("survival.out-of-band.*.", routine))
}

// outlivesDeactivation lets credentials in while their owner is inactive.
func outlivesDeactivation(name, what, imitates string, kinds []acme.CredentialKind) Defect {
	return Defect{
		Name: name, Imitates: imitates,
		Summary: what + " while its owner is inactive.",
		Checks:  neverCut(kinds),
		Gaps:    append(gaps("survived-access deactivate", kinds), granted("survived-access deactivate ", kinds)...),
		Install: judge(func(c *acme.Credential) {
			if c.Owner.State == acme.Inactive && slices.Contains(kinds, c.Kind) {
				letIn(c, c.Owner)
			}
		}),
	}
}

// outlivesDeletion lets credentials in as who their owner was. That is red in the
// re-creation, too, which begins with a deletion, and brings back what a deactivation
// before the deletion had ended.
func outlivesDeletion(name, what, imitates string, kinds []acme.CredentialKind) Defect {
	// The identity provider's word for a new user of the name is good.
	inherited := slices.DeleteFunc(slices.Clone(kinds), func(k acme.CredentialKind) bool { return k == acme.SSOAssertion })
	return Defect{
		Name: name, Imitates: imitates,
		Summary: what + " after its owner was deleted.",
		Checks:  slices.Concat(checks("survival.delete.", kinds), checks("survival.recreate.", inherited), checks("survival.delete-inactive.", lasting(kinds))),
		Gaps:    append(gaps("survived-access delete", kinds), gaps("revived-access delete-inactive", lasting(kinds))...),
		Install: judge(func(c *acme.Credential) {
			if c.Owner.State == acme.Deleted && slices.Contains(kinds, c.Kind) {
				letIn(c, c.Owner)
			}
		}),
	}
}

// bought are tokens that were obtained with a password. Who looks at the owner's state
// alone lets them in after a new password, too.
var bought = []acme.CredentialKind{acme.AccessToken, acme.RefreshToken}

// reviving are credentials that were suspended rather than revoked.
func reviving() []Defect {
	return []Defect{
		{
			Name:     "old-session-revives-on-reactivate",
			Summary:  "A web session that the deactivation ended works again once the user is active.",
			Imitates: "gram 0.90.1",
			Checks:   []string{"survival.reactivate.web-session", "survival.change-password.web-session", "survival.sign-out.web-session"},
			Gaps:     []string{"revived-access reactivate web-session", "survived-access change-password web-session", "survived-access sign-out web-session"},
			Install:  revives(acme.Session),
		},
		{
			Name:     "old-tokens-revive-on-reactivate",
			Summary:  "Tokens that the deactivation ended work again once the user is active.",
			Imitates: "GitHub Enterprise Managed Users, by design (github/docs, deprovisioning-and-reinstating-users.md)",
			Checks:   append(checks("survival.reactivate.", bearing), checks("survival.change-password.", bought)...),
			Gaps:     append(gaps("revived-access reactivate", bearing), gaps("survived-access change-password", bought)...),
			Install:  revives(bearing...),
		},
	}
}

func revives(kinds ...acme.CredentialKind) func(*acme.Config) {
	return judge(func(c *acme.Credential) {
		if c.Owner.State == acme.Active && slices.Contains(kinds, c.Kind) {
			letIn(c, c.Owner)
		}
	})
}

// inheriting are credentials of a deleted user that open the next account of the
// same userName.
func inheriting() []Defect {
	return []Defect{
		{
			Name:     "recreate-inherits-tokens",
			Summary:  "Tokens of a deleted user open the next account of that userName.",
			Imitates: "elastic/elasticsearch #157818",
			Checks:   checks("survival.recreate.", bearing),
			Gaps:     gaps("revived-access recreate", bearing),
			Install:  inherits(bearing...),
		},
		{
			Name:     "recreate-inherits-sessions",
			Summary:  "A web session of a deleted user opens the next account of that userName.",
			Imitates: "planet #2195",
			Checks:   checks("survival.recreate.", []acme.CredentialKind{acme.Session}),
			Gaps:     gaps("revived-access recreate", []acme.CredentialKind{acme.Session}),
			Install:  inherits(acme.Session),
		},
		{
			Name:     "recreate-inherits-password",
			Summary:  "The password of a deleted user opens the next account of that userName, beside the new one.",
			Imitates: "LanternOps/breeze #1367",
			Checks:   checks("survival.recreate.", []acme.CredentialKind{acme.Password}),
			Gaps:     gaps("revived-access recreate", []acme.CredentialKind{acme.Password}),
			Install:  inherits(acme.Password),
		},
	}
}

func inherits(kinds ...acme.CredentialKind) func(*acme.Config) {
	return judge(func(c *acme.Credential) {
		if c.Namesake != nil && slices.Contains(kinds, c.Kind) {
			letIn(c, c.Namesake)
		}
	})
}

// kindNames are the names that checks and gaps have for credentials.
var kindNames = map[acme.CredentialKind]string{
	acme.SSOAssertion: "sso-login", acme.SSHKey: "ssh-key", acme.Session: "web-session", acme.RememberMe: "remember-me", acme.AccessToken: "access-token", acme.RefreshToken: "refresh-token",
	acme.AuthorizationCode: "authorization-code", acme.PersonalToken: "personal-token", acme.AppPassword: "app-password",
	acme.Password: "local-password", acme.ResetLink: "reset-link", acme.MagicLink: "magic-link", acme.InvitationLink: "invitation", acme.WelcomeLink: "invitation",
	acme.ServiceToken: "service-account", acme.ShareLink: "share-link", acme.FeedURL: "share-link", acme.Impersonation: "impersonation",
	acme.Stream: "event-stream", acme.Webhook: "webhook", acme.Job: "scheduled-job",
}

// everyKind are the credentials that are tried. Two of them are addresses that are
// shared, and two are invitations, and each has a gap of its own.
var everyKind = slices.SortedFunc(maps.Keys(kindNames), func(a, b acme.CredentialKind) int { return strings.Compare(string(a), string(b)) })

// lasting are those of some credentials that can come back: a connection that was closed
// is no more.
func lasting(kinds []acme.CredentialKind) []acme.CredentialKind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k acme.CredentialKind) bool { return k == acme.Stream })
}

// checks lists the checks of an event for some credentials, each once.
func checks(event string, kinds []acme.CredentialKind) []string {
	list := named(event, kinds)
	slices.Sort(list)
	return slices.Compact(list)
}

// gaps lists the gaps of a class and an event for some credentials.
func gaps(classAndEvent string, kinds []acme.CredentialKind) []string {
	return named(classAndEvent+" ", kinds)
}

// granted is the direct grant, where it is opened with one of some credentials: what an
// administrator granted is asked for with a personal token.
func granted(before string, kinds []acme.CredentialKind) []string {
	if !slices.Contains(kinds, acme.PersonalToken) {
		return nil
	}
	return []string{before + "direct-grant"}
}

func named(before string, kinds []acme.CredentialKind) []string {
	var out []string
	for _, kind := range kinds {
		if name := kindNames[kind]; name != "" { // else nobody tries it
			out = append(out, before+name)
		}
	}
	return out
}
