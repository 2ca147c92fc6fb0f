package reports

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// CredentialTitle names a kind of credential as people call it.
func CredentialTitle(kind string) string {
	titles := map[string]string{
		"web-session":        "web session",
		"remember-me":        "remember-me cookie",
		"access-token":       "access token",
		"refresh-token":      "refresh token",
		"authorization-code": "authorization code",
		"personal-token":     "personal access token",
		"app-password":       "app password",
		"local-password":     "local password",
		"reset-link":         "password reset link",
		"magic-link":         "magic link",
		"invitation":         "invitation by the leaver",
		"service-account":    "service account of the leaver",
		"share-link":         "share link",
		"impersonation":      "impersonation session",
		"acting-as":          "session as somebody else",
		"sso-login":          "single sign-on",
		"ssh-key":            "SSH key",
		"event-stream":       "open stream",
		"webhook":            "webhook of the leaver",
		"scheduled-job":      "scheduled job of the leaver",
		"direct-grant":       "direct grant",
		"group-access":       "access through a group",
		"role-access":        "access through a role",
	}
	if t, ok := titles[kind]; ok {
		return t
	}
	return kind
}

// EventTitle names a lifecycle event and its shape as people call them.
func EventTitle(kind EventKind, shape string) string {
	events := map[EventKind]string{
		EventDeactivate: "Deactivate",
		EventDelete:     "Delete",
		EventRecreate:   "Delete and create again",
		EventReactivate: "Reactivate",
		EventUpdate:     "Update",

		EventDeleteInactive: "Delete once inactive", EventSync: "Routine sync while inactive",
		EventOutOfBand:    "Past SCIM while inactive",
		EventRemoveMember: "Take out of a group", EventDeleteGroup: "Delete the group", EventRemoveRole: "Take a role away",
		EventChangePassword: "New password", EventRename: "Rename",
		EventSignOut: "Sign-out at the identity provider",
		EventLookUp:  "Look up", EventCreate: "Create", EventGroupPush: "Push a group",
	}
	title, ok := events[kind]
	if !ok {
		title = string(kind)
	}
	if shape == "" {
		return title
	}
	return title + " (" + ShapeTitle(shape) + ")"
}

// ShapeTitle names the form in which a provider sends an event.
func ShapeTitle(shape string) string {
	titles := map[string]string{
		"patch-pathless": "PATCH without path",
		"patch-path":     "PATCH with path",
		"patch-string":   `PATCH "False"`,
		"put":            "PUT",

		"patch-text": `PATCH "false"`, "patch-pathless-string": `PATCH without path, "False"`, "patch-add": "PATCH with add",
		"patch-capital-path": "PATCH of Active", "patch-urn-path": "PATCH with the URN", "patch-last-of-several": "PATCH, last of several operations",
		"patch-echoed-id": "PATCH that echoes the id", "bulk": "Bulk",
		"re-enable": "being switched on by an administrator", "direct-grant": "a grant by an administrator",
		"self-registration": "a sign-up with the same address", "invitation": "an invitation of the same address", "sso-login": "a sign-in that provisions just in time",
		"group-member": "member of a group", "granted": "holder of a direct grant", "role-holder": "holder of a role", "renamed": "renamed before", "second-time": "for the second time", "while-minting": "while credentials are obtained",
		"put-without-active": "a PUT without active", "patch-displayname": "a PATCH of displayName", "post-again": "a second POST", "member-add": "being added to a group",
		"filter": "remove with a filter", "value-list": "remove with a list of values", "value-list-plain": "remove with a plain list of values", "value-list-stranger": "remove of somebody who is no member", "patch-list": "PATCH with a list", "two-filters": "two removes with filters",
		"or-filter": "remove with an or-filter", "filter-in-capitals": "remove with EQ in capitals", "replace": "replace of the members",
		"replace-pathless": "replace without path", "replace-with-none": "replace by an empty list", "remove-all": "remove of all members",
	}
	if t, ok := titles[shape]; ok {
		return t
	}
	return shape
}

// subjectOf names what a gap is about: the access path, or the kind.
func subjectOf(k key) string {
	if k.path != "" {
		return k.path
	}
	if k.credential == "" {
		return "account"
	}
	return CredentialTitle(k.credential)
}

// title is the gap in a few words.
func (j *judge) title(k key, group []finding) string {
	subject := capital(subjectOf(k))
	switch k.class {
	case OutcomeSurvived:
		return subject + " still works after " + after(k.event)
	case OutcomeDelayed:
		return subject + " ends late after " + after(k.event)
	case OutcomeRevived:
		switch k.event {
		case EventReactivate:
			return subject + " comes back with the reactivated account"
		case EventSync:
			return subject + " comes back by a routine write while its user is inactive"
		case EventOutOfBand:
			return subject + " comes back past SCIM while its user is inactive" + inShapes(group)
		case EventDeleteInactive:
			return subject + " comes back when its inactive user is deleted"
		case EventDeactivate, EventDelete:
			return subject + " ends, and comes back by itself after " + after(k.event)
		}
		return subject + " of a deleted user opens the new account of that name"
	case OutcomeIgnored:
		if k.event == EventRemoveMember {
			return capital(noun(k.event)) + " is acknowledged and not carried out as it was asked for" + inShapes(group)
		}
		return capital(noun(k.event)) + " is acknowledged and ignored" + inShapes(group)
	case OutcomeRefused:
		return capital(noun(k.event)) + " is refused" + inShapes(group)
	case OutcomePartialSupport:
		return capital(noun(k.event)) + " is refused in some of its forms" + inShapes(group)
	case OutcomeUndelivered:
		return "The service claims " + k.feature + ", and " + plural(len(checksOf(group)), "check") + " of it found otherwise"
	case OutcomeNoEvidence:
		if k.credential != "" {
			return "No evidence for the " + subjectOf(k)
		}
		if k.event == EventOutOfBand {
			return "No evidence for what is done past SCIM" + inShapes(group)
		}
		if k.check == issuedGap {
			return "No evidence for what is issued to people who have left"
		}
		return "No evidence: " + j.specs[k.check].Text
	}
	if k.check == issuedGap {
		return "Something is issued to people who have left, after " + after(k.event)
	}
	if k.check == stateGap {
		return "What SCIM shows is not so after " + after(k.event)
	}
	return "Not as SCIM has it: " + j.specs[k.check].Text
}

// statement says what the gap means for somebody who has left.
func (j *judge) statement(k key) string {
	app := j.rec.Target.Name
	switch k.class {
	case OutcomeSurvived:
		if what, stays := changed(k.event); stays {
			return fmt.Sprintf("%s, %s acknowledges it, and the person keeps %s.", what, app, withArticle(subjectOf(k)))
		}
		return fmt.Sprintf("When the identity source says that a person has left, %s acknowledges it, and that person keeps using %s through the %s.", app, app, subjectOf(k))
	case OutcomeDelayed:
		if what, stays := changed(k.event); stays {
			return fmt.Sprintf("%s, and the person keeps %s for longer than the %s that the profile allows.", what, withArticle(subjectOf(k)), seconds(j.rec.Target.RevokeWithinMs))
		}
		return fmt.Sprintf("A person who has left keeps using %s through the %s for longer than the %s that the profile allows.", app, subjectOf(k), seconds(j.rec.Target.RevokeWithinMs))
	case OutcomeRevived:
		switch k.event {
		case EventSync, EventDeleteInactive, EventDeactivate, EventDelete:
			return fmt.Sprintf("A person who has left was shut out of %s, and later on the %s lets them in again, without anybody having decided so.", app, subjectOf(k))
		case EventOutOfBand:
			return fmt.Sprintf("A person who has left was shut out of %s, and something that is done past SCIM lets them in again through the %s; the identity source is not asked.", app, subjectOf(k))
		case EventReactivate:
			return fmt.Sprintf("The %s is only suspended while its user is inactive. Whoever holds it gets in again on the day the person returns.", subjectOf(k))
		}
		return fmt.Sprintf("Somebody who was deleted opens, with the old %s, the account of whoever gets the same userName next.", subjectOf(k))
	case OutcomeIgnored:
		if k.event == EventDeactivate || k.event == EventDelete {
			return fmt.Sprintf("The identity source is told that the person is gone; in %s nothing has changed, and nobody will notice.", app)
		}
		return fmt.Sprintf("The identity source is told that the change was made; %s did not make it.", app)
	case OutcomeRefused, OutcomePartialSupport:
		return fmt.Sprintf("An identity source that sends this form cannot carry out the event in %s; the person stays as before until somebody acts by hand.", app)
	case OutcomeUndelivered:
		return fmt.Sprintf("ServiceProviderConfig tells identity sources that %s can be relied on. Whoever configures one by that finds out in operation that it cannot.", k.feature)
	case OutcomeNoEvidence:
		return "Nothing is known about it, and no evidence is never a pass."
	}
	if k.check == issuedGap {
		return fmt.Sprintf("Every old way into %s is refused, and new credentials are issued to the person all the same. What they open may be decided elsewhere, or change.", app)
	}
	if k.check == stateGap {
		return fmt.Sprintf("Access to %s has ended, and SCIM shows the opposite. Whoever goes by that, as a review of accounts or the next cycle of the identity source does, acts on a wrong picture.", app)
	}
	return "An identity source that relies on this part of the protocol may act on a wrong picture of the application."
}

func noun(event EventKind) string {
	nouns := map[EventKind]string{
		EventDeactivate: "deactivation", EventDelete: "deletion", EventReactivate: "reactivation",
		EventRecreate: "creating the user again", EventUpdate: "an update",
		EventDeleteInactive: "the deletion of an inactive user", EventSync: "a routine write about an inactive user",
		EventOutOfBand:    "an act past SCIM",
		EventRemoveMember: "the removal from a group", EventDeleteGroup: "the deletion of a group", EventRemoveRole: "the removal of a role",
		EventChangePassword: "a change of password", EventRename: "a rename",
		EventSignOut: "a sign-out at the identity provider",
		EventLookUp:  "a look-up", EventCreate: "the creation of a user", EventGroupPush: "the push of a group",
	}
	if n, ok := nouns[event]; ok {
		return n
	}
	return string(event)
}

// changed says what the identity source says about somebody who stays; false for events
// in which the person leaves.
func changed(event EventKind) (what string, stays bool) {
	what, stays = map[EventKind]string{
		EventRemoveMember:   "When the identity source takes a person out of a group",
		EventDeleteGroup:    "When the identity source deletes a group",
		EventRemoveRole:     "When the identity source takes a role from a person",
		EventChangePassword: "When the identity source gives a person a new password",
		EventRename:         "When the identity source gives a person another userName",
		EventSignOut:        "When the identity provider signs a person out, without a SCIM call",
	}[event]
	return what, stays
}

// withArticle puts the before a name, but not before "access".
func withArticle(name string) string {
	if strings.HasPrefix(name, "access ") {
		return name
	}
	return "the " + name
}

func after(event EventKind) string {
	if event == EventRecreate {
		return "the user was deleted and created again"
	}
	return noun(event)
}

// checksOf lists the checks of some findings.
func checksOf(group []finding) []string {
	var ids []string
	for _, f := range group {
		ids = append(ids, f.check)
	}
	return unique(ids)
}

// inShapes lists the forms of the event that the findings are about.
func inShapes(group []finding) string {
	var shapes []string
	for _, f := range group {
		if f.shape != "" {
			shapes = append(shapes, ShapeTitle(f.shape))
		}
	}
	if len(shapes) == 0 {
		return ""
	}
	return " (" + strings.Join(unique(shapes), ", ") + ")"
}

// seconds prints a number of milliseconds for people.
func seconds(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", ms)
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.0f h", d.Hours())
}

// capital makes the first letter a capital one.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// sentence gives a text a capital and a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return capital(s)
}
